import { compareEvents, type LogEvent } from './event.ts';
import type { Severity } from './severity.ts';

/** A held line. The object is its identity: it stays the same while other lines come and go around it. */
export interface LogLine {
  /** Rising with each line taken in: the order of discovery. */
  readonly sequence: number;
  readonly event: LogEvent;
  readonly severity: Severity | undefined;
  /** How far behind the newest line of its group it came, ms; 0 where that is no more than usual. */
  readonly late: number;
  /** The first line of its record; undefined for that line itself. */
  readonly head: LogLine | undefined;
  /** The first error of its record. */
  readonly fails: boolean;
}

/** The first line of a line's record. */
export function headOf(line: LogLine): LogLine {
  return line.head ?? line;
}

/** The order of lines in time, records whole at the place of their first line; two lines are never equal. */
export function compareLines(a: LogLine, b: LogLine): number {
  const [headA, headB] = [headOf(a), headOf(b)];
  if (headA === headB) return a === headA ? (b === headA ? 0 : -1) : b === headB ? 1 : compareAlone(a, b);
  return compareAlone(headA, headB);
}

function compareAlone(a: LogLine, b: LogLine): number {
  return compareEvents(a.event, b.event) || a.sequence - b.sequence;
}

/**
 * Lines in time order that take in sorted batches at any place and lose their oldest: appending costs nothing, a late
 * batch costs one pass over what comes after it, losing costs nothing.
 */
export class OrderedLines {
  #items: LogLine[] = [];
  /** Items before it are gone. */
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  at(index: number): LogLine | undefined {
    return index < 0 ? undefined : this.#items[this.#head + index];
  }

  slice(from: number, to: number): LogLine[] {
    return this.#items.slice(this.#head + Math.max(0, from), this.#head + Math.max(0, to));
  }

  /** Takes in lines that are in order among themselves. */
  insert(added: readonly LogLine[]): void {
    const first = added[0];
    if (first === undefined) return;
    const last = this.#items.at(-1);
    if (this.length === 0 || last === undefined || compareLines(last, first) < 0) {
      for (const line of added) this.#items.push(line);
      return;
    }
    const tail = this.#items.splice(this.#head + this.countBefore(first));
    let next = 0;
    for (const line of added) {
      for (let held = tail[next]; held !== undefined && compareLines(held, line) < 0; held = tail[next]) {
        this.#items.push(held);
        next += 1;
      }
      this.#items.push(line);
    }
    for (; next < tail.length; next += 1) this.#items.push(tail[next] as LogLine);
  }

  /** How many lines come before `line` in time, whether it is held or not. */
  countBefore(line: LogLine): number {
    return this.#search((held) => compareLines(held, line) < 0);
  }

  /** How many lines have a timestamp before `timestamp` (ms since the epoch). */
  countBeforeTime(timestamp: number): number {
    return this.#search((held) => headOf(held).event.timestamp < timestamp);
  }

  /** Place of a held line; undefined when it isn't held. */
  indexOf(line: LogLine): number | undefined {
    const index = this.countBefore(line);
    return this.at(index) === line ? index : undefined;
  }

  /** Drops the oldest `count` lines. */
  dropFirst(count: number): void {
    this.#head += Math.min(count, this.length);
    // What is dropped is still held by its place: the list is made anew often enough for that to be little.
    if (this.#head > 1024 && this.#head > this.#items.length / 32) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }

  /** How many lines from the start on satisfy a condition that holds up to some place and not after it. */
  #search(before: (line: LogLine) => boolean): number {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (before(this.#items[middle] as LogLine)) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }
}
