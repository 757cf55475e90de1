/** The region's time; `test` may own it, `--speed` makes it run faster than the wall's. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `action` after `ms` of this clock's time; the answer cancels it. */
  after(ms: number, action: () => void): () => void;
}

/** Node takes a longer delay for none at all: 24 days, less than a secret's recovery window. */
const LONGEST_TIMEOUT = 2 ** 31 - 1;

/** Something due on a `ScaledClock`. */
interface Timer {
  readonly at: number;
  /** Sets its timer anew, `left` ms of the clock's time before it. */
  arm(left: number): void;
}

/**
 * Wall-clock time, `speed` times as fast as the wall's from `origin` (ms since the epoch) on. The speed may be changed as
 * it runs: what is due falls due at its own moment.
 */
export class ScaledClock implements Clock {
  #speed: number;
  #origin: number;
  #since = performance.now();
  readonly #due = new Set<Timer>();

  constructor(speed: number, origin: number = Date.now()) {
    this.#speed = speed;
    this.#origin = origin;
  }

  get speed(): number {
    return this.#speed;
  }

  set speed(speed: number) {
    const now = this.#exact();
    this.#origin = now;
    this.#since = performance.now();
    this.#speed = speed;
    for (const { at, arm } of this.#due) arm(at - now);
  }

  now(): number {
    return Math.floor(this.#exact());
  }

  after(ms: number, action: () => void): () => void {
    let timer: NodeJS.Timeout | undefined;
    const wait = (left: number): void => {
      const step = Math.min(left, LONGEST_TIMEOUT);
      timer = setTimeout(() => {
        if (left > step) return wait(left - step);
        this.#due.delete(due);
        action();
      }, step);
      timer.unref();
    };
    const due: Timer = {
      at: this.#exact() + ms,
      arm: (left) => {
        clearTimeout(timer);
        wait(Math.max(0, left / this.#speed));
      },
    };
    this.#due.add(due);
    due.arm(ms);
    return () => {
      clearTimeout(timer);
      this.#due.delete(due);
    };
  }

  #exact(): number {
    return this.#origin + (performance.now() - this.#since) * this.#speed;
  }
}
