import { Box, Text } from 'ink';
import { createElement } from 'react';
import { useTheme } from '../hooks.ts';
import { paintRow, type Row } from '../row.ts';

/** Rows of a known width, each cut to it; with `fill` they cover what is below them. */
export function Rows({ rows, width, fill = false }: { rows: readonly Row[]; width: number; fill?: boolean }) {
  const theme = useTheme();
  if (rows.length === 0 || width <= 0) return null;
  // A Text a row: Ink remembers the layout of each text, so that a row that stays is not laid out again. Rows
  // have no identity of their own, so they are children one by one, not a keyed list.
  const texts = rows.map((row) => createElement(Text, { wrap: 'truncate' }, paintRow(row, width, theme, fill) || ' '));
  return createElement(Box, { flexDirection: 'column', width, height: rows.length, flexShrink: 0 }, ...texts);
}

/** One row. */
export function Line({ row, width, fill = false }: { row: Row; width: number; fill?: boolean }) {
  return <Rows rows={[row]} width={width} fill={fill} />;
}
