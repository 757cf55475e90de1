import type { Clock } from '../../src/aws/clock.ts';
import type { Clock as RegionClock } from '../../src/demo/clock.ts';

interface Due {
  readonly at: number;
  readonly action: () => void;
}

/**
 * Time that stands still until a test moves it, for sessions and regions alike. Waits shorter than `passing` (ms, none
 * when absent) end by themselves, and take their time with them: those for a request budget.
 */
export class HandClock implements Clock, RegionClock {
  #now: number;
  #due: Due[] = [];
  readonly #passing: number;

  constructor(now: number = Date.UTC(2026, 0, 1), { passing = 0 }: { readonly passing?: number } = {}) {
    this.#now = now;
    this.#passing = passing;
  }

  now(): number {
    return this.#now;
  }

  /** What is still waited for, ms from now, the next first. */
  waits(): readonly number[] {
    return this.#due.map(({ at }) => at - this.#now);
  }

  after(ms: number, action: () => void): () => void {
    // Whole milliseconds, as the wall's clock has them; of two at the same moment the older is the first.
    const due = { at: this.#now + Math.ceil(Math.max(0, ms)), action };
    const later = this.#due.findIndex(({ at }) => at > due.at);
    this.#due.splice(later < 0 ? this.#due.length : later, 0, due);
    return () => {
      this.#due = this.#due.filter((other) => other !== due);
    };
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      const abort = () => {
        drop();
        reject(signal?.reason);
      };
      const drop = this.after(ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      signal?.addEventListener('abort', abort, { once: true });
      if (ms < this.#passing) setImmediate(() => void this.advance(ms));
    });
  }

  /** Moves to the next moment that is waited for, no further than `most` ms, and runs what is due. */
  step(most: number): void {
    const end = this.#now + most;
    const [next] = this.#due;
    if (next === undefined || next.at > end) {
      this.#now = end;
      return;
    }
    this.#due.shift();
    this.#now = Math.max(this.#now, next.at);
    next.action();
  }

  /** Moves time on and lets everybody whose time has come run on. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    do {
      await settled();
      this.step(Math.max(0, end - this.#now));
    } while (this.#now < end || (this.#due[0]?.at ?? Number.POSITIVE_INFINITY) <= end);
    await settled();
  }
}

/** Lets everything run that can run without time passing. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
