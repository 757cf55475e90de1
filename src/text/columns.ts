/** How a cell is coloured; the theme maps a tone to one of the terminal's 16 colours. */
export type Tone = 'plain' | 'dim' | 'ok' | 'warn' | 'error' | 'running' | 'accent';

/** A cell's text, as it came from remote; it is made printable where it is painted. */
export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

/** One column of a table, painted by the console and printed by the command line alike. */
export interface Column<Row> {
  readonly id: string;
  readonly title: string;
  /** 1 stays longest; columns with higher numbers fall away first when the terminal is narrow. */
  readonly priority: number;
  /** Widest it may become, in cells; unlimited when absent. */
  readonly maxWidth?: number;
  /** Cells in which its values can be told apart, such as the start of an id: it gives way to them before others fall away or are cut. */
  readonly enough?: number;
  readonly align?: 'left' | 'right';
  /** Pure. `now` in ms since the epoch, for ages. */
  readonly cell: (row: Row, now: number) => Cell;
  /** What sorting compares; the cell's text when absent. */
  readonly sortKey?: (row: Row) => string | number;
}
