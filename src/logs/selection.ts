import { compareLines, type LogLine, OrderedLines } from './lines.ts';

/**
 * The lines of a buffer that pass a test, in time order, found a slice at a time: the scan goes from the oldest line
 * to the newest, and a line that comes in behind the scan is tested at once.
 */
export class Selection {
  readonly lines = new OrderedLines();
  readonly #source: OrderedLines;
  readonly #test: (line: LogLine) => boolean;
  /** The last line scanned; undefined before the first. */
  #cursor: LogLine | undefined;
  #done = false;

  constructor(source: OrderedLines, test: (line: LogLine) => boolean) {
    this.#source = source;
    this.#test = test;
  }

  /** All lines held have been tested. */
  get done(): boolean {
    return this.#done;
  }

  /** Share of the held lines that were tested, 0 to 1. */
  get progress(): number {
    if (this.#done || this.#source.length === 0) return 1;
    return this.#cursor === undefined ? 0 : this.#source.countBefore(this.#cursor) / this.#source.length;
  }

  /** Takes in lines just inserted into the source, in order. */
  add(added: readonly LogLine[]): void {
    const cursor = this.#cursor;
    const behind = this.#done
      ? added
      : cursor === undefined
        ? []
        : added.filter((line) => compareLines(line, cursor) < 0);
    this.lines.insert(behind.filter(this.#test));
  }

  /** Forgets lines that the source dropped: all that come before `oldest`, or all. */
  dropBefore(oldest: LogLine | undefined): void {
    this.lines.dropFirst(oldest === undefined ? this.lines.length : this.lines.countBefore(oldest));
  }

  /** Tests up to `count` further lines. */
  scan(count: number): void {
    if (this.#done) return;
    const from = this.#cursor === undefined ? 0 : this.#after(this.#cursor);
    const found: LogLine[] = [];
    let index = from;
    for (; index < from + count; index += 1) {
      const line = this.#source.at(index);
      if (line === undefined) break;
      if (this.#test(line)) found.push(line);
      this.#cursor = line;
    }
    this.lines.insert(found);
    if (index >= this.#source.length) this.#done = true;
  }

  /** The cursor's line may have been dropped meanwhile: then the first held line is next. */
  #after(cursor: LogLine): number {
    const index = this.#source.countBefore(cursor);
    return this.#source.at(index) === cursor ? index + 1 : index;
  }
}
