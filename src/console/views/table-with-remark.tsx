import { Box } from 'ink';
import type { Row } from '../row.ts';
import type { Table } from '../use-table.ts';
import { TablePanel } from '../widgets/table.tsx';
import { Rows } from '../widgets/text.tsx';
import { sentenceRows } from './field-rows.ts';

/** Rows that a remark may take; they are kept free, so that nothing moves with the selection. */
const REMARK_ROWS = 2;

/** A table, and below it what is wrong with its selected row. */
export function TableWithRemark<Row>({
  table,
  remark,
  width,
  height,
}: {
  table: Table<Row>;
  remark: string | undefined;
  width: number;
  height: number;
}) {
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={height - REMARK_ROWS} />
      <Remark text={remark} rows={REMARK_ROWS} width={width} />
    </Box>
  );
}

/** What is wrong with what is selected, in exactly so many rows; the last one is cut. */
export function Remark({ text, rows, width }: { text: string | undefined; rows: number; width: number }) {
  const wrapped = text === undefined || text === '' ? [] : sentenceRows(text, width - 1, 'warn');
  const cut = wrapped.length > rows ? [...wrapped.slice(0, rows - 1), lastRow(wrapped.slice(rows - 1))] : wrapped;
  return <Rows rows={[...cut, ...Array<Row>(rows - cut.length).fill('')]} width={width} fill />;
}

/** What is left, as one row that is cut at its end. */
function lastRow(rows: readonly Row[]): Row {
  const text = rows
    .map((row) => (typeof row === 'string' ? row : row.map((segment) => segment.text).join('')))
    .join(' ');
  return [{ text: ` ${text.replace(/\s+/g, ' ').trim()}`, tone: 'warn' }];
}
