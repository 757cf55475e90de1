import { EventEmitter } from 'node:events';
import xterm from '@xterm/headless';

/** A size in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A cell of the screen: its character and how it is painted. */
export interface Cell {
  readonly text: string;
  /** 0-15 of the terminal's palette; undefined for the default colour. */
  readonly colour: number | undefined;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  readonly underline: boolean;
}

/** What a console reads keys from. */
export class FakeStdin extends EventEmitter {
  readonly isTTY = true;
  isRaw = false;
  isFlowing = false;

  setRawMode(raw: boolean): this {
    this.isRaw = raw;
    return this;
  }

  resume(): this {
    this.isFlowing = true;
    return this;
  }

  pause(): this {
    this.isFlowing = false;
    return this;
  }
}

const SENT_KEPT = 1_000;

/** What a console writes to: a headless terminal, which knows the screen. */
export class FakeStdout extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;
  /** The last of what was written, as it was: for what a terminal keeps off the screen. */
  readonly sent: string[] = [];
  /** Bytes written so far. */
  written = 0;
  pending = 0;
  readonly terminal: InstanceType<typeof xterm.Terminal>;

  constructor({ columns, rows }: Size) {
    super();
    this.columns = columns;
    this.rows = rows;
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  }

  write(text: string | Uint8Array, ...rest: unknown[]): boolean {
    const done = rest.find((each) => typeof each === 'function');
    this.written += text.length;
    this.sent.push(String(text));
    if (this.sent.length > SENT_KEPT) this.sent.shift();
    this.pending += 1;
    this.terminal.write(text, () => {
      this.pending -= 1;
      if (typeof done === 'function') done();
      this.emit('painted');
    });
    return true;
  }

  resize({ columns, rows }: Size): void {
    this.columns = columns;
    this.rows = rows;
    this.terminal.resize(columns, rows);
    this.emit('resize');
  }

  /** The rows of the screen, without the spaces at their ends. */
  lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from({ length: this.rows }, (_, row) => {
      // Cells beyond the last column are kept of a screen that was wider.
      return active.getLine(active.baseY + row)?.translateToString(true, 0, this.columns) ?? '';
    });
  }

  cell(row: number, column: number): Cell {
    const { active } = this.terminal.buffer;
    const cell = active.getLine(active.baseY + row)?.getCell(column);
    return {
      text: cell?.getChars() ?? '',
      colour: cell?.isFgPalette() ? cell.getFgColor() : undefined,
      bold: (cell?.isBold() ?? 0) !== 0,
      dim: (cell?.isDim() ?? 0) !== 0,
      inverse: (cell?.isInverse() ?? 0) !== 0,
      underline: (cell?.isUnderline() ?? 0) !== 0,
    };
  }
}
