import { afterEach, beforeEach, test } from 'vitest';
import { reachAnyState } from '../deployment/any-state.ts';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';

let region: VirtualRegion;
beforeEach(async () => {
  region = await virtualRegion();
});
afterEach(() => region.close());

const SEEDS = Array.from({ length: 10 }, (_, at) => at + 101);

test.each(SEEDS)('from whatever is there, a plan reaches whatever is wanted, seed %i', async (seed) => {
  await reachAnyState(region, { numRuns: 30, seed });
});
