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

  /** Moves time on: what is due on the way runs, each at its own moment. */
  move(ms: number): void {
    const end = this.#now + ms;
    do this.step(end - this.#now);
    while (this.#isBefore(end));
  }

  /** As `move`, and lets everybody whose time has come run on before the next one's. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    do {
      await settled();
      this.step(Math.max(0, end - this.#now));
    } while (this.#isBefore(end));
    await settled();
  }

  /**
   * Lets time run from moment to moment until `done` settles, each time after `settle`: by then nothing may be under
   * way that only the machine's own time would finish. Fails when nothing is left that could settle it.
   */
  async run<Result>(done: Promise<Result>, settle: () => Promise<void> = aTurn): Promise<Result> {
    let isDone = false;
    const end = () => {
      isDone = true;
    };
    done.then(end, end);
    for (let idle = 0; !isDone; ) {
      await settle();
      if (isDone) break;
      idle = this.#due.length === 0 ? idle + 1 : 0;
      if (idle > 50) throw new Error('Nothing sleeps and nothing is done: the test would wait for ever');
      if (idle === 0) this.step(Number.POSITIVE_INFINITY);
    }
    return done;
  }

  #isBefore(end: number): boolean {
    return this.#now < end || (this.#due[0]?.at ?? Number.POSITIVE_INFINITY) <= end;
  }

  /** Jumps, as a machine's clock does over a sleep of its own: what was due by then runs late, in order. */
  leap(ms: number): void {
    this.#now += ms;
    this.move(0);
  }

  /** As `leap`, and lets everybody whose time has come run on before the next one. */
  async skip(ms: number): Promise<void> {
    this.#now += ms;
    await this.advance(0);
  }
}

async function aTurn(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

/** Lets everything run that can run without time passing. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}
