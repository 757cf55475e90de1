import type { Session } from '../aws/session.ts';
import type { Column } from '../text/columns.ts';

/**
 * A kind of thing that the console lists and the command line prints: its columns, how it is read, and
 * what a row's trouble reads like. One table view paints any of them.
 */
export interface Resource<Row, Scope = undefined> {
  /** Stable, such as `environments`; the word of the `:` palette. */
  readonly id: string;
  /** For a pane's border, such as `MWAA environments`. */
  readonly title: string;
  /** One of them, such as `environment`. */
  readonly singular: string;
  readonly columns: readonly Column<Row>[];
  /** Identifies a row across refreshes. */
  key(row: Row): string;
  arn?(row: Row): string | undefined;
  /**
   * Snapshots of all rows: the first as soon as names are known, the last complete. Rows fail alone; what
   * is thrown (a Failure) says that nothing could be listed.
   */
  list(session: Session, scope: Scope, signal: AbortSignal): AsyncIterable<Row[]>;
  /** Everything there is to know about a row, as plain data that JSON can hold. */
  describe(session: Session, row: Row, signal: AbortSignal): Promise<unknown>;
  /** One line on what is wrong with a row; undefined when nothing is. `now` in ms since the epoch. */
  attention?(row: Row, now: number): string | undefined;
  /** What the bottom line says of a selected row: its trouble, or what could not be read of it. */
  remark?(row: Row, now: number): string | undefined;
}
