import { beforeEach, describe, expect, test } from 'vitest';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import {
  byEcs,
  byPlugin,
  byPython,
  type Disturbed,
  failEverywhere,
  killEverywhere,
  olderAirflow,
} from './disturbed.ts';

let region: VirtualRegion;
regionForEach((given) => {
  ({ region } = given);
});

/** Samples of the writes: `npm run test:soak` takes every request of all. */
describe.each([
  ['ECS', byEcs, 5, 25, 5],
  ['Python', byPython, 12, 22, 9],
  ['virtualenv', byPlugin, 12, 15, 9, olderAirflow],
] as const)('by the %s operator', (_, wanted, by, least, every, prepare?: (region: VirtualRegion) => void) => {
  beforeEach(() => prepare?.(region));
  const disturbed = (): Disturbed => ({ region, environment: 'data-prod', wanted });

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
