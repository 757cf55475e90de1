import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { LogBuffer, type LogLine } from '../../logs/buffer.ts';
import type { LogEvent } from '../../logs/event.ts';
import type { FollowState } from '../../logs/follow.ts';
import type { LineMatcher } from '../../logs/matcher.ts';
import type { Pace } from './pace.ts';

/** Lines taken in at once: some ms of work. */
const PART = 2_000;

/** How a log's times are shown. */
export type LogTimes = 'local' | 'utc' | 'age';

/** How lines are laid out: taken apart for reading, JSON over several rows, or as they came. */
export type LogLayout = 'readable' | 'pretty' | 'raw';

/** What became of going to a line: it was found, found by going on at the other end, or there is none. */
export type Sought = 'found' | 'wrapped' | 'none';

/** Lines of one kind: the next of them from a row, and whether a line is one. */
interface Kind {
  readonly step: (from: number, direction: 1 | -1) => number | undefined;
  readonly is: (line: LogLine) => boolean;
}

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
  /** Rows that there were when it was stopped. */
  readonly pausedAt: number;
  /** The newest line that there was when it was stopped. */
  readonly pausedLine: LogLine | undefined;
  readonly wrap: boolean;
  readonly times: LogTimes;
  readonly layout: LogLayout;
  /** Whether each line shows the stream it is from. */
  readonly streams: boolean;
  readonly follow: FollowState | undefined;
}

/** A window onto a log buffer: where it stands and how it shows its lines. Data is painted 12 times a second at most. */
export class LogWindow {
  readonly buffer = new LogBuffer();
  readonly store: StoreApi<LogWindowState>;
  readonly #pace: Pace;
  /** Rises when all lines are forgotten: what is still being taken in is then no longer wanted. */
  #filling = 0;
  /** What the line has that it opens at, and the line that it was moved to for that. */
  #opening: { readonly text: string; readonly at?: LogLine } | undefined;
  readonly #unsubscribe: () => void;

  constructor(pace: Pace) {
    // 200,000 lines are some 100 MB of heap: V8 would let it grow to twice that before it looks for what can go. It stays so
    // for the whole process, and is worth it: some 210 MiB of memory instead of 373, keys as fast (test/bench/log-view.bench.ts).
    setFlagsFromString('--optimize-for-size');
    // That also makes the room for young objects small again and again: while lines pour in it grows back at once, in a
    // fifth of the collections.
    setFlagsFromString('--semi-space-growth-factor=16');
    this.#pace = pace;
    this.store = createStore<LogWindowState>()(() => ({
      version: 0,
      following: true,
      paused: false,
      cursor: undefined,
      top: undefined,
      pausedAt: 0,
      pausedLine: undefined,
      wrap: false,
      times: 'local',
      layout: 'readable',
      streams: false,
      follow: undefined,
    }));
    this.#unsubscribe = this.buffer.subscribe(() => this.#pace.request(this.#publish));
  }

  readonly #publish = () => this.store.setState({ version: this.buffer.version });

