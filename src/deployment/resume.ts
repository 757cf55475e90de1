import { persist } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { readEnvironment } from '../fleet/environments.ts';
import { Failure } from '../text/failure.ts';
import { type ApplyEvent, type ApplyOutcome, carryBack, carryOut } from './carry-out.ts';
import type { DocumentStore } from './documents.ts';
import { guardedSession } from './guarded-session.ts';
import {
  isUnfinished,
  type Journal,
  listDeployments,
  newestUnfinished,
  openJournal,
  readJournals,
  readLaterJournals,
} from './journal.ts';
import { awaitLock, takeLock } from './lock.ts';
import { CONFIGURATION_NOT_STORED } from './steps/secret.ts';
import { formerOthersOf, targetOf } from './target.ts';

/** How many of the newest deployments are searched for an unfinished one. */
const SEARCHED = 50;

/** Who resumes, and whether a lock that may be a dead run's is waited for. */
export interface Resumer {
  readonly who: string;
  readonly patient: boolean;
}

/**
 * Goes on with a deployment, or with taking one back, where it stopped: the newest unfinished one, or that of `id`.
 * Needs nothing but access: the journal in the environment's bucket has the rest. Undefined when there is nothing to
 * resume. A deployment that stopped before its configuration was stored can't go on: it is closed, and what it had
 * begun is taken back (state `undone`, with the failure that says so).
 * @throws Failure 'refused' when somebody works on the environment, or a later deployment took this one's place;
 * 'not-found' for an id that there is not.
 */
export async function* resumeDeployment(
  session: Session,
  environmentName: string,
  id: string | undefined,
  { who, patient }: Resumer,
  signal: AbortSignal,
): AsyncGenerator<ApplyEvent, ApplyOutcome | undefined> {
  const { clock } = session;
  const environment = await persist(clock, signal, () => readEnvironment(session, environmentName, signal));
  const store: DocumentStore = { session, bucket: environment.sourceBucket };
  const chosen = await choose(store, environment.name, id, signal);
  if (chosen === undefined) return undefined;
  for await (const text of awaitLock(store, environment.name, patient, signal)) {
    yield { type: 'waiting', text, at: clock.now() };
  }
  const { now } = await listDeployments(store, environment.name, signal);
  const lock = await takeLock(store, environment.name, { deployment: chosen, who, since: now }, signal);
  try {
    const guarded = guardedSession(session, lock);
    const writer = await openJournal({ ...store, session: guarded }, environment.name, chosen, signal);
    const { journal } = writer;
    // Whoever held the lock may have come to the end.
    if (!isUnfinished(journal)) return undefined;
    await refuseReplaced(store, journal, signal);
    yield { type: 'begun', deployment: journal.id, steps: journal.steps, at: clock.now() };
    const run = { writer, lock, who, signal, patient: true };
    const target = await persist(clock, signal, () => targetOf(guarded, environment, journal, signal));
    if (journal.state === 'undoing' || journal.state === 'undo-failed') {
      const formerOthers = await persist(clock, signal, () => formerOthersOf(store, journal, signal));
      return yield* carryBack(run, { ...target, formerOthers });
    }
    const outcome = yield* carryOut(run, target);
    if (outcome.failure?.code !== CONFIGURATION_NOT_STORED) return outcome;
    const closed = yield* carryBack(run, target);
    return { ...closed, failure: closed.failure ?? outcome.failure };
  } finally {
    await lock.release();
  }
}

async function choose(
  store: DocumentStore,
  environment: string,
  id: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  if (id !== undefined) {
    const { journal } = await openJournal(store, environment, id, signal);
    return isUnfinished(journal) ? id : undefined;
  }
  return newestUnfinished(await readJournals(store, environment, SEARCHED, signal))?.id;
}

async function refuseReplaced(store: DocumentStore, journal: Journal, signal: AbortSignal): Promise<void> {
  const later = await readLaterJournals(store, journal.environment, journal.id, signal);
  const replacing = later.find(({ dagId, state }) => dagId === journal.dagId && state !== 'undone');
  if (replacing === undefined) return;
  throw new Failure('refused', `Deployment ${replacing.id} of ${journal.dagId} took the place of ${journal.id}.`, {
    advice: `See \`mwaa-console deployments ${journal.environment}\`; undo the later one first to go on with this one.`,
    resource: journal.environment,
  });
}
