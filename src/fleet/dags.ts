import { openAirflow } from '../airflow/airflow.ts';
import type { Dag, DagRun, ImportError, TaskInstance } from '../airflow/types.ts';
import { age, shortAge } from '../text/ages.ts';
import type { Cell, Column, Tone } from '../text/columns.ts';
import type { Resource } from './resource.ts';
import { isoOrNull } from './times.ts';

/** The environment whose Airflow is read. */
export interface AirflowScope {
  readonly environment: { readonly name: string; readonly airflowVersion: string };
}

/** A row of an environment's DAGs: a DAG, or a file that could not be parsed into one. */
export interface DagRow {
  readonly environment: AirflowScope['environment'];
  readonly dag: Dag | undefined;
  readonly importError: ImportError | undefined;
}

const STATE_TONES: Readonly<Record<string, Tone>> = {
  success: 'ok',
  running: 'running',
  queued: 'running',
  restarting: 'running',
  deferred: 'running',
  scheduled: 'running',
  up_for_retry: 'warn',
  up_for_reschedule: 'running',
  failed: 'error',
  upstream_failed: 'error',
  skipped: 'dim',
  removed: 'dim',
};

function stateCell(state: string | undefined): Cell {
  if (state === undefined || state === '') return { text: 'none', tone: 'dim' };
  return { text: state.replaceAll('_', ' '), tone: STATE_TONES[state] ?? 'plain' };
}

function sinceCell(at: number | undefined, now: number): Cell {
  return at === undefined ? { text: '-', tone: 'dim' } : { text: shortAge(now - at) };
}

function fileName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const dagColumns: readonly Column<DagRow>[] = [
  {
    id: 'dag',
    title: 'DAG',
    priority: 1,
    maxWidth: 56,
    cell: ({ dag, importError }) =>
      dag === undefined
        ? { text: fileName(importError?.file ?? ''), tone: 'error' }
        : { text: dag.dagId, tone: 'accent' },
  },
  {
    id: 'state',
    title: 'STATE',
    priority: 1,
    cell: ({ dag }) => {
      if (dag === undefined) return { text: 'import error', tone: 'error' };
      if (dag.importErrors) return { text: 'import error', tone: 'error' };
      return dag.paused ? { text: 'paused', tone: 'warn' } : { text: 'active', tone: 'ok' };
    },
  },
  {
    id: 'schedule',
    title: 'SCHEDULE',
    priority: 2,
    maxWidth: 32,
    cell: ({ dag }) => (dag?.schedule === undefined ? { text: 'none', tone: 'dim' } : { text: dag.schedule }),
  },
  {
    id: 'next',
    title: 'NEXT RUN',
    priority: 3,
    align: 'right',
    cell: ({ dag }, now) => {
      if (dag?.nextRun === undefined || dag.paused) return { text: '-', tone: 'dim' };
      return dag.nextRun <= now ? { text: 'now' } : { text: `in ${shortAge(dag.nextRun - now)}` };
    },
    sortKey: ({ dag }) => dag?.nextRun ?? Number.MAX_SAFE_INTEGER,
  },
  {
    id: 'parsed',
    title: 'PARSED',
    priority: 4,
    align: 'right',
    cell: ({ dag, importError }, now) => sinceCell(dag?.lastParsed ?? importError?.at, now),
    sortKey: ({ dag, importError }) => dag?.lastParsed ?? importError?.at ?? 0,
  },
  {
    id: 'owners',
    title: 'OWNERS',
    priority: 6,
    maxWidth: 24,
    cell: ({ dag }) => ({ text: dag?.owners.join(', ') || '-' }),
  },
  {
    id: 'tags',
    title: 'TAGS',
    priority: 5,
    maxWidth: 32,
    cell: ({ dag }) => ({ text: dag?.tags.join(', ') || '-' }),
  },
];

/** The last line of a Python traceback names the error. */
function lastLine(trace: string): string {
  return trace.trimEnd().split('\n').at(-1)?.trim() ?? '';
}

/** An environment's DAGs, files that could not be parsed first. */
export const dags: Resource<DagRow, AirflowScope> = {
  id: 'dags',
  title: 'DAGs',
  singular: 'DAG',
  columns: dagColumns,
  key: ({ dag, importError }) => (dag === undefined ? `file ${importError?.file}` : `dag ${dag.dagId}`),
  async *list(session, { environment }, signal) {
    const airflow = openAirflow(session, environment);
    const [known, errors] = await Promise.all([airflow.dags(signal), airflow.importErrors(signal)]);
    yield [
      ...errors.map((importError) => ({ environment, dag: undefined, importError })),
      ...known.map((dag) => ({
        environment,
        dag,
        importError: errors.find((error) => dag.fileloc !== '' && error.file === dag.fileloc),
      })),
    ];
  },
  async describe(session, { environment, dag, importError }, signal) {
    const runs =
      dag === undefined ? [] : await openAirflow(session, environment).dagRuns(dag.dagId, { limit: 10 }, signal);
    return {
      dag: dag === undefined ? null : dagJson(dag),
      importError: importErrorJson(importError),
      runs: runs.map(dagRunJson),
    };
  },
  attention: ({ dag, importError }) =>
    importError === undefined
      ? undefined
      : `${dag?.dagId ?? fileName(importError.file)}: import error: ${lastLine(importError.stackTrace)}`,
};

