import { persist } from '../aws/persist.ts';
import { serverDate } from '../aws/server-date.ts';
import type { DeploymentRequest } from '../ingestion/request.ts';
import { Failure } from '../text/failure.ts';
import { type DocumentStore, readDocument, writeDocument } from './documents.ts';
import type { Known, StepAction, StepKind } from './step.ts';

/**
 * How far a deployment came: on its way (`applying`), stopped by a step that failed, at its end, on its way back
 * (`undoing`), stopped on its way back (`undo-failed`), or taken back.
 */
export type JournalState = 'applying' | 'failed' | 'done' | 'undoing' | 'undo-failed' | 'undone';

/** How far one step came. */
export type JournalStepState = 'planned' | 'doing' | 'done' | 'failed' | 'undoing' | 'undone';

/** One step of a deployment as the journal keeps it: what it is about to do, and what was there before. */
export interface JournalStep {
  readonly id: string;
  readonly kind: StepKind;
  readonly action: StepAction;
  readonly resource: string;
  readonly shared: boolean;
  /** The step's own client token, the same however often it is tried and by whom. */
  readonly token: string;
  state: JournalStepState;
  /** What was there before, as the step's own kind needs it to take the step back; never a secret's value. */
  before: unknown;
  /** What the step made: versions, ARNs. */
  after?: unknown;
  /** What the step keeps of its own way, such as when it asked for an update. */
  progress?: unknown;
  startedAt?: number;
  endedAt?: number;
  error?: string;
  /** What to do about the error. */
  advice?: string;
  /** What taking it back has left, in words. */
  remains?: string;
  /** Whether it was left for other ingestions alone: the last of them takes it back. */
  kept?: true;
}

/** A deployment's journal, kept in the environment's bucket so that anyone with access can go on. Times are S3's. */
export interface Journal {
  readonly schema: 1;
  readonly id: string;
  readonly environment: string;
  readonly dagId: string;
  /** Without the pipeline's text and values: they are in the secret and nowhere else. */
  readonly request: DeploymentRequest;
  readonly startedAt: number;
  readonly startedBy: string;
  state: JournalState;
  endedAt?: number;
  /** Who has taken it back, and since when. */
  undo?: { readonly startedAt: number; readonly startedBy: string };
  /** What the environment's list of ingestions said of this one before, as it stood in the bucket. */
  readonly record: { readonly before: string | null };
  readonly known: Known;
  readonly steps: JournalStep[];
}

/** The journals' folder in the environment's bucket. */
function journalPrefix(environment: string): string {
  return `mwaa-console/${environment}/deployments/`;
}

function journalKey(environment: string, id: string): string {
  return `${journalPrefix(environment)}${id}.json`;
}

/** Whether a deployment has neither come to its end nor been taken back. */
export function isUnfinished({ state }: Pick<Journal, 'state'>): boolean {
  return state !== 'done' && state !== 'undone';
}

