import { optionalBoolean, optionalString, optionalStrings } from '../members.ts';
import { AwsError, type Call, type Input, type Operation } from '../service.ts';
import { type EventStream, eventId, type Position, parseEventId, type StoredEvent } from './event.ts';
import type { LogGroup } from './groups.ts';
import { invalidParameter, limit, namedGroup, required, time } from './input.ts';
import { parsePattern } from './pattern.ts';
import { missingStream } from './put.ts';
import { hash } from './random.ts';
import { scan } from './scan.ts';
import { invalidToken, openToken, sealToken } from './tokens.ts';

const HOUR = 3_600_000;
/** Newest first is for events from here on (FilterLogEvents in the API reference). */
const NEWEST_FIRST_FROM = Date.UTC(2024, 0, 1);

/**
 * FilterLogEvents: events of one group in the order of their time, at most 10,000 or 1 MB a page. A page may
 * be short or empty and still carry a token; only a missing token means the end.
 */
export const filterLogEvents: Operation = (input, call) => {
  const name = namedGroup(input);
  call.authorize('logs:FilterLogEvents', call.region.logs.policyArn(name));
  const pattern = optionalString(input, 'filterPattern') ?? '';
  if (pattern.length > 1024) throw invalidParameter('Filter pattern is longer than 1024 characters.');
  const matches = parsePattern(pattern);
  const names = optionalStrings(input, 'logStreamNames');
  const prefix = optionalString(input, 'logStreamNamePrefix');
  if (names !== undefined && prefix !== undefined) {
    throw invalidParameter('LogStreamNames and LogStreamNamePrefix are mutually exclusive parameters.');
  }
  if (names !== undefined && (names.length < 1 || names.length > 100)) {
    throw invalidParameter('LogStreamNames must have between 1 and 100 members.');
  }
  const from = time(input, 'startTime') ?? 0;
  const to = time(input, 'endTime') ?? Number.MAX_SAFE_INTEGER;
  if (to < from) throw invalidParameter('End time should not be before start time.');
  const forward = optionalBoolean(input, 'startFromHead') ?? true;
  if (!forward && from < NEWEST_FIRST_FROM) {
    throw invalidParameter('startFromHead can be false only when startTime is 2024-01-01T00:00:00Z or later.');
  }
  if (optionalBoolean(input, 'unmask') === true) call.authorize('logs:Unmask', call.region.logs.policyArn(name));
  const group = readable(call, name);
  const now = call.region.clock.now();
  if (names !== undefined) {
    const known = new Set(group.streams(0, now).map((stream) => stream.name));
    if (!names.some((stream) => known.has(stream))) throw missingStream();
  }
  const query = ['filter', name, pattern, names?.join('\n') ?? '', prefix ?? '', from, to, forward].join('\t');
  const token = optionalString(input, 'nextToken');
  const after = token === undefined ? undefined : readPosition(openToken(token, query, now));
  const size = limit(input, 10_000);
  // A long search over many streams often begins with a page that found nothing yet.
  if (token === undefined && startsEmpty(query, from, to, now)) {
    return { events: [], searchedLogStreams: [], nextToken: sealToken([], query, now) };
  }
  const wanted = names === undefined ? undefined : new Set(names);
  const page = scan({
    group,
    streams: (stream) => wanted?.has(stream.name) ?? stream.name.startsWith(prefix ?? ''),
    from: Math.max(from, retained(group, now)),
    to,
    matches,
    limit: size,
    forward,
    after,
    now,
  });
  return {
    events: page.events.map((event) => ({
      logStreamName: event.stream.name,
      timestamp: event.timestamp,
      message: event.message,
      ingestionTime: event.ingestionTime,
      eventId: eventId(event.streamNumber, event),
    })),
    searchedLogStreams: [],
    ...(page.next === undefined ? {} : { nextToken: sealToken(writePosition(page.next), query, now) }),
  };
};

/** Whether a search is one of those whose first page holds nothing: seeded, one in four that look back for hours. */
function startsEmpty(query: string, from: number, to: number, now: number): boolean {
  return Math.min(to, now) - from > 3 * HOUR && hash(query) % 4 === 0;
}

function readPosition(state: readonly (string | number)[]): Position | undefined {
  const [timestamp, ingestionTime, streamNumber, order] = state;
  if (timestamp === undefined) return undefined;
  return {
    timestamp: Number(timestamp),
    ingestionTime: Number(ingestionTime),
    streamNumber: Number(streamNumber),
    order: Number(order),
  };
}

const writePosition = (place: Position): readonly number[] => [
  place.timestamp,
  place.ingestionTime,
  place.streamNumber,
  place.order,
];

/** The group, if its class can be read this way. */
function readable(call: Call, name: string): LogGroup {
  const group = call.region.logs.required(name);
  if (group.logClass !== 'STANDARD') {
    throw new AwsError(
      'InvalidOperationException',
      `The operation is not supported for log groups in the ${group.logClass} log class.`,
    );
  }
  return group;
}

/** The oldest time that a group's retention leaves, ms since the epoch. */
function retained(group: LogGroup, now: number): number {
  return group.retentionInDays === undefined ? 0 : now - group.retentionInDays * 86_400_000;
}

/** How far back GetLogEvents looks in one call; then its page is empty and its token has moved. */
const LOOK_BACK = 24 * HOUR;
const PAGE_BYTES = 1_048_576;

