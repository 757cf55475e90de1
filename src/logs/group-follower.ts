import { type LinkedAbort, linkedAbort } from '../aws/linked-abort.ts';
import { Failure } from '../text/failure.ts';
import { LATE, type LogEvent } from './event.ts';
import { type LogSession, queryPages, type Wait } from './filter-query.ts';
import type { FollowRequest } from './follow.ts';
import type { FollowCondition, GroupState, TimeRange } from './follow-state.ts';
import { explained, isMissingGroup } from './obstacle.ts';
import { DEEP_INTERVAL, DEEP_WINDOW, LATEST, Pace, SWEEP_WINDOW } from './pace.ts';
import { SeenEvents } from './seen-events.ts';
import { ServerTime } from './server-time.ts';

/** Where a group's events and news go. */
export interface GroupReader {
  /** New events, each id once; resolves when there is room for more. */
  deliver(events: LogEvent[], signal: AbortSignal): Promise<void>;
  changed(): void;
  /** Whether the service has answered for any of the groups. */
  answered(): boolean;
}

/** Tries to reach a service that has not answered yet. */
const FIRST_TRIES = 3;

/** A wait this much longer than asked for means that the machine slept. */
const SLEPT = 60_000;
/** A missing group is asked for less and less often, up to this. */
const MISSING_INTERVAL = 5000;
/** Lags kept for the typical one. */
const LAGS = 64;
/** A bounded follow goes on so long after its last event time, for lines that come late. */
const LATE_ARRIVAL = 60_000;

/**
 * Follows one log group: polls from the watermark minus a window to the open end, sweeps behind the polls, delivers each
 * event id once. The watermark is the newest event time that a finished poll has passed, never above the service's own
 * time, so that a line from a clock ahead of its time doesn't hide the lines of the next hours.
 */
export class GroupFollower {
  readonly group: string;
  readonly #session: LogSession;
  readonly #request: FollowRequest;
  readonly #reader: GroupReader;
  readonly #pace: Pace;
  readonly #seen: SeenEvents;
  readonly #maxIds: number;
  readonly #time = new ServerTime();
  readonly #lags: number[] = [];
  #watermark: number;
  #newest: number | undefined;
  #caughtUp = false;
  #missing = false;
  /** With `#missing`: it is the group that is missing, not only the streams asked for. */
  #groupMissing = false;
  #misses = 0;
  #succeeded = false;
  #firstFailures = 0;
  #ended = false;
  #finishing = false;
  #finalSweep = false;
  #wait: Wait | undefined;
  #failure: Failure | undefined;
  #gap: TimeRange | undefined;
  /** Everything before it was looked at again, or was settled when it was first read. */
  #sweptTo: number;
  /** Where the last sweep, or the first read, ended: the next sweep leaves nothing out between. */
  #sweepFrom: number;
  /** Where the last deep sweep ended, or the first read: what came up to an hour late for it is still to be found. */
  #deepFrom = Number.POSITIVE_INFINITY;
  #sweepDue = 0;
  #deepDue = 0;
  #sweepWanted = false;
  #sweep: { readonly abort: LinkedAbort; readonly from: number; readonly done: Promise<void> } | undefined;
  #wake: (() => void) | undefined;
  /** Thrown behind the polls and no Failure. */
  #bug: { readonly error: unknown } | undefined;
  events = 0;
  duplicates = 0;
  late = 0;
  requests = 0;

  constructor(session: LogSession, request: FollowRequest, group: string, reader: GroupReader, maxIds: number) {
    this.group = group;
    this.#session = session;
    this.#request = request;
    this.#reader = reader;
    this.#maxIds = maxIds;
    this.#pace = new Pace(() => session.rate('logs-filter') / request.groups.length);
    this.#seen = new SeenEvents(request.since);
    this.#watermark = request.since;
    this.#sweptTo = request.since;
    this.#sweepFrom = request.since;
  }

