import { openAirflow } from '../airflow/airflow.ts';
import type { DagRun } from '../airflow/types.ts';
import type { Session } from '../aws/session.ts';
import { dagRunJson, dagRuns } from '../fleet/dags.ts';
import type { Environment } from '../fleet/environment.ts';
import { listEnvironmentNames, readEnvironment } from '../fleet/environments.ts';
import { type Ingestion, readIngestion } from '../fleet/ingestions.ts';
import { ingestionFamily } from '../fleet/last-run.ts';
import type { Resource } from '../fleet/resource.ts';
import type { Task } from '../fleet/tasks.ts';
import { pipelineRunId } from '../ingestion/run-id.ts';
import type { Cell, Column } from '../text/columns.ts';
import { Failure } from '../text/failure.ts';
import { dagRunInLog, type FoundDagRun } from './airflow-log.ts';
import { type KnownTask, knownTasks } from './known-tasks.ts';
import type { TaskRecords } from './records/records.ts';

/** A run of a DAG, and the ECS tasks that it started, the newest first: one, or one each try. */
export interface IngestionRun extends DagRun {
  /** Undefined while they are not known, or can't be read. */
  readonly tasks: readonly KnownTask[] | undefined;
}

/** Whose runs. */
export interface IngestionRunsScope {
  readonly environment: { readonly name: string; readonly airflowVersion: string };
  readonly dagId: string;
  readonly records: TaskRecords;
}

/** Runs that are asked for at once. */
const RUNS = 50;

const ECS_TASK: Column<IngestionRun> = {
  id: 'ecs-task',
  title: 'ECS TASK',
  priority: 2,
  cell: ({ tasks }) => taskCell(tasks),
};

function taskCell(tasks: IngestionRun['tasks']): Cell {
  const [task] = tasks ?? [];
  if (task === undefined) return { text: tasks === undefined ? '?' : '-', tone: 'dim' };
  const tries = (tasks?.length ?? 0) > 1 ? `, try ${tasks?.length}` : '';
  if (task.lastStatus !== 'STOPPED') return { text: `${task.lastStatus.toLowerCase()}${tries}`, tone: 'running' };
  const codes = task.containers.flatMap(({ exitCode }) => exitCode ?? []);
  const code = codes.find((each) => each !== 0) ?? codes[0];
  return { text: `${code === undefined ? 'never ran' : `exit ${code}`}${tries}`, tone: code === 0 ? 'ok' : 'error' };
}

/** The newest runs of a DAG with the ECS tasks they started, where it is an ingestion that runs as one. */
export const ingestionRuns: Resource<IngestionRun, IngestionRunsScope> = {
  id: dagRuns.id,
  title: dagRuns.title,
  singular: dagRuns.singular,
  columns: dagRuns.columns.flatMap((column): readonly Column<IngestionRun>[] =>
    column.id === 'state' ? [column, ECS_TASK] : [column],
  ),
  key: dagRuns.key,
  async *list(session, { environment, dagId, records }, signal) {
    const runs = await openAirflow(session, environment).dagRuns(dagId, { limit: RUNS }, signal);
    yield runs.map((run) => ({ ...run, tasks: undefined }));
    const tasks = await tasksOrUnknown(session, environment.name, dagId, records, signal);
    if (tasks !== undefined) yield runs.map((run) => ({ ...run, tasks: tasksOfRun(run, tasks) }));
  },
  describe: async (_session, run) => ({ ...dagRunJson(run), tasks: run.tasks?.map(({ arn }) => arn) ?? null }),
  ...(dagRuns.attention && { attention: dagRuns.attention }),
};

/** Of an ingestion's tasks, those that a run started: the DAG gives them an id made of it. */
function tasksOfRun<Row extends Task>({ dagId, runId }: DagRun, tasks: readonly Row[]): Row[] {
  const id = pipelineRunId(dagId, runId);
  return tasks.filter((task) => pipelineRunIdOf(task) === id);
}

/** The `pipelineRunId` that a task was started with. */
function pipelineRunIdOf({ overrides }: Pick<Task, 'overrides'>): string | undefined {
  return overrides.containers.flatMap(({ environment }) => environment.pipelineRunId ?? [])[0];
}

