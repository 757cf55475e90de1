import { hash, Random } from '../logs/random.ts';
import { isStructure } from '../members.ts';
import type { Region } from '../region.ts';
import { jsonAnswer, type WireAnswer, type WireRequest, type WireService } from '../wire.ts';
import { INGESTIONS, OPENMETADATA_VERSION } from '../world/names.ts';

/** A run's status as the server keeps it. */
export type PipelineStatus = Readonly<Record<string, unknown>>;

/** An ingestion pipeline that the server knows, with what its runs told. */
interface IngestionPipeline {
  readonly id: string;
  readonly name: string;
  readonly service: string;
  readonly fullyQualifiedName: string;
  readonly pipelineType: string;
  /** Newest last, bounded. */
  readonly statuses: PipelineStatus[];
}

const MOST_STATUSES = 200;
const PREFIX = '/openmetadata/api/v1/';

/**
 * A small OpenMetadata server: its version and health for anybody, ingestion pipelines and the statuses of
 * their runs for who sends a token. It answers as a 1.12 server does.
 */
export class OpenMetadataService implements WireService {
  readonly version: string = OPENMETADATA_VERSION;
  readonly #region: Region;
  readonly #pipelines = new Map<string, IngestionPipeline>();

  constructor(region: Region) {
    this.#region = region;
  }

