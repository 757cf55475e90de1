/** A line is cut into events of this many bytes at the most (shim-loggers of Fargate). */
const LONGEST = 256 * 1024;

/**
 * Cuts a process's output into events as the awslogs driver does: a line each, long lines in pieces of
 * 256 KiB, bytes that aren't UTF-8 replaced, empty lines dropped, a last line without its end kept.
 */
export class LineCutter {
  #rest: Buffer[] = [];
  #length = 0;

  /** The lines that are whole with this piece of output. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let start = 0;
    while (start < chunk.length) {
      const newline = chunk.indexOf(10, start);
      const room = LONGEST - this.#length;
      const end = newline < 0 ? chunk.length : newline;
      if (end - start > room) {
        this.#keep(chunk.subarray(start, start + room));
        start += room;
        this.#cut(lines);
        continue;
      }
      this.#keep(chunk.subarray(start, end));
      start = end + 1;
      if (newline >= 0) this.#cut(lines);
    }
    return lines;
  }

  /** What is left when the output ends. */
  end(): string[] {
    const lines: string[] = [];
    this.#cut(lines);
    return lines;
  }

  #keep(piece: Buffer): void {
    if (piece.length === 0) return;
    // A copy: the stream may use its memory again.
    this.#rest.push(Buffer.from(piece));
    this.#length += piece.length;
  }

  #cut(lines: string[]): void {
    const line = Buffer.concat(this.#rest).toString('utf8');
    this.#rest = [];
    this.#length = 0;
    if (line !== '') lines.push(line);
  }
}
