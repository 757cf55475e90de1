import { type AskOptions, getJson } from './http.ts';

/** One run of an ingestion pipeline as OpenMetadata keeps it. */
export interface PipelineStatus {
  readonly runId: string;
  /** queued, running, success, failed, partialSuccess, stopped, raw. */
  readonly state: string;
  readonly startedAt: number | undefined;
  readonly endedAt: number | undefined;
  /** When the state was last told. */
  readonly at: number | undefined;
  readonly steps: readonly PipelineStep[];
}

/** One step of a run with its counts; undefined where a server's version does not tell them. */
interface PipelineStep {
  readonly name: string;
  readonly records: number | undefined;
  readonly updatedRecords: number | undefined;
  readonly warnings: number | undefined;
  readonly errors: number | undefined;
  readonly filtered: number | undefined;
}

/** An ingestion pipeline that a server knows, with its last runs. */
export interface IngestionPipeline {
  readonly fullyQualifiedName: string;
  readonly pipelineType: string;
  readonly enabled: boolean | undefined;
  /** Newest first. */
  readonly statuses: readonly PipelineStatus[];
}

/** A page of a server's listings, and how many pages are read at most. */
const PAGE = 100;
const PAGES = 20;

type Members = Readonly<Record<string, unknown>>;

/** The ingestion pipelines that a server knows; needs a token. */
export async function ingestionPipelines(apiUrl: string, options: AskOptions): Promise<IngestionPipeline[]> {
  const found: IngestionPipeline[] = [];
  let after: string | undefined;
  for (let page = 0; page < PAGES; page++) {
    const query = new URLSearchParams({
      fields: 'pipelineStatuses',
      limit: String(PAGE),
      ...(after !== undefined && { after }),
    });
    const answer = members(await getJson(apiUrl, `/v1/services/ingestionPipelines?${query}`, options));
    found.push(...objects(answer.data).map(pipelineFrom));
    const next = members(answer.paging).after;
    if (typeof next !== 'string' || next === '') break;
    after = next;
  }
  return found;
}

/**
 * A pipeline's runs between two times (ms since the epoch), newest first; needs a token.
 * @param name fully qualified, `<service>.<pipeline>`.
 */
export async function pipelineStatuses(
  apiUrl: string,
  name: string,
  span: { readonly from: number; readonly to: number },
  options: AskOptions,
): Promise<PipelineStatus[]> {
  const query = new URLSearchParams({ startTs: String(Math.floor(span.from)), endTs: String(Math.ceil(span.to)) });
  const path = `/v1/services/ingestionPipelines/${encodeURIComponent(name)}/pipelineStatus?${query}`;
  const answer = await getJson(apiUrl, path, options);
  return statusesFrom(Array.isArray(answer) ? answer : members(answer).data);
}

function pipelineFrom(pipeline: Members): IngestionPipeline {
  return {
    fullyQualifiedName: text(pipeline.fullyQualifiedName),
    pipelineType: text(pipeline.pipelineType),
    enabled: typeof pipeline.enabled === 'boolean' ? pipeline.enabled : undefined,
    statuses: statusesFrom(pipeline.pipelineStatuses),
  };
}

/** One status up to 1.13, a list of the last five from 2.0 on (breaking changes of 2.0). */
export function statusesFrom(value: unknown): PipelineStatus[] {
  const statuses = Array.isArray(value) ? objects(value) : objects([value]);
  return statuses.map(statusFrom).sort((a, b) => (b.at ?? b.startedAt ?? 0) - (a.at ?? a.startedAt ?? 0));
}

function statusFrom(status: Members): PipelineStatus {
  return {
    runId: text(status.runId),
    state: text(status.pipelineState),
    startedAt: number(status.startDate),
    endedAt: number(status.endDate),
    at: number(status.timestamp),
    steps: objects(status.status).map((step) => ({
      name: text(step.name),
      records: number(step.records),
      updatedRecords: number(step.updated_records),
      warnings: number(step.warnings),
      errors: number(step.errors),
      filtered: number(step.filtered),
    })),
  };
}

function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

function objects(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
