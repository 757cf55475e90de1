import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import { type DocumentStore, readDocument, type Stored, writeDocument } from './documents.ts';

/** How long a lock stands without being renewed, and how often its holder renews it: ms. */
const LOCK_LIFETIME = 60_000;
const RENEWAL = 20_000;

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
  readonly pid: number;
  /** ms since the epoch, by the holder's clock: for reading, never for judging. */
  readonly since: number;
}

/** A lock that is held and renewed until it is released. */
export interface Lock {
  /** Throws Failure 'refused' unless the lock is still ours; called before each write. */
  ensureHeld(signal: AbortSignal): Promise<void>;
  release(): Promise<void>;
}

/** The lock object's key in the environment's bucket. */
function lockKey(environment: string): string {
  return `mwaa-console/${environment}/lock.json`;
}

/**
 * Takes the environment's lock, over a holder whose lifetime has passed by S3's own clock too. Failure 'refused'
 * that names the holder when somebody works on the environment now.
 */
export async function takeLock(
  store: DocumentStore,
  environment: string,
  claim: { readonly deployment: string; readonly who: string },
  signal: AbortSignal,
): Promise<Lock> {
  const key = lockKey(environment);
  const found = await readDocument<LockDocument>(store, key, signal);
  if (found !== undefined && isHeld(found)) throw heldBy(found, environment);
  const { clock } = store.session;
  const holder: LockHolder = {
    token: randomUUID(),
    deployment: claim.deployment,
    who: claim.who,
    host: hostname(),
    pid: process.pid,
    since: clock.now(),
  };
  const etag = await writeDocument(store, key, { schema: 1, holder } satisfies LockDocument, found?.etag, signal);
  if (etag === undefined) throw heldBy(await readDocument<LockDocument>(store, key, signal), environment);
  return renewed(store, environment, holder, etag);
}

/** Who holds the environment's lock now, for the dashboard and the preflight; undefined when it is free. */
export async function lockHolder(
  store: DocumentStore,
  environment: string,
  signal: AbortSignal,
): Promise<LockHolder | undefined> {
  const found = await readDocument<LockDocument>(store, lockKey(environment), signal);
  return found !== undefined && isHeld(found) ? (found.value.holder ?? undefined) : undefined;
}

function isHeld(found: Stored<LockDocument>): boolean {
  return found.value.holder !== null && found.serverTime - found.lastModified < LOCK_LIFETIME;
}

function heldBy(found: Stored<LockDocument> | undefined, environment: string): Failure {
  const holder = found?.value.holder;
  const since = found && holder ? age(found.serverTime - holder.since) : 'a moment';
  const who = holder ? `${holder.who} on ${holder.host} (deployment ${holder.deployment})` : 'Somebody else';
  return new Failure('refused', `${who} has been working on ${environment} for ${since}.`, {
    advice: `Wait until it has ended, or until its lock is ${LOCK_LIFETIME / 1000} s old if that run has died, and try again.`,
    resource: environment,
  });
}

function renewed(store: DocumentStore, environment: string, holder: LockHolder, first: string): Lock {
  const key = lockKey(environment);
  const stop = new AbortController();
  let etag = first;
  let lost: Failure | undefined;
  // Renewal and the final release both write over the last etag: one after the other, never at once.
  let turn: Promise<void> = Promise.resolve();
  const write = (document: LockDocument): Promise<void> => {
    turn = turn.then(async () => {
      const next = await writeDocument(store, key, document, etag, AbortSignal.timeout(15_000));
      if (next === undefined) throw taken(environment);
      etag = next;
    });
    return turn;
  };
  const renewing = (async () => {
    for (;;) {
      await store.session.clock.sleep(RENEWAL, stop.signal);
      await write({ schema: 1, holder });
    }
  })().catch((error) => {
    if (!stop.signal.aborted) lost = error instanceof Failure ? error : taken(environment);
  });
  return {
    ensureHeld: async (signal) => {
      if (lost) throw lost;
      const found = await readDocument<LockDocument>(store, key, signal);
      if (found === undefined || found.value.holder?.token !== holder.token || !isHeld(found)) {
        lost = taken(environment);
        throw lost;
      }
    },
    release: async () => {
      stop.abort();
      await renewing;
      // A release that fails costs the next one a minute at most: the lock lapses by itself.
      if (lost === undefined) await write({ schema: 1, holder: null }).catch(() => {});
    },
  };
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
