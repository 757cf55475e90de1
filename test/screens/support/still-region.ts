import { openSession, type SessionOptions } from '../../../src/aws/open.ts';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';
import type { ScreenOptions } from './screen.ts';

/** When no ingestion of the region runs. */
const STILL = Date.UTC(2026, 5, 16, 12, 20);
/** Waits for the request budget are shorter than this, ms; those of polls are longer. */
const BUDGET_WAIT = 1_000;

/** A region whose time stands still until it is moved. */
export interface StillRegion {
  readonly region: RunningRegion;
  readonly clock: HandClock;
  /** What a console on it is opened with: the administrator's session where nothing else is given. */
  console(given?: SessionOptions): Required<Pick<ScreenOptions, 'session' | 'options'>>;
}

/** Starts one at a moment when no ingestion of it runs; without throttling where nothing else is asked for. */
export async function stillRegion(options: { readonly seed?: number; readonly throttling?: boolean } = {}) {
  const clock = new HandClock(STILL, { passing: BUDGET_WAIT });
  const region = await startRegion({ clock, seed: 7, throttling: false, ...options });
  const still: StillRegion = {
    region,
    clock,
    console: (given) => ({
      session: ({ mfaCode }) =>
        openSession({
          endpoint: region.url,
          region: 'eu-west-1',
          credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
          clock,
          mfaCode,
          ...given,
        }),
      options: { openmetadata: () => ({ url: `${region.url}/openmetadata/api`, token: 'demo-token' }) },
    }),
  };
  return still;
}
