import { expect, test } from 'vitest';
import { play, scenarios } from './support/play.ts';

/** Each at three sizes, in colour, with the lines and marks of Unicode. */
test.each(await scenarios())('%s: $1.shows', async (_, scenario) => {
  expect(await play(scenario, 'colour')).not.toEqual(new Set());
});
