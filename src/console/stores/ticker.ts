/** Time for ages on the screen: one timer, which runs only while something shows the time. */
export class Ticker {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #shown: number;
  #timer: NodeJS.Timeout | undefined;
  #away = false;

  /** `now` gives ms since the epoch. */
  constructor(now: () => number) {
    this.#now = now;
    this.#shown = now();
  }

  /** The time that the screen shows, ms since the epoch; it changes once a second. */
  readonly shown = (): number => this.#shown;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    if (this.#timer === undefined && !this.#away) this.#start();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#stop();
    };
  };

  /** Nobody looks at the terminal, or somebody does again: then the time stands still. */
  setAway(away: boolean): void {
    if (this.#away === away) return;
    this.#away = away;
    if (this.#listeners.size === 0) return;
    if (away) this.#stop();
    else this.#start();
  }

  #start(): void {
    this.tick();
    this.#timer = setInterval(() => this.tick(), 1000);
    this.#timer.unref();
  }

  #stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  /** Shows the present time now, such as after another session with another clock was opened. */
  tick(): void {
    this.#shown = this.#now();
    for (const listener of this.#listeners) listener();
  }
}
