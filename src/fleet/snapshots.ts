import { setMaxListeners } from 'node:events';
import { Failure } from '../text/failure.ts';

/**
 * Turns reading that fills rows in piece by piece into a stream of snapshots. `read` calls `changed` whenever
 * a new look is worth taking; changes that come while the consumer is busy are one snapshot, and there is one
 * at least. What `read` throws is thrown. A consumer that leaves aborts the reading.
 */
export async function* snapshots<T>(
  take: () => T,
  read: (changed: () => void, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  signal.throwIfAborted();
  const reading = new AbortController();
  // Every call under way listens to it: Node would take so many for a leak, and say so on the screen.
  setMaxListeners(0, reading.signal);
  const abort = () => reading.abort(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  let changes = 0;
  let taken = 0;
  let end: { error?: unknown } | undefined;
  let wake = () => {};
  const changed = () => {
    changes++;
    wake();
  };
  read(changed, reading.signal).then(
    () => {
      end = {};
      // Nothing at all is an answer too.
      changes = Math.max(changes, 1);
      wake();
    },
    (error: unknown) => {
      end = { error };
      wake();
    },
  );
  try {
    for (;;) {
      if (end !== undefined && 'error' in end) throw end.error;
      if (taken < changes) {
        taken = changes;
        yield take();
      } else if (end !== undefined) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    signal.removeEventListener('abort', abort);
    reading.abort();
  }
}

/** The failure that an error is; an abort or a bug goes on being thrown. */
export function failureFrom(error: unknown, signal: AbortSignal): Failure {
  signal.throwIfAborted();
  if (error instanceof Failure) return error;
  throw error;
}

/** For parts that fail each alone: what a read answers, or undefined with its failure among `failures`. */
export function noting(failures: Failure[], signal: AbortSignal) {
  return async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (error) {
      failures.push(failureFrom(error, signal));
      return undefined;
    }
  };
}
