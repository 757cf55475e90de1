import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { discover } from '../../src/connection/discovery/discover.ts';
import { leftBehind } from '../../src/deployment/one-off/left-behind.ts';
import { memoryJournal } from '../../src/tasks/own-configuration/journal.ts';
import { endpointOf } from '../../src/tasks/records/records.ts';
import { Failure } from '../../src/text/failure.ts';
import { workOf } from '../connection/disturbed.ts';
import { regionForAll } from '../support/given-region.ts';
import type { Border, VirtualRegion } from '../support/virtual-region.ts';
import { kill } from './disturb.ts';

const { signal } = new AbortController();
let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
});

const journal = memoryJournal();
async function left(by: Session = session) {
  return (await leftBehind(by, journal, signal)).map(({ verdict, evidence }) => `${verdict}: ${evidence}`);
}

test('the doctor knows what interrupted runs, discoveries and probes left behind, and what it can not read', async () => {
  expect(await left()).toEqual([
    'pass: No run of this machine has left anything behind',
    'pass: No discovery or probe has left anything behind',
  ]);
  const { interference, dead } = kill(12, 'requests');
  const work = { ...(await workOf(session)), session: await region.open(interference) };
  await Promise.race([discover(work), dead]);
  region.time.region.move(4 * 60_000);
  const { account } = await session.identity(signal);
  const place = { endpoint: endpointOf(session), account, region: session.region, cluster: 'openmetadata-ingestion' };
  const names = { secretName: 'mwaa-console/data-prod/x-1', family: 'x-run' };
  // No process has this number: Linux has at most 4,194,304.
  const gone = { startedAt: session.clock.now(), host: hostname(), pid: 99_999_999 };
  await journal.begin({ id: '1', ...place, ...names, ...gone });
  expect(await left()).toEqual([
    'warning: A run that was cut off left a secret and a task definition behind: mwaa-console/data-prod/x-1.',
    expect.stringMatching(/^warning: Left behind in data-prod: mwaa_console_\w{5} of a discovery of tester$/),
  ]);
  const before = ({ operation, input }: Border) => {
    if (operation === 'ListObjectsV2' && JSON.stringify(input).includes('data-prod')) {
      throw new Failure('denied', 's3:ListBucket is denied.');
    }
  };
  const blind = await left(await region.open({ before }));
  expect(blind.at(-1)).toBe("unknown: What discoveries left in data-prod can't be read: s3:ListBucket is denied.");
});
