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
/** A column this wide tells enough, unless it says itself: others fall away for it, see `FALLING`. */
const ENOUGH = 30;
/** Columns beyond these priorities fall away before any other is cut below 30 cells, or before one of priority 1 is. */
const FALLING = { forAny: 4, forFirst: 2 };

/**
 * Which columns fit into `totalWidth` cells, and how wide each is: as wide as its widest cell if there is
 * room; else those that say what is enough for them give way to it, then the widest, down to 12 cells; else columns fall
 * away, highest priority number first: those beyond priority 4 already before any other is cut below 30 cells, those
 * beyond 2 before one of priority 1 is. At least one column stays. `now` (ms since the epoch) goes to the cells.
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
    const least = Math.min(wanted, Math.max(width(column.title), Math.min(LEAST_WIDTH, column.enough ?? LEAST_WIDTH)));
    const enough = Math.min(wanted, Math.max(least, column.enough ?? ENOUGH));
    const content = column.enough === undefined ? wanted : enough;
    return { column, wanted, least, enough, content, wished: column.priority === 1 ? enough : least };
  });
  const needed = (needs: Need) => measured.reduce((sum, each) => sum + each[needs] + COLUMN_GAP, -COLUMN_GAP);
  const fallAway = (needs: Need, spared: number) => {
    while (measured.length > 1 && needed(needs) > totalWidth) {
      const last = Math.max(...measured.map((each) => each.column.priority));
      if (last <= spared) return;
      measured.splice(
        measured.findLastIndex((each) => each.column.priority === last),
        1,
      );
    }
  };
  fallAway('enough', FALLING.forAny);
  fallAway('wished', FALLING.forFirst);
  fallAway('least', 0);
  const floor: Need = needed('wished') <= totalWidth ? 'wished' : 'least';
  const room = totalWidth - COLUMN_GAP * (measured.length - 1);
  const limit = widthLimit(
    measured.map((each) => ({ wanted: each.content, least: each[floor] })),
    room,
  );
  const widths = measured.map(({ content, ...needs }) =>
    Math.max(1, Math.min(room, Math.max(needs[floor], Math.min(content, limit)))),
  );
  let spare = room - widths.reduce((sum, each) => sum + each, 0);
  return measured.map(({ column, wanted }, at) => {
    const given = widths[at] ?? 1;
    const more = Math.max(0, Math.min(spare, wanted - given));
    spare -= more;
    return { column, width: given + more };
  });
}

/** How much a column needs: to be told by its start, to be whole where it is one of the first, to be whole. */
type Need = 'least' | 'wished' | 'enough';

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
