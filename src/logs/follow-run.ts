import { linkedAbort } from '../aws/linked-abort.ts';
import { Failure } from '../text/failure.ts';
import { BatchQueue } from './batch-queue.ts';
import type { LogEvent } from './event.ts';
import type { LogSession } from './filter-query.ts';
import type { Follower, FollowRequest } from './follow.ts';
import type { FollowCondition, FollowState, TimeRange } from './follow-state.ts';
import { GroupFollower } from './group-follower.ts';

/** Ids that all groups of a follow keep together: about 50 MB. */
const MAX_IDS = 500_000;

/** What a reader should know first, when groups differ. */
const URGENCY: readonly FollowCondition[] = [
  'signed-out',
  'unreachable',
  'throttled',
  'reading',
  'sweeping',
  'following',
  'waiting',
  'failed',
  'ended',
];

/** A follow of several groups, each at its own pace, into one stream of batches. */
export class FollowRun implements Follower {
  readonly #groups: readonly GroupFollower[];
  readonly #queue = new BatchQueue();
  readonly #listeners = new Set<() => void>();
  #state: FollowState | undefined;

  constructor(session: LogSession, request: FollowRequest) {
    const groups = [...new Set(request.groups)];
    const reader = {
      deliver: (events: LogEvent[], signal: AbortSignal) => this.#queue.push(events, signal),
      changed: () => this.#changed(),
      answered: () => this.#groups.some((group) => group.answered),
    };
    this.#groups = groups.map(
      (group) => new GroupFollower(session, { ...request, groups }, group, reader, MAX_IDS / groups.length),
    );
  }

  async *batches(signal: AbortSignal): AsyncGenerator<LogEvent[], void> {
    const abort = linkedAbort(signal);
    const stop = () => this.#queue.end();
    abort.signal.addEventListener('abort', stop, { once: true });
    const failures: unknown[] = [];
    const runs = this.#groups.map(async (group) => {
      try {
        await group.run(abort.signal);
      } catch (error) {
        if (abort.signal.aborted) return;
        failures.push(error);
        // A bug must not wait for the other groups to end.
        if (!(error instanceof Failure)) abort.abort(error);
      }
    });
    const ended = Promise.all(runs).then(stop);
    try {
      for (let batch = await this.#queue.next(); batch !== undefined; batch = await this.#queue.next()) yield batch;
      // What had been found before an abort has been delivered by now.
      signal.throwIfAborted();
      if (failures.length > 0) throw failures[0];
    } finally {
      abort.abort();
      abort.unlink();
      await ended;
    }
  }

  state(): FollowState {
    this.#state ??= this.#readState();
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  sweep(): void {
    for (const group of this.#groups) group.sweep();
  }

  finish(): void {
    for (const group of this.#groups) group.finish();
  }

  #changed(): void {
    this.#state = undefined;
    for (const listener of this.#listeners) listener();
  }

  #readState(): FollowState {
    const groups = this.#groups.map((group) => group.state);
    const sum = (count: (group: GroupFollower) => number) =>
      this.#groups.reduce((total, group) => total + count(group), 0);
    const waits = this.#groups.flatMap((group) => group.waitingUntil ?? []);
    const unswept = this.#groups.flatMap((group) => group.unswept ?? []);
    return {
      condition: URGENCY.find((condition) => groups.some((group) => group.condition === condition)) ?? 'ended',
      until: waits.length === 0 ? undefined : Math.min(...waits),
      lag: median(this.#groups.flatMap((group) => group.lags)),
      late: sum((group) => group.late),
      events: sum((group) => group.events),
      duplicates: sum((group) => group.duplicates),
      requests: sum((group) => group.requests),
      gaps: this.#groups.flatMap((group) => group.gap ?? []),
      unswept: unswept.length === 0 ? undefined : span(unswept),
      groups,
    };
  }
}

function median(values: readonly number[]): number | undefined {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}

function span(ranges: readonly TimeRange[]): TimeRange {
  return { from: Math.min(...ranges.map((range) => range.from)), to: Math.max(...ranges.map((range) => range.to)) };
}
