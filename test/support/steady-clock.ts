import type { Clock } from '../../src/aws/clock.ts';
import { ManualClock, type Clock as RegionClock } from '../../src/demo/clock.ts';

/** How often time moves on, ms of the wall. */
const TICK = 4;
/** The most that one turn of the loop counts, ms of the wall. */
const MOST = 2 * TICK;

/**
 * One time for a region and those who use it in the same process: `speed` times as fast as the wall's while the
 * process gets its turns, and slower where it does not. On a machine that is busy with other things a lock that
 * is renewed in time stays renewed, and what takes a minute is not over before anybody could look.
 */
export class SteadyClock implements Clock, RegionClock {
  readonly #time: ManualClock;
  readonly #timer: NodeJS.Timeout;

  constructor(speed: number, origin: number = Date.now()) {
    this.#time = new ManualClock(origin);
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#time.advance(Math.round(Math.min(now - last, MOST) * speed));
      last = now;
    }, TICK);
    this.#timer.unref();
  }

  now(): number {
    return this.#time.now();
  }

  after(ms: number, action: () => void): () => void {
    return this.#time.after(ms, action);
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const end = () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      };
      const drop = this.after(ms, end);
      const abort = () => {
        drop();
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Lets time stand still. */
  close(): void {
    clearInterval(this.#timer);
  }
}
