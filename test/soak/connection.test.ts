import { describe, expect, test } from 'vitest';
import {
  discovering,
  discoveringByCommands,
  failEverywhere,
  failRemovalEverywhere,
  killEverywhere,
  killRemovalEverywhere,
  listOften,
  probing,
} from '../connection/disturbed.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

/** Hundreds of discoveries and probes in a row. */
const LONG = { timeout: 3_600_000 };

let region: VirtualRegion;
regionForEach((given) => {
  ({ region } = given);
  listOften(region);
});

describe.each([
  ['discovery', discovering, { requests: 45, removal: 8 }],
  ['discovery by Airflow commands', discoveringByCommands, { requests: 35, removal: 15 }],
  ['probe from the VPC', probing, { requests: 60, removal: 6 }],
] as const)('a %s', (_, disturbed, least) => {
  test('killed at every single request, as its removal is, leaves nothing behind', LONG, async () => {
    const requests = await killEverywhere(disturbed(region));
    expect(requests).toBeGreaterThan(least.requests);
    let most = 0;
    for (let leaving = 0; leaving < requests; leaving += 4) {
      most = Math.max(most, await killRemovalEverywhere(disturbed(region), leaving));
    }
    expect(most).toBeGreaterThan(least.removal);
  });

  test('every single request of it and of its removal failing alone, goes on to its end', LONG, async () => {
    await failEverywhere(disturbed(region), 100);
    await failRemovalEverywhere(disturbed(region), 40, 40);
  });
});
