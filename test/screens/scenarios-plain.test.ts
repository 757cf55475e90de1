import { expect, test } from 'vitest';
import { play, scenarios } from './support/play.ts';

/** Each at three sizes, without colours, in plain ASCII. */
test.each(await scenarios())('%s: $1.shows', async (_, scenario) => {
  expect(await play(scenario, 'plain')).not.toEqual(new Set());
});
