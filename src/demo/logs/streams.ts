import { type EventStream, lowerBound, type StoredEvent, type StreamSource } from './event.ts';
import { hash, Random } from './random.ts';

/** A line before the service has it. */
export interface Line {
  /** Ms since the epoch. */
  readonly at: number;
  readonly message: string;
}

/** Events that were put, by PutLogEvents or by a part of the region. */
export class WrittenStream implements EventStream {
  readonly name: string;
  readonly createdAt: number;
  readonly number: number;
  #events: StoredEvent[] = [];
  #newest: number | undefined;
  #lastIngestion: number | undefined;
  #bytes = 0;

  constructor(name: string, createdAt: number, number: number) {
    this.name = name;
    this.createdAt = createdAt;
    this.number = number;
  }

  get first(): number | undefined {
    return this.#events[0]?.timestamp;
  }

  get last(): number | undefined {
    return this.#newest;
  }

  /** The time of the last put, ms since the epoch. */
  get lastIngestion(): number | undefined {
    return this.#lastIngestion;
  }

  /** What the messages take in memory, roughly. */
  get bytes(): number {
    return this.#bytes;
  }

  get length(): number {
    return this.#events.length;
  }

  /** Takes an event in at its place by time; nearly always the end. */
  add(event: StoredEvent): void {
    const newest = this.#events.at(-1);
    if (newest === undefined || newest.timestamp <= event.timestamp) this.#events.push(event);
    else this.#events.splice(lowerBound(this.#events, event.timestamp + 1), 0, event);
    this.#newest = Math.max(this.#newest ?? event.timestamp, event.timestamp);
    this.#lastIngestion = Math.max(this.#lastIngestion ?? 0, event.ingestionTime);
    this.#bytes += sizeInMemory(event);
  }

  /** Drops events older than `before`; answers how many. */
  dropBefore(before: number): number {
    return this.#drop(lowerBound(this.#events, before));
  }

  /** Drops the older half, to make room; answers how many. */
  dropHalf(): number {
    return this.#drop(Math.ceil(this.#events.length / 2));
  }

  between(from: number, to: number): readonly StoredEvent[] {
    return this.#events.slice(lowerBound(this.#events, from), lowerBound(this.#events, to));
  }

  #drop(count: number): number {
    if (count === 0) return 0;
    for (const event of this.#events.slice(0, count)) this.#bytes -= sizeInMemory(event);
    this.#events = this.#events.slice(count);
    return count;
  }
}

const sizeInMemory = (event: StoredEvent): number => 120 + event.message.length * 2;

/** Agents send what they have every few seconds: lines of one such time reach the service together, in their order. */
const SENT_EVERY = 5_000;

/** How long after its timestamp the service has a line, in ms; the same for lines that are sent together. */
export type Delay = (seed: number, at: number) => number;

/** Some seconds. */
export const agentDelay: Delay = (seed, at) => new Random(hash(seed, Math.floor(at / SENT_EVERY))).between(500, 12_000);

/** Some seconds, but once in four hundred times it takes minutes. */
const straggling: Delay = (seed, at) => {
  const random = new Random(hash(seed, Math.floor(at / SENT_EVERY)));
  return random.oneIn(400) ? random.between(30_000, 240_000) : random.between(500, 12_000);
};

/** A part of a stream's time is generated at once and then kept for a while. */
const SLOT = 600_000;

/** Keeps the slots generated last, of all streams together. */
export class SlotCache {
  readonly #slots = new Map<string, readonly StoredEvent[]>();
  readonly #most: number;

  constructor(most = 600) {
    this.#most = most;
  }

  get(key: string, make: () => readonly StoredEvent[]): readonly StoredEvent[] {
    const kept = this.#slots.get(key);
    if (kept !== undefined) {
      this.#slots.delete(key);
      this.#slots.set(key, kept);
      return kept;
    }
    const made = make();
    this.#slots.set(key, made);
    if (this.#slots.size > this.#most) {
      for (const oldest of this.#slots.keys()) {
        this.#slots.delete(oldest);
        break;
      }
    }
    return made;
  }
}

