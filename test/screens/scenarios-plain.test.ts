import { expect, test } from 'vitest';
import { play, scenarios } from './support/play.ts';

/** Each at three sizes, without colours, in plain ASCII. */
test.each(await scenarios())('%s: %s', async (_name, _shows, scenario) => {
  expect(await play(scenario, 'plain')).not.toEqual(new Set());
});
