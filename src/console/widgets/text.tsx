import { Box, Text } from 'ink';
import { useTheme } from '../hooks.ts';
import { paintRow, type Row } from '../row.ts';

/** Rows of a known width, each cut to it; with `fill` they cover what is below them. */
export function Rows({ rows, width, fill = false }: { rows: readonly Row[]; width: number; fill?: boolean }) {
  const theme = useTheme();
  if (rows.length === 0 || width <= 0) return null;
  // One Text for all: Ink lays out a node a row otherwise, for nothing.
  const painted = rows.map((row) => paintRow(row, width, theme, fill)).join('\n');
  return (
    <Box width={width} height={rows.length} flexShrink={0} overflow="hidden">
      <Text wrap="truncate">{painted}</Text>
    </Box>
  );
}

/** One row. */
export function Line({ row, width, fill = false }: { row: Row; width: number; fill?: boolean }) {
  return <Rows rows={[row]} width={width} fill={fill} />;
}