/** What makes a generated stream's lines. */
export interface GeneratedStreamOptions {
  readonly group: string;
  readonly name: string;
  /** The first line is not older, ms since the epoch. */
  readonly from: number;
  /** The last line is not newer; `Infinity` for a stream that goes on. */
  readonly to: number;
  readonly seed: number;
  /** The lines with `from <= at < to`; the same for the same random numbers. */
  readonly lines: (from: number, to: number, random: Random) => Iterable<Line>;
  /** True when `lines` must make the whole stream at once, for a run with a beginning and an end. */
  readonly whole?: boolean;
}

/**
 * A stream whose lines are a pure function of the seed and the time: hours of history cost nothing until
 * they are read, and new lines keep coming without a timer.
 */
export class GeneratedStream implements EventStream {
  readonly name: string;
  readonly createdAt: number;
  readonly number: number;
  readonly first: number;
  readonly #options: GeneratedStreamOptions;
  #last: number;
  readonly #cache: SlotCache;

  constructor(options: GeneratedStreamOptions, cache: SlotCache) {
    this.#options = options;
    this.#cache = cache;
    this.name = options.name;
    this.createdAt = options.from;
    this.number = streamNumber(options.group, options.name);
    this.first = options.from;
    this.#last = options.to;
  }

  get last(): number {
    return this.#last;
  }

  /** Ends a stream that went on: no line is newer than `at`, ms since the epoch. */
  end(at: number): void {
    this.#last = Math.min(this.#last, at);
  }

  between(from: number, to: number): readonly StoredEvent[] {
    const start = Math.max(from, this.first);
    const end = Math.min(to, this.last + 1);
    if (start >= end) return [];
    if (this.#options.whole === true) return within(this.#slot(0, this.first, this.last + 1), start, end);
    const found: StoredEvent[] = [];
    for (let slot = Math.floor(start / SLOT); slot * SLOT < end; slot++) {
      const events = this.#slot(slot, slot * SLOT, (slot + 1) * SLOT);
      for (const event of within(events, start, end)) found.push(event);
    }
    return found;
  }

  #slot(slot: number, from: number, to: number): readonly StoredEvent[] {
    const { group, name, seed, lines } = this.#options;
    return this.#cache.get(`${group}\n${name}\n${slot}`, () => {
      const random = new Random(hash(seed, group, name, slot));
      const sending = hash(seed, group, name, 'sending');
      const made = [...lines(from, to, random)].sort((a, b) => a.at - b.at);
      return made.map(({ at, message }, index) => ({
        timestamp: Math.floor(at),
        ingestionTime: Math.floor(at + straggling(sending, at)),
        message,
        order: slot * 65_536 + index,
      }));
    });
  }
}

function within(events: readonly StoredEvent[], from: number, to: number): readonly StoredEvent[] {
  return events.slice(lowerBound(events, from), lowerBound(events, to));
}

/** A number for a stream's events' ids: 48 bits of its names. */
export function streamNumber(group: string, name: string): number {
  return (hash(group, name) % 0x10000) * 0x100000000 + hash(name, group, 'stream');
}

/** Streams that are there from the start or come one by one. */
export class StreamList implements StreamSource {
  readonly #streams: GeneratedStream[] = [];

  add(stream: GeneratedStream): void {
    this.#streams.push(stream);
  }

  /** Ends the stream of that name: no line is newer than `at`, ms since the epoch. */
  end(name: string, at: number): void {
    this.#streams.find((stream) => stream.name === name)?.end(at);
  }

  streams(from: number, to: number): readonly GeneratedStream[] {
    return this.#streams.filter(({ first, last }) => first <= to && last >= from);
  }
}
