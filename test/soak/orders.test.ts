import { describe, test } from 'vitest';
import { inOrder, ORDERS } from '../deployment/orders.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

describe.each(ORDERS)('three ingestions deployed in the order %i, %i, %i', (...deployed) => {
  let region: VirtualRegion;
  regionForAll((given) => {
    ({ region } = given);
  });

  test.each(ORDERS)('and taken back in the order %i, %i, %i never touch each other', async (...undone) => {
    await inOrder(region, deployed, undone);
  });
});
