import { describe, expect, it } from 'vitest';
import { parsePattern } from '../../../src/demo/logs/pattern.ts';

const LINE = '[2026-11-22T17:05:04] ERROR {dagrun.py:1} - Task timed out after 30s, "user" = 7';
const JSON_LINE = JSON.stringify({
  level: 'error',
  status: 504,
  path: '/v1/orders/1',
  ok: false,
  note: null,
  list: [{ id: 3 }],
});

describe('a filter pattern', () => {
  it.each([
    ['', true],
    ['ERROR', true],
    ['error', false],
    ['ERROR timed', true],
    ['ERROR absent', false],
    ['"timed out after"', true],
    ['"timed after"', false],
    ['"\\"user\\" = 7"', true],
    ['ERROR -timed', false],
    ['ERROR -absent', true],
    ['?absent ?timed', true],
    ['?absent ?missing', false],
    ['ERROR ?absent', true],
    ['-"timed out"', false],
    ['%after [0-9]+s%', true],
    ['%after [a-z]+s%', false],
  ])('of terms: %s', (pattern, expected) => {
    expect(parsePattern(pattern)(LINE)).toBe(expected);
  });

  it.each([
    ['{ $.level = "error" }', true],
    ['{ $.level = "warn" }', false],
    ['{ $.level != "warn" }', true],
    ['{ $.path = "/v1/*" }', true],
    ['{ $.status >= 500 && $.level = error }', true],
    ['{ $.status < 500 || $.level = "error" }', true],
    ['{ ($.status < 500) && ($.level = "error") }', false],
    ['{ $.list[0].id = 3 }', true],
    ['{ $.ok IS FALSE }', true],
    ['{ $.note IS NULL }', true],
    ['{ $.other NOT EXISTS }', true],
    ['{ $.other = "*" }', false],
  ])('of JSON: %s', (pattern, expected) => {
    expect(parsePattern(pattern)(JSON_LINE)).toBe(expected);
    expect(parsePattern(pattern)('no JSON')).toBe(false);
  });

  it.each([
    ['[ip, , size]', undefined],
    ['[ip, user, method, size > 1000]', true],
    ['[ip, user, method, size > 9000]', false],
    ['[ip, ..., size]', true],
    ['[ip = 10.*, ...]', true],
    ['[one, two]', false],
  ])('of fields: %s', (pattern, expected) => {
    const message = '10.0.0.1 ann "GET /x" 2048';
    if (expected === undefined) expect(() => parsePattern(pattern)).toThrow('Invalid filter pattern');
    else expect(parsePattern(pattern)(message)).toBe(expected);
  });

  it.each(['{ $.a = }', '{ $.a = 1', '{ a = 1 }', '{ $.a 1 2 3 }', '"unclosed', '[a', 'a(b', '%a++%', '%(?=x)%'])(
    'that cannot be read is refused: %s',
    (pattern) => {
      expect(() => parsePattern(pattern)).toThrow('Invalid filter pattern');
    },
  );
});
