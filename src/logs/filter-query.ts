import { setImmediate as turn } from 'node:timers/promises';
import { linkedAbort } from '../aws/linked-abort.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import type { LogEvent } from './event.ts';
import type { FollowCondition } from './follow-state.ts';
import { obstacleOf, outageWait } from './obstacle.ts';

/** What reading logs needs of a session. */
export type LogSession = Pick<Session, 'clock' | 'rate'> & {
  readonly logs: Pick<Session['logs'], 'filterLogEvents'>;
};

/** What to ask one group for; times in ms since the epoch, both ends included. */
export interface FilterQuery {
  readonly group: string;
  readonly from: number;
  readonly to?: number | undefined;
  readonly filter?: string | undefined;
  readonly streamPrefix?: string | undefined;
  readonly streams?: readonly string[] | undefined;
}

/** A wait for something that may pass. */
export interface Wait {
  readonly failure: Failure;
  readonly condition: FollowCondition;
  /** When it tries again, ms since the epoch. */
  readonly until: number;
}

/** How a query gets over what stands in its way. */
export interface QueryPatience {
  /** A request failed in a way that waiting may cure. False gives up: the failure is thrown. */
  bridges(failure: Failure, condition: FollowCondition): boolean;
  /** Told before each wait, and (with undefined) of each request that succeeded. */
  waiting(wait: Wait | undefined): void;
  /** Told of each request made. */
  requested(): void;
}

/** One page: its events in time order, and how full it was against the service's limits, 0 to 1. */
export interface EventPage {
  readonly events: readonly LogEvent[];
  readonly fill: number;
}

/** After so many bad page tokens in a row, with no page in between, the query pauses before each further start. */
const QUICK_RESTARTS = 5;
/** FilterLogEvents: a page has at most 10,000 events or 1 MB. */
const PAGE_EVENTS = 10_000;
const PAGE_BYTES = 1_000_000;
/** Events of a page that is large. */
const LARGE = 2_000;

/**
 * All pages of one FilterLogEvents query, empty ones included, until the service gives no further token. The next page
 * is asked for while the reader works on the one before. Throttles, outages and expired credentials are waited out as
 * `patience` allows; a page whose token has expired makes the query start anew from the last time it had reached, so
 * events may come twice. Throws Failures; `not-found` when the group or the streams are missing.
 */
export async function* queryPages(
  session: LogSession,
  query: FilterQuery,
  patience: QueryPatience,
  signal: AbortSignal,
): AsyncGenerator<EventPage> {
  const leave = linkedAbort(signal);
  const fetch = (from: number, token?: string): Promise<FetchedPage> => {
    const page = fetchPage(session, { ...query, from }, token, patience, leave.signal);
    // The reader may leave before it looks at the page asked for ahead: its failure is heard when it is awaited.
    page.catch(() => {});
    return page;
  };
  let from = query.from;
  let restarts = 0;
  let next: Promise<FetchedPage> | undefined = fetch(from);
  try {
    while (next !== undefined) {
      const page: FetchedPage = await next;
      if ('expired' in page) {
        restarts += 1;
        if (restarts > QUICK_RESTARTS) {
          const wait = outageWait(restarts - QUICK_RESTARTS - 1);
          await waitOut(session, page.expired, { condition: 'unreachable', wait }, patience, leave.signal);
        }
        next = fetch(from);
        continue;
      }
      restarts = 0;
      next = page.token === undefined ? undefined : fetch(from, page.token);
      from = Math.max(from, page.events.at(-1)?.timestamp ?? from);
      yield { events: page.events, fill: page.fill };
    }
  } finally {
    if (next !== undefined) leave.abort();
    leave.unlink();
  }
}

type FetchedPage = (EventPage & { readonly token: string | undefined }) | { readonly expired: Failure };

/** One page, asked for until it comes or `patience` ends. */
async function fetchPage(
  session: LogSession,
  query: FilterQuery,
  token: string | undefined,
  patience: QueryPatience,
  signal: AbortSignal,
): Promise<FetchedPage> {
  for (let attempt = 0; ; attempt += 1) {
    patience.requested();
    try {
      const output = await session.logs.filterLogEvents(
        {
          ...(query.group.startsWith('arn:') ? { logGroupIdentifier: query.group } : { logGroupName: query.group }),
          startTime: Math.max(0, Math.floor(query.from)),
          ...(query.to !== undefined && { endTime: Math.floor(query.to) }),
          ...(query.filter && { filterPattern: query.filter }),
          ...(query.streams ? { logStreamNames: [...query.streams] } : {}),
          ...(query.streamPrefix && { logStreamNamePrefix: query.streamPrefix }),
          ...(token !== undefined && { nextToken: token }),
        },
        { signal },
      );
      patience.waiting(undefined);
      // Reading a full page has held the thread for some ms: who waits for it goes first.
      if ((output.events?.length ?? 0) > LARGE) await turn();
      return { ...pageOf(query.group, output.events ?? []), token: output.nextToken };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      const obstacle = obstacleOf(error, { token: token !== undefined, attempt });
      if (obstacle.kind === 'restart') return { expired: error };
      if (obstacle.kind !== 'wait') throw error;
      await waitOut(session, error, obstacle, patience, signal);
    }
  }
}

/** Waits before the next try, as far as `patience` goes; then throws the failure. */
async function waitOut(
  { clock }: LogSession,
  failure: Failure,
  { condition, wait }: { readonly condition: FollowCondition; readonly wait: number },
  patience: QueryPatience,
  signal: AbortSignal,
): Promise<void> {
  if (!patience.bridges(failure, condition)) throw failure;
  patience.waiting({ failure, condition, until: clock.now() + wait });
  await clock.sleep(wait, signal);
}

type SdkEvent = NonNullable<Awaited<ReturnType<Session['logs']['filterLogEvents']>>['events']>[number];

function pageOf(group: string, found: readonly SdkEvent[]): EventPage {
  let bytes = 0;
  // Every event brings its own copy of the stream's name; one per stream is kept.
  const streams = new Map<string, string>();
  const events = found.map((event): LogEvent => {
    const message = event.message ?? '';
    const name = event.logStreamName ?? '';
    const known = streams.get(name);
    const stream = known ?? name;
    if (known === undefined) streams.set(name, name);
    bytes += message.length;
    const timestamp = event.timestamp ?? 0;
    const ingestionTime = event.ingestionTime ?? timestamp;
    // The service always gives an id; some emulators leave it out.
    const eventId = event.eventId ?? `${stream}/${timestamp}/${ingestionTime}/${message}`;
    return { timestamp, ingestionTime, group, stream, eventId, message };
  });
  return { events, fill: Math.min(1, Math.max(events.length / PAGE_EVENTS, bytes / PAGE_BYTES)) };
}
