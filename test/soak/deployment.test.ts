import { beforeEach, describe, expect, test } from 'vitest';
import {
  byEcs,
  byPlugin,
  byPython,
  byVirtualenv,
  type Disturbed,
  failEverywhere,
  killEverywhere,
  olderAirflow,
} from '../deployment/disturbed.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const LONG = { timeout: 3_600_000 };
/** Each takes every sixth request, so that one can be run by itself: `-t '3 of 6'`. */
const PARTS = [1, 2, 3, 4, 5, 6];

let region: VirtualRegion;
regionForEach((given) => {
  ({ region } = given);
});

describe.each([
  ['ECS', 'data-prod', byEcs],
  ['Python', 'data-prod', byPython],
  ['virtualenv', 'legacy', byVirtualenv],
  ['virtualenv', 'data-prod', byPlugin, olderAirflow],
] as const)('by the %s operator in %s', (mode, environment, wanted, prepare?: (region: VirtualRegion) => void) => {
  beforeEach(() => prepare?.(region));
  const disturbed = (): Disturbed => ({ region, environment, wanted });
  /** Half an hour of waiting for an update is a thousand reads that leave the same world behind. */
  const updates = mode === 'Python' || prepare !== undefined;

  test.each(PARTS)(
    'stopped at every single request and resumed by another, it ends as if nothing had happened, %i of 6',
    LONG,
    async (part) => {
      const every = { from: part - 1, by: PARTS.length };
      const met = updates ? 'writes and reads' : 'requests';
      expect(await killEverywhere(disturbed(), met, every)).toBeGreaterThan(50);
    },
  );

  test.runIf(updates)('stopped while it waits for the update, at one request in forty', LONG, async () => {
    expect(await killEverywhere(disturbed(), 'requests', { from: 20, by: 40 })).toBeGreaterThan(300);
  });

  test.each(PARTS)(
    'every single request failing alone, it goes on and makes nothing twice, %i of 6',
    LONG,
    async (part) => {
      await failEverywhere(disturbed(), 400, { from: part - 1, by: PARTS.length });
    },
  );
});

/** A change of mode takes up and lets go, on either side of the DAG; what it leaves is there again after its undo. */
describe.each([
  ['ECS', 'Python', byEcs, byPython],
  ['Python', 'virtualenv', byPython, byPlugin],
  ['virtualenv', 'ECS', byPlugin, byEcs, olderAirflow],
  ['Python', 'ECS', byPython, byEcs],
] as const)(
  'from the %s operator to the %s operator',
  (_, __, earlier, wanted, prepare?: (region: VirtualRegion) => void) => {
    beforeEach(() => prepare?.(region));
    const disturbed = (): Disturbed => ({ region, environment: 'data-prod', wanted, earlier });

    test.each(PARTS)(
      'stopped at a write, or a read after one, and resumed by another, it ends as if nothing had happened, %i of 6',
      LONG,
      async (part) => {
        const every = { from: part - 1, by: PARTS.length };
        expect(await killEverywhere(disturbed(), 'writes and reads', every)).toBeGreaterThan(50);
      },
    );

    test.each(PARTS)(
      'every single request failing alone, it goes on and makes nothing twice, %i of 6',
      LONG,
      async (part) => {
        await failEverywhere(disturbed(), 400, { from: part - 1, by: PARTS.length });
      },
    );
  },
);
