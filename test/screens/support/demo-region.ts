import { openSession } from '../../../src/aws/open.ts';
import type { Session } from '../../../src/aws/session.ts';
import { type RegionOptions, type RunningRegion, startRegion } from '../../../src/demo/region.ts';

/** An embedded region and sessions on it. */
export interface DemoRegion extends RunningRegion {
  /** A session as `openScreen` takes it. */
  readonly session: () => Promise<Session>;
}

/** Starts an embedded region; close it after the scenario. */
export async function openRegion(options: RegionOptions = {}): Promise<DemoRegion> {
  const running = await startRegion({ seed: 1, ...options });
  return {
    ...running,
    session: () =>
      openSession({
        endpoint: running.url,
        region: running.region.name,
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
      }),
  };
}
