import type { Clock } from '../../src/aws/clock.ts';

/** Time that stands still until it is moved on; it says what waits for it. */
export class HandClock implements Clock {
  #now: number;
  readonly #sleeps = new Set<{ readonly until: number; readonly wake: () => void }>();

  constructor(now = 1_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  /** Lengths of the waits under way, ms. */
  waits(): readonly number[] {
    return [...this.#sleeps].map(({ until }) => until - this.#now);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const entry = {
        until: this.#now + ms,
        wake: () => {
          this.#sleeps.delete(entry);
          resolve();
        },
      };
      this.#sleeps.add(entry);
      signal?.addEventListener('abort', () => {
        this.#sleeps.delete(entry);
        reject(signal.reason);
      });
    });
  }

  /** Moves time on and wakes what is due. */
  advance(ms: number): void {
    this.#now += ms;
    for (const entry of [...this.#sleeps]) if (entry.until <= this.#now) entry.wake();
  }
}
