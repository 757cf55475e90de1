import type { Row } from '../row.ts';
import { useTextPane } from '../use-text-pane.ts';
import { Panel, panelInnerWidth } from '../widgets/panel.tsx';

/** Rows of a panel of details: a third of the screen, at least so many and at most so many. */
const ROWS = { least: 8, most: 18 } as const;

/** How high the panel of details under a table is, in a screen of `height` rows. */
export function detailHeight(height: number): number {
  return Math.min(ROWS.most, Math.max(ROWS.least, Math.floor(height * 0.4)));
}

/** What is known of what is selected above, to be scrolled and searched. */
export function DetailPanel({
  pane,
  title,
  rows,
  width,
  height,
  refresh,
}: {
  /** The pane's id, unique on its screen. */
  pane: string;
  title: string;
  /** Keep the same array while nothing changed. */
  rows: readonly Row[];
  width: number;
  height: number;
  refresh?: () => void;
}) {
  const text = useTextPane({
    pane,
    rows,
    width: panelInnerWidth(width),
    height: height - 2,
    refresh,
  });
  return (
    <Panel
      title={title}
      note={text.position}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}
