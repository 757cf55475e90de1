import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { persist } from '../aws/persist.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import { type DocumentStore, readDocument, type Stored, writeDocument } from './documents.ts';
import { isAlive, thisMachine } from './machine.ts';

/** How long a lock stands without being renewed, and how often its holder renews it: ms. */
const LOCK_LIFETIME = 60_000;
const RENEWAL = 20_000;
/** How often a lock that is waited for is looked at: ms. */
const LOOK = 5_000;

/** The lock object: one deployment at a time an environment. A free lock has no holder. */
export interface LockDocument {
  readonly schema: 1;
  readonly holder: LockHolder | null;
}

/** Who works on an environment. */
export interface LockHolder {
  /** One per run of the program, so that nobody takes another's lock for their own. */
  readonly token: string;
  readonly deployment: string;
  readonly who: string;
  readonly host: string;
  /** The machine that `pid` is of, see `thisMachine`. */
  readonly machine?: string;
  readonly pid: number;
  /** By S3's clock: ms since the epoch. */
  readonly since: number;
}

/** What a run claims the lock for. */
export interface LockClaim {
  readonly deployment: string;
  readonly who: string;
  /** S3's own time, as read just before: ms since the epoch. */
  readonly since: number;
}

/** A lock that is held and renewed until it is released. */
export interface Lock {
  /** S3's own time (ms since the epoch). Throws Failure 'refused' unless the lock is still ours; called before each write. */
  ensureHeld(signal: AbortSignal): Promise<number>;
  /** Why it is no longer held, once that is known: nothing more may be written then. */
  readonly lost: Failure | undefined;
  release(): Promise<void>;
}

/** The lock object's key in the environment's bucket. */
function lockKey(environment: string): string {
  return `mwaa-console/${environment}/lock.json`;
}

/**
 * Takes the environment's lock, over a holder whose lifetime has passed by S3's own clock, or who was a process of this
 * machine that is gone. Failure 'refused' that names the holder when somebody works on the environment now.
 */
export async function takeLock(
  store: DocumentStore,
  environment: string,
  claim: LockClaim,
  signal: AbortSignal,
): Promise<Lock> {
  const key = lockKey(environment);
  const found = await readLock(store, environment, signal);
  if (found !== undefined && isHeld(found) && !isGone(found)) throw heldBy(found, environment);
  const holder: LockHolder = {
    token: randomUUID(),
    deployment: claim.deployment,
    who: claim.who,
    host: hostname(),
    machine: thisMachine(),
    pid: process.pid,
    since: claim.since,
  };
  const etag = await writeDocument(store, key, { schema: 1, holder } satisfies LockDocument, found?.etag, signal);
  if (etag === undefined) throw heldBy(await readLock(store, environment, signal), environment);
  return new HeldLock(store, environment, holder, etag);
}

/**
 * Waits until the lock may be taken: a dead holder's runs out, which is told in between. Failure 'refused' as soon as its
 * holder is seen to renew it, and at once where `patient` is false.
 */
export async function* awaitLock(
  store: DocumentStore,
  environment: string,
  patient: boolean,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  let first: Stored<LockDocument> | undefined;
  for (;;) {
    const found = await readLock(store, environment, signal);
    if (found === undefined || !isHeld(found) || isGone(found)) return;
    first ??= found;
    if (!patient || found.etag !== first.etag || found.lastModified !== first.lastModified) {
      throw heldBy(found, environment);
    }
    const left = LOCK_LIFETIME - (found.serverTime - found.lastModified);
    const { who = 'somebody', host = 'another machine' } = found.value.holder ?? {};
    yield `The lock of ${who} on ${host} runs out in ${Math.ceil(left / 1000)} s, unless that run still lives.`;
    await store.session.clock.sleep(Math.min(LOOK, Math.max(1_000, left)), signal);
  }
}

/** Who holds the environment's lock now, and for how long by S3's clock (ms); undefined when it is free. */
export async function lockHolder(
  store: DocumentStore,
  environment: string,
  signal: AbortSignal,
): Promise<(LockHolder & { readonly heldFor: number }) | undefined> {
  const found = await readDocument<LockDocument>(store, lockKey(environment), signal);
  const holder = found?.value.holder;
  if (found === undefined || holder == null || !isHeld(found) || isGone(found)) return undefined;
  return { ...holder, heldFor: Math.max(0, found.serverTime - holder.since) };
}

