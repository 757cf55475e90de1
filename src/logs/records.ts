import { compareEvents, type LogEvent } from './event.ts';
import { headOf, type LogLine } from './lines.ts';
import { isError, type Severity } from './severity.ts';

/**
 * Lines that go on with what the line before began: indented ones, the parts of a Python or Java traceback, and the
 * grids that OpenMetadata prints its failures in. A log driver makes an event of each, with the same millisecond often.
 */
const CONTINUATION =
  /^(?:\s|Traceback \(most recent call last\)|(?:The above exception was|During handling of the above)|Caused by: |\.\.\. \d+ more|[|+][-=|+ ]|[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)(?::|$))/;

/** Lines of one record at most: a flood of indented lines is no single record. */
const LONGEST = 500;
/** The lines of a record are written together: a longer pause between two, in ms, ends it. */
const PAUSE = 2_000;

/** How a line stands in its record. */
export interface Standing {
  /** The record's first line, by which all of it has its place in time; undefined for that line itself. */
  readonly head: LogLine | undefined;
  /** The first error of its record: further ones are parts of the same trouble. */
  readonly fails: boolean;
}

/** The end of a stream as it is known so far, and the record there, which may still go on. */
interface StreamEnd {
  last: LogLine;
  lines: number;
  failed: boolean;
}

/**
 * Puts the lines of each stream together to records: a first line and those that go on with it, such as a traceback,
 * so that lines of other streams from the same moment do not tear them apart.
 */
export class Records {
  readonly #ends = new Map<string, Map<string, StreamEnd>>();

  /**
   * How an event stands after the last line of its stream; or, when it comes late, after the line that `before` finds
   * there.
   */
  standing(event: LogEvent, severity: Severity | undefined, before: () => LogLine | undefined): Standing {
    const end = this.#ends.get(event.group)?.get(event.stream);
    if (end === undefined || compareEvents(event, end.last.event) >= 0) {
      const head = end !== undefined && end.lines < LONGEST && goesOn(event, end.last) ? headOf(end.last) : undefined;
      return { head, fails: isError(severity) && (head === undefined || end?.failed !== true) };
    }
    const there = before();
    const head = there !== undefined && goesOn(event, there) ? headOf(there) : undefined;
    return { head, fails: isError(severity) && !isError(head?.severity) };
  }

  /** Takes in a line as it stands. */
  add(line: LogLine): void {
    const { event, head, fails } = line;
    const ends = this.#ends.get(event.group) ?? new Map<string, StreamEnd>();
    if (ends.size === 0) this.#ends.set(event.group, ends);
    const end = ends.get(event.stream);
    if (end === undefined) ends.set(event.stream, { last: line, lines: 1, failed: fails });
    else if (compareEvents(event, end.last.event) >= 0) {
      end.lines = head === undefined ? 1 : end.lines + 1;
      end.failed = fails || (head !== undefined && end.failed);
      end.last = line;
    }
  }

  clear(): void {
    this.#ends.clear();
  }
}

function goesOn(event: LogEvent, { event: last }: LogLine): boolean {
  return event.timestamp - last.timestamp <= PAUSE && (event.message === '' || CONTINUATION.test(event.message));
}

/** Rows in order, such as a buffer's. */
interface Rows {
  row(index: number): LogLine | undefined;
}

/** The lines of the record that a row belongs to, as far as they are among the rows. */
export function recordAt(rows: Rows, index: number): LogLine[] {
  const line = rows.row(index);
  if (line === undefined) return [];
  const head = headOf(line);
  const belongs = (at: number) => {
    const other = rows.row(at);
    return other !== undefined && headOf(other) === head;
  };
  let from = index;
  while (belongs(from - 1)) from -= 1;
  const record: LogLine[] = [];
  for (let at = from; belongs(at); at += 1) record.push(rows.row(at) as LogLine);
  return record;
}