/** Deployment ids sort by time and are unique among machines: `20261122T170504-3f9a`. */
function deploymentId(now: number, random: () => number = Math.random): string {
  const suffix = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${stampOf(now)}-${suffix}`;
}

/**
 * An id for a deployment that begins now: it sorts after every one that there is, also where two begin within a second.
 * @param now S3's own time, ms since the epoch.
 */
export function nextDeploymentId(now: number, ids: readonly string[]): string {
  const newest = ids.reduce((latest, id) => (id > latest ? id : latest), '');
  let at = now;
  while (newest !== '' && stampOf(at) <= newest.slice(0, stampOf(at).length)) at += 1_000;
  return deploymentId(at);
}

function stampOf(at: number): string {
  return new Date(at).toISOString().replace(/[-:]|\.\d+Z/g, '');
}

/** A journal that is written before each act; every write is conditional on nobody else having written. */
export class JournalWriter {
  readonly journal: Journal;
  readonly #store: DocumentStore;
  #etag: string | undefined;

  constructor(store: DocumentStore, journal: Journal, etag?: string) {
    this.#store = store;
    this.journal = journal;
    this.#etag = etag;
  }

  /** Writes the journal as it stands. Failure 'refused' when somebody else has written it meanwhile. */
  async save(signal: AbortSignal): Promise<void> {
    const { environment, id } = this.journal;
    const etag = await writeDocument(this.#store, journalKey(environment, id), this.journal, this.#etag, signal);
    if (etag === undefined) {
      throw new Failure('refused', `Somebody else has gone on with deployment ${id} of ${environment}.`, {
        advice: 'Nothing more was written from here. See `mwaa-console deployments`.',
        resource: environment,
      });
    }
    this.#etag = etag;
  }
}

/** Opens a journal to go on with it. Failure 'not-found' when there is none of that id. */
export async function openJournal(
  store: DocumentStore,
  environment: string,
  id: string,
  signal: AbortSignal,
): Promise<JournalWriter> {
  const read = () => readDocument<Journal>(store, journalKey(environment, id), signal);
  const found = await persist(store.session.clock, signal, read);
  if (found === undefined) throw noDeployment(environment, id);
  return new JournalWriter(store, found.value, found.etag);
}

/** Reads one journal; undefined when there is none of that id. */
export async function readJournal(
  store: DocumentStore,
  environment: string,
  id: string,
  signal: AbortSignal,
): Promise<Journal | undefined> {
  return (await readDocument<Journal>(store, journalKey(environment, id), signal))?.value;
}

/** The environment's deployments, newest first, at most `limit`. */
export async function readJournals(
  store: DocumentStore,
  environment: string,
  limit: number,
  signal: AbortSignal,
): Promise<Journal[]> {
  const newest = (await listDeployments(store, environment, signal)).ids.reverse().slice(0, limit);
  return readEach(store, environment, newest, signal);
}

/** The deployments that began after one, oldest first. */
export async function readLaterJournals(
  store: DocumentStore,
  environment: string,
  id: string,
  signal: AbortSignal,
): Promise<Journal[]> {
  const { ids } = await listDeployments(store, environment, signal);
  return readEach(
    store,
    environment,
    ids.filter((each) => each > id),
    signal,
  );
}

/**
 * Of an environment's deployments, newest first, the newest that has not come to its end: none whose place a later one of
 * the same DAG has taken, unless that was taken back.
 */
export function newestUnfinished(journals: readonly Journal[]): Journal | undefined {
  return journals.find(
    (journal, index) =>
      isUnfinished(journal) &&
      !journals.slice(0, index).some(({ dagId, state }) => dagId === journal.dagId && state !== 'undone'),
  );
}

/**
 * The ids of an environment's deployments, oldest first, S3's own time when it told them (ms since the epoch), and
 * `standing`, which is another as soon as any of them has gone on.
 */
export async function listDeployments(
  { session, bucket }: DocumentStore,
  environment: string,
  signal: AbortSignal,
): Promise<{ readonly ids: string[]; readonly now: number; readonly standing: string }> {
  const prefix = journalPrefix(environment);
  const ids: string[] = [];
  const tags: string[] = [];
  let token: string | undefined;
  let now = session.clock.now();
  do {
    const input = { Bucket: bucket, Prefix: prefix, ...(token === undefined ? {} : { ContinuationToken: token }) };
    const page = await persist(session.clock, signal, () => session.s3.listObjectsV2(input, { signal }));
    for (const { Key: key = '', ETag: tag } of page.Contents ?? []) {
      if (!key.endsWith('.json')) continue;
      ids.push(key.slice(prefix.length, -'.json'.length));
      tags.push(`${key} ${tag}`);
    }
    now = serverDate(page) ?? now;
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return { ids: ids.sort(), now, standing: tags.sort().join('\n') };
}

/**
 * Failure 'refused' when a deployment has begun, gone on or been taken back since something was planned: it stands on
 * what was there then, and so does what a person has agreed to. Asked under the lock.
 */
export async function refuseOutdated(
  store: DocumentStore,
  environment: string,
  planned: string | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (planned === undefined) return;
  const { standing } = await listDeployments(store, environment, signal);
  if (standing === planned) return;
  throw new Failure('refused', `A deployment of ${environment} has gone on since this was planned.`, {
    advice: 'Nothing was changed. Try again: it is planned anew, from what is there now.',
    resource: environment,
  });
}

async function readEach(
  store: DocumentStore,
  environment: string,
  ids: readonly string[],
  signal: AbortSignal,
): Promise<Journal[]> {
  const { clock } = store.session;
  const journals = await Promise.all(
    ids.map((id) => persist(clock, signal, () => readJournal(store, environment, id, signal))),
  );
  return journals.filter((journal) => journal !== undefined);
}

function noDeployment(environment: string, id: string): Failure {
  return new Failure('not-found', `${environment} has no deployment ${id}.`, {
    advice: `List them: mwaa-console deployments ${environment}`,
    resource: environment,
  });
}
