import { useMemo } from 'react';
import { shortAge } from '../../text/ages.ts';
import { printable } from '../../text/printable.ts';
import { COLUMN_GAP, type ColumnLayout, layoutColumns } from '../../text/table.ts';
import { pad } from '../../text/width.ts';
import { useConsole, useNow } from '../hooks.ts';
import { failureRows, messageRows } from '../message.ts';
import type { PaneMemory } from '../router.ts';
import type { Row as ScreenRow, Segment } from '../row.ts';
import type { Table } from '../use-table.ts';
import { Panel, panelInnerWidth } from './panel.tsx';

/** Cells before the first column, for the mark of the selected row. */
const MARGIN = 2;

/** A table in its panel, exactly `height` rows high; see use-table.ts. */
export function TablePanel<Row>({ table, width, height }: { table: Table<Row>; width: number; height: number }) {
  const console = useConsole();
  const now = useNow();
  const { columns, rows } = table.options;
  const inner = panelInnerWidth(width);
  // Measured when rows or width change, not for each painting: a column's place does not move with an age.
  const layout = useMemo(
    () => layoutColumns(columns, rows.data ?? [], inner - MARGIN, console.now()),
    [console, columns, rows.data, inner],
  );
  const visible = scroll(table, Math.max(0, height - 3));
  const body =
    visible.length > 0
      ? [
          headRow(layout, table.memory.sort),
          ...visible.map((row) =>
            cellsRow(row, layout, row === table.selected, table.focused, table.marked.includes(row), now),
          ),
        ]
      : noRows(table, inner);
  return (
    <Panel
      title={titleOf(table)}
      note={noteOf(table, now)}
      rows={body}
      width={width}
      height={height}
      focused={table.focused}
    />
  );
}

/** The rows that are shown: moved no further than needed to hold the selected one. */
function scroll<Row>({ shown, selectedAt, viewport }: Table<Row>, capacity: number): readonly Row[] {
  let { top } = viewport;
  top = Math.min(top, selectedAt, Math.max(0, shown.length - capacity));
  top = Math.max(top, selectedAt - capacity + 1, 0);
  viewport.top = top;
  viewport.rows = Math.max(1, capacity);
  return shown.slice(top, top + capacity);
}

function titleOf<Row>({ options, shown, total, marked, memory }: Table<Row>): readonly Segment[] {
  const filter = memory.filter ?? '';
  const narrowed = filter !== '' || memory.attention === true;
  const { phase } = options.rows;
  const unknown = phase === 'loading' || (phase === 'failed' && total === 0);
  return [
    { text: options.title },
    ...(unknown ? [] : [{ text: ` ${narrowed ? `${shown.length}/${total}` : total}` }]),
    ...(marked.length === 0 ? [] : [{ text: ` ${marked.length} marked`, tone: 'accent' } as const]),
    ...(filter === '' ? [] : [{ text: ` /${filter}`, tone: 'accent' } as const]),
    ...(memory.attention === true ? [{ text: ' needs attention', tone: 'warn' } as const] : []),
  ];
}

function noteOf<Row>({ options: { rows, note } }: Table<Row>, now: number): ScreenRow {
  if (rows.phase === 'stale' && rows.failure !== undefined) {
    const old = rows.readAt === undefined ? '' : ` ${shortAge(now - rows.readAt)}`;
    return [{ text: `as of${old} ago: ${rows.failure.message}`, tone: 'warn' }];
  }
  return note === undefined ? '' : [{ text: note, tone: 'dim' }];
}

function noRows<Row>({ options, total, memory }: Table<Row>, columns: number): readonly ScreenRow[] {
  const { phase, failure } = options.rows;
  if (phase === 'loading') return [[{ text: `Reading ${options.title} …`, tone: 'dim' }]];
  if (phase === 'failed' && failure !== undefined) return failureRows(failure, columns);
  if (total > 0 && memory.attention === true)
    return messageRows('Nothing needs attention. Ctrl-Z shows all.', columns, 'dim');
  if (total > 0)
    return messageRows(`None of ${total} matches /${memory.filter ?? ''}. Esc clears the filter.`, columns, 'dim');
  return messageRows(options.empty, columns, 'dim');
}

function headRow<Row>(layout: readonly ColumnLayout<Row>[], sort: PaneMemory['sort']): ScreenRow {
  const cells: Segment[] = [{ text: ' '.repeat(MARGIN) }];
  layout.forEach(({ column, width }, at) => {
    const arrow = sort?.column !== column.id ? '' : sort.descending ? '▼' : '▲';
    // The arrow takes a blank after the title, at worst one of the gap, so that sorting moves nothing.
    const title = column.align === 'right' ? pad(column.title, width, 'right') + arrow : column.title + arrow;
    const last = at === layout.length - 1;
    cells.push({ text: last ? title : pad(title, width + COLUMN_GAP), tone: 'dim', bold: true });
  });
  return cells;
}

function cellsRow<Row>(
  row: Row,
  layout: readonly ColumnLayout<Row>[],
  selected: boolean,
  focused: boolean,
  marked: boolean,
  now: number,
): ScreenRow {
  const highlighted = selected && focused;
  const cells: Segment[] = [
    { text: highlighted ? '>' : ' ', bold: true, inverse: highlighted },
    { text: marked ? '*' : ' ', tone: marked ? 'accent' : undefined, bold: true, inverse: highlighted },
  ];
  layout.forEach(({ column, width }, at) => {
    const { text, tone } = column.cell(row, now);
    const gap = at < layout.length - 1 ? ' '.repeat(COLUMN_GAP) : '';
    const shown = pad(printable(text), width, column.align);
    // On the selected row only trouble keeps its colour: a row of many grounds can't be read.
    const kept = highlighted && tone !== 'error' && tone !== 'warn' ? undefined : tone;
    cells.push({ text: shown, tone: kept, inverse: highlighted }, { text: gap, inverse: highlighted });
  });
  return cells;
}
