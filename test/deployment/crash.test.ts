import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';
import { byEcs, byPython, byVirtualenv, type Disturbed, failEverywhere, killEverywhere } from './disturbed.ts';

let region: VirtualRegion;
beforeEach(async () => {
  region = await virtualRegion();
});
afterEach(() => region.close());

/** Samples of the writes: `npm run test:soak` takes every request of all. */
describe.each([
  ['ECS', 'data-prod', byEcs, 2, 25, 3],
  ['Python', 'data-prod', byPython, 5, 22, 6],
  ['virtualenv', 'legacy', byVirtualenv, 4, 15, 6],
] as const)('by the %s operator', (_, environment, wanted, by, least, every) => {
  const disturbed = (): Disturbed => ({ region, environment, wanted });

  test('stopped at a write and resumed by another, it ends as if nothing had happened; its undo as well', {
    timeout: 300_000,
  }, async () => {
    expect(await killEverywhere(disturbed(), 'writes', { by })).toBeGreaterThan(least);
  });

  test('each request of it failing once, or its answer lost, it goes on and makes nothing twice', {
    timeout: 300_000,
  }, async () => {
    await failEverywhere(disturbed(), 13, { by: every });
  });
});
