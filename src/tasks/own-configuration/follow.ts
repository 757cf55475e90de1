import type { Session } from '../../aws/session.ts';
import type { Task } from '../../fleet/tasks.ts';
import { Failure } from '../../text/failure.ts';
import { followRun } from '../follow-run.ts';
import type { TaskRecords } from '../records/records.ts';
import type { FollowedTask, RunEvent, RunResult } from '../types.ts';
import { watchTask } from '../watch.ts';
import type { TemporaryJournal, TemporaryParts } from './journal.ts';
import { removeTemporary } from './temporary.ts';

/** How long the removal may take, ms. */
const REMOVAL = 30_000;

/** What says so that the parts of a run are gone, or why they are not. */
export type Removal = { readonly type: 'removal'; readonly removed: boolean; readonly text: string };

/**
 * Follows a run with a configuration of its own, and takes its secret and revision away as soon as its task has read
 * them: when it runs, or has stopped. Leaving earlier leaves them written down for the next start.
 */
export async function* followOwnRun(
  session: Session,
  stores: { readonly records: TaskRecords; readonly journal: TemporaryJournal },
  followed: FollowedTask,
  parts: TemporaryParts,
  signal: AbortSignal,
): AsyncGenerator<RunEvent | Removal, RunResult> {
  const events = followRun(session, stores.records, followed, signal);
  let removal: Removal | undefined;
  try {
    for (;;) {
      const next = await events.next();
      const read = next.done === true || (next.value.type === 'phase' && hasRead(next.value.task));
      if (read && (removal === undefined || (next.done === true && !removal.removed))) {
        removal = await remove(session, stores.journal, parts);
        yield removal;
      }
      if (next.done) return next.value;
      yield next.value;
    }
  } finally {
    await events.return(undefined as never);
  }
}

/**
 * Watches a task and takes its secret and revision away as soon as it has read them; where that fails, once more when it
 * has stopped. Aborting leaves them written down for the next start.
 */
export async function* removals(
  session: Session,
  journal: TemporaryJournal,
  followed: FollowedTask,
  parts: TemporaryParts,
  signal: AbortSignal,
): AsyncGenerator<Removal, void> {
  try {
    let tried = false;
    for await (const sighting of watchTask(session, followed, signal)) {
      if (tried || !('task' in sighting) || !hasRead(sighting.task)) continue;
      tried = true;
      const removal = await remove(session, journal, parts);
      yield removal;
      if (removal.removed) return;
    }
  } catch (error) {
    signal.throwIfAborted();
    // A task that can't be looked at any more is no reason to leave a secret behind.
    if (!(error instanceof Failure)) throw error;
  }
  yield await remove(session, journal, parts);
}

/** ECS reads a task's secrets before it starts. */
function hasRead({ startedAt, stoppingAt }: Task): boolean {
  return startedAt !== undefined || stoppingAt !== undefined;
}

async function remove(session: Session, journal: TemporaryJournal, parts: TemporaryParts): Promise<Removal> {
  try {
    const state = await removeTemporary(session, journal, parts, AbortSignal.timeout(REMOVAL));
    if (state === 'removed') {
      return { type: 'removal', removed: true, text: 'The temporary secret and task definition are removed.' };
    }
    return { type: 'removal', removed: false, text: leftText(parts, 'another task of it is still starting') };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { type: 'removal', removed: false, text: leftText(parts, error.message) };
  }
}

function leftText({ secretName }: TemporaryParts, why: string): string {
  return `The temporary secret ${secretName} is not removed: ${why} \`mwaa-console run --clean-up\` or :clean-up-runs tries again.`;
}
