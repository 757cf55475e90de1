import { HandClock } from './hand-clock.ts';

/** How often time moves on, ms of the wall. */
const TICK = 4;
/** The most that one turn of the loop counts, ms of the wall. */
const MOST = 2 * TICK;

/**
 * One time for a region and those who use it in the same process: `speed` times as fast as the wall's while the
 * process gets its turns, and slower where it does not. On a machine that is busy with other things a lock that
 * is renewed in time stays renewed, and what takes a minute is not over before anybody could look.
 */
export class SteadyClock extends HandClock {
  readonly #timer: NodeJS.Timeout;

  constructor(speed: number, origin: number = Date.now()) {
    super(origin);
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.move(Math.round(Math.min(now - last, MOST) * speed));
      last = now;
    }, TICK);
    this.#timer.unref();
  }

  /** Lets time stand still. */
  close(): void {
    clearInterval(this.#timer);
  }
}
