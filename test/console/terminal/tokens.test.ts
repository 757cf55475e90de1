import { isDeepStrictEqual } from 'node:util';
import * as real from '@alcalzone/ansi-tokenize';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { styledCharsFromTokens, styledCharsToString, tokenize } from '../../../src/console/terminal/tokens.ts';

const painted = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        '\x1b[31m',
        '\x1b[1;44m',
        '\x1b[0m',
        '\x1b[m',
        '\x1b[39m',
        '\x1b[22m',
        '\x1b[38;5;12m',
        '\x1b[7m',
      ),
      fc.constantFrom(
        '\x1b[',
        '\x1b[2',
        '\x1b[2J',
        '\x1b]8;;https://a.b\x07',
        '\x1b]8;;\x07',
        '\n',
        '漢',
        '👍🏽',
        '│',
        '…',
        'é',
        '\u0301',
        '©',
        '\u200d',
        '\ufe0f',
        '◽',
        '•',
      ),
    ),
  )
  .map((parts) => parts.join(''));

test('gives what the real tokeniser gives, on any text, also when it remembers', () => {
  fc.assert(
    fc.property(painted, (text) => {
      for (const _ of [1, 2]) {
        const tokens = tokenize(text);
        expect(isDeepStrictEqual(tokens, real.tokenize(text))).toBe(true);
        const cells = styledCharsFromTokens(tokens);
        expect(isDeepStrictEqual(cells, real.styledCharsFromTokens(real.tokenize(text)))).toBe(true);
        expect(styledCharsToString(cells)).toBe(real.styledCharsToString(cells));
      }
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('a limit in columns is kept', () => {
  expect(tokenize('abcdef', 3)).toEqual(real.tokenize('abcdef', 3));
});

test('shares the cells of ASCII text, coloured or not', () => {
  const [first] = styledCharsFromTokens(tokenize('\x1b[31ma\x1b[39m'));
  const [second] = styledCharsFromTokens(tokenize('\x1b[31mab'));
  expect(first).toBe(second);
  expect(styledCharsFromTokens(tokenize('x'))[0]).toBe(styledCharsFromTokens(tokenize('xyz'))[0]);
});
