import { expect, test } from 'vitest';
import { walk } from '../screens/support/random-walk.ts';

const SEEDS = Array.from({ length: 50 }, (_, at) => at + 101);

test.each(SEEDS)('1,000 random steps of seed %i', async (seed) => {
  expect(await walk({ seed, steps: 1_000 })).toEqual([]);
});