function readLock(store: DocumentStore, environment: string, signal: AbortSignal) {
  const { clock } = store.session;
  return persist(clock, signal, () => readDocument<LockDocument>(store, lockKey(environment), signal));
}

function isHeld(found: Stored<LockDocument>): boolean {
  return found.value.holder !== null && found.serverTime - found.lastModified < LOCK_LIFETIME;
}

/** Whether its holder was a process of this machine and is no more. */
function isGone({ value: { holder } }: Stored<LockDocument>): boolean {
  return holder !== null && holder.machine === thisMachine() && !isAlive(holder.pid);
}

function heldBy(found: Stored<LockDocument> | undefined, environment: string): Failure {
  const holder = found?.value.holder;
  const since = found && holder ? age(Math.max(0, found.serverTime - holder.since)) : 'a moment';
  const who = holder ? `${holder.who} on ${holder.host} (deployment ${holder.deployment})` : 'Somebody else';
  return new Failure('refused', `${who} has been working on ${environment} for ${since}.`, {
    advice: `Wait until it has ended, or until its lock is ${LOCK_LIFETIME / 1000} s old if that run has died, and try again.`,
    resource: environment,
  });
}

/** Renews itself until it is released, or until somebody else may have taken it. */
class HeldLock implements Lock {
  lost: Failure | undefined;
  readonly #store: DocumentStore;
  readonly #environment: string;
  readonly #holder: LockHolder;
  readonly #stop = new AbortController();
  readonly #renewing: Promise<void>;
  #etag: string;
  /** Renewal and the final release both write over the last etag: one after the other, never at once. */
  #turn: Promise<void> = Promise.resolve();

  constructor(store: DocumentStore, environment: string, holder: LockHolder, etag: string) {
    this.#store = store;
    this.#environment = environment;
    this.#holder = holder;
    this.#etag = etag;
    this.#renewing = this.#renew();
  }

  async ensureHeld(signal: AbortSignal): Promise<number> {
    if (this.lost) throw this.lost;
    const found = await readLock(this.#store, this.#environment, signal);
    // A lifetime that has passed is lost also where nobody has come since: somebody may be about to.
    if (found === undefined || found.value.holder?.token !== this.#holder.token || !isHeld(found)) {
      this.lost = taken(this.#environment);
      throw this.lost;
    }
    return found.serverTime;
  }

  async release(): Promise<void> {
    this.#stop.abort();
    await this.#renewing;
    // A release that fails costs the next one a minute at most: the lock lapses by itself.
    if (this.lost === undefined) await this.#write(null).catch(() => {});
  }

  async #renew(): Promise<void> {
    const { clock } = this.#store.session;
    try {
      for (;;) {
        await clock.sleep(RENEWAL, this.#stop.signal);
        // A machine that slept comes to here: what has lapsed is not renewed.
        await this.ensureHeld(AbortSignal.any([this.#stop.signal, AbortSignal.timeout(15_000)]));
        await this.#write(this.#holder);
      }
    } catch (error) {
      if (!this.#stop.signal.aborted) this.lost ??= error instanceof Failure ? error : taken(this.#environment);
    }
  }

  #write(holder: LockHolder | null): Promise<void> {
    const document: LockDocument = { schema: 1, holder };
    this.#turn = this.#turn.then(async () => {
      const key = lockKey(this.#environment);
      const next = await writeDocument(this.#store, key, document, this.#etag, AbortSignal.timeout(15_000));
      if (next === undefined) throw taken(this.#environment);
      this.#etag = next;
    });
    return this.#turn;
  }
}

function taken(environment: string): Failure {
  return new Failure(
    'refused',
    `This run no longer holds the lock of ${environment}: it went unrenewed for too long.`,
    {
      advice: 'Nothing more was written. See who works on it now with `mwaa-console deployments`, then `resume`.',
      resource: environment,
    },
  );
}