  /** Takes in lines, many of them in parts with a turn of the loop between, so that no key waits for a whole page. */
  async add(events: readonly LogEvent[]): Promise<void> {
    const filling = this.#filling;
    for (let from = 0; from < events.length && filling === this.#filling; from += PART) {
      if (from > 0) await turn();
      if (filling !== this.#filling) return;
      const part = events.slice(from, from + PART);
      this.buffer.add(part);
      this.#open(part);
    }
  }

  /** Goes to the first line that has a text, once it is there and as long as nobody has moved. */
  openAt(text: string): void {
    this.#opening = { text };
  }

  #open(added: readonly LogEvent[]): void {
    const opening = this.#opening;
    if (opening === undefined || !added.some(({ message }) => message.includes(opening.text))) return;
    const { following, cursor } = this.store.getState();
    if (!following && cursor !== opening.at) return;
    for (let row = 0; row < this.buffer.rows; row += 1) {
      const line = this.buffer.row(row);
      if (line?.event.message.includes(opening.text) !== true) continue;
      this.moveTo(row);
      this.setTop(undefined);
      this.#opening = { ...opening, at: line };
      return;
    }
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

  /** Rows that may be shown: while it is stopped those that there were then, and what the cursor was moved to. */
  shownRows(): number {
    const { paused, pausedLine } = this.store.getState();
    if (!paused) return this.buffer.rows;
    const stopped =
      pausedLine === undefined ? 0 : (this.buffer.rowOf(pausedLine) ?? this.buffer.nearestRow(pausedLine)) + 1;
    return Math.min(
      this.buffer.rows,
      Math.max(stopped, this.store.getState().cursor === undefined ? 0 : this.cursorRow() + 1),
    );
  }

  /** Moves the cursor to a row; scrolling up lets go of the newest line, reaching it does not take hold again. */
  moveTo(row: number): void {
    const last = Math.max(0, this.buffer.rows - 1);
    const line = this.buffer.row(Math.max(0, Math.min(row, last)));
    if (line !== undefined) this.store.setState({ cursor: line, following: false });
  }

  /** To the first line from a time (ms since the epoch) on; false where all lines are older or all are newer. */
  seekTime(timestamp: number): boolean {
    const { buffer } = this;
    const within = (buffer.row(0)?.event.timestamp ?? timestamp + 1) <= timestamp;
    const row = buffer.rowAtTime(timestamp);
    this.moveTo(row);
    return within && (buffer.row(row)?.event.timestamp ?? 0) >= timestamp;
  }

  /** To the newest line, and along with it from now on. */
  followNewest(): void {
    this.#opening = undefined;
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
    this.store.setState({
      paused: true,
      pausedAt: this.buffer.rows,
      pausedLine: last,
      following: false,
      cursor: this.store.getState().cursor ?? last,
    });
  }

  setTop(top: LogLine | undefined): void {
    if (this.store.getState().top !== top) this.store.setState({ top });
  }

  set(change: Partial<Pick<LogWindowState, 'wrap' | 'times' | 'layout' | 'streams'>>): void {
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

  /**
   * To the next line that the search found, or the one before; beyond the last it goes on at the other end.
   * Resolves once all lines were looked at.
   */
  async seekMatch(direction: 1 | -1): Promise<Sought> {
    await this.buffer.settled();
    return this.#seek(this.#matches(), direction);
  }

  /** To the match at the cursor, else the nearest one before it, else after it. */
  async seekNearestMatch(): Promise<Sought> {
    await this.buffer.settled();
    return this.#goTo(this.#at(this.#matches(), this.cursorRow(), -1) ?? this.buffer.nextMatch(this.cursorRow(), 1));
  }

  /** As `seekMatch`, for errors; from the newest line it goes to the newest error. */
  async seekError(direction: 1 | -1): Promise<Sought> {
    await this.buffer.settled();
    const { buffer } = this;
    const errors: Kind = {
      step: (from, way) => buffer.nextError(from, way),
      is: ({ fails }) => fails,
    };
    if (this.store.getState().following) return this.#goTo(this.#at(errors, this.cursorRow(), -1));
    return this.#seek(errors, direction);
  }

  /** As `seekMatch`, for marked lines. */
  seekMark(direction: 1 | -1): Sought {
    const { buffer } = this;
    return this.#seek(
      { step: (from, way) => buffer.nextMark(from, way), is: (line) => buffer.isMarked(line) },
      direction,
    );
  }

  #matches(): Kind {
    const { buffer } = this;
    return {
      step: (from, way) => buffer.nextMatch(from, way),
      is: ({ event }) => buffer.search?.matcher.test(event.message) === true,
    };
  }

  #seek(kind: Kind, direction: 1 | -1): Sought {
    const row = kind.step(this.cursorRow(), direction);
    if (row !== undefined) return this.#goTo(row);
    const other = this.#at(kind, direction === 1 ? 0 : this.buffer.rows - 1, direction);
    return this.#goTo(other) === 'none' ? 'none' : 'wrapped';
  }

  /** The first line of a kind from a row on, that row among them. */
  #at({ step, is }: Kind, from: number, direction: 1 | -1): number | undefined {
    const line = this.buffer.row(from);
    return line !== undefined && is(line) ? from : step(from, direction);
  }

  #goTo(row: number | undefined): Sought {
    if (row === undefined) return 'none';
    this.moveTo(row);
    return 'found';
  }

  /** Forgets all lines, such as for another time range. */
  clear(): void {
    this.#filling += 1;
    this.buffer.clear();
    this.followNewest();
  }

  close(): void {
    this.#unsubscribe();
  }
}
