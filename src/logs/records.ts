import type { LogEvent } from './event.ts';
import type { LogLine } from './lines.ts';

/**
 * Lines that go on with what the line before began: indented ones, the parts of a Python or Java traceback, and the
 * grids that OpenMetadata prints its failures in. A log driver makes an event of each, with the same millisecond often.
 */
const CONTINUATION =
  /^(?:\s|Traceback \(most recent call last\)|(?:The above exception was|During handling of the above)|Caused by: |\.\.\. \d+ more|[|+][-=|+ ]|[A-Za-z_][\w.]*(?:Error|Exception|Warning|Interrupt|Exit)(?::|$))/;

/** Lines of one record at most: a flood of indented lines is no single record. */
const LONGEST = 500;

/** Whether a line belongs to the record that the line before it (of the same stream) began. */
function isContinuation(message: string): boolean {
  return message === '' || CONTINUATION.test(message);
}

/** Events, in order, as records: each a first line and the lines that go on with it, per stream. */
export function groupRecords(events: Iterable<LogEvent>): LogEvent[][] {
  const records: LogEvent[][] = [];
  const open = new Map<string, LogEvent[]>();
  for (const event of events) {
    const key = `${event.group}\n${event.stream}`;
    const current = open.get(key);
    if (current !== undefined && current.length < LONGEST && isContinuation(event.message)) current.push(event);
    else {
      const record = [event];
      records.push(record);
      open.set(key, record);
    }
  }
  return records;
}

/** Rows in time order, such as a buffer's. */
export interface Rows {
  readonly rows: number;
  row(index: number): LogLine | undefined;
}

/** The record that a row belongs to, whole: rows of the same stream only, whatever stands between them. */
export function recordAt(rows: Rows, index: number): LogLine[] {
  const line = rows.row(index);
  if (line === undefined) return [];
  const same = (other: LogLine) => other.event.stream === line.event.stream && other.event.group === line.event.group;
  const record = [line];
  for (let above = index - 1; above >= 0 && index - above <= LONGEST; above -= 1) {
    if (!isContinuation(record[0]?.event.message ?? '')) break;
    const other = rows.row(above);
    if (other !== undefined && same(other)) record.unshift(other);
  }
  for (let below = index + 1; below < rows.rows && below - index <= LONGEST; below += 1) {
    const other = rows.row(below);
    if (other === undefined || !same(other)) continue;
    if (!isContinuation(other.event.message)) break;
    record.push(other);
  }
  return record;
}
