import { compareEvents, LATE, type LogEvent } from './event.ts';
import type { TimeRange } from './follow-state.ts';
import { compareLines, type LogLine, OrderedLines } from './lines.ts';
import type { LineMatcher } from './matcher.ts';
import { Records } from './records.ts';
import { Selection } from './selection.ts';
import { severityOf } from './severity.ts';

export type { LogLine } from './lines.ts';

/** Bounds of a buffer. */
export interface LogBufferOptions {
  /** Lines held at most; 200,000 when absent. */
  readonly maxLines?: number;
  /** Memory of the held lines at most, in bytes as estimated by `bytes`; 128 MiB when absent. */
  readonly maxBytes?: number;
  /** How long filter and search may hold the thread at a time, in ms; 5 when absent. */
  readonly scanSlice?: number;
}

/** What had to be let go to stay within the bounds. */
export interface Evicted {
  readonly lines: number;
  /** Event times of the evicted lines; undefined when there are none. */
  readonly range: TimeRange | undefined;
}

/** How far a filter or search has come. */
export interface ScanState {
  readonly matcher: LineMatcher;
  /** Lines found so far. */
  readonly found: number;
  /** Share of the held lines that were looked at, 0 to 1. */
  readonly progress: number;
}

/** A line's objects and strings beside its text, measured on V8: event, line, id, and places in the orders. */
const LINE_OVERHEAD = 260;
/** Lines tested before the time is looked at. */
const SCAN_LINES = 500;
const SCAN_SLICE = 5;
/** Lines looked at for the one that a late line follows. */
const NEAR = 1000;

/**
 * Log lines in time order, late ones in their place, bounded by lines and bytes. A filter chooses the `rows`; a search
 * and the errors are found within them. Filters and searches run in short slices between other work, so a key never
 * waits for them. Every change raises `version` and calls the subscribers.
 */
export class LogBuffer {
  readonly maxLines: number;
  readonly maxBytes: number;
  readonly #scanSlice: number;
  readonly #lines = new OrderedLines();
  readonly #listeners = new Set<() => void>();
  /** Newest timestamp held, by group: what comes before it is late. */
  readonly #newest = new Map<string, number>();
  readonly #records = new Records();
  readonly #marks = new Set<LogLine>();
  #filter: { readonly matcher: LineMatcher; readonly selection: Selection } | undefined;
  #search: { readonly matcher: LineMatcher; readonly selection: Selection } | undefined;
  #errors: Selection;
  #version = 0;
  #sequence = 0;
  #bytes = 0;
  #late = 0;
  #evictedLines = 0;
  #evictedRange: TimeRange | undefined;
  #scanning = false;
  #settled: (() => void)[] = [];

  constructor(options: LogBufferOptions = {}) {
    this.maxLines = options.maxLines ?? 200_000;
    this.maxBytes = options.maxBytes ?? 128 * 1024 * 1024;
    this.#scanSlice = options.scanSlice ?? SCAN_SLICE;
    this.#errors = this.#newErrors();
  }

  /** Rises with every change. */
  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Lines held, whether the filter shows them or not. */
  get size(): number {
    return this.#lines.length;
  }

  /** Memory of the held lines, an estimate in bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  get evicted(): Evicted {
    return { lines: this.#evictedLines, range: this.#evictedRange };
  }

  /** Lines that came late since the start. */
  get late(): number {
    return this.#late;
  }

