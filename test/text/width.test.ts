import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { printable } from '../../src/text/printable.ts';
import { cut, cutStart, pad, width, wrap } from '../../src/text/width.ts';

const shown = fc
  .array(
    fc.oneof(fc.string(), fc.string({ unit: 'grapheme' }), fc.constantFrom('漢字', '👍🏽', '🇫🇷', 'e\u0301', 'ｱﾞ', ' ')),
  )
  .map((parts) => printable(parts.join('')));

describe('widths in cells', { timeout: 60_000 }, () => {
  test('count as the renderer counts', () => {
    fc.assert(
      fc.property(shown, (text) => {
        expect(width(text)).toBe(stringWidth(text));
      }),
    );
  });

  test('cut never takes more cells than allowed, and changes only what is too wide', () => {
    fc.assert(
      fc.property(shown, fc.integer({ min: -1, max: 40 }), (text, room) => {
        for (const part of [cut(text, room), cutStart(text, room)]) {
          expect(width(part)).toBeLessThanOrEqual(Math.max(0, room));
          if (width(text) <= room) expect(part).toBe(text);
          else if (room > 0) expect(part).toContain('…');
        }
      }),
    );
  });

  test('pad takes exactly the cells asked for', () => {
    fc.assert(
      fc.property(
        shown,
        fc.integer({ min: 0, max: 40 }),
        fc.constantFrom('left' as const, 'right' as const),
        (text, room, align) => {
          expect(width(pad(text, room, align))).toBe(room);
        },
      ),
    );
    expect(pad('漢字', 4)).toBe('漢字');
    expect(pad('漢字x', 4)).toBe('漢… ');
    expect(pad('7', 3, 'right')).toBe('  7');
  });

  test('wrap keeps rows within the columns and loses nothing but spaces', () => {
    fc.assert(
      fc.property(shown, fc.integer({ min: 4, max: 40 }), (text, room) => {
        const rows = wrap(text, room);
        for (const row of rows) expect(width(row)).toBeLessThanOrEqual(room);
        expect(rows.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
      }),
    );
  });

  test('wrap breaks after words, and inside a word that is too long', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrap('  indented text', 10)).toEqual(['  indented', 'text']);
    expect(wrap('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij']);
    expect(wrap('', 4)).toEqual(['']);
    expect(wrap('漢字漢字', 5)).toEqual(['漢字', '漢字']);
  });

  test('cut and cutStart show where something is missing', () => {
    expect(cut('redshift_ingestion', 9)).toBe('redshift…');
    expect(cutStart('arn:aws:ecs:task/1f0c9a', 8)).toBe('…/1f0c9a');
    expect(cut(`a${'\u0301'.repeat(8)}bc`, 2)).toBe(`a${'\u0301'.repeat(8)}…`);
  });
});
