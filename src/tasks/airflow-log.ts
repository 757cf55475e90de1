import { openAirflow } from '../airflow/airflow.ts';
import { taskLogPrefix } from '../airflow/log-stream.ts';
import type { DagRun } from '../airflow/types.ts';
import { parseArn } from '../aws/arn.ts';
import { pages } from '../aws/pages.ts';
import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environment.ts';
import { listEnvironmentNames, readEnvironment } from '../fleet/environments.ts';
import type { Task } from '../fleet/tasks.ts';
import { Failure } from '../text/failure.ts';
import type { FollowedTask } from './types.ts';

/** A DAG run, and where it is. */
export interface FoundDagRun {
  readonly environment: { readonly name: string; readonly airflowVersion: string };
  readonly run: DagRun;
}

/** What EcsRunTaskOperator says of the task that it starts, or finds running from an earlier try (amazon provider, operators/ecs.py). */
const NAMES_TASK = '?"ECS Task started" ?"Reattaching previously launched task"';
const TASK_ARN = /arn:aws[\w-]*:ecs:[\w-]+:\d{12}:task\/[\w-]+\/[\w-]+/g;
const STREAM = /^dag_id=([^/]+)\/run_id=[^/]+\//;
const MINUTE = 60_000;
/** Airflow names a task within this of its creation: before, as clocks differ; after, as its log is sent in batches. */
const AROUND = { before: MINUTE, after: 10 * MINUTE };
/** Newest runs among which the one of a log stream is looked for. */
const RUNS = 100;

/**
 * The log group of an environment's Airflow tasks.
 * @throws Failure `not-found` where they are not sent to CloudWatch.
 */
export function taskLogGroup({ name, logGroups: { task } }: Pick<Environment, 'name' | 'logGroups'>): string {
  if (task?.enabled === true && task.group !== undefined) return task.group;
  throw new Failure('not-found', `${name} does not send its tasks' logs to CloudWatch.`, {
    advice: "Switch the environment's task logs on.",
    resource: name,
  });
}

/**
 * The ECS tasks that a run's task, or any of them, says in its log to have started, the newest first: for DAGs that were
 * not deployed from here, whose tasks carry no id made of the run.
 * @throws Failure `not-found` where the log names none, or is not kept.
 */
export async function ecsTasksInLog(
  session: Session,
  environmentName: string,
  run: DagRun,
  taskId: string | undefined,
  signal: AbortSignal,
): Promise<readonly [FollowedTask, ...FollowedTask[]]> {
  const environment = await readEnvironment(session, environmentName, signal);
  const began = run.queuedAt ?? run.startedAt ?? run.logicalDate;
  const arns: string[] = [];
  const query = {
    logGroupName: taskLogGroup(environment),
    logStreamNamePrefix: taskLogPrefix(run, taskId),
    filterPattern: NAMES_TASK,
    ...(began !== undefined && { startTime: began - AROUND.before }),
  };
  for await (const { message = '' } of matching(session, query, signal)) {
    // The answer to RunTask also names what else is of the task: the first is the task itself.
    arns.unshift(...(message.match(TASK_ARN) ?? []).slice(0, 1));
  }
  const [first, ...rest] = [...new Set(arns)].map((taskArn) => ({
    cluster: parseArn(taskArn)?.resource.split('/')[1] ?? '',
    taskArn,
  }));
  if (first !== undefined) return [first, ...rest];
  throw new Failure('not-found', `The log of ${taskId ?? run.runId} names no ECS task.`, {
    advice: 'It may start none, not have come that far yet, or its log may be gone. l opens the log.',
    resource: run.runId,
  });
}

/**
 * The DAG run whose log names a task, looked for in one environment or in all; undefined where none does.
 * @throws Failure where an environment can't be asked and no other one has it.
 */
export async function dagRunInLog(
  session: Session,
  task: Pick<Task, 'id' | 'createdAt'>,
  environmentName: string | undefined,
  signal: AbortSignal,
): Promise<FoundDagRun | undefined> {
  const { id, createdAt } = task;
  if (createdAt === undefined) return undefined;
  let failure: Failure | undefined;
  for (const name of environmentName === undefined ? await listEnvironmentNames(session, signal) : [environmentName]) {
    try {
      const environment = await readEnvironment(session, name, signal);
      const query = {
        logGroupName: taskLogGroup(environment),
        filterPattern: `"${id}"`,
        startTime: createdAt - AROUND.before,
        endTime: createdAt + AROUND.after,
      };
      for await (const { logStreamName = '' } of matching(session, query, signal)) {
        const run = await runOfStream(session, environment, logStreamName, signal);
        if (run !== undefined) return { environment: { name, airflowVersion: environment.airflowVersion }, run };
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      if (error.kind !== 'not-found') failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
  return undefined;
}

/** A stream is named by its run's id with `:` as `_`: the run itself is among the newest of its DAG. */
async function runOfStream(
  session: Session,
  { name, airflowVersion }: Environment,
  stream: string,
  signal: AbortSignal,
): Promise<DagRun | undefined> {
  const dagId = STREAM.exec(stream)?.[1];
  if (dagId === undefined) return undefined;
  const runs = await openAirflow(session, { name, airflowVersion }).dagRuns(dagId, { limit: RUNS }, signal);
  return runs.find((run) => stream.startsWith(taskLogPrefix(run)));
}

type Query = Parameters<Session['logs']['filterLogEvents']>[0];

/** The events that match; none where the group or stream is not there. */
async function* matching(session: Session, query: Query, signal: AbortSignal) {
  const read = pages(
    (nextToken) => session.logs.filterLogEvents({ ...query, ...(nextToken && { nextToken }) }, { signal }),
    (page) => page.nextToken,
  );
  try {
    for await (const { events = [] } of read) yield* events;
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
  }
}
