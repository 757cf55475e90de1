import { expect, test } from 'vitest';
import { walk } from './support/random-walk.ts';

/** `npm run test:soak` walks 50,000 steps. */
test.each([1, 2, 3, 4])(
  '500 random steps of seed %i: nothing breaks, nothing is written unasked, Esc leads home',
  async (seed) => {
    expect(await walk({ seed, steps: 500 })).toEqual([]);
  },
);
