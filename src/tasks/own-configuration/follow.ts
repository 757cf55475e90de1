import type { Session } from '../../aws/session.ts';
import { Failure } from '../../text/failure.ts';
import { followRun } from '../follow-run.ts';
import type { TaskRecords } from '../records/records.ts';
import type { FollowedTask, RunEvent, RunResult } from '../types.ts';
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
      const hasRead =
        next.done === true ||
        (next.value.type === 'phase' &&
          (next.value.task.startedAt !== undefined || next.value.task.stoppingAt !== undefined));
      if (hasRead && (removal === undefined || (next.done === true && !removal.removed))) {
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
  return `The temporary secret ${secretName} is not removed: ${why} \`mwaa-console run --clean-up\` tries again.`;
}
