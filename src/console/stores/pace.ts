/** A paint every 83 ms: data that changes thousands of times a second is shown 12 times. */
const INTERVAL = 1000 / 12;

/**
 * Spaces out what data asks to be painted, so that keys, which go past it, are answered at once: the first
 * request runs in this turn of the loop, further ones together, at most 12 times a second.
 */
export class Pace {
  readonly #pending = new Set<() => void>();
  #last = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;

  /** Runs `publish` soon; asking again before that changes nothing. */
  request(publish: () => void): void {
    this.#pending.add(publish);
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + INTERVAL - performance.now());
    this.#timer = setTimeout(() => this.flush(), wait);
    this.#timer.unref();
  }

  /** Runs what is waiting now. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#last = performance.now();
    const due = [...this.#pending];
    this.#pending.clear();
    for (const publish of due) publish();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending.clear();
  }
}
