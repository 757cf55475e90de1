import fc from 'fast-check';
import real from 'string-width';
import { expect, test } from 'vitest';
import stringWidth from '../../../src/console/terminal/string-width.ts';
import { isCommon } from '../../../src/text/common.ts';

test('counts as the real one, on any text, also when it remembers', () => {
  const painted = fc
    .array(
      fc.oneof(
        fc.string(),
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.constantFrom(
          '\x1b[31m',
          '\x1b[1;44m',
          '\x1b[m',
          '\x1b[',
          '\x1b[2J',
          '\n',
          '漢',
          '👍🏽',
          '│',
          '…',
          'é',
          '\u0301',
          '↔\ufe0f',
        ),
      ),
    )
    .map((parts) => parts.join(''));
  fc.assert(
    fc.property(painted, (text) => {
      expect(stringWidth(text)).toBe(real(text));
      expect(stringWidth(text)).toBe(real(text));
    }),
    { numRuns: 200 },
  );
}, 60_000);

test('every common character takes one cell, alone and beside another', () => {
  for (let code = 0; code < 0x10000; code += 1) {
    if (!isCommon(code)) continue;
    const character = String.fromCharCode(code);
    expect([character, real(character), real(`e${character}e`)]).toEqual([character, 1, 3]);
  }
}, 60_000);
