import { test } from 'vitest';
import { reachAnyState } from '../deployment/any-state.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

let region: VirtualRegion;
regionForEach((given) => {
  ({ region } = given);
});

const SEEDS = Array.from({ length: 10 }, (_, at) => at + 101);

test.each(SEEDS)('from whatever is there, a plan reaches whatever is wanted, seed %i', async (seed) => {
  await reachAnyState(region, { numRuns: 30, seed });
});
