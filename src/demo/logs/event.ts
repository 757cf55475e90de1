/** One log event as the service keeps it. */
export interface StoredEvent {
  /** Ms since the epoch, as the writer gave it. */
  readonly timestamp: number;
  /** When the service has it; it can be read from then on. */
  readonly ingestionTime: number;
  readonly message: string;
  /** Distinct within its stream, rising in the order of the puts. */
  readonly order: number;
}

/** Where a reader stands between two events of a group. */
export interface Position {
  readonly timestamp: number;
  readonly ingestionTime: number;
  readonly streamNumber: number;
  readonly order: number;
}

/** An event together with the stream that it was found in. */
export interface FoundEvent extends StoredEvent, Position {
  readonly stream: EventStream;
}

/** A stream that events can be read from, whether they were written or are generated as they are read. */
export interface EventStream {
  readonly name: string;
  readonly createdAt: number;
  /** A number of the stream's own, part of its events' ids. */
  readonly number: number;
  /** No event is older, ms since the epoch; undefined while there is none. */
  readonly first: number | undefined;
  /** No event is newer; may lie in the future while lines are still to come. */
  readonly last: number | undefined;
  /** Events with `from <= timestamp < to`, oldest first, those not yet ingested included. */
  between(from: number, to: number): readonly StoredEvent[];
}

/** Where generated streams come from; asked with the time span that a reader looks at. */
export interface StreamSource {
  /** The streams that exist between `from` and `to`, ms since the epoch, in any order; always the same objects or equal ones. */
  streams(from: number, to: number): readonly EventStream[];
}

/**
 * The id that FilterLogEvents gives an event: 56 decimal digits that rise with the timestamp, and within
 * one timestamp with the stream's number and the order of the puts.
 */
export function eventId(streamNumber: number, event: StoredEvent): string {
  const id = (BigInt(event.timestamp) << 144n) | (BigInt(streamNumber) << 96n) | BigInt(event.order);
  return id.toString().padStart(56, '0');
}

/** The parts of an id, or undefined when the text is none. */
export function parseEventId(
  id: string,
): { readonly timestamp: number; readonly streamNumber: number; readonly order: number } | undefined {
  if (!/^\d{56}$/.test(id)) return undefined;
  const value = BigInt(id);
  return {
    timestamp: Number(value >> 144n),
    streamNumber: Number((value >> 96n) & 0xffffffffffffn),
    order: Number(value & 0xffffffffffffffffffffffffn),
  };
}

/** The order of FilterLogEvents: timestamp, ingestion time, put. */
export function comparePositions(a: Position, b: Position): number {
  return (
    a.timestamp - b.timestamp ||
    a.ingestionTime - b.ingestionTime ||
    a.streamNumber - b.streamNumber ||
    a.order - b.order
  );
}

/** Index of the first event of a sorted list that is not older than `timestamp`. */
export function lowerBound(events: readonly StoredEvent[], timestamp: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((events[middle] as StoredEvent).timestamp < timestamp) low = middle + 1;
    else high = middle;
  }
  return low;
}
