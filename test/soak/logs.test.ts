import { describe, expect, inject, test } from 'vitest';
import { flood } from '../logs/flood.ts';
import { floodView } from '../logs/flood-view.ts';
import { hostileFollow } from '../logs/hostile-follow.ts';
import { againstRegion, againstServer } from '../logs/hostile-process.ts';
import { hostileRegion } from '../logs/hostile-region.ts';

/** ms: thousands of requests over the wire, on a machine that others use too. */
const LONG = 600_000;
const SEEDS = Array.from({ length: 20 }, (_, index) => index + 1);

describe.each([
  ['the fake service', hostileFollow],
  ['the embedded region', hostileRegion],
])('lines up to an hour late, on virtual time, on %s', (_, follow) => {
  test.each(SEEDS)(
    'seed %i: each line once, within the budget',
    async (seed) => {
      const { printed, written, beyondBudget } = await follow(seed);
      expect(printed).toEqual(written);
      expect(beyondBudget).toBe(0);
    },
    LONG,
  );
});

describe.each([
  ['a fault-injecting server', againstServer],
  ['the embedded region', againstRegion],
])('lines up to a minute late, by a process of its own, on %s', (_, follow) => {
  test.each(SEEDS)(
    'seed %i: each line once, within the budget, ended within a second',
    async (seed) => {
      const { printed, truth, beyondBudget, ended } = await follow(inject('program'), seed);
      expect(printed).toEqual(truth);
      expect(beyondBudget).toBe(0);
      expect(ended.code).toBe(130);
      expect(ended.took).toBeLessThan(1_000);
    },
    LONG,
  );
});

test('a container that writes 200,000 lines in 20 s: all of them are printed', () => flood(200_000, 20), LONG);

test.each([
  [80, 24],
  [160, 48],
])('the same in the view at %i x %i tears no screen', (columns, rows) => floodView(200_000, 20, columns, rows), LONG);