/** A DAG as JSON. */
function dagJson(dag: Dag) {
  return {
    dagId: dag.dagId,
    paused: dag.paused,
    active: dag.active,
    importErrors: dag.importErrors,
    schedule: dag.schedule ?? null,
    fileloc: dag.fileloc,
    lastParsed: isoOrNull(dag.lastParsed),
    nextRun: isoOrNull(dag.nextRun),
    description: dag.description ?? null,
    owners: [...dag.owners],
    tags: [...dag.tags],
  };
}

function importErrorJson(error: ImportError | undefined) {
  return error === undefined ? null : { file: error.file, at: isoOrNull(error.at), stackTrace: error.stackTrace };
}

/** A run as JSON. */
export function dagRunJson(run: DagRun) {
  return {
    dagId: run.dagId,
    runId: run.runId,
    state: run.state,
    runType: run.runType,
    queuedAt: isoOrNull(run.queuedAt),
    startedAt: isoOrNull(run.startedAt),
    endedAt: isoOrNull(run.endedAt),
    logicalDate: isoOrNull(run.logicalDate),
    conf: run.conf ?? null,
    note: run.note ?? null,
  };
}

const runColumns: readonly Column<DagRun>[] = [
  { id: 'run', title: 'RUN', priority: 1, maxWidth: 56, cell: (run) => ({ text: run.runId, tone: 'accent' }) },
  { id: 'state', title: 'STATE', priority: 1, cell: (run) => stateCell(run.state) },
  {
    id: 'started',
    title: 'STARTED',
    priority: 2,
    align: 'right',
    cell: (run, now) => sinceCell(run.startedAt, now),
    sortKey: (run) => run.startedAt ?? run.queuedAt ?? Number.MAX_SAFE_INTEGER,
  },
  {
    id: 'duration',
    title: 'DURATION',
    priority: 2,
    align: 'right',
    cell: (run, now) =>
      run.startedAt === undefined ? { text: '-', tone: 'dim' } : { text: age((run.endedAt ?? now) - run.startedAt) },
    sortKey: (run) => (run.startedAt === undefined ? -1 : (run.endedAt ?? Number.MAX_SAFE_INTEGER) - run.startedAt),
  },
  { id: 'type', title: 'TYPE', priority: 3, cell: (run) => ({ text: run.runType || '-' }) },
];

/** The newest runs of a DAG; opening one shows its tasks. */
export const dagRuns: Resource<DagRun, AirflowScope & { readonly dagId: string }> = {
  id: 'dag-runs',
  title: 'DAG runs',
  singular: 'DAG run',
  columns: runColumns,
  key: (run) => `${run.dagId} ${run.runId}`,
  async *list(session, { environment, dagId }, signal) {
    yield await openAirflow(session, environment).dagRuns(dagId, { limit: 50 }, signal);
  },
  describe: async (_session, run) => dagRunJson(run),
  attention: (run) => (run.state === 'failed' ? `${run.dagId}: run ${run.runId} failed` : undefined),
};

const taskColumns: readonly Column<TaskInstance>[] = [
  {
    id: 'task',
    title: 'TASK',
    priority: 1,
    maxWidth: 48,
    cell: (task) => ({ text: task.mapIndex >= 0 ? `${task.taskId} [${task.mapIndex}]` : task.taskId, tone: 'accent' }),
  },
  { id: 'state', title: 'STATE', priority: 1, cell: (task) => stateCell(task.state) },
  {
    id: 'try',
    title: 'TRY',
    priority: 3,
    align: 'right',
    cell: (task) => ({ text: String(task.tryNumber) }),
    sortKey: (task) => task.tryNumber,
  },
  {
    id: 'started',
    title: 'STARTED',
    priority: 3,
    align: 'right',
    cell: (task, now) => sinceCell(task.startedAt, now),
    sortKey: (task) => task.startedAt ?? Number.MAX_SAFE_INTEGER,
  },
  {
    id: 'duration',
    title: 'DURATION',
    priority: 2,
    align: 'right',
    cell: (task, now) =>
      task.startedAt === undefined ? { text: '-', tone: 'dim' } : { text: age((task.endedAt ?? now) - task.startedAt) },
  },
  { id: 'operator', title: 'OPERATOR', priority: 4, maxWidth: 32, cell: (task) => ({ text: task.operator ?? '-' }) },
];

/** The tasks of a DAG run. */
export const taskInstances: Resource<TaskInstance, AirflowScope & { readonly dagId: string; readonly runId: string }> =
  {
    id: 'task-instances',
    title: 'Tasks of the run',
    singular: 'task instance',
    columns: taskColumns,
    key: (task) => `${task.taskId} ${task.mapIndex}`,
    async *list(session, { environment, dagId, runId }, signal) {
      yield await openAirflow(session, environment).taskInstances(dagId, runId, signal);
    },
    describe: async (_session, task) => ({
      ...task,
      state: task.state ?? null,
      startedAt: isoOrNull(task.startedAt),
      endedAt: isoOrNull(task.endedAt),
      operator: task.operator ?? null,
    }),
    attention: (task) => (task.state === 'failed' ? `${task.taskId}: failed on try ${task.tryNumber}` : undefined),
  };
