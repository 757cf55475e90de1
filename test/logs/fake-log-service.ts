import { Bucket } from '../../src/aws/budget.ts';
import type { Clock } from '../../src/aws/clock.ts';
import type { LogSession } from '../../src/logs/filter-query.ts';
import { families } from '../../src/reference/api-families.ts';
import { Failure } from '../../src/text/failure.ts';

/** An event as the fake service holds it. */
export interface HeldEvent {
  readonly group: string;
  readonly stream: string;
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly eventId: string;
  readonly message: string;
  /** When a query first returns it, by the service's clock. */
  readonly visibleAt: number;
}

/** Chances, each 0 to 1 a request, of what the service does to its readers. */
export interface Faults {
  readonly throttle?: number;
  readonly cut?: number;
  readonly expiredToken?: number;
  readonly emptyPage?: number;
  readonly duplicatePage?: number;
}

type FilterLogEvents = LogSession['logs']['filterLogEvents'];
type FilterInput = Parameters<FilterLogEvents>[0];
type FilterOutput = Awaited<ReturnType<FilterLogEvents>>;

/** Seeded random numbers (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

interface Cursor {
  readonly after: HeldEvent | undefined;
  readonly repeat: readonly HeldEvent[];
}

/** FilterLogEvents in memory, with the delays, orders and failures that the real one has. */
export class FakeLogService {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #events = new Map<string, HeldEvent[]>();
  /** When a group comes into being, by the service's clock; at once when it isn't here. */
  readonly createdAt = new Map<string, number>();
  readonly #cursors = new Map<string, Cursor>();
  readonly #unsorted = new Set<string>();
  #tokens = 0;
  #ids = 0;
  faults: Faults = {};
  /** Events that a page may have. */
  pageSize = 10_000;
  /** What lines say that are written without a text of their own. */
  message: string | undefined;
  /** The service's clock minus the reader's, ms. */
  ahead = 0;
  /** A request's time on the way, ms. */
  latency = 40;
  /** Requests a second, and at once, above which the service throttles every reader; none where absent. */
  limit: number | undefined;
  #quota = 0;
  #quotaAt = 0;
  /** Thrown by each request while it is set. */
  outage: Failure | undefined;
  /** Thrown for a group. */
  readonly refused = new Map<string, Failure>();
  readonly requests: { readonly at: number; readonly input: FilterInput }[] = [];

  constructor(clock: Clock, random: () => number = seeded(1)) {
    this.#clock = clock;
    this.#random = random;
  }

  /** The service's time. */
  now(): number {
    return this.#clock.now() + this.ahead;
  }

  get session(): LogSession {
    return {
      clock: this.#clock,
      rate: (family) => families[family].rate,
      logs: { filterLogEvents: (input, options) => this.filter(input, options?.signal) },
    };
  }

