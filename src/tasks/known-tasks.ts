import type { Session } from '../aws/session.ts';
import type { Resource } from '../fleet/resource.ts';
import { type Task, taskJson, tasks } from '../fleet/tasks.ts';
import type { Column } from '../text/columns.ts';
import { Failure } from '../text/failure.ts';
import type { TaskRecord } from './records/record.ts';
import { type ClusterPlace, newestFirst, placeOfCluster, type TaskRecords } from './records/records.ts';
import { resultJson } from './result-json.ts';

/** A task that ECS knows, or that was kept here since it stopped. */
export interface KnownTask extends Task {
  /** Set when ECS has forgotten it. */
  readonly forgotten?: true;
  readonly record?: TaskRecord | undefined;
}

/** Which tasks: a cluster's, and what is kept of those that have stopped. */
export interface KnownTasksScope {
  /** Name or ARN. */
  readonly cluster: string;
  readonly family?: string | undefined;
  readonly records: TaskRecords;
}

const FROM: Column<KnownTask> = {
  id: 'from',
  title: 'FROM',
  priority: 6,
  cell: ({ forgotten }) => (forgotten ? { text: 'kept here', tone: 'dim' } : { text: 'ECS' }),
};

/**
 * A cluster's tasks: those that run, those that ECS remembers, and those that were seen to stop before. What stops is
 * kept as soon as it is listed.
 */
export const knownTasks: Resource<KnownTask, KnownTasksScope> = {
  id: tasks.id,
  title: tasks.title,
  singular: tasks.singular,
  columns: [...tasks.columns, FROM],
  key: tasks.key,
  arn: tasks.key,
  async *list(session, { cluster, family, records }, signal) {
    const place = await placeOrNone(session, cluster, signal);
    const kept = place === undefined ? [] : await keptOf(records, place, family);
    for await (const rows of tasks.list(session, { cluster, family }, signal)) {
      yield withKept(rows, kept);
      const stopped = rows.filter((task) => task.lastStatus === 'STOPPED');
      const recordedAt = session.clock.now();
      if (place !== undefined) {
        await records.keep(
          place,
          stopped.map((task) => ({ task, recordedAt })),
        );
      }
    }
  },
  async describe(session, row, signal) {
    if (row.forgotten) return knownTaskJson(row);
    const described = (await tasks.describe(session, row, signal)) as object;
    return { ...knownTaskJson(row), ...described };
  },
  ...(tasks.attention && { attention: tasks.attention }),
};

/** Without knowing whose account it is, nothing is kept or found: an account never sees another's tasks. */
async function placeOrNone(session: Session, cluster: string, signal: AbortSignal): Promise<ClusterPlace | undefined> {
  try {
    return await placeOfCluster(session, cluster, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

async function keptOf(records: TaskRecords, place: ClusterPlace, family: string | undefined): Promise<TaskRecord[]> {
  const kept = await records.list(place);
  return family === undefined ? kept : kept.filter(({ task }) => task.family === family);
}

/** What ECS knows, with what was kept of it, then what only the record knows; the newest first. */
function withKept(rows: readonly Task[], kept: readonly TaskRecord[]): KnownTask[] {
  const records = new Map(kept.map((record) => [record.task.arn, record]));
  const live = rows.map((task): KnownTask => ({ ...task, record: records.get(task.arn) }));
  for (const { arn } of rows) records.delete(arn);
  return [
    ...live,
    ...newestFirst([...records.values()]).map((record): KnownTask => ({ ...record.task, forgotten: true, record })),
  ];
}

/** A known task as JSON: as ECS tells it, where it is known from, and how it went where it was followed to its end. */
export function knownTaskJson(task: KnownTask) {
  const { forgotten, record } = task;
  return {
    ...taskJson(task),
    source: forgotten ? ('record' as const) : ('ecs' as const),
    run: record?.result === undefined ? null : resultJson(record.result),
  };
}
