import { linkedAbort } from '../aws/linked-abort.ts';
import type { Failure } from '../text/failure.ts';
import type { LogEvent } from './event.ts';
import type { LogSession, Wait } from './filter-query.ts';
import type { Follower, FollowRequest } from './follow.ts';
import type { FollowCondition, FollowState, GroupState } from './follow-state.ts';
import { mergeByTime, type ReadReport, readGroup } from './read.ts';

/** How long a bounded read, once under way, waits for a service or network that has gone, ms. */
const OUTAGE = 60_000;

interface GroupRead {
  readonly group: string;
  events: number;
  newest: number | undefined;
  wait: Wait | undefined;
  failure: Failure | undefined;
  ended: boolean;
}

/** One read of several groups, merged in time order. Throttles are waited out; sweeps have nothing to do here. */
export class ReadRun implements Follower {
  readonly #session: LogSession;
  readonly #request: FollowRequest;
  readonly #groups: readonly GroupRead[];
  readonly #listeners = new Set<() => void>();
  #state: FollowState | undefined;
  #duplicates = 0;
  #requests = 0;

  constructor(session: LogSession, request: FollowRequest) {
    this.#session = session;
    this.#request = request;
    this.#groups = [...new Set(request.groups)].map((group) => ({
      group,
      events: 0,
      newest: undefined,
      wait: undefined,
      failure: undefined,
      ended: false,
    }));
  }

  async *batches(signal: AbortSignal): AsyncGenerator<LogEvent[], void> {
    const abort = linkedAbort(signal);
    const sources = this.#groups.map((group) => this.#readGroup(group, abort.signal));
    try {
      yield* sources.length === 1 && sources[0] !== undefined ? sources[0] : mergeByTime(sources);
      const failed = this.#groups.find((group) => group.failure !== undefined);
      if (failed?.failure !== undefined) throw failed.failure;
    } finally {
      abort.abort();
      abort.unlink();
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

  sweep(): void {}

  finish(): void {}

  async *#readGroup(read: GroupRead, signal: AbortSignal): AsyncGenerator<LogEvent[], void> {
    for await (const batch of readGroup(this.#session, this.#request, read.group, this.#report(read), signal)) {
      read.events += batch.length;
      read.newest = batch.at(-1)?.timestamp;
      this.#changed();
      yield batch;
    }
    read.ended = true;
    this.#changed();
  }

  #report(read: GroupRead): ReadReport {
    let troubledSince: number | undefined;
    let succeeded = false;
    return {
      bridges: (_failure, condition) => {
        troubledSince ??= this.#session.clock.now();
        if (condition === 'throttled') return true;
        return succeeded && condition === 'unreachable' && this.#session.clock.now() - troubledSince < OUTAGE;
      },
      waiting: (wait) => {
        if (wait === undefined) {
          succeeded = true;
          troubledSince = undefined;
        }
        if (read.wait === wait) return;
        read.wait = wait;
        this.#changed();
      },
      requested: () => {
        this.#requests += 1;
      },
      duplicate: () => {
        this.#duplicates += 1;
      },
      failed: (failure) => {
        read.failure = failure;
        read.wait = undefined;
        this.#changed();
      },
    };
  }

  #changed(): void {
    this.#state = undefined;
    for (const listener of this.#listeners) listener();
  }

  #readState(): FollowState {
    const groups = this.#groups.map(groupState);
    const waits = this.#groups.flatMap((read) => read.wait?.until ?? []);
    const order: readonly FollowCondition[] = ['unreachable', 'throttled', 'reading', 'failed', 'ended'];
    return {
      condition: order.find((condition) => groups.some((group) => group.condition === condition)) ?? 'reading',
      until: waits.length === 0 ? undefined : Math.min(...waits),
      lag: undefined,
      late: 0,
      events: this.#groups.reduce((total, read) => total + read.events, 0),
      duplicates: this.#duplicates,
      requests: this.#requests,
      gaps: [],
      unswept: undefined,
      groups,
    };
  }
}

function groupState(read: GroupRead): GroupState {
  const { group, events, newest, wait } = read;
  const condition = read.failure ? 'failed' : read.ended ? 'ended' : (wait?.condition ?? 'reading');
  return {
    group,
    condition,
    missing: read.failure?.kind === 'not-found',
    events,
    newest,
    window: 0,
    interval: 0,
    windowShortened: false,
    failure: read.failure ?? wait?.failure,
  };
}
