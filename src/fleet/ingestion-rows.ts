import { shortAge } from '../text/ages.ts';
import type { Column } from '../text/columns.ts';
import type { Environment } from './environment.ts';
import { runJson } from './environment-json.ts';
import { ingestionJson } from './ingestion-json.ts';
import { type Ingestion, readIngestions } from './ingestions.ts';
import { type LastRun, readLastRuns } from './last-run.ts';
import type { Resource } from './resource.ts';
import { runCell } from './run-cell.ts';

/** An ingestion with its newest run. */
export interface IngestionRow {
  readonly ingestion: Ingestion;
  /** Undefined when it never ran, or that can't be read (a note says why), or is still being read. */
  readonly lastRun: LastRun | undefined;
  readonly notes: readonly string[];
  readonly complete: boolean;
}

const columns: readonly Column<IngestionRow>[] = [
  {
    id: 'dag',
    title: 'INGESTION',
    priority: 1,
    maxWidth: 50,
    cell: ({ ingestion }) => ({ text: ingestion.dagId, tone: 'accent' }),
  },
  { id: 'mode', title: 'MODE', priority: 2, cell: ({ ingestion }) => ({ text: ingestion.mode }) },
  {
    id: 'lastRun',
    title: 'LAST RUN',
    priority: 1,
    cell: ({ lastRun, notes, complete }, now) => {
      if (lastRun !== undefined) return runCell(lastRun, now);
      if (!complete) return { text: '…', tone: 'dim' };
      return notes.length > 0 ? { text: '?', tone: 'warn' } : { text: '-', tone: 'dim' };
    },
    sortKey: ({ lastRun }) => lastRun?.startedAt ?? -1,
  },
  {
    id: 'source',
    title: 'SOURCE',
    priority: 3,
    maxWidth: 40,
    cell: ({ ingestion: { pipeline } }) => ({
      text:
        pipeline.serviceName === undefined
          ? pipeline.sourceType || '?'
          : `${pipeline.sourceType} ${pipeline.serviceName}`,
    }),
  },
  {
    id: 'type',
    title: 'TYPE',
    priority: 4,
    cell: ({ ingestion }) => ({ text: ingestion.pipeline.pipelineType || '?' }),
  },
  {
    id: 'schedule',
    title: 'SCHEDULE',
    priority: 4,
    maxWidth: 24,
    cell: ({ ingestion }) =>
      ingestion.schedule === undefined ? { text: 'none', tone: 'dim' } : { text: ingestion.schedule },
  },
  {
    id: 'version',
    title: 'OPENMETADATA',
    priority: 5,
    cell: ({ ingestion }) => ({ text: ingestion.openmetadataVersion || '?' }),
  },
  {
    id: 'deployed',
    title: 'DEPLOYED',
    priority: 6,
    align: 'right',
    cell: ({ ingestion }, now) =>
      ingestion.deployedAt === 0 ? { text: '?', tone: 'warn' } : { text: shortAge(now - ingestion.deployedAt) },
    sortKey: ({ ingestion }) => ingestion.deployedAt,
  },
];

function trouble({ ingestion, lastRun }: IngestionRow, now: number): string | undefined {
  if (lastRun?.state !== 'failed') return undefined;
  const at = lastRun.endedAt ?? lastRun.startedAt;
  const when = at === undefined ? '' : ` ${shortAge(now - at)} ago`;
  return `${ingestion.dagId}: failed${when}${lastRun.reason === undefined ? '' : `: ${lastRun.reason}`}`;
}

/** The ingestions of an environment. */
export const ingestions: Resource<IngestionRow, { readonly environment: Environment }> = {
  id: 'ingestions',
  title: 'Ingestions',
  singular: 'ingestion',
  columns,
  key: ({ ingestion }) => ingestion.dagId,
  async *list(session, { environment }, signal) {
    const { ingestions: found, unreadable } = await readIngestions(session, environment, signal);
    const notes = unreadable.map((failure) => failure.message);
    yield found.map((ingestion) => ({ ingestion, lastRun: undefined, notes, complete: false }));
    const runs = await readLastRuns(session, environment, found, signal);
    yield found.map((ingestion) => ({
      ingestion,
      lastRun: runs.byDag[ingestion.dagId],
      notes: [...notes, ...runs.notes],
      complete: true,
    }));
  },
  describe: async (_session, { ingestion, lastRun }) => ({ ...ingestionJson(ingestion), lastRun: runJson(lastRun) }),
  attention: trouble,
  remark: (row, now) => trouble(row, now) ?? (row.notes.length === 0 ? undefined : row.notes.join(' · ')),
};