async function tasksOrUnknown(
  session: Session,
  environmentName: string,
  dagId: string,
  records: TaskRecords,
  signal: AbortSignal,
): Promise<KnownTask[] | undefined> {
  try {
    const environment = await readEnvironment(session, environmentName, signal);
    const ingestion = await readIngestion(session, environment, dagId, signal);
    return ingestion === undefined ? [] : await tasksOfIngestion(session, ingestion, records, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

/** The tasks of an ingestion that runs as one, those that ECS has forgotten included; none where it does not. */
export async function tasksOfIngestion(
  session: Session,
  ingestion: Ingestion,
  records: TaskRecords,
  signal: AbortSignal,
): Promise<KnownTask[]> {
  const family = ingestionFamily(ingestion);
  if (ingestion.cluster === undefined || family === undefined) return [];
  let rows: KnownTask[] = [];
  const scope = { cluster: ingestion.cluster, family, records };
  for await (const snapshot of knownTasks.list(session, scope, signal)) rows = snapshot;
  return rows;
}

/** Whether a task was started from here, of an ingestion, and by no DAG. */
export function isOwnTask({ startedBy }: Pick<Task, 'startedBy'>): boolean {
  // What Airflow's operator gives is its DAG's owner, or an id: never a path.
  return startedBy?.startsWith('mwaa-console/') === true;
}

/**
 * The DAG run that started a task: by the id that a DAG deployed from here gives its tasks, else by what the environments'
 * task logs say. `place` is where its ingestion is deployed, as far as known.
 * @throws Failure `not-found` where none did, with who else may have.
 */
export async function dagRunOfTask(
  session: Session,
  task: Task,
  place: { readonly environment?: string | undefined; readonly dagId?: string | undefined },
  signal: AbortSignal,
): Promise<FoundDagRun> {
  const resource = task.arn;
  if (isOwnTask(task)) {
    const advice = 'Airflow knows nothing of it.';
    throw new Failure('not-found', 'No DAG run started this task: mwaa-console did.', { advice, resource });
  }
  const found = await dagRunById(session, task, place, signal);
  if (typeof found !== 'string') return found;
  const named = await dagRunInLog(session, task, place.environment, signal);
  if (named !== undefined) return named;
  throw new Failure('not-found', found, {
    advice:
      'No Airflow task log from when it was created names it either. Something else than Airflow may have started it.',
    resource,
  });
}

/** The run whose DAG was deployed from here and made the task's `pipelineRunId`, or why there is none. */
async function dagRunById(
  session: Session,
  task: Task,
  place: { readonly environment?: string | undefined; readonly dagId?: string | undefined },
  signal: AbortSignal,
): Promise<FoundDagRun | string> {
  const id = pipelineRunIdOf(task);
  if (id === undefined) return 'The task says no pipelineRunId.';
  const environment = await environmentOf(session, task.family, place.environment, signal);
  if (environment === undefined) return `No environment has an ingestion of ${task.family}.`;
  const dagId = place.dagId ?? task.family.slice(environment.name.length + 1);
  const runs = await openAirflow(session, environment).dagRuns(dagId, { limit: 100 }, signal);
  const run = runs.find(({ runId }) => pipelineRunId(dagId, runId) === id);
  if (run === undefined) return `None of the last ${runs.length} runs of ${dagId} started this task.`;
  return { environment: { name: environment.name, airflowVersion: environment.airflowVersion }, run };
}

/** The environment that owns a family: `<environment>-<dag>`, where it has an ingestion of that name. */
async function environmentOf(
  session: Session,
  family: string,
  known: string | undefined,
  signal: AbortSignal,
): Promise<Environment | undefined> {
  if (known !== undefined) return readEnvironment(session, known, signal);
  for (const name of await listEnvironmentNames(session, signal)) {
    if (!family.startsWith(`${name}-`)) continue;
    const environment = await readEnvironment(session, name, signal);
    if (await readIngestion(session, environment, family.slice(name.length + 1), signal)) return environment;
  }
  return undefined;
}
