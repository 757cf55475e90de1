import { EventEmitter } from 'node:events';
import { stripVTControlCharacters } from 'node:util';

/** What the lines are written to: the terminal itself. */
interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
  on(event: 'error' | 'drain', listener: (...args: unknown[]) => void): unknown;
  off(event: 'error' | 'drain', listener: (...args: unknown[]) => void): unknown;
}

/** Frames are laid out for so many cells at least: a line is read, not looked at. */
const COLUMNS = 120;
const ROWS = 40;
/** What a frame draws around its text. */
const DRAWN = /[│─┌┐└┘├┤█░]/g;

/**
 * The console for a screen reader: whole frames come in, and what is new of each goes out as plain lines, one after the
 * other, without colours, borders or cursor movement. The selected row begins with `>`. Figures that change by
 * themselves, such as ages, are no news.
 */
export class PlainOutput extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly rows = ROWS;
  readonly #terminal: Terminal;
  #known: ReadonlySet<string> = new Set();

  constructor(terminal: Terminal) {
    super();
    this.#terminal = terminal;
  }

  get columns(): number {
    return Math.max(COLUMNS, this.#terminal.columns ?? 0);
  }

  /** Takes a frame; what holds no line is a control sequence, which a reader has no use for. */
  write(frame: string | Uint8Array, ...rest: unknown[]): boolean {
    const lines = linesOf(String(frame));
    if (lines.length > 0) {
      const before = this.#known;
      this.#known = new Set(lines.map(withoutFigures));
      const news = lines.filter((line) => {
        const text = withoutFigures(line);
        // A row that has only lost the selection was read before.
        return !before.has(text) && !before.has(`> ${text}`);
      });
      if (news.length > 0) this.#terminal.write(`${news.join('\n')}\n`);
    }
    const done = rest.find((each) => typeof each === 'function');
    if (typeof done === 'function') done();
    return true;
  }
}

function linesOf(frame: string): readonly string[] {
  if (!frame.includes('\n')) return [];
  return stripVTControlCharacters(frame)
    .split('\n')
    .map((line) => line.replace(DRAWN, ' ').replace(/\s+/g, ' ').trim())
    .filter((line) => line !== '' && line !== '>');
}

function withoutFigures(line: string): string {
  return line.replace(/\d+/g, '0');
}
