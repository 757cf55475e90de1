import type { Session } from '../../aws/session.ts';
import type { Resource } from '../../fleet/resource.ts';
import type { Failure } from '../../text/failure.ts';
import type { Pace } from './pace.ts';
import { Poller, type Read } from './poller.ts';

/** How often each resource is read, ms of the session's clock; others every 30 s. */
const RATES: Readonly<Record<string, number>> = {
  environments: 30_000,
  clusters: 20_000,
  services: 15_000,
  tasks: 5_000,
  'log-groups': 60_000,
};
const RATE = 30_000;

/** What was watched last is kept, so that going back shows it at once. */
const KEPT = 60;

/**
 * Everything that is read for one session. Another session (profile, region) gets other pollers, so that no
 * answer of the one shows up in the other.
 */
export class Pollers {
  readonly #session: Session;
  readonly #pace: Pace;
  readonly #onFailure: (failure: Failure, about: string) => void;
  readonly #pollers = new Map<string, Poller<unknown>>();
  readonly #attention = new Map<Poller<unknown>, (now: number) => number>();
  readonly #keys = new Map<string, () => readonly string[]>();
  readonly #leastInterval: number;
  #away = false;

  /** `leastInterval` in ms: nothing is read more often. */
  constructor(session: Session, pace: Pace, onFailure: (failure: Failure, about: string) => void, leastInterval = 0) {
    this.#session = session;
    this.#pace = pace;
    this.#onFailure = onFailure;
    this.#leastInterval = leastInterval;
  }

  /** The poller of a resource's rows in a scope; the same one for the same scope. */
  resource<Row, Scope>(resource: Resource<Row, Scope>, scope: Scope): Poller<Row[]> {
    const key = `${resource.id} ${JSON.stringify(scope)}`;
    const poller = this.value(
      key,
      (signal) => resource.list(this.#session, scope, signal),
      RATES[resource.id] ?? RATE,
      resource.title,
    );
    this.#keys.set(resource.id, () => (poller.store.getState().data ?? []).map((row) => resource.key(row)));
    const { attention } = resource;
    if (attention !== undefined && scope === undefined && !this.#attention.has(poller)) {
      this.#attention.set(poller, (now) => {
        const rows = poller.store.getState().data ?? [];
        return rows.filter((row) => attention.call(resource, row, now) !== undefined).length;
      });
    }
    return poller;
  }

  /**
   * The poller of anything else, by a key that is unique to what is read and its parameters. `every` in ms;
   * Infinity reads once and on demand. `about` is what `!` says of its failures.
   */
  value<Data>(key: string, read: Read<Data>, every: number, about = key): Poller<Data> {
    const known = this.#pollers.get(key);
    if (known !== undefined) {
      this.#pollers.delete(key);
      this.#pollers.set(key, known);
      // The key names what is read, so its data has this type.
      return known as Poller<Data>;
    }
    const poller = new Poller<Data>({
      read,
      clock: this.#session.clock,
      pace: this.#pace,
      every: Math.max(every, this.#leastInterval),
      onFailure: (failure) => this.#onFailure(failure, about),
    });
    poller.setAway(this.#away);
    this.#pollers.set(key, poller as unknown as Poller<unknown>);
    for (const oldest of this.#pollers.keys()) {
      if (this.#pollers.size <= KEPT) break;
      this.#pollers.delete(oldest);
    }
    return poller;
  }

  /** The keys of a resource's rows as last read, for completion. */
  keys(resourceId: string): readonly string[] {
    return this.#keys.get(resourceId)?.() ?? [];
  }

  /** How many of the account's things need attention, of those read; `now` in ms since the epoch. */
  attention(now: number): number {
    let sum = 0;
    for (const count of this.#attention.values()) sum += count(now);
    return sum;
  }

  /** Reads everything that is watched again, and more often for a while: something was just changed. */
  hurry(): void {
    for (const poller of this.#pollers.values()) poller.hurry();
  }

  setAway(away: boolean): void {
    this.#away = away;
    for (const poller of this.#pollers.values()) poller.setAway(away);
  }
}
