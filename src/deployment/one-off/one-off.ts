import { hostname } from 'node:os';
import { type OneOffDag, oneOffId, removeOneOffDag, runOneOffDag } from '../../airflow/one-off-dag.ts';
import type { Session } from '../../aws/session.ts';
import type { Environment } from '../../fleet/environments.ts';
import type { TemporaryJournal } from '../../tasks/own-configuration/journal.ts';
import type { OwnRun } from '../../tasks/own-configuration/plan.ts';
import { removeTemporary, startOwnRun } from '../../tasks/own-configuration/temporary.ts';
import type { StartedTask } from '../../tasks/run.ts';
import { Failure } from '../../text/failure.ts';
import type { DocumentStore } from '../documents.ts';
import { refuseBusy, tellingBusy, unlessBusy } from './busy.ts';
import { type LeftOver, OneOffClaim, type OneOffJournal, readOneOffs } from './journal.ts';

/** Where a one-off happens, for whom, and who hears what is being waited for. */
export interface OneOffWork {
  readonly session: Session;
  readonly environment: Environment;
  readonly who: string;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** What a one-off brought back, and what of it could not be taken away, one sentence each. */
export interface OneOffOutcome<T> {
  readonly value: T;
  readonly remains: readonly string[];
}

/**
 * Runs a DAG once under a journal of its own, which names it before it is put, and takes everything away again; after a
 * crash `removeLeftOver` does. `read` gets what the task pushed, before the removal begins. Throws Failure: `refused`
 * while the environment is busy, else as `runOneOffDag`; nothing is left then either. An environment that becomes busy
 * meanwhile is told, in what is waited for and in the failure: its journal stays where its Airflow can't be reached.
 */
export async function runJournalledDag<T>(
  work: OneOffWork,
  purpose: string,
  dag: (dagId: string) => Omit<OneOffDag, 'dagId'>,
  read: (pushed: unknown) => T,
): Promise<OneOffOutcome<T>> {
  refuseBusy(work, purpose);
  return underJournal(
    work,
    purpose,
    oneOffId,
    (id) => ({ dagId: id }),
    async (claim) => {
      const { session, environment } = work;
      const { id } = claim.journal;
      try {
        return read(await runOneOffDag(session, environment, { dagId: id, ...dag(id) }, airflowWork(work, claim)));
      } catch (error) {
        throw await unlessBusy(work, error);
      }
    },
  );
}

/**
 * Runs a task whose secret and revision are its own, under a journal that names them before they are made, and takes
 * them away again; `follow` gets the started task and follows it to its end, until the signal aborts.
 */
export async function runJournalledTask<T>(
  work: OneOffWork,
  purpose: string,
  own: OwnRun,
  follow: (task: StartedTask, signal: AbortSignal) => Promise<T>,
): Promise<OneOffOutcome<T>> {
  const { session, signal } = work;
  const names = () => ({ temporary: own.parts });
  return underJournal(
    work,
    purpose,
    () => `${purpose}-${own.parts.id}`,
    names,
    async (claim) => {
      const task = await startOwnRun(session, JOURNALLED, own, signal);
      return claim.renewDuring(signal, (ended) => follow(task, ended));
    },
  );
}

/** The journal in the bucket, which is written and struck out around the whole. */
const JOURNALLED: TemporaryJournal = { begin: async () => {}, end: async () => {}, list: async () => [] };
/** Between two looks whether a task has read its secret: ms. */
const INTERVAL = 10_000;

/** Does something under a new journal and takes away what that names, however it ended. */
async function underJournal<T>(
  work: OneOffWork,
  purpose: string,
  newId: () => string,
  names: (id: string) => Partial<OneOffJournal>,
  act: (claim: OneOffClaim) => Promise<T>,
): Promise<OneOffOutcome<T>> {
  const claim = await begin(work, purpose, newId, names);
  let value: T;
  try {
    value = await act(claim);
  } catch (error) {
    // A crash takes nothing away, and an interruption has no time for it: the journal stays.
    if (error instanceof Failure && !work.signal.aborted) await takeAway(work, claim);
    throw error;
  }
  return { value, remains: await takeAway(work, claim) };
}

async function begin(
  { session, environment, who, signal }: OneOffWork,
  purpose: string,
  newId: () => string,
  names: (id: string) => Partial<OneOffJournal>,
): Promise<OneOffClaim> {
  for (;;) {
    const id = newId();
    const claim = await OneOffClaim.begin(
      storeOf({ session, environment }),
      {
        schema: 1,
        id,
        environment: environment.name,
        purpose,
        startedAt: session.clock.now(),
        startedBy: who,
        host: hostname(),
        pid: process.pid,
        ...names(id),
      },
      signal,
    );
    if (claim !== undefined) return claim;
  }
}

async function takeAway(work: OneOffWork, claim: OneOffClaim): Promise<readonly string[]> {
  try {
    await remove(work, claim);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { id, environment } = claim.journal;
    const text = `${id} in ${environment} could not be taken away: ${error.message} A later \`connection ${environment} --discover\` offers it again.`;
    work.tell(text);
    return [text];
  }
}

async function remove(work: OneOffWork, claim: OneOffClaim): Promise<void> {
  const { dagId, temporary } = claim.journal;
  if (temporary !== undefined) {
    while ((await removeTemporary(work.session, JOURNALLED, temporary, work.signal)) === 'starting') {
      work.tell('waiting for the task to start, which reads its secret then');
      await claim.renew(work.signal);
      await work.session.clock.sleep(INTERVAL, work.signal);
    }
  }
  if (dagId !== undefined) await removeOneOffDag(work.session, work.environment, dagId, airflowWork(work, claim));
  await claim.end(work.signal);
}

/** What dead runs left in an environment, oldest first. */
export async function readLeftOvers(
  place: Pick<OneOffWork, 'session' | 'environment'>,
  signal: AbortSignal,
): Promise<readonly LeftOver[]> {
  return (await readOneOffs(storeOf(place), place.environment.name, signal)).filter(({ dead }) => dead);
}

/** Takes away what a dead run left behind; false when somebody else is doing it. */
export async function removeLeftOver(work: OneOffWork, leftOver: LeftOver): Promise<boolean> {
  const claim = await OneOffClaim.takeOver(storeOf(work), leftOver, work.signal);
  if (claim === undefined) return false;
  await remove(work, claim);
  return true;
}

function airflowWork(work: OneOffWork, claim: OneOffClaim) {
  const { signal, tell, look } = tellingBusy(work);
  const alive = async () => {
    await claim.renew(signal);
    await look();
  };
  return { signal, tell, alive };
}

function storeOf({ session, environment }: Pick<OneOffWork, 'session' | 'environment'>): DocumentStore {
  return { session, bucket: environment.sourceBucket };
}
