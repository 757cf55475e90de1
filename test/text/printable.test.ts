import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { printable, printableLines } from '../../src/text/printable.ts';

const FORBIDDEN =
  /[\p{Cc}\p{Cs}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\u061c\ufeff\p{Default_Ignorable_Code_Point}]/u;

/** Text made of what attacks are made of, between ordinary characters. */
const hostile = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string(),
      fc.constantFrom('\x1b', '\x1b[', '\x1b]', '\x1bP', '\x1b\\', '\x07', '\x9b', '\x9d', '\x9c', '\r', '\n', '\t'),
      fc.constantFrom(
        '\ud800',
        '\udc00',
        '\u0301',
        '\u202e',
        '\u200d',
        '\u{e0041}',
        '31m',
        '0;title',
        'é',
        '漢',
        '👍🏽',
      ),
    ),
  )
  .map((parts) => parts.join(''));

describe('printable', { timeout: 60_000 }, () => {
  test('leaves ordinary text as the very same string', () => {
    for (const text of ['', 'dags/redshift.py', 'Größe 12 µs', '環境 データ', 'ok 👍']) {
      expect(printable(text)).toBe(text);
    }
  });

  test('holds nothing that acts on a terminal, whatever comes in, and is stable', () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = printable(text);
        expect(shown).not.toMatch(FORBIDDEN);
        expect(printable(shown)).toBe(shown);
      }),
      { numRuns: 2000 },
    );
  });

  test.each([
    ['colours go without a mark', '\x1b[1;31mred\x1b[0m', 'red'],
    ['cursor moves leave a mark', 'a\x1b[2Jb', 'a␛b'],
    ['a private sequence that ends in m is no colour', '\x1b[>4;2mx', '␛x'],
    ['titles up to BEL', '\x1b]0;owned\x07after', '␛after'],
    ['clipboard writes up to ST', '\x1b]52;c;aGk=\x1b\\after', '␛after'],
    ['an unterminated string up to its end', 'before\x1b]52;c;aGk=', 'before␛'],
    ['an unterminated string up to the line end', 'a\x1bPq12\nb', 'a␛ b'],
    ['a string cut by another sequence', '\x1b]0;x\x1b[31mred', '␛red'],
    ['an unterminated CSI', 'a\x1b[12;', 'a␛'],
    ['8-bit CSI by code point', 'a\x9b2Jb', 'a␛b'],
    ['8-bit OSC', 'a\x9d0;t\x9cb', 'a␛b'],
    ['character set switches', 'a\x1b(0b', 'a␛b'],
    ['a lone escape', 'a\x1b', 'a␛'],
    ['carriage return is shown', 'secret\rfake', 'secret␍fake'],
    ['CRLF is a line end', 'a\r\nb', 'a b'],
    ['bell, backspace, DEL', 'a\x07\x08\x7f', 'a␇␈␡'],
    ['tabs go to the next stop', 'ab\tc\t漢\td', 'ab      c       漢      d'],
    ['bidi overrides are shown', 'gnp.\u202etxt', 'gnp.\ufffdtxt'],
    ['invisible characters go', 'a\u200bb\ufeffc\u{e0061}d', 'abcd'],
    ['lone surrogates', 'a\ud800b', 'a\ufffdb'],
    ['U+2028 is a space', 'a\u2028b', 'a b'],
  ])('%s', (_, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  test('stacks at most eight marks on a letter, also across removed characters', () => {
    const flood = `a${'\u0301'.repeat(8)}\u200b${'\u0301'.repeat(100)}b`;
    expect(printable(flood)).toBe(`a${'\u0301'.repeat(8)}b`);
  });

  test('takes linear time on a megabyte of openings', () => {
    const openings = '\x1b]0;\x1b['.repeat(150_000);
    expect(printable(openings)).toBe('␛'.repeat(300_000));
  });
});

describe('printableLines', () => {
  test('splits at LF and CRLF and cleans each line', () => {
    expect(printableLines('a\r\nb\x1b[31m\n\tc')).toEqual(['a', 'b', '        c']);
  });
});
