import type { LogEvent } from './event.ts';
import type { LogSession } from './filter-query.ts';
import { FollowRun } from './follow-run.ts';
import type { FollowState } from './follow-state.ts';
import { ReadRun } from './read-run.ts';

export type { LogSession } from './filter-query.ts';
export type { FollowState } from './follow-state.ts';
export { followWords } from './words.ts';

/** What to read. Times are ms since the epoch. */
export interface FollowRequest {
  /** Names or ARNs (without `:*`) of log groups. */
  readonly groups: readonly string[];
  /** First event time that counts, included. */
  readonly since: number;
  /** Last event time that counts, included; open when absent. */
  readonly until?: number | undefined;
  /** A CloudWatch filter pattern, applied by the service. */
  readonly filter?: string | undefined;
  readonly streamPrefix?: string | undefined;
  /** At most 100 streams by name; not together with `streamPrefix`. */
  readonly streams?: readonly string[] | undefined;
  /**
   * True: events in the order of their discovery, each id once, until the reader stops or `finish()` is called; a missing
   * group is waited for. False: one read, all groups merged in time order; a missing group is a Failure `not-found`,
   * thrown after the other groups' events.
   */
  readonly follow: boolean;
  /** Bridge missing credentials and network from the very first request on, instead of failing at once. */
  readonly patient?: boolean | undefined;
}

/** A read under way. */
export interface Follower {
  /**
   * The events, in batches as they are found. To be iterated once; leaving the loop or aborting the signal stops all
   * requests. An abort ends the iteration with the signal's reason.
   */
  batches(signal: AbortSignal): AsyncGenerator<LogEvent[], void>;
  state(): FollowState;
  /** Called after any change of `state()`, at most a few times a second for counters alone. */
  subscribe(listener: () => void): () => void;
  /** Asks for a deep sweep now: everything that can still be asked for is looked at again. */
  sweep(): void;
  /** Ends a follow in good order: one more deep sweep, what it finds is delivered, then `batches` ends. */
  finish(): void;
}

/**
 * Reads or follows log groups by FilterLogEvents, the only read that names each event, so that none is lost or doubled.
 * Nothing is asked for before `batches` is iterated. `batches` throws a Failure when a group can't be read: in a follow once
 * every other group has ended too, in a read after the other groups' events.
 */
export function openFollower(session: LogSession, request: FollowRequest): Follower {
  return request.follow ? new FollowRun(session, request) : new ReadRun(session, request);
}
