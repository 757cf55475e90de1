import { printable } from '../text/printable.ts';
import { cut, width } from '../text/width.ts';
import { link } from './terminal/links.ts';
import { painted, type Style, type Theme } from './theme.ts';

/** A piece of a row; its text may be remote text as it came. */
export interface Segment extends Style {
  readonly text: string;
  /** An https address that the text opens. */
  readonly link?: string | undefined;
}

/** One row of the screen. */
export type Row = string | readonly Segment[];

/** A row as its segments. */
export function segments(row: Row): readonly Segment[] {
  return typeof row === 'string' ? [{ text: row }] : row;
}

/** A row's text without its styles, as it came. */
export function rowText(row: Row): string {
  return typeof row === 'string' ? row : row.map((segment) => segment.text).join('');
}

/** Cells that a row takes when nothing is cut. */
export function rowWidth(row: Row): number {
  return segments(row).reduce((sum, segment) => sum + width(printable(segment.text)), 0);
}

/** A row cut to `columns` cells, its texts printable; with `fill` in exactly as many. */
export function fitRow(row: Row, columns: number, fill = false): readonly Segment[] {
  const kept: Segment[] = [];
  let room = columns;
  for (const segment of segments(row)) {
    if (room <= 0) break;
    const text = cut(printable(segment.text), room);
    room -= width(text);
    kept.push({ ...segment, text });
  }
  if (fill && room > 0) kept.push({ text: ' '.repeat(room) });
  return kept;
}

/** Two rows as one of `columns` cells, the second at its right end; the first gives way. */
export function spread(left: Row, right: Row, columns: number): readonly Segment[] {
  const end = fitRow(right, columns);
  const room = columns - rowWidth(end);
  if (room < 2) return [{ text: ' '.repeat(room) }, ...end];
  return [...fitRow(left, room - 1, true), { text: ' ' }, ...end];
}

/** Neighbours of the same style as one segment; empty ones go. */
export function joined(pieces: readonly Segment[]): readonly Segment[] {
  const out: Segment[] = [];
  for (const piece of pieces) {
    if (piece.text === '') continue;
    const before = out.at(-1);
    if (before !== undefined && isSameStyle(before, piece)) {
      out[out.length - 1] = { ...before, text: before.text + piece.text };
    } else out.push(piece);
  }
  return out;
}

function isSameStyle(one: Segment, other: Segment): boolean {
  return (
    (one.tone ?? 'plain') === (other.tone ?? 'plain') &&
    (one.bold ?? false) === (other.bold ?? false) &&
    (one.inverse ?? false) === (other.inverse ?? false) &&
    (one.underline ?? false) === (other.underline ?? false) &&
    one.link === other.link
  );
}

/**
 * A row as the terminal gets it: printable, cut to `columns` cells, styled. With `fill` it takes all of
 * them, so that it covers what is below it.
 */
export function paintRow(row: Row, columns: number, theme: Theme, fill = false): string {
  let out = '';
  for (const segment of joined(fitRow(row, columns, fill))) {
    const text = painted(segment.text, segment, theme);
    out += segment.link === undefined ? text : link(text, segment.link);
  }
  return out;
}
