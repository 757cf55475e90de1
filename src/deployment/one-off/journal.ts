import { hostname } from 'node:os';
import { removeVersions } from '../../airflow/one-off-dag.ts';
import { linkedAbort } from '../../aws/linked-abort.ts';
import { isPassing, persist } from '../../aws/persist.ts';
import type { TemporaryParts } from '../../tasks/own-configuration/journal.ts';
import { Failure } from '../../text/failure.ts';
import { type DocumentStore, readDocument, type Stored, writeDocument } from '../documents.ts';

/** How long a journal stands without being renewed before its run counts as dead, and how often it is renewed: ms. */
const LIFETIME = 3 * 60_000;
const RENEWAL = 45_000;

/** Something made for one purpose and to be taken away again. Named before it is made, so that a crash loses nothing. */
export interface OneOffJournal {
  readonly schema: 1;
  readonly id: string;
  readonly environment: string;
  /** What it is for, in a word or two: `discovery`. */
  readonly purpose: string;
  readonly startedAt: number;
  readonly startedBy: string;
  readonly host: string;
  readonly pid: number;
  /** Id of its DAG. */
  readonly dagId?: string;
  /** Secret and revision of its task. */
  readonly temporary?: TemporaryParts;
}

function prefixOf(environment: string): string {
  return `mwaa-console/${environment}/one-off/`;
}

function keyOf(environment: string, id: string): string {
  return `${prefixOf(environment)}${id}.json`;
}

/** A journal that is held: renewed while its run lives, so that nobody takes away what is in use. */
export class OneOffClaim {
  readonly journal: OneOffJournal;
  readonly #store: DocumentStore;
  #etag: string;
  #writtenAt: number;

  private constructor(store: DocumentStore, journal: OneOffJournal, etag: string) {
    this.journal = journal;
    this.#store = store;
    this.#etag = etag;
    this.#writtenAt = store.session.clock.now();
  }

  /** Begins one; undefined when its id is taken. */
  static async begin(
    store: DocumentStore,
    journal: OneOffJournal,
    signal: AbortSignal,
  ): Promise<OneOffClaim | undefined> {
    const etag = await writeDocument(store, keyOf(journal.environment, journal.id), journal, undefined, signal);
    return etag === undefined ? undefined : new OneOffClaim(store, journal, etag);
  }

  /** Takes over what a dead run left; undefined when somebody else was first. */
  static async takeOver(
    store: DocumentStore,
    { journal, etag }: LeftOver,
    signal: AbortSignal,
  ): Promise<OneOffClaim | undefined> {
    const mine = { ...journal, host: hostname(), pid: process.pid };
    const next = await writeDocument(store, keyOf(journal.environment, journal.id), mine, etag, signal);
    return next === undefined ? undefined : new OneOffClaim(store, mine, next);
  }

  /**
   * Says that the run lives, if it has not done so for a while; what passes lets the next call try again. Failure 'refused'
   * when it was taken over.
   */
  async renew(signal: AbortSignal): Promise<void> {
    const { clock } = this.#store.session;
    if (clock.now() - this.#writtenAt < RENEWAL) return;
    const { environment, id, purpose } = this.journal;
    const key = keyOf(environment, id);
    const next = await writeDocument(this.#store, key, this.journal, this.#etag, signal).catch((error: unknown) => {
      if (!isPassing(error) || signal.aborted) throw error;
      return this.#etag;
    });
    if (next === undefined) {
      throw new Failure('refused', `Somebody else has taken the ${purpose} ${id} of ${environment} away.`, {
        advice: 'This run was silent for minutes and counted as dead. Start it again.',
        resource: environment,
      });
    }
    this.#etag = next;
    this.#writtenAt = clock.now();
  }

  /** Does something that tells nothing for minutes, and renews meanwhile. */
  async renewDuring<T>(signal: AbortSignal, act: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const ended = linkedAbort(signal);
    const renewing = async (): Promise<never> => {
      for (;;) {
        await this.#store.session.clock.sleep(RENEWAL, ended.signal);
        await this.renew(ended.signal);
      }
    };
    try {
      return await Promise.race([act(ended.signal), renewing()]);
    } finally {
      ended.abort();
      ended.unlink();
    }
  }

  /** Forgets it: everything that it names is gone. */
  async end(signal: AbortSignal): Promise<void> {
    const { session, bucket } = this.#store;
    const key = keyOf(this.journal.environment, this.journal.id);
    await persist(session.clock, signal, () => removeVersions(session, bucket, key, signal));
  }
}

/** A journal in the bucket. */
export interface LeftOver {
  readonly journal: OneOffJournal;
  readonly etag: string;
  /** Whether the run that it is of has ended without taking everything away. */
  readonly dead: boolean;
}

/** Every one-off of an environment that has not been taken away, its run alive or dead, oldest first. */
export async function readOneOffs(
  store: DocumentStore,
  environment: string,
  signal: AbortSignal,
): Promise<readonly LeftOver[]> {
  const listed = await store.session.s3.listObjectsV2(
    { Bucket: store.bucket, Prefix: prefixOf(environment) },
    { signal },
  );
  const keys = (listed.Contents ?? []).flatMap(({ Key }) => (Key?.endsWith('.json') ? [Key] : []));
  const found = await Promise.all(keys.map((key) => readDocument<OneOffJournal>(store, key, signal)));
  return found
    .flatMap((stored) => (stored === undefined ? [] : [leftOver(stored)]))
    .sort((left, right) => left.journal.startedAt - right.journal.startedAt);
}

function leftOver({ value, etag, serverTime, lastModified }: Stored<OneOffJournal>): LeftOver {
  const silent = serverTime - lastModified;
  return { journal: value, etag, dead: silent >= LIFETIME || isGone(value) };
}

/** Whether the run was a process of this machine that has ended. */
function isGone({ host, pid }: OneOffJournal): boolean {
  if (host !== hostname() || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
