import type { Column } from './columns.ts';
import { printable } from './printable.ts';
import { width } from './width.ts';

/** A column that is shown, and how many cells it gets. */
export interface ColumnLayout<Row> {
  readonly column: Column<Row>;
  readonly width: number;
}

/** Cells between two columns. */
export const COLUMN_GAP = 2;

/** A column that has to give way keeps this much, so that its start can still be told. */
const LEAST_WIDTH = 12;

/**
 * Which columns fit into `totalWidth` cells, and how wide each is: as wide as its widest cell if there is
 * room; else the widest give way first, down to 12 cells; else columns fall away, highest priority number
 * first. At least one column stays. `now` (ms since the epoch) goes to the cells.
 */
export function layoutColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  totalWidth: number,
  now: number,
): ColumnLayout<Row>[] {
  const measured = columns.map((column) => {
    let widest = width(column.title);
    for (const row of rows) widest = Math.max(widest, width(printable(column.cell(row, now).text)));
    const wanted = Math.max(width(column.title), Math.min(widest, column.maxWidth ?? Number.POSITIVE_INFINITY));
    return { column, wanted, least: Math.min(wanted, Math.max(width(column.title), LEAST_WIDTH)) };
  });
  const needed = () => measured.reduce((sum, each) => sum + each.least + COLUMN_GAP, -COLUMN_GAP);
  while (measured.length > 1 && needed() > totalWidth) {
    const last = Math.max(...measured.map((each) => each.column.priority));
    measured.splice(
      measured.findLastIndex((each) => each.column.priority === last),
      1,
    );
  }
  const room = totalWidth - COLUMN_GAP * (measured.length - 1);
  const limit = widthLimit(measured, room);
  return measured.map(({ column, wanted, least }) => ({
    column,
    width: Math.max(1, Math.min(room, Math.max(least, Math.min(wanted, limit)))),
  }));
}

/** The largest width that all columns may have for their sum to stay within `room`. */
function widthLimit(columns: readonly { wanted: number; least: number }[], room: number): number {
  const sum = (limit: number) =>
    columns.reduce((total, { wanted, least }) => total + Math.max(least, Math.min(wanted, limit)), 0);
  if (sum(Number.POSITIVE_INFINITY) <= room) return Number.POSITIVE_INFINITY;
  let low = 0;
  let high = room;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (sum(middle) <= room) low = middle;
    else high = middle - 1;
  }
  return low;
}

const byWords = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

/** The rows sorted by a column, numbers before texts, equal ones in their order; a new array. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row>, descending: boolean, now: number): Row[] {
  const keyed = rows.map((row) => ({ row, key: column.sortKey?.(row) ?? column.cell(row, now).text }));
  const direction = descending ? -1 : 1;
  keyed.sort((a, b) => direction * compareKeys(a.key, b.key));
  return keyed.map(({ row }) => row);
}

function compareKeys(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'number') return -1;
  if (typeof b === 'number') return 1;
  return byWords.compare(a, b);
}
