import { afterAll, beforeAll, describe, test } from 'vitest';
import { inOrder, ORDERS } from '../deployment/orders.ts';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';

describe.each(ORDERS)('three ingestions deployed in the order %i, %i, %i', (...deployed) => {
  let region: VirtualRegion;
  beforeAll(async () => {
    region = await virtualRegion();
  });
  afterAll(() => region.close());

  test.each(ORDERS)('and taken back in the order %i, %i, %i never touch each other', async (...undone) => {
    await inOrder(region, deployed, undone);
  });
});