  /** Follows until `finish` has been called and carried out. Throws the Failure that makes the group unreadable. */
  async run(signal: AbortSignal): Promise<void> {
    try {
      while (!this.#finishing) {
        if (this.#bug !== undefined) throw this.#bug.error;
        await this.#poll(signal);
        if (this.#past(this.#request.until)) this.#finishing = true;
        if (this.#finishing) break;
        this.#startSweep(signal);
        await this.#pause(this.#interval, signal);
      }
      this.#finalSweep = true;
      this.#reader.changed();
      await this.#sweep?.done;
      await this.#drain(this.#from(this.#deepStart(this.#watermark)), this.#request.until, signal);
      this.#sweptTo = this.#time.at(this.#session.clock.now());
      this.#ended = true;
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Failure) {
        this.#failure = explained(error, this.group, this.#request.since, this.#session.clock.now());
        throw this.#failure;
      }
      throw error;
    } finally {
      this.#sweep?.abort.abort();
      this.#reader.changed();
    }
  }

  /** Asks for a deep sweep now. */
  sweep(): void {
    this.#sweepWanted = true;
    this.#wake?.();
  }

  /** Asks for the end: one more poll and deep sweep. */
  finish(): void {
    this.#finishing = true;
    this.#wake?.();
  }

  get state(): GroupState {
    return {
      group: this.group,
      condition: this.#condition,
      missing: this.#missing && this.#groupMissing,
      events: this.events,
      newest: this.#newest,
      window: this.#pace.window,
      interval: this.#interval,
      windowShortened: this.#pace.shortened,
      failure: this.#failure ?? this.#wait?.failure,
    };
  }

  /** Whether the service has answered for this group. */
  get answered(): boolean {
    return this.#succeeded;
  }

  /** When a wait for something in the way ends, ms since the epoch. */
  get waitingUntil(): number | undefined {
    return this.#wait?.until;
  }

  /** From event to discovery, ms, of the last lines found live. */
  get lags(): readonly number[] {
    return this.#lags;
  }

  get gap(): TimeRange | undefined {
    return this.#gap;
  }

  get unswept(): TimeRange | undefined {
    return this.#newest === undefined || this.#ended || this.#newest <= this.#sweptTo
      ? undefined
      : { from: this.#sweptTo, to: this.#newest };
  }

  get #condition(): FollowCondition {
    if (this.#failure !== undefined) return 'failed';
    if (this.#ended) return 'ended';
    if (this.#wait !== undefined) return this.#wait.condition;
    if (this.#finalSweep) return 'sweeping';
    if (this.#missing) return 'waiting';
    if (!this.#caughtUp) return 'reading';
    return this.#newest === undefined ? 'waiting' : 'following';
  }

  get #interval(): number {
    return this.#missing ? Math.min(MISSING_INTERVAL, this.#pace.interval + this.#misses * 500) : this.#pace.interval;
  }

  /** The earliest event time of a query that is to start at `time`. */
  #from(time: number): number {
    return Math.max(this.#seen.floor, time);
  }

  /** Where a deep sweep at `time` starts: after an outage or a sleep of hours, that far back. */
  #deepStart(time: number): number {
    return Math.min(time - DEEP_WINDOW, this.#deepFrom - LATEST);
  }

  async #poll(signal: AbortSignal): Promise<void> {
    const now = this.#session.clock.now();
    const from = this.#caughtUp ? this.#from(this.#watermark - this.#pace.window) : this.#seen.floor;
    const pages = await this.#drain(from, this.#request.until, signal);
    if (this.#missing) return;
    const ceiling = this.#time.at(now);
    if (this.#newest !== undefined) this.#watermark = Math.max(this.#watermark, Math.min(this.#newest, ceiling));
    if (this.#caughtUp) this.#pace.polled(pages, ceiling - from);
    else {
      this.#caughtUp = true;
      this.#sweepFrom = this.#watermark;
      this.#deepFrom = this.#watermark;
      this.#sweptTo = Math.max(this.#sweptTo, this.#watermark - DEEP_WINDOW);
      this.#sweepDue = this.#session.clock.now() + this.#pace.sweepInterval;
      this.#deepDue = this.#session.clock.now() + DEEP_INTERVAL;
    }
    // No sweep that is planned or running looks further back than this.
    const planned = this.#deepStart(ceiling);
    this.#seen.forgetBefore(Math.min(planned, this.#sweep?.from ?? planned));
    this.#reader.changed();
  }

  /**
   * Reads one stretch of event time to its end, delivering what is new; the answer is how many pages that took, the last
   * one counted by how full it was.
   */
  async #drain(from: number, to: number | undefined, signal: AbortSignal, inSweep = false): Promise<number> {
    const { filter, streamPrefix, streams } = this.#request;
    let pages = 0;
    let fill = 0;
    let start: number | undefined = from;
    try {
      while (start !== undefined && (to === undefined || start <= to)) {
        const query = { group: this.group, from: start, to, filter, streamPrefix, streams };
        start = undefined;
        for await (const page of queryPages(this.#session, query, this, signal)) {
          pages += fill === 0 ? 0 : 1;
          fill = Math.max(page.fill, Number.EPSILON);
          this.#succeeded = true;
          await this.#take(page.events, signal, inSweep);
          start = this.#relieve(query.from, page.events.at(-1)?.timestamp);
          if (start !== undefined) break;
        }
      }
      this.#missing = false;
      this.#misses = 0;
      this.#succeeded = true;
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
      this.#missing = true;
      this.#groupMissing = isMissingGroup(error);
      this.#misses += 1;
      // The service has answered: whatever fails from now on is an outage.
      this.#succeeded = true;
      this.#wait = undefined;
      this.#reader.changed();
    }
    return pages + fill;
  }

  async #take(events: readonly LogEvent[], signal: AbortSignal, inSweep: boolean): Promise<void> {
    const now = this.#session.clock.now();
    const fresh: LogEvent[] = [];
    for (const event of events) {
      if (!this.#seen.add(event.timestamp, event.eventId)) {
        this.duplicates += 1;
        continue;
      }
      fresh.push(event);
      this.#time.observe(event, now);
      if (this.#caughtUp && event.timestamp < this.#watermark - LATE) this.late += 1;
      if (this.#newest === undefined || event.timestamp > this.#newest) this.#newest = event.timestamp;
    }
    if (fresh.length === 0) return;
    if (this.#caughtUp && !inSweep) this.#measure(fresh, now);
    this.events += fresh.length;
    this.#reader.changed();
    await this.#reader.deliver(fresh, signal);
  }

  #measure(fresh: readonly LogEvent[], now: number): void {
    const step = Math.max(1, Math.floor(fresh.length / 8));
    for (let index = fresh.length - 1; index >= 0; index -= step) {
      const event = fresh[index];
      if (event !== undefined) this.#lags.push(Math.max(0, now - this.#time.skew - event.timestamp));
    }
    this.#lags.splice(0, this.#lags.length - LAGS);
  }

  /**
   * Too many ids: those of the older half go, the query under way starts anew behind them, and the follower owns up to
   * event times that can't be swept any more. The answer is where to start, undefined to carry on.
   */
  #relieve(from: number, reached: number | undefined): number | undefined {
    if (this.#seen.size <= this.#maxIds || reached === undefined) return undefined;
    const ceiling = this.#time.at(this.#session.clock.now());
    const floor = Math.min(this.#seen.timeFor(this.#maxIds / 2), reached, ceiling);
    if (floor <= from) return undefined;
    const wished = Math.max(this.#request.since, this.#deepStart(ceiling));
    if (floor > wished) {
      this.#gap = { from: this.#gap?.from ?? Math.max(wished, this.#seen.floor), to: floor };
    }
    if (this.#sweep !== undefined && this.#sweep.from < floor) this.#sweep.abort.abort();
    this.#seen.forgetBefore(floor);
    return floor;
  }

  /** Starts the sweep that is due, if any, behind the polls. */
  #startSweep(signal: AbortSignal): void {
    const now = this.#session.clock.now();
    if (this.#sweep !== undefined || this.#missing || !this.#caughtUp) return;
    const deep = this.#sweepWanted || now >= this.#deepDue;
    if (!deep && now < this.#sweepDue) return;
    this.#sweepWanted = false;
    if (deep) this.#deepDue = now + DEEP_INTERVAL;
    const from = this.#from(deep ? this.#deepStart(this.#watermark) : this.#sweepFrom - SWEEP_WINDOW);
    const to = Math.min(this.#time.at(now), this.#request.until ?? Number.POSITIVE_INFINITY);
    const abort = linkedAbort(signal);
    const before = this.requests;
    const done = this.#drain(from, to, abort.signal, true)
      .then(
        () => {
          this.#sweptTo = Math.max(this.#sweptTo, to);
          this.#sweepFrom = Math.max(this.#sweepFrom, to);
          if (deep) this.#deepFrom = Math.max(this.#deepFrom, to);
        },
        (error: unknown) => {
          // An aborted sweep has told of its gap; a failure meets the next poll too, which reports it.
          if (!abort.signal.aborted && !(error instanceof Failure)) this.#bug = { error };
        },
      )
      .finally(() => {
        abort.unlink();
        this.#pace.swept(this.requests - before);
        this.#sweepDue = this.#session.clock.now() + this.#pace.sweepInterval;
        this.#sweep = undefined;
        this.#reader.changed();
      });
    this.#sweep = { abort, from, done };
  }

  async #pause(ms: number, signal: AbortSignal): Promise<void> {
    const abort = linkedAbort(signal);
    const before = this.#session.clock.now();
    this.#wake = () => abort.abort();
    try {
      await this.#session.clock.sleep(ms, abort.signal);
    } catch (error) {
      signal.throwIfAborted();
      if (!abort.signal.aborted) throw error;
    } finally {
      this.#wake = undefined;
      abort.unlink();
    }
    if (this.#session.clock.now() - before > ms + SLEPT) this.#sweepWanted = true;
  }

  #past(until: number | undefined): boolean {
    return until !== undefined && this.#session.clock.now() > until + LATE_ARRIVAL;
  }

  /**
   * A first failure is the answer, unless the reader is patient or the service has answered for another group; a
   * connection may fail a few times. Later failures are bridged.
   */
  bridges(_failure: Failure, condition: FollowCondition): boolean {
    if (condition === 'throttled' || this.#succeeded) return true;
    if (condition === 'failed') return false;
    this.#firstFailures += 1;
    const passing = condition === 'unreachable' && this.#firstFailures < FIRST_TRIES;
    return passing || this.#request.patient === true || this.#reader.answered();
  }

  waiting(wait: Wait | undefined): void {
    if (this.#wait === wait) return;
    this.#wait = wait;
    this.#reader.changed();
  }

  requested(): void {
    this.requests += 1;
  }
}
