import { describe, expect, test } from 'vitest';
import { age, clockTime, dayTime, isoTime, parseSince, shortAge } from '../../src/text/ages.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = Date.UTC(2026, 10, 22, 11, 4, 31, 120);

describe('ages', () => {
  test.each([
    [-5, '0s', '0s'],
    [Number.NaN, '0s', '0s'],
    [12_900, '12s', '12s'],
    [192_000, '3m12s', '3m'],
    [60_000, '1m00s', '1m'],
    [4 * HOUR + 5 * 60_000, '4h05m', '4h'],
    [75 * HOUR, '3d', '3d'],
  ])('%d ms is %s', (ms, long, short) => {
    expect(age(ms)).toBe(long);
    expect(shortAge(ms)).toBe(short);
  });

  test('times of day and dates', () => {
    expect(clockTime(at, 'utc')).toBe('11:04:31');
    expect(clockTime(at, 'utc', 'minutes')).toBe('11:04');
    expect(clockTime(at, 'utc', 'milliseconds')).toBe('11:04:31.120');
    expect(dayTime(at, 'utc')).toBe('2026-11-22 11:04:31');
    expect(dayTime(at, 'local')).toBe('2026-11-22 11:04:31');
    expect(isoTime(at)).toBe('2026-11-22T11:04:31.120Z');
    for (const shown of [clockTime(Number.NaN), dayTime(9e15), isoTime(Number.NaN)]) expect(shown).toBe('-');
  });
});

describe('parseSince', () => {
  test.each([
    ['90s', at - 90_000],
    ['1h30m', at - 1.5 * HOUR],
    ['1.5h', at - 1.5 * HOUR],
    ['2D', at - 48 * HOUR],
    ['1w', at - 168 * HOUR],
    ['2026-11-22T10:00Z', at - HOUR - 271_120],
    ['2026-11-22 10:00:00', at - HOUR - 271_120],
    ['2026-11-22', Date.UTC(2026, 10, 22)],
    ['11:04', at - 31_120],
    ['9:00', at - 2 * HOUR - 271_120],
    ['11:04:31.5', at - DAY + 380],
    ['11:05z', at - DAY + 28_880],
    ['99999w', 0],
  ])('%s', (text, ms) => {
    expect(parseSince(text, at)).toBe(ms);
  });

  test.each(['', 'yesterday', '25:00', '5', '1h later', '2026-13-45'])('refuses %j with advice', (text) => {
    expect(() => parseSince(text, at)).toThrow(
      expect.objectContaining({ kind: 'usage', advice: expect.stringContaining('30m') }),
    );
  });
});
