import type { ApiFamily } from '../reference/api-families.ts';
import type { Clock } from './clock.ts';

/** How fast a family may become slowed down, as a share of its own rate. */
const SLOWEST = 0.1;
/** First pause after a throttle and the longest one, in ms; each throttle in a row doubles it. */
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 20_000;
/**
 * Time without a throttle after which the full rate is in force again, in ms. A throttle that comes again soon after that
 * says that the limit lies below our rate (somebody else uses it too): each such lesson doubles the time, up to the longest.
 */
const RECOVERY = 60_000;
const LONGEST_RECOVERY = 960_000;

interface Waiter {
  readonly go: () => void;
  readonly fail: (reason: unknown) => void;
}

/** One token bucket; learns from throttles: pauses, goes on slower, and recovers within a minute or, after lessons in a row, later. */
export class Bucket {
  readonly #family: ApiFamily;
  readonly #clock: Clock;
  readonly #changed: () => void;
  #tokens: number;
  #filledAt: number;
  #pausedUntil = 0;
  #throttledAt = Number.NEGATIVE_INFINITY;
  #slowness = 1;
  #recovery = RECOVERY;
  #inRow = 0;
  #waiters: Waiter[] = [];
  #pump: AbortController | undefined;

  constructor(family: ApiFamily, clock: Clock, changed: () => void) {
    this.#family = family;
    this.#clock = clock;
    this.#changed = changed;
    this.#tokens = family.burst;
    this.#filledAt = clock.now();
  }

  /** Takes one token, waiting in turn; rejects with the signal's reason when aborted first. */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    if (this.#waiters.length === 0 && this.#delay() <= 0) {
      this.#tokens -= 1;
      return;
    }
    await this.#queue(signal);
  }

  /** The service refused a request because of its rate. */
  throttled(): void {
    const now = this.#clock.now();
    this.#fill(now);
    // Requests that were under way together are throttled together: that is one lesson, not many.
    if (now >= this.#pausedUntil) {
      const calm = now - this.#throttledAt;
      if (calm > 2 * this.#recovery) this.#recovery = RECOVERY;
      else if (calm >= this.#recovery / 2) this.#recovery = Math.min(LONGEST_RECOVERY, this.#recovery * 2);
      this.#slowness = Math.max(SLOWEST, this.#currentSlowness(now) / 2);
      this.#pausedUntil = now + Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** this.#inRow);
      this.#inRow += 1;
    }
    this.#throttledAt = now;
    this.#tokens = Math.min(this.#tokens, 1);
    this.#restart();
    this.#changed();
  }

  /** The service answered. */
  answered(): void {
    if (this.#clock.now() >= this.#pausedUntil) this.#inRow = 0;
  }

  /** Requests a second that it allows now, as far as throttles have taught. */
  get rate(): number {
    return this.#family.rate * this.#currentSlowness(this.#clock.now());
  }

  /** Until when calls wait (ms since the epoch); undefined while none would. */
  waitsUntil(): number | undefined {
    const now = this.#clock.now();
    if (this.#pausedUntil <= now && this.#waiters.length === 0) return undefined;
    return Math.max(this.#pausedUntil, now + Math.max(0, this.#delay()));
  }

  #currentSlowness(now: number): number {
    const recovered = Math.min(1, Math.max(0, now - this.#throttledAt) / this.#recovery);
    return this.#slowness + recovered * (1 - this.#slowness);
  }

  #fill(now: number): void {
    const rate = this.#family.rate * this.#currentSlowness(now);
    this.#tokens = Math.min(this.#family.burst, this.#tokens + (Math.max(0, now - this.#filledAt) / 1_000) * rate);
    this.#filledAt = now;
  }

  /** Ms until the next token, at most; 0 or less when there is one. */
  #delay(): number {
    const now = this.#clock.now();
    this.#fill(now);
    const forToken = this.#tokens >= 1 ? 0 : ((1 - this.#tokens) / this.rate) * 1_000;
    return Math.max(forToken, this.#pausedUntil - now);
  }

  #queue(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        signal?.removeEventListener('abort', aborted);
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        if (this.#waiters.length === 0) this.#stop();
        this.#changed();
      };
      const waiter: Waiter = {
        go: () => {
          leave();
          resolve();
        },
        fail: (reason) => {
          leave();
          reject(reason);
        },
      };
      const aborted = () => waiter.fail(signal?.reason);
      signal?.addEventListener('abort', aborted, { once: true });
      this.#waiters.push(waiter);
      this.#changed();
      if (this.#pump === undefined) this.#start();
    });
  }

  /** Lets the waiters go one by one; sleeps on the clock only while somebody waits. */
  #start(): void {
    const pump = new AbortController();
    this.#pump = pump;
    const run = async () => {
      while (!pump.signal.aborted && this.#waiters.length > 0) {
        const delay = this.#delay();
        if (delay > 0) {
          await this.#clock.sleep(Math.ceil(delay), pump.signal);
        } else {
          this.#tokens -= 1;
          this.#waiters[0]?.go();
        }
      }
    };
    run()
      .catch((error: unknown) => {
        // A clock that fails must not leave anybody waiting for ever.
        if (!pump.signal.aborted) for (const waiter of this.#waiters) waiter.fail(error);
      })
      .finally(() => {
        if (this.#pump === pump) this.#pump = undefined;
      });
  }

  #stop(): void {
    this.#pump?.abort();
    this.#pump = undefined;
  }

  /** After a throttle the pump's sleep is too short. */
  #restart(): void {
    if (this.#pump === undefined) return;
    this.#stop();
    this.#start();
  }
}

/** The buckets of one account's credentials in one region, shared by every session that uses them. */
export class Budget {
  readonly #clock: Clock;
  readonly #buckets = new Map<string, Bucket>();
  readonly #listeners = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The bucket of a family; where a member of the input has a limit of its own, that one's. */
  bucket(family: ApiFamily, input: object): Bucket {
    const scope = family.per === undefined ? undefined : (input as Readonly<Record<string, unknown>>)[family.per];
    const key = typeof scope === 'string' ? `${family.name} ${scope}` : family.name;
    const known = this.#buckets.get(key);
    if (known !== undefined) return known;
    const made = new Bucket(family, this.#clock, () => {
      for (const listener of this.#listeners) listener();
    });
    this.#buckets.set(key, made);
    return made;
  }

  /** Families that wait now, and until when (ms since the epoch). */
  throttles(): { family: string; until: number }[] {
    return [...this.#buckets].flatMap(([family, bucket]) => {
      const until = bucket.waitsUntil();
      return until === undefined ? [] : [{ family, until }];
    });
  }

  /** Calls the listener after any change of `throttles()`; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

const budgets = new WeakMap<Clock, Map<string, Budget>>();

/** The one budget of an account (as far as its credentials tell) and region on this clock. */
export function sharedBudget(clock: Clock, key: string): Budget {
  const ofClock = budgets.get(clock) ?? new Map<string, Budget>();
  budgets.set(clock, ofClock);
  const budget = ofClock.get(key) ?? new Budget(clock);
  ofClock.set(key, budget);
  return budget;
}
