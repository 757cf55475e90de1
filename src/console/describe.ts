import { isoTime } from '../text/ages.ts';
import { printableLines } from '../text/printable.ts';
import type { Row, Segment } from './row.ts';

/**
 * Plain data as rows to read: a key and its value a row, nested by indentation, texts of several lines as
 * a block. Numbers under a key that ends in `At` are times (ms since the epoch) and shown as such.
 */
export function describeRows(value: unknown): readonly Row[] {
  const rows: Row[] = [];
  describe(value, 0, rows);
  return rows.length === 0 ? ['(nothing)'] : rows;
}

function describe(value: unknown, depth: number, rows: Row[]): void {
  const indent = '  '.repeat(depth);
  if (Array.isArray(value)) {
    for (const item of value) {
      if (!isNested(item)) {
        rows.push([{ text: `${indent}- `, tone: 'dim' }, scalar('', item)]);
        continue;
      }
      const below: Row[] = [];
      describe(item, depth + 1, below);
      const [first, ...rest] = below;
      rows.push([{ text: `${indent}- `, tone: 'dim' }, ...unindented(first ?? '', indent.length + 2)], ...rest);
    }
    return;
  }
  if (typeof value !== 'object' || value === null) {
    rows.push([{ text: indent }, scalar('', value)]);
    return;
  }
  for (const [key, item] of Object.entries(value)) {
    if (item === undefined) continue;
    const name: Segment = { text: `${indent}${key}: `, tone: 'accent' };
    if (isNested(item)) {
      rows.push([name]);
      describe(item, depth + 1, rows);
    } else if (typeof item === 'string' && item.includes('\n')) {
      rows.push([name]);
      for (const line of printableLines(item)) rows.push(`${indent}  ${line}`);
    } else rows.push([name, scalar(key, item)]);
  }
}

function isNested(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function scalar(key: string, value: unknown): Segment {
  if (value === null) return { text: 'none', tone: 'dim' };
  if (Array.isArray(value) || typeof value === 'object') return { text: 'none', tone: 'dim' };
  if (value === '') return { text: "''", tone: 'dim' };
  if (typeof value === 'number' && /At$/.test(key)) return { text: isoTime(value) };
  return { text: String(value) };
}

function unindented(row: Row, cells: number): readonly Segment[] {
  if (typeof row === 'string') return [{ text: row.slice(cells) }];
  const [first, ...rest] = row;
  return first === undefined ? [] : [{ ...first, text: first.text.slice(cells) }, ...rest];
}
