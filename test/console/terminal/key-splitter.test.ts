import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type InputToken, KeySplitter } from '../../../src/console/terminal/key-splitter.ts';

const key = (bytes: string): InputToken => ({ type: 'key', bytes });
const keys = (...all: string[]) => all.map(key);

describe('KeySplitter', { timeout: 60_000 }, () => {
  test.each<[string, string, InputToken[]]>([
    ['repeated letters', 'jjj', keys('j', 'j', 'j')],
    ['a palette line in one chunk', ':logs\r', keys(':', 'l', 'o', 'g', 's', '\r')],
    ['repeated arrows', '\x1b[B\x1b[B', keys('\x1b[B', '\x1b[B')],
    [
      'modified and function keys',
      '\x1b[1;5P\x1b[3~\x1bOP\x1b[[A\x1b[3$',
      keys('\x1b[1;5P', '\x1b[3~', '\x1bOP', '\x1b[[A', '\x1b[3$'),
    ],
    ['alt with a letter', '\x1bx', keys('\x1bx')],
    ['escape before another sequence', '\x1b\x1b[A', keys('\x1b', '\x1b[A')],
    ['wide letters', '漢é👍', keys('漢', 'é', '👍')],
    [
      'focus',
      '\x1b[I\x1b[O',
      [
        { type: 'focus', focused: true },
        { type: 'focus', focused: false },
      ],
    ],
    ['a paste', 'a\x1b[200~x\r\n\x1b[31my\x1b[201~b', [key('a'), { type: 'paste', text: 'x\r\n\x1b[31my' }, key('b')]],
    ['a stray end of paste', 'a\x1b[201~b', keys('a', 'b')],
    ['the answer to a colour query', 'a\x1b]11;rgb:0000/0000/0000\x1b\\b', keys('a', 'b')],
    ['an answer ended by BEL', 'a\x1b]52;c;aGk=\x07b', keys('a', 'b')],
    ['device control and application answers', '\x1bP1+r\x1b\\\x1b_Gi=1;OK\x1b\\b', keys('b')],
    [
      'device attributes, modes, cursor, status, window',
      '\x1b[?62;c\x1b[>1;2c\x1b[?2026;2$y\x1b[12;40R\x1b[0n\x1b[8;24;80tb',
      keys('b'),
    ],
    ['mouse in all three forms', '\x1b[<0;10;5M\x1b[<0;10;5m\x1b[M !!\x1b[32;10;5Mb', keys('b')],
    ['Ctrl-C inside an answer that never ends', '\x1b]11;rgb\x03', keys('\x03')],
    ['Ctrl-C inside a cut sequence', '\x1b[1\x03\x1bO\x03', keys('\x03', '\x03')],
  ])('%s', (_, bytes, tokens) => {
    expect(new KeySplitter().push(bytes)).toEqual(tokens);
    const slowly = new KeySplitter();
    expect([...bytes].flatMap((each) => slowly.push(each))).toEqual(tokens);
    expect(slowly.waiting).toBeUndefined();
  });

  test('an escape that nothing follows is the key, a letter after it is a letter', () => {
    const splitter = new KeySplitter();
    expect(splitter.push('\x1b')).toEqual([]);
    expect(splitter.waiting).toBe('escape');
    expect(splitter.expire()).toEqual(keys('\x1b'));
    expect(splitter.push('[A')).toEqual(keys('[', 'A'));
  });

  test('half an answer is dropped, half a paste is kept', () => {
    const splitter = new KeySplitter();
    expect(splitter.push('\x1b]11;rg')).toEqual([]);
    expect(splitter.waiting).toBe('reply');
    expect(splitter.expire()).toEqual([]);
    expect(splitter.push('\x1b[200~half')).toEqual([]);
    expect(splitter.waiting).toBe('paste');
    expect(splitter.expire()).toEqual([{ type: 'paste', text: 'half' }]);
    expect(splitter.push('j')).toEqual(keys('j'));
  });

  test('where chunks end makes no difference', () => {
    const bytes = fc
      .array(
        fc.constantFrom(
          '\x1b',
          '[',
          ']',
          'O',
          'P',
          '2',
          '0',
          '0',
          '~',
          '1',
          ';',
          'A',
          '\x07',
          '\\',
          '漢',
          '\x1b[200~',
          '\x1b[201~',
          'M',
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(bytes, fc.nat(), (text, where) => {
        const at = text.length === 0 ? 0 : where % text.length;
        const whole = new KeySplitter();
        const split = new KeySplitter();
        const expected = [...whole.push(text), ...whole.expire()];
        expect([...split.push(text.slice(0, at)), ...split.push(text.slice(at)), ...split.expire()]).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
  });
});
