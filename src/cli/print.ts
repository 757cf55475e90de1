import { EventEmitter, once } from 'node:events';
import type { Column, Tone } from '../text/columns.ts';
import type { Failure } from '../text/failure.ts';
import { inert, jsonText } from '../text/json.ts';
import { printable, printableLines } from '../text/printable.ts';
import { layoutColumns } from '../text/table.ts';
import { pad, width } from '../text/width.ts';

/** A stream that text goes to: the process's own, or a test's. */
export interface Sink {
  write(text: string): boolean;
  readonly isTTY?: boolean;
  readonly columns?: number;
  /** More has been written than its reader has taken. */
  readonly writableNeedDrain?: boolean;
}

export type Format = 'table' | 'json' | 'yaml';

const SGR: Record<Tone, string> = {
  plain: '',
  dim: '2',
  ok: '32',
  warn: '33',
  error: '31',
  running: '36',
  accent: '1',
};

/** Tables keep a width of their own where the output is no terminal, so that a pipe never cuts a name. */
const PIPE_WIDTH = 1_000;

/** Characters that `together` hands on at once: what a pipe holds. */
const PIECE = 65_536;

/**
 * The only way to standard output and standard error. Data goes to the one, everything else to the other; every
 * string passes `printable`, JSON keeps its content by escapes instead.
 */
export class Printer {
  readonly #out: Sink;
  readonly #notes: Sink;
  readonly #colour: boolean;
  /** What `together` has collected; undefined outside of it. */
  #held: string | undefined;

  constructor(out: Sink, notes: Sink, colour: boolean) {
    this.#out = out;
    this.#notes = notes;
    this.#colour = colour;
  }

  /** Whether somebody is looking at the data as it comes. */
  get isTerminal(): boolean {
    return this.#out.isTTY === true;
  }

  /** The same output with its notes among the data: for a story, which is both. */
  asStory(): Printer {
    return new Printer(this.#out, this.#out, this.#colour);
  }

  /** Hands all the data that `print` prints to the output in a few writes: a write costs more than its line. */
  together(print: () => void): void {
    this.#held = '';
    try {
      print();
    } finally {
      const rest = this.#held;
      this.#held = undefined;
      if (rest !== '') this.#out.write(rest);
    }
  }

  /** Resolves once the reader has taken what was printed, or with `signal`: what it has not read is held in memory. */
  async drained(signal: AbortSignal): Promise<void> {
    const out = this.#out;
    if (!(out instanceof EventEmitter) || out.writableNeedDrain !== true) return;
    // Both an output that has failed and an abort are told elsewhere.
    await once(out, 'drain', { signal }).catch(() => {});
  }

  /** One line of data. */
  line(text = '', tone: Tone = 'plain'): void {
    this.#put(`${this.#paint(printable(text), tone)}\n`);
  }

  /** A text of several lines, each made printable. */
  lines(text: string): void {
    for (const line of printableLines(text)) this.#put(`${line}\n`);
  }

  /** A unified diff, its additions and removals coloured on a terminal. */
  diff(text: string, indent: string): void {
    for (const line of printableLines(text.trimEnd())) {
      const tone = line.startsWith('+')
        ? 'ok'
        : line.startsWith('-')
          ? 'error'
          : line.startsWith('@@')
            ? 'running'
            : 'plain';
      this.#put(`${indent}${this.#paint(line, tone)}\n`);
    }
  }

  /** A value as one JSON document, or as one line of JSON. */
  json(value: unknown, shape: 'document' | 'line' = 'document'): void {
    this.#put(`${jsonText(value, shape === 'document' ? 2 : undefined)}\n`);
  }

  /** Values, each as one line of JSON, in a few writes. */
  jsonLines(values: readonly object[]): void {
    let lines = '';
    for (const value of values) {
      lines += `${JSON.stringify(value)}\n`;
      if (lines.length < PIECE) continue;
      this.#out.write(inert(lines));
      lines = '';
    }
    if (lines !== '') this.#out.write(inert(lines));
  }

  /** A value as YAML; control characters are escaped in double quotes, as YAML has it. */
  async yaml(value: unknown): Promise<void> {
    const { yamlText } = await import('./yaml.ts');
    for (const line of yamlText(value).trimEnd().split('\n')) this.#put(`${printable(line)}\n`);
  }

  /** A table of rows, as wide as the terminal or as wide as it needs. */
  table<Row>(columns: readonly Column<Row>[], rows: readonly Row[], now: number): void {
    const total = this.#out.isTTY ? (this.#out.columns ?? 80) : PIPE_WIDTH;
    const layout = layoutColumns(columns, rows, total, now);
    const header = layout.map(({ column, width: cells }) => pad(column.title, cells, column.align ?? 'left'));
    this.#put(`${this.#paint(header.join('  ').trimEnd(), 'dim')}\n`);
    for (const row of rows) {
      const cells = layout.map(({ column, width: room }) => {
        const cell = column.cell(row, now);
        return this.#paint(pad(printable(cell.text), room, column.align ?? 'left'), cell.tone ?? 'plain');
      });
      this.#put(`${cells.join('  ').trimEnd()}\n`);
    }
  }

  /** A log event: time and, where given, source before its first line, the others indented under it. */
  event(time: string, source: string | undefined, message: string): void {
    const origin = source === undefined ? '' : `${this.#paint(printable(source), 'running')} `;
    const head = `${this.#paint(time, 'dim')} ${origin}`;
    for (const [index, line] of printableLines(message.replace(/\n$/, '')).entries()) {
      this.#put(index === 0 ? `${head}${line}\n` : `  ${line}\n`);
    }
  }

  /** Something that is not data: progress, hints. */
  note(text: string, tone: Tone = 'plain'): void {
    this.#notes.write(`${this.#paint(printable(text), tone)}\n`);
  }

  /** What went wrong and what to try. */
  failure(failure: Failure): void {
    for (const [index, line] of printableLines(failure.message).entries()) {
      this.#notes.write(`${this.#paint(index === 0 ? `Error: ${line}` : `  ${line}`, 'error')}\n`);
    }
    if (failure.advice !== undefined) {
      for (const line of printableLines(failure.advice)) this.#notes.write(`  ${line}\n`);
    }
  }

  #put(text: string): void {
    if (this.#held === undefined) this.#out.write(text);
    else if (this.#held.length + text.length < PIECE) this.#held += text;
    else {
      this.#out.write(this.#held + text);
      this.#held = '';
    }
  }

  #paint(text: string, tone: Tone): string {
    return this.#colour && SGR[tone] !== '' && width(text) > 0 ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text;
  }
}
