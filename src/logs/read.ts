import { Failure } from '../text/failure.ts';
import { compareEvents, type LogEvent } from './event.ts';
import { type FilterQuery, type LogSession, type QueryPatience, queryPages } from './filter-query.ts';
import type { FollowRequest } from './follow.ts';
import { explained } from './obstacle.ts';
import { SeenEvents } from './seen-events.ts';

/** Ids kept of one group before its query is begun anew behind them. */
const MAX_IDS = 500_000;

/** Told about a group while it is read. */
export interface ReadReport extends QueryPatience {
  duplicate(): void;
  failed(failure: Failure): void;
}

/**
 * One group's events from `since` to `until` in time order, each id once. A group that can't be read is reported, and
 * its events end.
 */
export async function* readGroup(
  session: LogSession,
  request: FollowRequest,
  group: string,
  report: ReadReport,
  signal: AbortSignal,
): AsyncGenerator<LogEvent[], void> {
  const { until: to, filter, streamPrefix, streams } = request;
  const seen = new SeenEvents(request.since);
  let from: number | undefined = request.since;
  try {
    while (from !== undefined) {
      const query: FilterQuery = { group, from, to, filter, streamPrefix, streams };
      from = undefined;
      for await (const page of queryPages(session, query, report, signal)) {
        const fresh: LogEvent[] = [];
        for (const event of page.events) {
          if (seen.add(event.timestamp, event.eventId)) fresh.push(event);
          else report.duplicate();
        }
        if (fresh.length > 0) yield fresh;
        const reached = page.events.at(-1)?.timestamp;
        if (seen.size > MAX_IDS && reached !== undefined && reached > query.from) {
          // A query that starts at the time reached can't return anything from before it: those ids may go.
          seen.forgetBefore(reached);
          from = reached;
          break;
        }
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    report.failed(explained(error, group, request.since, request.until ?? session.clock.now()));
  }
}

/** Batches of several sources, each in time order, as batches of all of them in time order. */
export async function* mergeByTime(sources: readonly AsyncIterator<LogEvent[]>[]): AsyncGenerator<LogEvent[], void> {
  const heads = sources.map((source) => ({ source, batch: [] as LogEvent[], done: false }));
  for (;;) {
    await Promise.all(
      heads.map(async (head) => {
        if (head.done || head.batch.length > 0) return;
        const next = await head.source.next();
        if (next.done === true) head.done = true;
        else head.batch = next.value;
      }),
    );
    const held = heads.filter((head) => head.batch.length > 0);
    const ends = held.filter((head) => !head.done).map((head) => head.batch.at(-1) as LogEvent);
    const bound = ends.reduce<LogEvent | undefined>(
      (least, event) => (least === undefined || compareEvents(event, least) < 0 ? event : least),
      undefined,
    );
    if (bound === undefined) return;
    const ready: LogEvent[] = [];
    for (const head of held) {
      const count = countUpTo(head.batch, bound);
      for (let index = 0; index < count; index += 1) ready.push(head.batch[index] as LogEvent);
      head.batch = count === head.batch.length ? [] : head.batch.slice(count);
    }
    if (held.length > 1) ready.sort(compareEvents);
    yield ready;
  }
}

/** How many of the events, which are in order, come before `bound` or are it. */
function countUpTo(events: readonly LogEvent[], bound: LogEvent): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareEvents(events[middle] as LogEvent, bound) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
