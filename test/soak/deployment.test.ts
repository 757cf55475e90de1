import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  byEcs,
  byPython,
  byVirtualenv,
  type Disturbed,
  failEverywhere,
  killEverywhere,
} from '../deployment/disturbed.ts';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';

/** About two hundred deployments in a row. */
const LONG = { timeout: 3_600_000 };

let region: VirtualRegion;
beforeEach(async () => {
  region = await virtualRegion();
});
afterEach(() => region.close());

describe.each([
  ['ECS', 'data-prod', byEcs],
  ['Python', 'data-prod', byPython],
  ['virtualenv', 'legacy', byVirtualenv],
] as const)('by the %s operator', (_, environment, wanted) => {
  const disturbed = (): Disturbed => ({ region, environment, wanted });

  test('stopped at every single request and resumed by another, it ends as if nothing had happened', LONG, async () => {
    expect(await killEverywhere(disturbed(), 'requests')).toBeGreaterThan(50);
  });

  test('every single request failing alone, it goes on and makes nothing twice', LONG, async () => {
    await failEverywhere(disturbed(), 400);
  });
});
