import { printable } from '../text/printable.ts';
import { width } from '../text/width.ts';
import type { Key } from './keys.ts';
import type { Segment } from './row.ts';

/** A line being edited; the cursor stands before the code unit at `cursor`. */
export interface Editing {
  readonly value: string;
  readonly cursor: number;
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** A line with the cursor at its end. */
export function editingOf(value: string): Editing {
  return { value, cursor: value.length };
}

/** The line after a key; undefined for a key that edits nothing. Keys are those of readline. */
export function edited({ value, cursor }: Editing, key: Key): Editing | undefined {
  const before = value.slice(0, cursor);
  const after = value.slice(cursor);
  switch (key.name) {
    case 'left':
    case 'ctrl+b':
      return { value, cursor: lastBoundary(before) };
    case 'right':
    case 'ctrl+f':
      return { value, cursor: cursor + firstBoundary(after) };
    case 'home':
    case 'ctrl+a':
      return { value, cursor: 0 };
    case 'end':
    case 'ctrl+e':
      return { value, cursor: value.length };
    case 'alt+b':
      return { value, cursor: wordStart(before) };
    case 'backspace':
    case 'ctrl+h':
      return replaced(before.slice(0, lastBoundary(before)), after);
    case 'delete':
    case 'ctrl+d':
      return replaced(before, after.slice(firstBoundary(after)));
    case 'ctrl+w':
      return replaced(before.slice(0, wordStart(before)), after);
    case 'ctrl+u':
      return replaced('', after);
    case 'ctrl+k':
      return replaced(before, '');
    default:
      return key.text === '' ? undefined : inserted({ value, cursor }, key.text);
  }
}

/** The line with a text put in at the cursor; line ends become spaces, controls go. */
export function inserted({ value, cursor }: Editing, text: string): Editing {
  const clean = printable(text.replace(/[\r\n]+$/, ''));
  return replaced(value.slice(0, cursor) + clean, value.slice(cursor));
}

/** How an edited line is shown in `columns` cells: scrolled so that the cursor is in sight. */
export function editingSegments(
  { value, cursor }: Editing,
  columns: number,
  look: { readonly active: boolean; readonly secret?: boolean; readonly ghost?: string; readonly placeholder?: string },
): readonly Segment[] {
  const hide = (text: string) => (look.secret === true ? '•'.repeat([...text].length) : text);
  if (value === '' && look.placeholder !== undefined && !look.active) return [{ text: look.placeholder, tone: 'dim' }];
  const at = hide(value.slice(cursor, cursor + firstBoundary(value.slice(cursor))));
  const after = hide(value.slice(cursor)).slice(at.length);
  let before = hide(value.slice(0, cursor));
  while (before !== '' && width(before) > columns - 2) before = before.slice(firstBoundary(before));
  if (!look.active) return [{ text: `${before}${at}${after}` }];
  const ghost = look.ghost ?? (value === '' ? (look.placeholder ?? '') : '');
  if (at !== '') return [{ text: before }, { text: at, inverse: true }, { text: after }];
  return [{ text: before }, { text: ghost.slice(0, 1) || ' ', inverse: true }, { text: ghost.slice(1), tone: 'dim' }];
}

function replaced(before: string, after: string): Editing {
  return { value: before + after, cursor: before.length };
}

function firstBoundary(text: string): number {
  for (const { segment } of graphemes.segment(text)) return segment.length;
  return 0;
}

function lastBoundary(text: string): number {
  let last = 0;
  for (const { index } of graphemes.segment(text)) last = index;
  return last;
}

function wordStart(text: string): number {
  return text.length - (/\S*\s*$/.exec(text)?.[0].length ?? 0);
}
