import type { DeploymentRequest } from '../ingestion/request.ts';
import { Failure } from '../text/failure.ts';
import { type DocumentStore, readDocument, writeDocument } from './documents.ts';
import type { StepAction, StepKind } from './step.ts';

/** How far a deployment came. */
export type JournalState = 'applying' | 'done' | 'failed';

/** One step of a deployment as the journal keeps it: what it is about to do, and what was there before. */
export interface JournalStep {
  readonly id: string;
  readonly kind: StepKind;
  readonly action: StepAction;
  readonly resource: string;
  readonly shared: boolean;
  state: 'planned' | 'doing' | 'done' | 'failed';
  /** What was there before, as the step's own kind needs it to take the step back; never a secret's value. */
  before: unknown;
  /** What the step made: versions, ARNs. */
  after?: unknown;
  startedAt?: number;
  endedAt?: number;
  error?: string;
}

/** A deployment's journal, kept in the environment's bucket so that anyone with access can go on. */
export interface Journal {
  readonly schema: 1;
  readonly id: string;
  readonly environment: string;
  readonly dagId: string;
  readonly request: DeploymentRequest;
  readonly startedAt: number;
  readonly startedBy: string;
  state: JournalState;
  endedAt?: number;
  readonly steps: JournalStep[];
}

/** The journals' folder in the environment's bucket. */
function journalPrefix(environment: string): string {
  return `mwaa-console/${environment}/deployments/`;
}

function journalKey(environment: string, id: string): string {
  return `${journalPrefix(environment)}${id}.json`;
}

/** Deployment ids sort by time and are unique among machines: `20261122T170504-3f9a`. */
export function deploymentId(now: number, random: () => number = Math.random): string {
  const stamp = new Date(now).toISOString().replace(/[-:]|\.\d+Z/g, '');
  const suffix = Math.floor(random() * 0x10000)
    .toString(16)
    .padStart(4, '0');
  return `${stamp}-${suffix}`;
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
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const page = await store.session.s3.listObjectsV2(
      {
        Bucket: store.bucket,
        Prefix: journalPrefix(environment),
        ...(token === undefined ? {} : { ContinuationToken: token }),
      },
      { signal },
    );
    for (const object of page.Contents ?? []) if (object.Key?.endsWith('.json')) keys.push(object.Key);
    token = page.NextContinuationToken;
  } while (token !== undefined);
  const newest = keys.sort().reverse().slice(0, limit);
  const journals = await Promise.all(newest.map((key) => readDocument<Journal>(store, key, signal)));
  return journals.flatMap((found) => (found === undefined ? [] : [found.value]));
}
