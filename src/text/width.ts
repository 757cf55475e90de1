import stringWidth from 'string-width';
import { isAllCommon } from './common.ts';

const ELLIPSIS = '…';
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** Cells that a printable text takes in a terminal; wide characters and emoji take two. */
export function width(text: string): number {
  return isAllCommon(text) ? text.length : stringWidth(text);
}

/** The text in at most `columns` cells; `…` stands for what was cut off at its end. */
export function cut(text: string, columns: number): string {
  if (columns <= 0) return '';
  // One character more than fits decides; what follows it need not be looked at.
  if (isAllCommon(text.slice(0, columns + 1))) {
    return text.length <= columns ? text : text.slice(0, columns - 1) + ELLIPSIS;
  }
  let used = 0;
  let end = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    used += width(segment);
    if (used > columns) return text.slice(0, end) + ELLIPSIS;
    if (used <= columns - 1) end = index + segment.length;
  }
  return text;
}

/** As `cut`, but keeps the end: `…` stands for what was cut off at the start. */
export function cutStart(text: string, columns: number): string {
  if (columns <= 0) return '';
  if (width(text) <= columns) return text;
  if (isAllCommon(text)) return ELLIPSIS + text.slice(text.length - (columns - 1));
  let room = columns - 1;
  let kept = '';
  for (const { segment } of [...graphemes.segment(text)].reverse()) {
    room -= width(segment);
    if (room < 0) break;
    kept = segment + kept;
  }
  return ELLIPSIS + kept;
}

/** The text in exactly `columns` cells: cut, or filled with spaces on the right (`left`) or left (`right`). */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const shown = cut(text, columns);
  const space = ' '.repeat(Math.max(0, columns - width(shown)));
  return align === 'left' ? shown + space : space + shown;
}

/**
 * The text in rows of at most `columns` cells, broken after spaces where there are any, else inside a
 * word. Spaces at a break are dropped, those at the text's start stay. An empty text is one empty row.
 */
export function wrap(text: string, columns: number): string[] {
  if (columns <= 0) return [];
  if (isAllCommon(text) && text.length <= columns) return [text];
  const rows: string[] = [];
  let row = '';
  let used = 0;
  for (const word of text.match(/ +|[^ ]+/g) ?? ['']) {
    const size = width(word);
    if (used + size <= columns) {
      row += word;
      used += size;
      continue;
    }
    if (word.startsWith(' ')) {
      rows.push(row);
      row = '';
      used = 0;
      continue;
    }
    if (size <= columns && row.trim() !== '') {
      rows.push(row.trimEnd());
      row = word;
      used = size;
      continue;
    }
    for (const part of pieces(word)) {
      const wide = width(part);
      if (used + wide > columns && row !== '') {
        rows.push(row);
        row = '';
        used = 0;
      }
      const shown = wide > columns ? ELLIPSIS : part;
      row += shown;
      used += Math.min(wide, columns);
    }
  }
  if (row !== '' || rows.length === 0) rows.push(row);
  return rows;
}

function* pieces(word: string): Generator<string> {
  if (isAllCommon(word)) yield* word;
  else for (const { segment } of graphemes.segment(word)) yield segment;
}
