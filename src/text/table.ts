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
/** Columns of the third priority and below fall away before what a row is known by (the first) is cut shorter than this. */
const LEAST_OF_FIRST = 30;
const SPARED = 2;

/**
 * Which columns fit into `totalWidth` cells, and how wide each is: as wide as its widest cell if there is
 * room; else the widest give way first, down to 12 cells; else columns fall away, highest priority number
 * first, those beyond priority 2 already before one of priority 1 is cut below 30 cells. At least one column stays. `now` (ms since the epoch) goes to the cells.
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
    const least = Math.min(wanted, Math.max(width(column.title), LEAST_WIDTH));
    const wished = column.priority === 1 ? Math.min(wanted, Math.max(least, LEAST_OF_FIRST)) : least;
    return { column, wanted, least, wished };
  });
  const fallAway = (needs: 'least' | 'wished', spared: number) => {
    for (;;) {
      const needed = measured.reduce((sum, each) => sum + each[needs] + COLUMN_GAP, -COLUMN_GAP);
      const last = Math.max(...measured.map((each) => each.column.priority));
      if (needed <= totalWidth || measured.length === 1 || last <= spared) return;
      measured.splice(
        measured.findLastIndex((each) => each.column.priority === last),
        1,
      );
    }
  };
  fallAway('wished', SPARED);
  fallAway('least', 0);
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

/** Made at its first use: its tables are a good part of a start. */
let byWords: Intl.Collator | undefined;

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
  byWords ??= new Intl.Collator('en', { numeric: true, sensitivity: 'base' });
  return byWords.compare(a, b);
}