  /** Takes in events in any order; the reader has already dropped doubles. */
  add(events: readonly LogEvent[]): void {
    if (events.length === 0) return;
    const newest = new Map(this.#newest);
    const added: LogLine[] = [];
    for (const event of [...events].sort(compareEvents)) {
      const { timestamp, group, message } = event;
      const behind = (newest.get(group) ?? timestamp) - timestamp;
      const late = behind > LATE ? behind : 0;
      if (late > 0) this.#late += 1;
      if (timestamp > (this.#newest.get(group) ?? Number.NEGATIVE_INFINITY)) this.#newest.set(group, timestamp);
      this.#bytes += lineBytes(event);
      this.#sequence += 1;
      const severity = severityOf(message);
      const { head, fails } = this.#records.standing(event, severity, () => this.#lineBefore(event, added));
      // Not by spreading, which gives each line a second object for what was spread.
      const line = { sequence: this.#sequence, event, severity, late, head, fails };
      this.#records.add(line);
      added.push(line);
    }
    added.sort(compareLines);
    this.#lines.insert(added);
    for (const selection of this.#selections()) selection.add(added);
    this.#evict();
    this.#startScan();
    this.#changed();
  }

  /** Drops all lines, marks and counts; filter and search stay. */
  clear(): void {
    this.#lines.clear();
    this.#newest.clear();
    this.#records.clear();
    this.#marks.clear();
    this.#bytes = 0;
    this.#late = 0;
    this.#evictedLines = 0;
    this.#evictedRange = undefined;
    for (const selection of this.#selections()) selection.dropBefore(undefined);
    this.#changed();
  }

  /** Rows: the held lines that pass the filter. */
  get rows(): number {
    return this.#rows.length;
  }

  row(index: number): LogLine | undefined {
    return this.#rows.at(index);
  }

  /** The rows from `from` up to `to`, excluded. */
  slice(from: number, to: number): LogLine[] {
    return this.#rows.slice(from, to);
  }

  /** The row of a line, or undefined when the filter hides it or it was evicted. */
  rowOf(line: LogLine): number | undefined {
    return this.#rows.indexOf(line);
  }

  /** The row where a line stands or would stand: stays meaningful when the line is hidden or gone. */
  nearestRow(line: LogLine): number {
    return Math.min(this.#rows.countBefore(line), Math.max(0, this.rows - 1));
  }

  /** The first row at or after a time (ms since the epoch); the last row when all are before it. */
  rowAtTime(timestamp: number): number {
    return Math.min(this.#rows.countBeforeTime(timestamp), Math.max(0, this.rows - 1));
  }

  /** Shows only the lines that match, or all again. Runs in slices: rows grow while it does. */
  setFilter(matcher: LineMatcher | undefined): void {
    this.#filter =
      matcher === undefined
        ? undefined
        : { matcher, selection: new Selection(this.#lines, (line) => passes(matcher, line)) };
    this.#errors = this.#newErrors();
    this.setSearch(this.#search?.matcher);
  }

  get filter(): ScanState | undefined {
    return scanState(this.#filter);
  }

  /** Looks for a text in the rows, or for nothing any more. Runs in slices. */
  setSearch(matcher: LineMatcher | undefined): void {
    this.#search =
      matcher === undefined
        ? undefined
        : {
            matcher,
            selection: new Selection(this.#lines, (line) => this.#shown(line) && matcher.test(line.event.message)),
          };
    this.#startScan();
    this.#changed();
  }

  get search(): ScanState | undefined {
    return scanState(this.#search);
  }

  /** The next row (or, with -1, the one before) after row `from` that the search found; undefined at the end. */
  nextMatch(from: number, direction: 1 | -1): number | undefined {
    return this.#search === undefined ? undefined : this.#step(this.#search.selection.lines, from, direction);
  }

  /** As `nextMatch`, for rows of severity error and critical, of which a record counts as one. */
  nextError(from: number, direction: 1 | -1): number | undefined {
    return this.#step(this.#errors.lines, from, direction);
  }

  /** Errors among the rows. */
  get errors(): number {
    return this.#errors.lines.length;
  }

  /** Sets a mark on a line, or takes it off. */
  toggleMark(line: LogLine): void {
    if (!this.#marks.delete(line)) this.#marks.add(line);
    this.#changed();
  }

  isMarked(line: LogLine): boolean {
    return this.#marks.has(line);
  }

  /** The marked lines, in time order. */
  get marks(): LogLine[] {
    return [...this.#marks].sort(compareLines);
  }

  /** As `nextMatch`, for marked rows. */
  nextMark(from: number, direction: 1 | -1): number | undefined {
    const marked = new OrderedLines();
    marked.insert(this.marks.filter((line) => this.rowOf(line) !== undefined));
    return this.#step(marked, from, direction);
  }

  /** Resolves when filter and search have looked at every line held. */
  settled(): Promise<void> {
    return this.#scanning ? new Promise((resolve) => this.#settled.push(resolve)) : Promise.resolve();
  }

  /** The line of the same stream that comes before a late event, if it is near: among those held or just added. */
  #lineBefore(event: LogEvent, added: readonly LogLine[]): LogLine | undefined {
    const held = lastOfStream(event, (at) => this.#lines.at(at), this.#lines.countBeforeTime(event.timestamp + 1));
    const fresh = lastOfStream(event, (at) => added[at], added.length);
    return held === undefined || (fresh !== undefined && compareEvents(held.event, fresh.event) < 0) ? fresh : held;
  }

  get #rows(): OrderedLines {
    return this.#filter?.selection.lines ?? this.#lines;
  }

  #shown(line: LogLine): boolean {
    return this.#filter === undefined || passes(this.#filter.matcher, line);
  }

  #newErrors(): Selection {
    return new Selection(this.#lines, (line) => line.fails && this.#shown(line));
  }

  #selections(): Selection[] {
    const chosen = [this.#filter?.selection, this.#search?.selection, this.#errors];
    return chosen.filter((selection) => selection !== undefined);
  }

  #step(lines: OrderedLines, from: number, direction: 1 | -1): number | undefined {
    const here = this.#rows.at(from);
    if (here === undefined) return undefined;
    let index = lines.countBefore(here) + (direction === 1 ? 0 : -1);
    if (lines.at(index) === here) index += direction;
    for (let line = lines.at(index); line !== undefined; line = lines.at(index)) {
      const row = this.rowOf(line);
      if (row !== undefined) return row;
      // Found by the search, not yet by the filter's own scan: the next one may be there already.
      index += direction;
    }
    return undefined;
  }

  #evict(): void {
    let count = 0;
    let bytes = this.#bytes;
    while (this.#lines.length - count > this.maxLines || (bytes > this.maxBytes && this.#lines.length - count > 1)) {
      const line = this.#lines.at(count) as LogLine;
      bytes -= lineBytes(line.event);
      this.#marks.delete(line);
      const { timestamp } = line.event;
      this.#evictedRange = {
        from: Math.min(this.#evictedRange?.from ?? timestamp, timestamp),
        to: Math.max(this.#evictedRange?.to ?? timestamp, timestamp),
      };
      count += 1;
    }
    if (count === 0) return;
    this.#lines.dropFirst(count);
    this.#bytes = bytes;
    this.#evictedLines += count;
    const oldest = this.#lines.at(0);
    for (const selection of this.#selections()) selection.dropBefore(oldest);
  }

  #startScan(): void {
    if (this.#scanning || this.#selections().every((selection) => selection.done)) return;
    this.#scanning = true;
    setImmediate(() => this.#scan());
  }

  #scan(): void {
    const pending = this.#selections().filter((selection) => !selection.done);
    const end = performance.now() + this.#scanSlice;
    do {
      pending.find((selection) => !selection.done)?.scan(SCAN_LINES);
    } while (performance.now() < end && pending.some((selection) => !selection.done));
    if (this.#selections().some((selection) => !selection.done)) setImmediate(() => this.#scan());
    else {
      this.#scanning = false;
      for (const resolve of this.#settled.splice(0)) resolve();
    }
    if (pending.length > 0) this.#changed();
  }

  #changed(): void {
    this.#version += 1;
    for (const listener of this.#listeners) listener();
  }
}

function scanState(scan: { matcher: LineMatcher; selection: Selection } | undefined): ScanState | undefined {
  return scan && { matcher: scan.matcher, found: scan.selection.lines.length, progress: scan.selection.progress };
}

/** The last line before row `end` that is of an event's stream and not after it. */
function lastOfStream(event: LogEvent, at: (row: number) => LogLine | undefined, end: number): LogLine | undefined {
  for (let row = end - 1; row >= Math.max(0, end - NEAR); row -= 1) {
    const line = at(row);
    if (line === undefined || line.event.stream !== event.stream || line.event.group !== event.group) continue;
    if (compareEvents(line.event, event) <= 0) return line;
  }
  return undefined;
}

/** Whether a filter shows a line: it itself, or the first line of its record, holds what is looked for. */
function passes(matcher: LineMatcher, { event, head }: LogLine): boolean {
  const itself = matcher.test(event.message);
  if (head === undefined) return itself;
  const first = matcher.test(head.event.message);
  return matcher.inverse ? itself && first : itself || first;
}

function lineBytes(event: LogEvent): number {
  return event.message.length + event.eventId.length + LINE_OVERHEAD;
}
