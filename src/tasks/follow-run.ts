import type { Session } from '../aws/session.ts';
import { describeTasks } from '../fleet/tasks.ts';
import { openFollower } from '../logs/follow.ts';
import { Failure } from '../text/failure.ts';
import { followTask } from './follow.ts';
import { phasesOf } from './phases.ts';
import type { TaskRecord } from './records/record.ts';
import { placeOfTask, stoppedAt, type TaskRecords } from './records/records.ts';
import type { FollowedTask, RunEvent, RunResult } from './types.ts';
import { judge } from './verdict.ts';

/** Lines of a task are looked for from so long before its creation until so long after its end, ms. */
const AROUND = { before: 60_000, after: 10 * 60_000 };

/**
 * Follows a task to its end and keeps how it went; of a task that has been followed to its end before, or that ECS has
 * forgotten, tells what was kept, with its lines from the log. Aborting the signal ends the following, not the task.
 * @throws Failure `not-found` when neither ECS nor the record knows the task.
 */
export async function* followRun(
  session: Session,
  records: TaskRecords,
  followed: FollowedTask,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, RunResult> {
  const place = placeOfTask(session, followed.taskArn);
  const id = followed.taskArn.split('/').at(-1) ?? '';
  const kept = place === undefined ? undefined : await records.find(place, id);
  if (kept !== undefined && (kept.result !== undefined || (await isForgotten(session, followed, signal)))) {
    return yield* tellKept(session, kept, signal);
  }
  const { task, log, result } = yield* followTask(session, followed, signal);
  if (place !== undefined) await records.keep(place, [{ task, recordedAt: session.clock.now(), log, result }]);
  return result;
}

/** Whether ECS does not know a task that it once knew; when it can't be asked, that is told by following it. */
async function isForgotten(session: Session, { cluster, taskArn }: FollowedTask, signal: AbortSignal) {
  try {
    return (await describeTasks(session, cluster, [taskArn], signal)).length === 0;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure) return false;
    throw error;
  }
}

async function* tellKept(
  session: Session,
  { task, recordedAt, log, result }: TaskRecord,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, RunResult> {
  const phases = result?.phases ?? phasesOf(task, new Map(), recordedAt);
  yield { type: 'phase', phases, task };
  yield { type: 'note', text: 'Kept here since it stopped: ECS forgets a task after about an hour.' };
  let logEvents = 0;
  if (log !== undefined) {
    const end = stoppedAt({ task, recordedAt });
    const follower = openFollower(session, {
      groups: [log.group],
      streams: [log.stream],
      since: Math.max(0, (task.createdAt ?? end) - AROUND.before),
      until: end + AROUND.after,
      follow: false,
      patient: true,
    });
    try {
      for await (const events of follower.batches(signal)) {
        logEvents += events.length;
        yield { type: 'lines', events };
        yield { type: 'follow', state: follower.state() };
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      yield { type: 'note', text: `Its log can't be read: ${error.message} ${error.advice ?? ''}`.trim() };
    }
    yield { type: 'follow', state: follower.state() };
  }
  if (result !== undefined) return { ...result, logEvents };
  const verdict = judge(task, { main: undefined, essential: undefined });
  return { taskArn: task.arn, ...verdict, phases, summary: null, logEvents };
}
