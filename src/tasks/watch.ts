import { isPassing } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { describeTask, type Task } from '../fleet/tasks.ts';
import { Failure } from '../text/failure.ts';
import type { FollowedTask } from './types.ts';

const SECOND = 1000;
/** DescribeTasks of one task every 2 s is a twentieth of what its throttle bucket refills. */
const INTERVAL = 2 * SECOND;
/** After RunTask a task may be unknown to DescribeTasks for a while; a minute is far more than was ever seen. */
const UNKNOWN_FOR = 60 * SECOND;
const OUTAGE_WAITS = [2, 4, 8, 15].map((seconds) => seconds * SECOND);

/** What watching a task tells: how it is, and when that was by ECS's own clock (ms since the epoch), where ECS told. */
export type Sighting = { readonly task: Task; readonly at: number | undefined } | { readonly note: string };

/**
 * Reads a task every 2 s until it has stopped; the last sighting is the stopped task. Survives the eventual consistency
 * after RunTask, throttles, outages and expired credentials, telling of them in notes.
 * @throws Failure `not-found` when ECS does not know the task (it forgets stopped ones after an hour).
 */
export async function* watchTask(
  session: Session,
  followed: FollowedTask,
  signal: AbortSignal,
): AsyncGenerator<Sighting> {
  const started = session.clock.now();
  let seen = false;
  let troubles = 0;
  for (;;) {
    let wait = INTERVAL;
    try {
      const sighting = await describeTask(session, followed.cluster, followed.taskArn, signal);
      if (troubles > 0) yield { note: 'ECS answers again' };
      troubles = 0;
      if (sighting !== undefined) {
        seen = true;
        yield sighting;
        if (sighting.task.lastStatus === 'STOPPED' || sighting.task.lastStatus === 'DELETED') return;
      } else if (seen || session.clock.now() - started > UNKNOWN_FOR) throw forgotten(followed, seen);
    } catch (error) {
      signal.throwIfAborted();
      if (!passes(error) || (!seen && !isPassing(error))) throw error;
      if (troubles === 0) yield { note: `${error.message} Following goes on. ${error.advice ?? ''}`.trim() };
      wait = OUTAGE_WAITS[Math.min(troubles, OUTAGE_WAITS.length - 1)] ?? INTERVAL;
      troubles += 1;
    }
    await session.clock.sleep(wait, signal);
  }
}

function passes(error: unknown): error is Failure {
  return isPassing(error) || (error instanceof Failure && (error.kind === 'expired' || error.kind === 'not-signed-in'));
}

function forgotten(followed: FollowedTask, seen: boolean): Failure {
  return new Failure(
    'not-found',
    seen
      ? `ECS no longer knows task ${followed.taskArn}; how it ended can't be told.`
      : `ECS does not know task ${followed.taskArn}.`,
    {
      resource: followed.taskArn,
      advice: 'Stopped tasks are forgotten after about an hour; their log stays. Check cluster and task.',
    },
  );
}
