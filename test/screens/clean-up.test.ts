import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryJournal } from '../../src/tasks/own-configuration/journal.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(30);
});
afterAll(() => region.close());

test('what a run that was cut off left behind is told at the start, and removed after a confirmation', async () => {
  const session = await region.open();
  const secretName = 'mwaa-console/data-prod/data-prod-kafka_metadata-0badcafe';
  await session.secretsManager.createSecret({ Name: secretName, SecretString: 'canary-9f3b71' }, {});
  const temporary = memoryJournal();
  await temporary.begin({
    id: '0badcafe-0000-4000-8000-000000000000',
    endpoint: new URL(region.url).host,
    account: '123456789012',
    region: 'eu-west-1',
    cluster: 'openmetadata-ingestion',
    secretName,
    family: 'data-prod-kafka_metadata-run',
    startedAt: session.clock.now(),
    host: hostname(),
    pid: 99_999_999,
  });
  const screen = await openDemo(region, { columns: 120, rows: 40, options: { temporary } });
  await screen.sees('A run that was cut off left a secret');
  await screen.press('j');
  await screen.run('clean-up-runs');
  await screen.sees('Remove what cut-off runs left behind');
  await screen.sees(secretName);
  await screen.press('n');
  expect(region.running.region.secrets.find(secretName)).toBeDefined();
  await screen.run('clean-up-runs');
  await screen.sees(secretName);
  await screen.press('y');
  await screen.sees('Removed');
  expect(region.running.region.secrets.find(secretName)).toBeUndefined();
  await screen.run('clean-up-runs');
  await screen.sees('No run has left anything behind');
  expect(await screen.close()).toBe(0);
});
