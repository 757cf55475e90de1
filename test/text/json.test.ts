import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonText } from '../../src/text/json.ts';

test('parses back to the same value and holds nothing that acts on a terminal', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), fc.constantFrom(0, 2), (value, indent) => {
      const text = jsonText(value, indent);
      expect(JSON.stringify(JSON.parse(text))).toBe(JSON.stringify(value));
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/u);
    }),
  );
}, 60_000);

test('escapes what JSON.stringify leaves', () => {
  expect(jsonText('\x7f\x9b\u202e\u2028\u{e0041}é')).toBe('"\\u007f\\u009b\\u202e\\u2028\\udb40\\udc41é"');
  expect(jsonText(undefined)).toBe('null');
});
