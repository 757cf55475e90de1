import type { Failure } from '../text/failure.ts';

/** A stretch of event time, in ms since the epoch, both ends included. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a follower is at:
 * `reading` the past from `since` on, `following` new lines, `waiting` for a group's first line (or for the group
 * itself), `throttled` by the service, `signed-out` (credentials expired: it goes on once they are renewed),
 * `unreachable` (the network or the service is away: it goes on by itself), `sweeping` once more before it ends,
 * `failed` (this group can't be read; see `failure`), `ended`.
 */
export type FollowCondition =
  | 'reading'
  | 'following'
  | 'waiting'
  | 'throttled'
  | 'signed-out'
  | 'unreachable'
  | 'sweeping'
  | 'failed'
  | 'ended';

/** One group of a follower. */
export interface GroupState {
  readonly group: string;
  readonly condition: FollowCondition;
  /** The group did not exist when last asked for. */
  readonly missing: boolean;
  /** Events delivered from this group. */
  readonly events: number;
  /** Newest timestamp delivered, undefined before the first event. */
  readonly newest: number | undefined;
  /** How far back each poll looks, and how long it waits between polls, in ms; adapted to rate and budget. */
  readonly window: number;
  readonly interval: number;
  /** The window is shorter than wished because rate and request budget forbid it. */
  readonly windowShortened: boolean;
  /** What hinders it now: set with `throttled`, `signed-out`, `unreachable` and `failed`. */
  readonly failure: Failure | undefined;
}

/** A follower as a whole. A new object after every change. */
export interface FollowState {
  /** The condition that a reader should know first. */
  readonly condition: FollowCondition;
  /** With `throttled` and `unreachable`: when it tries again, ms since the epoch. */
  readonly until: number | undefined;
  /** From an event's own timestamp to its discovery, ms, typical of the last lines; undefined before one was measured. */
  readonly lag: number | undefined;
  /** Events that came when much later ones of their group (by LATE) had been delivered. */
  readonly late: number;
  readonly events: number;
  /** Duplicates that overlap brought and deduplication dropped. */
  readonly duplicates: number;
  readonly requests: number;
  /** Event times that can't be asked for again, because their ids had to be let go: a late line there would be missed. */
  readonly gaps: readonly TimeRange[];
  /** Event times that no sweep has looked at again so far; told when a follow is cut short. */
  readonly unswept: TimeRange | undefined;
  readonly groups: readonly GroupState[];
}
