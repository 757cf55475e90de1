import { parseArn } from '../../aws/arn.ts';
import type { Session } from '../../aws/session.ts';
import { lastSegment } from '../../fleet/members.ts';
import { watchDescribedTasks } from '../../fleet/tasks.ts';
import type { TaskRecord } from './record.ts';

/** Whose tasks are meant: one cluster of one account and region, behind one endpoint. */
export interface ClusterPlace {
  /** Host and port of an endpoint that is not AWS's own. */
  readonly endpoint: string | undefined;
  readonly account: string;
  readonly region: string;
  /** Its name. */
  readonly cluster: string;
}

/** At most so many tasks of a cluster are kept, the newest. */
export const RECORDS_OF_A_CLUSTER = 300;

/**
 * The record of stopped tasks. Keeping never fails: what can't be written is not kept, and told once by `trouble`. What
 * is known of a followed task is never replaced by the little that a list tells.
 */
export interface TaskRecords {
  keep(place: ClusterPlace, records: readonly TaskRecord[]): Promise<void>;
  /** The kept tasks of a cluster, the newest first. */
  list(place: ClusterPlace): Promise<TaskRecord[]>;
  find(place: ClusterPlace, taskId: string): Promise<TaskRecord | undefined>;
  /** Why something could not be kept or read, in words; undefined while all went well. */
  readonly trouble: string | undefined;
}

/** The place of a task, told by its ARN; undefined for an ARN without a cluster (the short form of before 2018). */
export function placeOfTask(session: Pick<Session, 'endpoint'>, taskArn: string): ClusterPlace | undefined {
  const arn = parseArn(taskArn);
  const [kind, cluster, id] = arn?.resource.split('/') ?? [];
  if (arn === undefined || kind !== 'task' || cluster === undefined || id === undefined) return undefined;
  return { endpoint: endpointOf(session), account: arn.account, region: arn.region, cluster };
}

/** The place of a cluster, by name or ARN; asks whose account it is. */
export async function placeOfCluster(session: Session, cluster: string, signal: AbortSignal): Promise<ClusterPlace> {
  const arn = parseArn(cluster);
  return {
    endpoint: endpointOf(session),
    account: arn?.account ?? (await session.identity(signal)).account,
    region: arn?.region ?? session.region,
    cluster: lastSegment(cluster),
  };
}

/** Host and port of an endpoint that is not AWS's own. */
export function endpointOf({ endpoint }: Pick<Session, 'endpoint'>): string | undefined {
  return endpoint !== undefined && URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}

/**
 * Keeps every task that is seen stopped in a session, whichever screen asked for it: ECS forgets them an hour later,
 * whether or not somebody looked at their list.
 */
export function keepStoppedTasks(session: Session, records: TaskRecords): void {
  watchDescribedTasks(session, (tasks) => {
    const recordedAt = session.clock.now();
    for (const task of tasks) {
      const place = task.lastStatus === 'STOPPED' ? placeOfTask(session, task.arn) : undefined;
      if (place !== undefined) void records.keep(place, [{ task, recordedAt }]);
    }
  });
}

/** The newest of records first; a task that stopped later is newer. */
export function newestFirst(records: readonly TaskRecord[]): TaskRecord[] {
  return [...records].sort((a, b) => stoppedAt(b) - stoppedAt(a) || a.task.arn.localeCompare(b.task.arn));
}

/** When a task stopped, as far as known; ms since the epoch. */
export function stoppedAt({ task, recordedAt }: TaskRecord): number {
  return task.stoppedAt ?? task.executionStoppedAt ?? recordedAt;
}
