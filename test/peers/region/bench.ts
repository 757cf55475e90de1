import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { AwsClient } from '../aws-client.ts';

/** A region and the `aws` client on it; both are there once the tests run. */
export interface Bench {
  region: RunningRegion;
  aws: AwsClient;
  /** The region's time, which stands still until a test moves it. */
  readonly clock: HandClock;
}

/** A region for the tests of a file. A test fails where an answer that it got is not as the service's model has it. */
export function regionOfFile(): Bench {
  const clock = new HandClock(Date.now());
  const bench = { clock } as Bench;
  beforeAll(async () => {
    bench.region = await startRegion({ clock });
    bench.aws = new AwsClient(bench.region.url);
  });
  afterEach(() => {
    expect(bench.aws.problems(), 'answers that the service models do not allow').toEqual([]);
  });
  afterAll(async () => {
    bench.aws?.dispose();
    await bench.region?.close();
  });
  return bench;
}
