import type { Clock } from '../../src/aws/clock.ts';

interface Sleeper {
  readonly at: number;
  readonly sequence: number;
  readonly wake: () => void;
}

/** What a virtual clock has to heed of the world around it. */
export interface Surroundings {
  /** Resolves when nothing is under way that only the machine's own time would finish; one turn of the loop when absent. */
  readonly settle?: () => Promise<void>;
  /** Told of each step, in ms, before those who sleep until then are woken. */
  readonly moved?: (ms: number) => void;
}

/** Time that jumps to the next sleeper's moment as soon as nothing else is left to do. */
export class VirtualClock implements Clock {
  #now: number;
  #sequence = 0;
  readonly #sleepers: Sleeper[] = [];

  readonly #surroundings: Surroundings;

  constructor(origin: number, surroundings: Surroundings = {}) {
    this.#now = origin;
    this.#surroundings = surroundings;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const leave = () => {
        const index = this.#sleepers.indexOf(sleeper);
        if (index >= 0) this.#sleepers.splice(index, 1);
        signal?.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        leave();
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        sequence: this.#sequence++,
        wake: () => {
          leave();
          resolve();
        },
      };
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  }

  /** Jumps without waking anyone on the way, as a machine's clock does over a sleep. */
  skip(ms: number): void {
    this.#now += ms;
  }

  /** Lets time run until `done` settles; fails when nothing is left that could settle it. */
  async run<T>(done: Promise<T>): Promise<T> {
    let settled = false;
    done.then(
      () => {
        settled = true;
      },
      () => {
        settled = true;
      },
    );
    for (let idle = 0; !settled; ) {
      await (this.#surroundings.settle?.() ?? new Promise((resolve) => setImmediate(resolve)));
      if (settled) break;
      const [next] = [...this.#sleepers].sort((a, b) => a.at - b.at || a.sequence - b.sequence);
      if (next === undefined) {
        idle += 1;
        if (idle > 50) throw new Error('Nothing sleeps and nothing is done: the test would wait for ever');
        continue;
      }
      idle = 0;
      const step = Math.max(0, next.at - this.#now);
      this.#now += step;
      this.#surroundings.moved?.(step);
      next.wake();
    }
    return done;
  }
}
