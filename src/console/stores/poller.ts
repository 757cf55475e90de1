import { createStore, type StoreApi } from 'zustand/vanilla';
import type { Clock } from '../../aws/clock.ts';
import { linkedAbort } from '../../aws/linked-abort.ts';
import type { Failure } from '../../text/failure.ts';
import { failureOf, isAborted } from './failures.ts';
import type { Pace } from './pace.ts';

/** What is known of something that is read again and again. */
export interface Polled<Data> {
  /** `loading` until there is anything; `stale` when the last read failed and what is shown is older. */
  readonly phase: 'loading' | 'ready' | 'stale' | 'failed';
  /** Kept while it is read again and when that fails. */
  readonly data: Data | undefined;
  readonly failure: Failure | undefined;
  /** When `data` was complete, ms since the epoch. */
  readonly readAt: number | undefined;
  readonly reading: boolean;
}

/** Reads once; each snapshot may be shown, the last one is complete. */
export type Read<Data> = (signal: AbortSignal) => AsyncIterable<Data> | Promise<Data>;

export interface PollerOptions<Data> {
  readonly read: Read<Data>;
  readonly clock: Clock;
  readonly pace: Pace;
  /** Between the end of a read and the next, ms of the clock; Infinity reads once and on demand. */
  readonly every: number;
  readonly onFailure?: (failure: Failure) => void;
  /** Spreads the back-off, 0 to 1; Math.random when absent. */
  readonly random?: () => number;
}

/** Slowest pace after failures, ms. */
const SLOWEST = 5 * 60_000;
/** After an action of ours the result is looked for this often, this many times. */
const HURRIED_EVERY = 2000;
const HURRIED_TIMES = 10;

/**
 * Reads something while anybody watches. Rows stay on refresh and on failure; one read at a time; failures
 * back off without end; leaving aborts; away from the terminal it waits.
 */
export class Poller<Data> {
  readonly store: StoreApi<Polled<Data>> = createStore<Polled<Data>>()(() => ({
    phase: 'loading',
    data: undefined,
    failure: undefined,
    readAt: undefined,
    reading: false,
  }));
  readonly #options: PollerOptions<Data>;
  #next: Polled<Data> = this.store.getState();
  #watchers = 0;
  #loop: AbortController | undefined;
  #wake: AbortController | undefined;
  #failures = 0;
  #hurried = 0;
  #away = false;
  #due = false;

  constructor(options: PollerOptions<Data>) {
    this.#options = options;
  }

  /** Starts reading; the answer stops it again. */
  watch(): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) this.#start();
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#stop();
    };
  }

  /** Reads again now, if it is watched; while it is being read, once more after that. */
  refresh(): void {
    this.#due = true;
    this.#wake?.abort();
  }

  /** As `refresh`, and more often for a while: something was just changed. */
  hurry(): void {
    this.#hurried = HURRIED_TIMES;
    this.refresh();
  }

  /** Nobody looks at the terminal, or somebody does again. */
  setAway(away: boolean): void {
    if (this.#away === away) return;
    this.#away = away;
    if (!away && this.#isOld()) this.refresh();
  }

  #start(): void {
    const loop = new AbortController();
    this.#loop = loop;
    this.#due = this.#isOld();
    void this.#run(loop.signal);
  }

  #stop(): void {
    this.#loop?.abort();
    this.#loop = undefined;
    this.#publish({ reading: false });
  }

  #isOld(): boolean {
    const { readAt } = this.#next;
    return readAt === undefined || this.#options.clock.now() - readAt >= this.#options.every;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      if (this.#due) {
        this.#due = false;
        await this.#read(signal);
      } else {
        await this.#pause(signal);
      }
    }
  }

  async #pause(signal: AbortSignal): Promise<void> {
    const wake = new AbortController();
    this.#wake = wake;
    const linked = linkedAbort(signal);
    wake.signal.addEventListener('abort', () => linked.abort(), { once: true });
    const wait = this.#away ? Number.POSITIVE_INFINITY : this.#interval();
    try {
      if (Number.isFinite(wait)) await this.#options.clock.sleep(wait, linked.signal);
      else await aborted(linked.signal);
      this.#due = !this.#away;
    } catch {
      // Woken or left: the loop sees which.
    } finally {
      linked.unlink();
    }
    this.#wake = undefined;
  }

  #interval(): number {
    const { every, random = Math.random } = this.#options;
    if (this.#failures > 0) {
      const base = Number.isFinite(every) ? every : 10_000;
      return Math.min(SLOWEST, base * 2 ** (this.#failures - 1)) * (0.75 + random() / 2);
    }
    if (this.#hurried > 0) {
      this.#hurried -= 1;
      return Math.min(every, HURRIED_EVERY);
    }
    return every;
  }

  async #read(signal: AbortSignal): Promise<void> {
    this.#publish({ reading: true });
    try {
      const data = await this.#complete(signal);
      if (signal.aborted) return;
      this.#failures = 0;
      this.#publish({ phase: 'ready', data, failure: undefined, readAt: this.#options.clock.now(), reading: false });
    } catch (error) {
      if (isAborted(error, signal) || signal.aborted) return;
      this.#failures += 1;
      const failure = failureOf(error);
      this.#publish({ phase: this.#next.data === undefined ? 'failed' : 'stale', failure, reading: false });
      this.#options.onFailure?.(failure);
    }
  }

  /** The last snapshot; earlier ones are shown as they come only where nothing is shown yet. */
  async #complete(signal: AbortSignal): Promise<Data | undefined> {
    const result = this.#options.read(signal);
    if (!(Symbol.asyncIterator in result)) return result;
    const first = this.#next.readAt === undefined;
    let last: Data | undefined = this.#next.data;
    for await (const snapshot of result) {
      if (signal.aborted) break;
      last = snapshot;
      if (first) this.#publish({ phase: 'ready', data: snapshot });
    }
    return last;
  }

  #publish(change: Partial<Polled<Data>>): void {
    this.#next = { ...this.#next, ...change };
    this.#options.pace.request(this.#flush);
  }

  readonly #flush = (): void => {
    this.store.setState(this.#next, true);
  };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