  /** A session whose requests take tokens of the product's own budget, which learns from throttles. */
  get budgetedSession(): LogSession {
    const bucket = new Bucket(families['logs-filter'], this.#clock, () => {});
    return {
      clock: this.#clock,
      rate: () => bucket.rate,
      logs: {
        filterLogEvents: async (input, options) => {
          await bucket.take(options?.signal);
          try {
            const answer = await this.filter(input, options?.signal);
            bucket.answered();
            return answer;
          } catch (error) {
            if (error instanceof Failure && error.kind === 'throttled') bucket.throttled();
            throw error;
          }
        },
      },
    };
  }

  createGroup(group: string): void {
    if (!this.#events.has(group)) this.#events.set(group, []);
  }

  /** Writes an event that becomes visible `late` ms after `timestamp` (or after now, if that is later). */
  write(group: string, event: { timestamp: number; stream?: string; message?: string; visibleAt?: number }): HeldEvent {
    this.createGroup(group);
    this.#ids += 1;
    const visibleAt = event.visibleAt ?? this.now();
    const held = {
      group,
      stream: event.stream ?? 'stream',
      timestamp: event.timestamp,
      ingestionTime: visibleAt,
      eventId: String(this.#ids).padStart(56, '0'),
      message: event.message ?? this.message ?? `line ${this.#ids}`,
      visibleAt,
    };
    this.#events.get(group)?.push(held);
    this.#unsorted.add(group);
    return held;
  }

  /** One FilterLogEvents request. Throws the Failures that the product makes of the service's refusals. */
  async filter(input: FilterInput, signal?: AbortSignal): Promise<FilterOutput> {
    this.requests.push({ at: this.#clock.now(), input });
    await this.#clock.sleep(this.latency, signal);
    if (this.outage !== undefined) throw this.outage;
    const chance = (fault: number | undefined) => fault !== undefined && this.#random() < fault;
    if (this.#isOverLimit() || chance(this.faults.throttle))
      throw new Failure('throttled', 'Rate exceeded', { code: 'ThrottlingException' });
    if (chance(this.faults.cut)) throw new Failure('unreachable', 'socket hang up', { code: 'ECONNRESET' });
    const group = input.logGroupName ?? input.logGroupIdentifier ?? '';
    const refusal = this.refused.get(group);
    if (refusal !== undefined) throw refusal;
    const events = this.#events.get(group);
    if (events === undefined || this.now() < (this.createdAt.get(group) ?? 0)) {
      throw new Failure('not-found', 'The specified log group does not exist.', { code: 'ResourceNotFoundException' });
    }
    if (input.startTime !== undefined && input.endTime !== undefined && input.startTime > input.endTime) {
      throw new Failure('invalid-request', 'startTime is after endTime', { code: 'InvalidParameterException' });
    }
    const cursor = input.nextToken === undefined ? undefined : this.#cursors.get(input.nextToken);
    if (input.nextToken !== undefined && (cursor === undefined || chance(this.faults.expiredToken))) {
      this.#cursors.delete(input.nextToken);
      throw new Failure('invalid-request', 'The specified nextToken is invalid.', {
        code: 'InvalidParameterException',
      });
    }
    if (cursor !== undefined && cursor.repeat.length > 0) {
      return {
        events: copies(cursor.repeat),
        nextToken: this.#token({ after: cursor.after, repeat: [] }),
      } as FilterOutput;
    }
    if (this.#unsorted.delete(group)) events.sort(order);
    const found: HeldEvent[] = [];
    for (let index = firstFrom(events, input.startTime ?? 0); index < events.length; index += 1) {
      const event = events[index] as HeldEvent;
      if (event.timestamp > (input.endTime ?? Number.POSITIVE_INFINITY)) break;
      if (this.#matches(event, input) && (cursor?.after === undefined || order(event, cursor.after) > 0))
        found.push(event);
    }
    if (found.length > 0 && chance(this.faults.emptyPage)) {
      return { events: [], nextToken: this.#token({ after: cursor?.after, repeat: [] }) } as unknown as FilterOutput;
    }
    const page = found.slice(0, Math.min(this.#fitting(found), this.pageSize));
    const repeat = chance(this.faults.duplicatePage) ? page : [];
    const more = page.length < found.length || repeat.length > 0;
    return {
      events: copies(page),
      ...(more && { nextToken: this.#token({ after: page.at(-1) ?? cursor?.after, repeat }) }),
    } as FilterOutput;
  }

  /** A bucket of `limit` tokens that fills as fast. */
  #isOverLimit(): boolean {
    if (this.limit === undefined) return false;
    const now = this.#clock.now();
    this.#quota = Math.min(this.limit, this.#quota + ((now - this.#quotaAt) / 1000) * this.limit);
    this.#quotaAt = now;
    if (this.#quota < 1) return true;
    this.#quota -= 1;
    return false;
  }

  /** How many events a page of 1 MB holds, one at least. */
  #fitting(events: readonly HeldEvent[]): number {
    let bytes = 0;
    const over = events.findIndex((event) => {
      bytes += event.message.length;
      return bytes > 1_000_000;
    });
    return over < 0 ? events.length : Math.max(1, over);
  }

  #matches(event: HeldEvent, input: FilterInput): boolean {
    return (
      event.visibleAt <= this.now() &&
      (input.logStreamNames?.includes(event.stream) ?? true) &&
      (input.logStreamNamePrefix === undefined || event.stream.startsWith(input.logStreamNamePrefix))
    );
  }

  #token(cursor: Cursor): string {
    this.#tokens += 1;
    const token = `token-${this.#tokens}`;
    this.#cursors.set(token, cursor);
    return token;
  }
}

function order(a: HeldEvent, b: HeldEvent): number {
  return (
    a.timestamp - b.timestamp ||
    a.ingestionTime - b.ingestionTime ||
    (a.eventId < b.eventId ? -1 : a.eventId > b.eventId ? 1 : 0)
  );
}

function copies(events: readonly HeldEvent[]) {
  return events.map(({ stream, timestamp, ingestionTime, eventId, message }) => ({
    logStreamName: stream,
    timestamp,
    ingestionTime,
    eventId,
    message,
  }));
}

function firstFrom(events: readonly HeldEvent[], time: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as HeldEvent).timestamp < time) low = middle + 1;
    else high = middle;
  }
  return low;
}
