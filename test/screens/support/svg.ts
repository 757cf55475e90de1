import type { Cell, FakeStdout } from './fake-terminal.ts';

/** Size of a cell in the picture, px. */
const WIDTH = 8;
const HEIGHT = 17;
const MARGIN = 12;
/** Where a row's text stands on its line, px from the row's top. */
const BASELINE = 13;

const GROUND = '#16181d';
const INK = '#d5d8de';
/** The 16 colours of the terminal, the ones that the console uses filled in. */
const PALETTE: Readonly<Record<number, string>> = {
  1: '#f2777a',
  2: '#8cc98f',
  3: '#e6b450',
  4: '#7aa6e0',
  5: '#c99cdb',
  6: '#67c6cc',
};

/** A terminal's screen as a picture with a title for those who don't see it: cells that look alike and stand side by side are one piece of text. */
export function pictureOf(terminal: FakeStdout, title: string): string {
  const { columns, rows } = terminal;
  const width = columns * WIDTH + 2 * MARGIN;
  const height = rows * HEIGHT + 2 * MARGIN;
  const lines = Array.from({ length: rows }, (_, row) => line(terminal, row)).filter((text) => text !== '');
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${GROUND}"/>`,
    `<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="13.3" fill="${INK}" xml:space="preserve">`,
    ...lines,
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

interface Piece {
  readonly at: number;
  readonly cell: Cell;
  text: string;
}

function line(terminal: FakeStdout, row: number): string {
  const pieces: Piece[] = [];
  for (let column = 0; column < terminal.columns; column += 1) {
    const cell = terminal.cell(row, column);
    const last = pieces.at(-1);
    const text = cell.text === '' ? ' ' : cell.text;
    if (last !== undefined && looksLike(last.cell, cell)) last.text += text;
    else pieces.push({ at: column, cell, text });
  }
  return pieces.flatMap((piece) => drawn(piece, row)).join('');
}

function looksLike(a: Cell, b: Cell): boolean {
  return a.colour === b.colour && a.bold === b.bold && a.dim === b.dim && a.inverse === b.inverse;
}

function drawn({ at, cell, text }: Piece, row: number): string[] {
  const shown = cell.inverse ? text : text.trimEnd();
  if (shown === '') return [];
  const x = MARGIN + at * WIDTH;
  const y = MARGIN + row * HEIGHT;
  const colour = cell.colour === undefined ? INK : (PALETTE[cell.colour] ?? INK);
  const attributes = [
    // Held to the grid, whatever font the reader's machine has.
    `textLength="${[...shown].length * WIDTH}" lengthAdjust="spacingAndGlyphs"`,
    ...(cell.inverse ? [`fill="${GROUND}"`] : colour === INK ? [] : [`fill="${colour}"`]),
    ...(cell.bold ? ['font-weight="bold"'] : []),
    ...(cell.dim ? ['opacity="0.6"'] : []),
  ].join(' ');
  const box = `<rect x="${x}" y="${y}" width="${[...shown].length * WIDTH}" height="${HEIGHT}" fill="${colour}"/>`;
  return [...(cell.inverse ? [box] : []), `<text x="${x}" y="${y + BASELINE}" ${attributes}>${escaped(shown)}</text>`];
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/ /g, '\u00a0');
}
