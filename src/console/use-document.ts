import { useMemo, useState } from 'react';
import { printable } from '../text/printable.ts';
import { wrap } from '../text/width.ts';
import { joined, type Row, rowText, rowWidth, type Segment, segments } from './row.ts';

/** A text to scroll and search: its rows on the screen, and what its keys do. */
export interface TextDocument {
  /** Exactly as many as fit, or fewer. */
  readonly visible: readonly Row[];
  /** Such as `12-40 of 310`. */
  readonly position: string;
  readonly search: string;
  readonly wrapped: boolean;
  /** The row at the cursor, as it came. */
  readonly current: string;
  move(rows: number): void;
  page(pages: number): void;
  first(): void;
  last(): void;
  /** The row that the cursor is in. */
  readonly at: number;
  /** Moves the cursor to a row, with as much before it as after it. */
  show(row: number): void;
  setSearch(text: string): void;
  next(direction: 1 | -1): void;
  toggleWrap(): void;
}

/** Where the cursor is: a row, a part of it where it is wrapped, and how many lines are shown above it. */
interface Place {
  readonly source: number;
  readonly part: number;
  readonly above: number;
}

const START: Place = { source: 0, part: 0, above: 0 };

/**
 * Scrolls rows in a window of `width` x `height` cells, with a cursor row; long rows are wrapped, or cut when
 * wrapping is switched off.
 */
export function useDocument(rows: readonly Row[], width: number, height: number, wrapAtFirst = true): TextDocument {
  const [at, setAt] = useState<Place>(START);
  const [search, setSearch] = useState('');
  const [wrapped, setWrapped] = useState(wrapAtFirst);
  const lines = useMemo(
    () =>
      rows.flatMap((row, source) =>
        (wrapped ? wrapRow(row, width - 2, true) : [row]).map((line, part) => ({ line, source, part })),
      ),
    [rows, width, wrapped],
  );
  const last = Math.max(0, lines.length - 1);
  // The row stays where it was on the screen, in however many it is wrapped now.
  const whole = lines.findIndex(({ source, part }) => source === at.source && part === at.part);
  const cursor =
    whole >= 0
      ? whole
      : Math.max(
          0,
          Math.min(
            last,
            lines.findLastIndex(({ source }) => source <= at.source),
          ),
        );
  const shownTop = Math.max(
    0,
    Math.min(Math.max(cursor - at.above, cursor - height + 1), cursor, Math.max(0, lines.length - height)),
  );
  const wanted = search.toLowerCase();
  const holds = (row: Row, text: string) => rowText(row).toLowerCase().includes(text);
  /** Whether a line has a text, or begins a row that has it across a break. */
  const has = (index: number, text: string) => {
    const { line = '', source = 0, part } = lines[index] ?? {};
    if (holds(line, text)) return true;
    const row = rows[source] ?? '';
    return part === 0 && holds(row, text) && !lines.some((each) => each.source === source && holds(each.line, text));
  };
  const moveTo = (index: number) => {
    const next = Math.max(0, Math.min(index, last));
    const { source = 0, part = 0 } = lines[next] ?? {};
    const top = Math.max(Math.min(shownTop, next), next - height + 1);
    setAt({ source, part, above: next - top });
  };
  const seek = (from: number, direction: 1 | -1, text: string) => {
    for (let steps = 0; text !== '' && steps < lines.length; steps += 1) {
      const index = (from + steps * direction + lines.length * 2) % lines.length;
      if (has(index, text)) return moveTo(index);
    }
  };
  return {
    visible: lines
      .slice(shownTop, shownTop + height)
      .map(({ line }, index) => [
        { text: shownTop + index === cursor ? '> ' : '  ', tone: 'accent' },
        ...highlighted(line, wanted),
      ]),
    position:
      lines.length <= height ? '' : `${shownTop + 1}-${Math.min(lines.length, shownTop + height)} of ${lines.length}`,
    search,
    wrapped,
    current: rowText(rows[lines[cursor]?.source ?? 0] ?? '').trim(),
    move: (by) => moveTo(cursor + by),
    page: (pages) => moveTo(cursor + pages * Math.max(1, height - 1)),
    first: () => moveTo(0),
    last: () => moveTo(last),
    at: lines[cursor]?.source ?? 0,
    show: (source) => setAt({ source, part: 0, above: Math.floor(height / 2) }),
    setSearch: (text) => {
      setSearch(text);
      seek(cursor, 1, text.toLowerCase());
    },
    next: (direction) => seek(cursor + direction, direction, wanted),
    toggleWrap: () => setWrapped(!wrapped),
  };
}

/** What stands before a row's second column: a key, a field's name. */
const LABEL = /^ *\S+(?: \S+)* {2,}(?=\S)/;

/**
 * A row in rows of at most `columns` cells, styles kept; what goes on below is indented as the row is, or where it has
 * `columned` text as its second column.
 */
export function wrapRow(row: Row, columns: number, columned = false): readonly Row[] {
  if (columns <= 0 || rowWidth(row) <= columns) return [row];
  const letters = segments(row).flatMap((segment) =>
    [...printable(segment.text)].map((text): Segment => ({ ...segment, text })),
  );
  const most = Math.floor(columns / 2);
  const label = columned ? [...(LABEL.exec(letters.map(({ text }) => text).join(''))?.[0] ?? '')].length : 0;
  const indent = Math.min(
    letters.findIndex(({ text }) => text !== ' '),
    most,
  );
  const named = rowWidth(letters.slice(0, label)) <= most ? letters.slice(0, label) : [];
  const margin: Segment = { text: ' '.repeat(named.length === 0 ? Math.max(0, indent) : rowWidth(named)) };
  const rest = letters.slice(named.length === 0 ? margin.text.length : label);
  const whole = rest.map(({ text }) => text).join('');
  const wrapped: Row[] = [];
  let at = 0;
  let next = 0;
  for (const line of wrap(whole, columns - margin.text.length)) {
    // Wrapping drops the spaces at a break: find where this row's text goes on.
    const start = Math.max(at, whole.indexOf(line, at));
    const pieces: Segment[] = wrapped.length === 0 && named.length > 0 ? [...named] : [margin];
    for (; next < rest.length && at < start + line.length; next += 1) {
      const letter = rest[next];
      if (letter === undefined) break;
      if (at >= start) pieces.push(letter);
      at += letter.text.length;
    }
    wrapped.push(joined(pieces));
  }
  return wrapped;
}

/** A row with each place that matches inverse; `wanted` in lower case. */
export function highlighted(row: Row, wanted: string): readonly Segment[] {
  const parts = segments(row);
  if (wanted === '') return parts;
  return parts.flatMap((segment) => {
    const lower = segment.text.toLowerCase();
    // Some letters change length in lower case; positions would be wrong.
    if (lower.length !== segment.text.length) return [segment];
    const out: Segment[] = [];
    let from = 0;
    for (let at = lower.indexOf(wanted); at >= 0; at = lower.indexOf(wanted, at + wanted.length)) {
      if (at > from) out.push({ ...segment, text: segment.text.slice(from, at) });
      out.push({ ...segment, text: segment.text.slice(at, at + wanted.length), inverse: true });
      from = at + wanted.length;
    }
    if (from < segment.text.length) out.push({ ...segment, text: segment.text.slice(from) });
    return out;
  });
}
