import { createStore, type StoreApi } from 'zustand/vanilla';
import { LogBuffer, type LogLine } from '../../logs/buffer.ts';
import type { LogEvent } from '../../logs/event.ts';
import type { FollowState } from '../../logs/follow.ts';
import type { LineMatcher } from '../../logs/matcher.ts';
import type { Pace } from './pace.ts';

/** How a log's times are shown. */
export type LogTimes = 'local' | 'utc' | 'age';

/** How the window looks at its buffer; painting needs nothing else. */
export interface LogWindowState {
  /** The buffer's version: rows have to be painted anew when it has changed. */
  readonly version: number;
  /** The newest line stays at the bottom. */
  readonly following: boolean;
  /** Stopped by hand: lines are collected and the window stands. */
  readonly paused: boolean;
  /** The line at the cursor and the one at the top; undefined: the newest. */
  readonly cursor: LogLine | undefined;
  readonly top: LogLine | undefined;
  readonly wrap: boolean;
  readonly times: LogTimes;
  readonly pretty: boolean;
  readonly follow: FollowState | undefined;
}

/** A window onto a log buffer: where it stands and how it shows its lines. Data is painted 12 times a second at most. */
export class LogWindow {
  readonly buffer = new LogBuffer();
  readonly store: StoreApi<LogWindowState>;
  readonly #pace: Pace;
  readonly #unsubscribe: () => void;

  constructor(pace: Pace) {
    this.#pace = pace;
    this.store = createStore<LogWindowState>()(() => ({
      version: 0,
      following: true,
      paused: false,
      cursor: undefined,
      top: undefined,
      wrap: false,
      times: 'local',
      pretty: false,
      follow: undefined,
    }));
    this.#unsubscribe = this.buffer.subscribe(() => this.#pace.request(this.#publish));
  }

  readonly #publish = () => this.store.setState({ version: this.buffer.version });

  add(events: readonly LogEvent[]): void {
    this.buffer.add(events);
  }

  /** The follower's state changed; painted with the next lines. */
  setFollow(follow: FollowState): void {
    this.#pace.request(() => this.store.setState({ follow }));
  }

  /** The row of the cursor; the newest while it follows. */
  cursorRow(): number {
    const { cursor, following } = this.store.getState();
    const last = Math.max(0, this.buffer.rows - 1);
    if (following || cursor === undefined) return last;
    return this.buffer.rowOf(cursor) ?? this.buffer.nearestRow(cursor);
  }

  /** Moves the cursor to a row; scrolling up lets go of the newest line, reaching it does not take hold again. */
  moveTo(row: number): void {
    const last = Math.max(0, this.buffer.rows - 1);
    const line = this.buffer.row(Math.max(0, Math.min(row, last)));
    if (line !== undefined) this.store.setState({ cursor: line, following: false });
  }

  /** To the newest line, and along with it from now on. */
  followNewest(): void {
    this.store.setState({ following: true, paused: false, cursor: undefined, top: undefined });
  }

  /** Stands still while lines are collected, or goes on at the newest. */
  togglePause(): void {
    const { paused } = this.store.getState();
    if (paused) {
      this.followNewest();
      return;
    }
    const last = this.buffer.row(this.buffer.rows - 1);
    this.store.setState({ paused: true, following: false, cursor: this.store.getState().cursor ?? last });
  }

  setTop(top: LogLine | undefined): void {
    if (this.store.getState().top !== top) this.store.setState({ top });
  }

  set(change: Partial<Pick<LogWindowState, 'wrap' | 'times' | 'pretty'>>): void {
    this.store.setState(change);
  }

  setFilter(matcher: LineMatcher | undefined): void {
    this.buffer.setFilter(matcher);
    this.#publish();
  }

  setSearch(matcher: LineMatcher | undefined): void {
    this.buffer.setSearch(matcher);
    this.#publish();
  }

  /** Forgets all lines, such as for another time range. */
  clear(): void {
    this.buffer.clear();
    this.followNewest();
  }

  close(): void {
    this.#unsubscribe();
  }
}
