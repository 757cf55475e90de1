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
  const row: Row = tabs.flatMap((tab, at) => [
    { text: ` ${at + 1} `, tone: 'dim' as const },
    { text: ` ${title(tab)} `, inverse: tab === open, bold: tab === open },
    { text: ' ' },
  ]);
  return <Line row={row} width={width} fill />;
}
