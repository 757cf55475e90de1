import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LazySegmenter } from '../../../src/console/terminal/segmenter.ts';

const text = fc
  .array(
    fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.constantFrom(
        '\r\n',
        '\r',
        '\n',
        '\x1b[31m',
        '│',
        '…',
        '·',
        'é',
        'e\u0301',
        '👩‍🚀',
        '漢',
        '\u200d',
        '\ufe0f',
        '🇩🇪',
      ),
    ),
  )
  .map((parts) => parts.join(''));

test('finds the graphemes that the real one finds, in any text', () => {
  const real = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  for (const lazy of [new LazySegmenter(), new LazySegmenter(undefined, { granularity: 'grapheme' })]) {
    fc.assert(
      fc.property(text, (each) => {
        expect([...lazy.segment(each)]).toEqual([...real.segment(each)]);
      }),
    );
  }
});

test('leaves words to the real one', () => {
  const lazy = new LazySegmenter('en', { granularity: 'word' });
  expect([...lazy.segment('two words')].map(({ segment }) => segment)).toEqual(['two', ' ', 'words']);
});
