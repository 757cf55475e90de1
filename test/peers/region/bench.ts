import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { type RegionOptions, type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { AwsClient } from '../aws-client.ts';

/** A region and the `aws` client on it; both are there once the tests run. */
export interface Bench {
  region: RunningRegion;
  aws: AwsClient;
}

/** A region for the tests of a file. A test fails where an answer that it got is not as the service's model has it. */
export function regionOfFile(options: RegionOptions = { speed: 60 }): Bench {
  const bench = {} as Bench;
  beforeAll(async () => {
    bench.region = await startRegion(options);
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