  /** Makes the pipelines of the ingestions that the world has. */
  start(): void {
    for (const { serviceName, dagId, pipelineType, failing } of INGESTIONS) {
      const pipeline = this.#pipeline(`${serviceName}.${dagId}`, pipelineType);
      const random = new Random(hash(this.#region.options.seed ?? 1, dagId));
      const startDate = this.#region.clock.now() - 86_400_000;
      pipeline.statuses.push({
        runId: random.uuid(),
        pipelineState: failing ? 'failed' : 'success',
        startDate,
        timestamp: startDate,
        endDate: startDate + random.integer(60_000, 700_000),
      });
    }
  }

  /** Notes what a run says of itself; a pipeline that isn't known is made, as the framework makes it. */
  putStatus(pipelineFqn: string, status: PipelineStatus): void {
    const { statuses } = this.#pipeline(pipelineFqn, 'metadata');
    const known = statuses.findIndex(({ runId }) => runId === status.runId);
    if (known >= 0) statuses[known] = { ...statuses[known], ...status };
    else statuses.push(status);
    if (statuses.length > MOST_STATUSES) statuses.shift();
  }

  /** The statuses of a pipeline's runs, oldest first. */
  statuses(pipelineFqn: string): readonly PipelineStatus[] {
    return this.#pipelines.get(pipelineFqn)?.statuses ?? [];
  }

  /** Answers one request below `/openmetadata/api/v1/`. */
  async handle(request: WireRequest): Promise<WireAnswer> {
    const path = request.path.startsWith(PREFIX) ? request.path.slice(PREFIX.length) : undefined;
    const { method } = request;
    if (method === 'GET' && path === 'system/version') {
      return request.perform('GetVersion', {}, () =>
        jsonAnswer(200, {
          version: this.version,
          revision: '5f1c2a90f1b64a0d9d5be2f8c3a1b7e4d6091fab',
          timestamp: Date.UTC(2026, 5, 17, 9, 12),
        }),
      );
    }
    if (method === 'GET' && path === 'system/health') {
      return request.perform('GetHealth', {}, () => ({
        status: 200,
        headers: { 'content-type': 'text/plain' },
        body: 'OK',
      }));
    }
    const refused = unauthorised(request);
    if (refused !== undefined) return request.perform('Refuse', {}, () => refused);
    const listed = method === 'GET' && path === 'services/ingestionPipelines';
    if (listed) return request.perform('ListIngestionPipelines', {}, () => this.#list(request));
    const named = /^services\/ingestionPipelines\/name\/([^/]+)$/.exec(path ?? '');
    if (method === 'GET' && named?.[1] !== undefined) {
      const name = decodeURIComponent(named[1]);
      return request.perform('GetIngestionPipeline', { name }, () => this.#get(name));
    }
    const status = /^services\/ingestionPipelines\/([^/]+)\/pipelineStatus(?:\/([^/]+))?$/.exec(path ?? '');
    if (status?.[1] !== undefined) return this.#status(request, decodeURIComponent(status[1]), status[2]);
    return request.perform('Unknown', {}, () => jsonAnswer(404, { code: 404, message: 'HTTP 404 Not Found' }));
  }

  #pipeline(fullyQualifiedName: string, pipelineType: string): IngestionPipeline {
    const there = this.#pipelines.get(fullyQualifiedName);
    if (there !== undefined) return there;
    const parts = fullyQualifiedName.split('.');
    const pipeline: IngestionPipeline = {
      id: new Random(hash(fullyQualifiedName)).uuid(),
      name: parts.at(-1) ?? '',
      service: parts.slice(0, -1).join('.'),
      fullyQualifiedName,
      pipelineType,
      statuses: [],
    };
    this.#pipelines.set(fullyQualifiedName, pipeline);
    return pipeline;
  }

  #list({ query }: WireRequest): WireAnswer {
    const service = query.get('service');
    const type = query.get('pipelineType');
    const limit = Math.min(1000, Math.max(1, Number(query.get('limit') ?? 10) || 10));
    const withStatuses = (query.get('fields') ?? '').split(',').includes('pipelineStatuses');
    const found = [...this.#pipelines.values()].filter(
      (pipeline) =>
        (service === null || pipeline.service === service) && (type === null || pipeline.pipelineType === type),
    );
    const data = found.slice(0, limit).map((pipeline) => describe(pipeline, withStatuses));
    return jsonAnswer(200, { data, paging: { total: found.length } });
  }

  #get(name: string): WireAnswer {
    const pipeline = this.#pipelines.get(name);
    return pipeline === undefined ? missing(name) : jsonAnswer(200, describe(pipeline, true));
  }

  #status(request: WireRequest, name: string, runId: string | undefined): Promise<WireAnswer> {
    if (request.method === 'PUT') {
      return request.perform('PutPipelineStatus', { name }, () => {
        const status = body(request);
        if (status === undefined || typeof status.runId !== 'string') {
          return jsonAnswer(400, { code: 400, message: 'Unable to process JSON' });
        }
        this.putStatus(name, status);
        return jsonAnswer(200, describe(this.#pipeline(name, 'metadata'), true));
      });
    }
    return request.perform('GetPipelineStatus', { name }, () => {
      const pipeline = this.#pipelines.get(name);
      if (pipeline === undefined) return missing(name);
      if (runId !== undefined) {
        const status = pipeline.statuses.find((each) => each.runId === runId);
        return status === undefined ? missing(runId) : jsonAnswer(200, status);
      }
      const from = Number(request.query.get('startTs'));
      const to = Number(request.query.get('endTs'));
      if (request.query.get('startTs') === null || request.query.get('endTs') === null) {
        return jsonAnswer(400, { code: 400, message: 'query param startTs must not be null' });
      }
      const data = pipeline.statuses.filter(({ timestamp }) => Number(timestamp) >= from && Number(timestamp) <= to);
      return jsonAnswer(200, { data: data.toReversed(), paging: { total: data.length } });
    });
  }
}

function describe(pipeline: IngestionPipeline, withStatuses: boolean): unknown {
  const { id, name, fullyQualifiedName, pipelineType, service, statuses } = pipeline;
  const last = statuses.at(-1);
  return {
    id,
    name,
    displayName: name,
    pipelineType,
    fullyQualifiedName,
    service: { type: 'service', name: service, fullyQualifiedName: service },
    enabled: true,
    deployed: false,
    // One object up to 1.13, a list from 2.0 on.
    ...(withStatuses && last !== undefined ? { pipelineStatuses: last } : {}),
  };
}

function missing(name: string): WireAnswer {
  return jsonAnswer(404, { code: 404, message: `ingestionPipeline instance for ${name} not found` });
}

function body(request: WireRequest): PipelineStatus | undefined {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'));
    return isStructure(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The refusal of a request without a bearer token, or with something that is no JWT. */
function unauthorised(request: WireRequest): WireAnswer | undefined {
  const header = request.headers.authorization ?? '';
  const token = /^Bearer (.+)$/.exec(header)?.[1];
  if (token === undefined) return jsonAnswer(401, { code: 401, message: 'Not Authorized! Token not present' });
  if (token.split('.').length !== 3) {
    return jsonAnswer(401, { code: 401, message: 'Not Authorized! The token was expected to have 3 parts' });
  }
  return undefined;
}
