import { comparePositions, type EventStream, type FoundEvent, type Position } from './event.ts';
import type { LogGroup } from './groups.ts';
import type { Matcher } from './pattern.ts';

/** One page of a scan. */
export interface ScanPage {
  readonly events: readonly FoundEvent[];
  /** Where the next page goes on; undefined when everything was looked at. */
  readonly next: Position | undefined;
}

/** What to look for, and how much of it. */
export interface Scan {
  readonly group: LogGroup;
  readonly streams: (stream: EventStream) => boolean;
  /** First and last ms since the epoch, both included. */
  readonly from: number;
  readonly to: number;
  readonly matches: Matcher;
  readonly limit: number;
  /** True for oldest first. */
  readonly forward: boolean;
  /** The place where the page before ended. */
  readonly after: Position | undefined;
  readonly now: number;
}

/** Time is looked at in windows, so that a short page costs little. */
const WINDOW = 600_000;
/** The service ends a page after this many bytes of messages. */
const PAGE_BYTES = 1_048_576;
/** And after looking at so many events, whether they match or not: then a page is short, or empty. */
const LOOKED_AT = 10_000;

/**
 * One page of FilterLogEvents: events of many streams in one order, cut by the limit, by 1 MB or by how much
 * one call looks at. Events not yet ingested aren't seen, so one that comes late lies behind a reader's place.
 */
export function scan(options: Scan): ScanPage {
  const { group, from, now, forward, after, matches, limit } = options;
  const streams = group.streams(from, Math.min(options.to, now)).filter(options.streams);
  const firsts = streams.flatMap(({ first }) => (first === undefined ? [] : [first]));
  // What was put may bear a time of up to two hours ahead; generated lines of the future are still to be written.
  const put = streams.filter((stream) => group.written.get(stream.name) === stream);
  const lasts = streams.flatMap((stream) =>
    stream.last === undefined ? [] : [put.includes(stream) ? stream.last : Math.min(stream.last, now)],
  );
  const start = Math.max(from, Math.min(...firsts), forward ? (after?.timestamp ?? 0) : 0);
  const end = Math.min(
    options.to,
    Math.max(...lasts),
    forward ? Number.MAX_SAFE_INTEGER : (after?.timestamp ?? Number.MAX_SAFE_INTEGER),
  );
  const events: FoundEvent[] = [];
  if (!(start <= end)) return { events, next: undefined };
  let bytes = 0;
  let lookedAt = 0;
  let place = after;
  const past = inOrder(streams, start, Math.min(end, Math.floor(now)) + 1, now, forward);
  const ahead = inOrder(put, Math.max(start, Math.floor(now) + 1), end + 1, now, forward);
  for (const chunk of forward ? joined(past, ahead) : joined(ahead, past)) {
    for (const event of chunk) {
      if (after !== undefined && comparePositions(event, after) * (forward ? 1 : -1) <= 0) continue;
      if (events.length >= limit || lookedAt >= LOOKED_AT) return { events, next: place };
      lookedAt++;
      if (matches(event.message)) {
        const size = Buffer.byteLength(event.message, 'utf8');
        if (bytes + size > PAGE_BYTES && events.length > 0) return { events, next: place };
        bytes += size;
        events.push(event);
      }
      place = event;
    }
  }
  return { events, next: undefined };
}

function* joined<T>(first: Iterable<T>, second: Iterable<T>): Generator<T> {
  yield* first;
  yield* second;
}

/** The events that the service has, in order, in handfuls, so that what a page doesn't reach isn't sorted. */
function* inOrder(
  streams: readonly EventStream[],
  from: number,
  to: number,
  now: number,
  forward: boolean,
): Generator<readonly FoundEvent[]> {
  if (!(from < to)) return;
  const first = Math.floor(from / WINDOW);
  const last = Math.floor((to - 1) / WINDOW);
  for (let step = 0; step <= last - first; step++) {
    const window = (forward ? first + step : last - step) * WINDOW;
    yield* chunks(streams, Math.max(from, window), Math.min(to, window + WINDOW), now, forward);
  }
}

function* chunks(
  streams: readonly EventStream[],
  from: number,
  to: number,
  now: number,
  forward: boolean,
): Generator<readonly FoundEvent[]> {
  const lists = streams.map((stream) => ({ stream, events: stream.between(from, to) }));
  const middle = Math.floor((from + to) / 2);
  if (middle > from && lists.reduce((sum, { events }) => sum + events.length, 0) > LOOKED_AT) {
    const halves: [number, number][] = [
      [from, middle],
      [middle, to],
    ];
    for (const [start, end] of forward ? halves : halves.reverse()) yield* chunks(streams, start, end, now, forward);
    return;
  }
  const found: FoundEvent[] = [];
  for (const { stream, events } of lists) {
    for (const event of events) {
      if (event.ingestionTime <= now) found.push({ ...event, stream, streamNumber: stream.number });
    }
  }
  found.sort(comparePositions);
  yield forward ? found : found.reverse();
}