/**
 * GetLogEvents: one stream, newest first in pages but oldest first within each, unless `startFromHead`. Its
 * tokens are never missing; the end is reached when the token that comes back is the one that was sent.
 */
export const getLogEvents: Operation = (input, call) => {
  const name = namedGroup(input);
  const streamName = required(input, 'logStreamName');
  call.authorize(
    'logs:GetLogEvents',
    `arn:aws:logs:${call.region.name}:${call.region.account}:log-group:${name}:log-stream:${streamName}`,
  );
  const from = time(input, 'startTime') ?? 0;
  // The end is excluded here, other than in FilterLogEvents.
  const to = time(input, 'endTime') ?? Number.MAX_SAFE_INTEGER;
  const size = limit(input, 10_000);
  const group = readable(call, name);
  const now = call.region.clock.now();
  const stream = group.stream(streamName, now);
  if (stream === undefined || stream.createdAt > now) throw missingStream();
  const place = readToken(input, now);
  const backward = place === undefined ? optionalBoolean(input, 'startFromHead') !== true : place.direction === 'b';
  const start = Math.max(from, retained(group, now), backward ? 0 : (place?.timestamp ?? 0));
  const end = Math.min(to, backward && place !== undefined ? place.timestamp + 1 : now + 7_200_001);
  const page = onePage(stream, start, end, { backward, size, now, place });
  const first = page.events[0];
  const last = page.events.at(-1);
  const edge = page.reached ?? place;
  return {
    events: page.events.map(({ timestamp, message, ingestionTime }) => ({ timestamp, message, ingestionTime })),
    nextForwardToken: writeToken('f', last ?? edge ?? beginning(start), stream, input, now),
    nextBackwardToken: writeToken('b', first ?? edge ?? beginning(start), stream, input, now),
  };
};

/** A place in a stream: just before or after one event. */
interface Place {
  readonly timestamp: number;
  readonly order: number;
}

interface TokenPlace extends Place {
  readonly direction: string;
}

const beginning = (timestamp: number): Place => ({ timestamp: Math.max(0, Math.min(timestamp, 8.64e15)), order: 0 });

/** `f/` or `b/`, 56 digits of the event's id, the minute of its making, `/s`. */
function writeToken(direction: 'f' | 'b', place: Place, stream: EventStream, input: Input, now: number): string {
  const sent = optionalString(input, 'nextToken');
  const id = eventId(stream.number, { ...place, ingestionTime: 0, message: '' });
  const token = `${direction}/${id}${String(Math.floor(now / 60_000)).padStart(10, '0')}/s`;
  // Nothing moved: the same token says that the end was reached.
  return sent?.slice(0, 58) === token.slice(0, 58) ? sent : token;
}

function readToken(input: Input, now: number): TokenPlace | undefined {
  const token = optionalString(input, 'nextToken');
  if (token === undefined) return undefined;
  const found = /^([fb])\/(\d{56})(\d{10})\/s$/.exec(token);
  const place = parseEventId(found?.[2] ?? '');
  if (found === null || place === undefined) throw invalidToken();
  if (now - Number(found[3]) * 60_000 > 24 * HOUR + 60_000) {
    throw new AwsError('InvalidParameterException', 'The specified nextToken has expired.');
  }
  return { direction: found[1] ?? 'f', timestamp: place.timestamp, order: place.order };
}

interface PageOptions {
  readonly backward: boolean;
  readonly size: number;
  readonly now: number;
  readonly place: Place | undefined;
}

function onePage(
  stream: EventStream,
  from: number,
  to: number,
  { backward, size, now, place }: PageOptions,
): { readonly events: readonly StoredEvent[]; readonly reached?: Place } {
  const first = Math.max(from, stream.first ?? Number.POSITIVE_INFINITY);
  const last = Math.min(to, (stream.last ?? 0) + 1);
  if (first >= last) return { events: [] };
  const start = backward ? Math.max(first, last - LOOK_BACK) : first;
  const end = backward ? last : Math.min(last, first + LOOK_BACK);
  const there = stream.between(start, end);
  // A stream is read in its own order: no further than to a line that is still on its way.
  const late = there.findIndex((event) => event.ingestionTime > now);
  const found = there
    .slice(0, late < 0 ? undefined : late)
    .filter((event) => place === undefined || isPast(event, place, backward))
    .sort((a, b) => a.timestamp - b.timestamp || a.order - b.order);
  const events: StoredEvent[] = [];
  let bytes = 0;
  while (events.length < Math.min(size, found.length)) {
    const event = found[backward ? found.length - 1 - events.length : events.length] as StoredEvent;
    bytes += Buffer.byteLength(event.message, 'utf8');
    if (bytes > PAGE_BYTES && events.length > 0) break;
    events.push(event);
  }
  if (events.length > 0) return { events: backward ? events.reverse() : events };
  if (backward && start > first) return { events, reached: { timestamp: start, order: 0 } };
  if (!backward && late < 0 && end < Math.min(last, now)) return { events, reached: { timestamp: end, order: 0 } };
  return { events };
}

/** Whether an event lies beyond a place in the direction of reading. */
function isPast(event: StoredEvent, place: Place, backward: boolean): boolean {
  const difference = event.timestamp - place.timestamp || event.order - place.order;
  return backward ? difference < 0 : difference > 0;
}
