import { serverDate } from '../aws/server-date.ts';
import type { Session } from '../aws/session.ts';
import { list, texts } from './members.ts';
import type { Resource } from './resource.ts';
import { type Task, taskFrom } from './task.ts';
import { taskAttention, taskColumns } from './task-columns.ts';
import { taskJson } from './task-json.ts';

export { isIngestionImage, isIngestionTask, type Task, type TaskContainer, taskFrom } from './task.ts';
export { taskJson } from './task-json.ts';

/** DescribeTasks takes at most so many tasks. */
const DESCRIBE_LIMIT = 100;

/** Which tasks of a cluster are wanted. */
export interface TaskFilter {
  /** Name or ARN. */
  readonly cluster: string;
  readonly family?: string | undefined;
  readonly service?: string | undefined;
  /** `running` has all that have not stopped; `stopped` those that ECS still remembers (an hour at least). */
  readonly which?: 'running' | 'stopped' | 'all';
  /** At most so many of each; all when absent. */
  readonly limit?: number | undefined;
}

/** ARNs of a cluster's tasks; running and stopped ones have to be asked for separately (ListTasks). */
export async function listTaskArns(session: Session, filter: TaskFilter, signal: AbortSignal): Promise<string[]> {
  const { which = 'all', limit = Number.POSITIVE_INFINITY } = filter;
  const states =
    which === 'all'
      ? ['RUNNING' as const, 'STOPPED' as const]
      : which === 'running'
        ? ['RUNNING' as const]
        : ['STOPPED' as const];
  const found = await Promise.all(
    states.map(async (desiredStatus) => {
      const arns: string[] = [];
      let token: string | undefined;
      do {
        const page = await session.ecs.listTasks(
          {
            cluster: filter.cluster,
            desiredStatus,
            maxResults: 100,
            ...(filter.family && { family: filter.family }),
            ...(filter.service && { serviceName: filter.service }),
            ...(token && { nextToken: token }),
          },
          { signal },
        );
        arns.push(...texts(page.taskArns));
        token = page.nextToken;
      } while (token && arns.length < limit);
      return arns.slice(0, limit);
    }),
  );
  // A task may stop between the two calls and be in both.
  return [...new Set(found.flat())];
}

const watchers = new WeakMap<Session, (tasks: readonly Task[]) => void>();

/** Calls `seen` with every task that is described in a session, whoever asks; one watcher a session. */
export function watchDescribedTasks(session: Session, seen: (tasks: readonly Task[]) => void): void {
  watchers.set(session, seen);
}

/** Tasks as ECS described them, and when it did by its own clock, ms since the epoch; undefined where it did not say. */
interface Description {
  readonly tasks: readonly Task[];
  readonly at: number | undefined;
}

/** Describes tasks, 100 a call. */
async function describe(
  session: Session,
  cluster: string,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<Description[]> {
  const batches: string[][] = [];
  for (let at = 0; at < arns.length; at += DESCRIBE_LIMIT) batches.push(arns.slice(at, at + DESCRIBE_LIMIT));
  const answers = await Promise.all(
    batches.map((tasks) => session.ecs.describeTasks({ cluster, tasks, include: ['TAGS'] }, { signal })),
  );
  const descriptions = answers.map((answer) => ({ tasks: list(answer.tasks).map(taskFrom), at: serverDate(answer) }));
  watchers.get(session)?.(descriptions.flatMap(({ tasks }) => tasks));
  return descriptions;
}

/**
 * Describes tasks. Those that ECS has forgotten, or does not know yet (the second after RunTask), are missing from the
 * answer.
 */
export async function describeTasks(
  session: Session,
  cluster: string,
  arns: readonly string[],
  signal: AbortSignal,
): Promise<Task[]> {
  return (await describe(session, cluster, arns, signal)).flatMap(({ tasks }) => tasks);
}

/** One task, and when ECS said so by its own clock (ms since the epoch, as far as it told); undefined as in `describeTasks`. */
export async function describeTask(
  session: Session,
  cluster: string,
  arn: string,
  signal: AbortSignal,
): Promise<{ readonly task: Task; readonly at: number | undefined } | undefined> {
  const [description] = await describe(session, cluster, [arn], signal);
  const task = description?.tasks[0];
  return task && { task, at: description?.at };
}

/** A cluster's tasks, newest first. */
export async function readTasks(session: Session, filter: TaskFilter, signal: AbortSignal): Promise<Task[]> {
  const arns = await listTaskArns(session, filter, signal);
  return (await describeTasks(session, filter.cluster, arns, signal)).sort(newestFirst);
}

function newestFirst(a: Task, b: Task): number {
  return (b.createdAt ?? 0) - (a.createdAt ?? 0) || a.arn.localeCompare(b.arn);
}

/** The tasks of a cluster, the stopped ones of the last hour included. */
export const tasks: Resource<
  Task,
  { readonly cluster: string; readonly family?: string | undefined; readonly service?: string | undefined }
> = {
  id: 'tasks',
  title: 'ECS tasks',
  singular: 'task',
  columns: taskColumns,
  key: (task) => task.arn,
  arn: (task) => task.arn,
  async *list(session, scope, signal) {
    const [running, stopped] = [
      readTasks(session, { ...scope, which: 'running' }, signal),
      readTasks(session, { ...scope, which: 'stopped' }, signal),
    ];
    // Both are under way; a failure of the second must not go unheard while the first is shown.
    stopped.catch(() => {});
    const first = await running;
    yield first;
    const known = new Set((await stopped).map((task) => task.arn));
    yield [...first.filter((task) => !known.has(task.arn)), ...(await stopped)].sort(newestFirst);
  },
  async describe(session, row, signal) {
    const [fresh] = await describeTasks(session, row.clusterArn || row.cluster, [row.arn], signal);
    return taskJson(fresh ?? row);
  },
  attention: taskAttention,
};
