import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type VirtualRegion, virtualRegion } from './virtual-region.ts';

/** A virtual region, and the administrator's session on it. */
interface GivenRegion {
  readonly region: VirtualRegion;
  readonly session: Session;
}

/**
 * Gives one virtual region to all tests of the file, or of the `describe` that it is called in; `images` run as local
 * processes.
 */
export function regionForAll(
  take: (given: GivenRegion) => unknown,
  images: Readonly<Record<string, string>> = {},
): void {
  let given: GivenRegion;
  beforeAll(async () => {
    given = await openRegion(images);
    await take(given);
  });
  afterAll(() => given.region.close());
}

/** Gives each test a virtual region of its own. */
export function regionForEach(take: (given: GivenRegion) => unknown): void {
  let given: GivenRegion;
  beforeEach(async () => {
    given = await openRegion();
    await take(given);
  });
  afterEach(() => given.region.close());
}

async function openRegion(images: Readonly<Record<string, string>> = {}): Promise<GivenRegion> {
  const region = await virtualRegion(7, images);
  return { region, session: await region.open() };
}
