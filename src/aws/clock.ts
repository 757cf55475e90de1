import { setTimeout as delay } from 'node:timers/promises';

/** The one source of time for waits and ages, held by the session, so that a test or a demo can own it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Wall-clock time, `speed` times as fast as the wall's from `origin` (ms since the epoch) on. */
export function scaledClock(speed: number, origin: number = Date.now()): Clock {
  const started = performance.now();
  return {
    now: () => origin + (performance.now() - started) * speed,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      await delay(Math.max(0, ms / speed), undefined, signal === undefined ? {} : { signal }).catch((error) => {
        signal?.throwIfAborted();
        throw error;
      });
    },
  };
}

/** The machine's own time. */
export const systemClock: Clock = { ...scaledClock(1), now: () => Date.now() };
