import { fitRow, type Row, rowWidth, type Segment, segments } from '../row.ts';
import { Rows } from './text.tsx';

/** What a panel is made of. */
export interface PanelProps {
  readonly title: Row;
  /** At the right end of the upper border. */
  readonly note?: Row | undefined;
  /** As many as fit are shown. */
  readonly rows: readonly Row[];
  readonly width: number;
  /** Its borders included. */
  readonly height: number;
  readonly focused?: boolean;
}

/** Rows in a box whose border carries the title. */
export function Panel(props: PanelProps) {
  return <Rows rows={panelRows(props)} width={props.width} />;
}

/** Cells inside a panel of this width. */
export function panelInnerWidth(width: number): number {
  return Math.max(0, width - 4);
}

/** A panel as rows; exactly `height` of them, `width` cells each. */
export function panelRows({ title, note, rows, width, height, focused = false }: PanelProps): readonly Row[] {
  const border = (text: string): Segment => ({ text, tone: focused ? 'accent' : 'dim' });
  const inner = Math.max(0, width - 4);
  const body = rows.slice(0, Math.max(0, height - 2));
  const framed: Row[] = [titleRow(title, note ?? [], width, border, focused)];
  for (let at = 0; at < height - 2; at += 1) {
    framed.push([border('│ '), ...fitRow(body[at] ?? '', inner, true), border(' │')]);
  }
  framed.push([border(`└${'─'.repeat(Math.max(0, width - 2))}┘`)]);
  return framed.slice(0, height);
}

function titleRow(
  title: Row,
  note: Row,
  width: number,
  border: (text: string) => Segment,
  focused: boolean,
): readonly Segment[] {
  const noteRow = fitRow(note, Math.max(0, Math.floor(width / 2) - 4));
  const noteCells = rowWidth(noteRow);
  const titleCells = Math.max(0, width - 4 - (noteCells === 0 ? 0 : noteCells + 4));
  const shown = fitRow(
    segments(title).map((segment) => ({ bold: focused, ...segment })),
    titleCells,
  );
  const line = width - 4 - rowWidth(shown) - (noteCells === 0 ? 0 : noteCells + 3);
  return [
    border('┌ '),
    ...shown,
    border(` ${'─'.repeat(Math.max(0, line))}`),
    ...(noteCells === 0 ? [] : [{ text: ' ' }, ...noteRow, border(' ─')]),
    border('┐'),
  ];
}
