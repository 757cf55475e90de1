import { width as cells } from '../../text/width.ts';
import type { Row } from '../row.ts';
import { Line } from './text.tsx';

/** A screen's tabs with their digits, the open one marked; one row. */
export function Tabs<Tab extends string>({
  tabs,
  open,
  title,
  width,
}: {
  tabs: readonly Tab[];
  open: Tab;
  title: (tab: Tab) => string;
  width: number;
}) {
  const full = tabs.reduce((sum, tab) => sum + cells(title(tab)) + 6, 0);
  // Narrow screens leave the blanks around the words out.
  const gap = full > width ? '' : ' ';
  const row: Row = tabs.flatMap((tab, at) => [
    { text: ` ${at + 1} `, tone: 'dim' as const },
    { text: `${gap}${title(tab)}${gap}`, inverse: tab === open, bold: tab === open },
    { text: ' ' },
  ]);
  return <Line row={row} width={width} fill />;
}
