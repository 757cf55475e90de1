import type { Tone } from '../../text/columns.ts';
import { type Row, rowWidth, type Segment, segments } from '../row.ts';
import { wrapRow } from '../use-document.ts';

/** How names stand before their values. */
export interface FieldStyle {
  /** Cells that a row may take. */
  readonly columns: number;
  /** Cells of the names' column. */
  readonly names: number;
  /** Cells before the name. */
  readonly indent?: number;
}

/** A name and its value; what does not fit goes on below the value's start. */
export function fieldRows(name: string, value: Row, { columns, names, indent = 0 }: FieldStyle): readonly Row[] {
  const lead = ' '.repeat(indent);
  return hanging([{ text: `${lead}${name.padEnd(names)} `, tone: 'dim' }], value, columns);
}

/** A text after a lead, in rows of `columns` cells; what does not fit goes on below the text's start. */
export function hanging(lead: readonly Segment[], text: Row, columns: number): readonly Row[] {
  const cells = rowWidth(lead);
  const room = Math.max(10, columns - cells);
  const [first = '', ...rest] = wrapRow(text, room);
  return [[...lead, ...segments(first)], ...rest.map((row): Row => [{ text: ' '.repeat(cells) }, ...segments(row)])];
}

/** A sentence in rows of `columns` cells, all in one tone, indented by one cell. */
export function sentenceRows(text: string, columns: number, tone: Tone = 'plain'): readonly Row[] {
  return hanging([{ text: ' ' }], [{ text, tone }], columns);
}

/** A whole number with its thousands set apart, such as `12,481`. */
export function counted(count: number): string {
  return count.toLocaleString('en');
}
