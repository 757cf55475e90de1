import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSession } from '../../src/aws/open.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, select } from './support/scenario.ts';
import { openScreen } from './support/screen.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(20);
});
afterAll(() => region.close());
beforeEach(async () => {
  await fetch(`${region.url}/_demo/faults`, { method: 'DELETE' });
});

describe('one environment that can not be read', () => {
  test.each([
    { fault: 'denied', shown: 'denied', said: /legacy: .*airflow:GetEnvironment/ },
    { fault: 'error', shown: 'not readable', said: /legacy: / },
    { fault: 'garbage', shown: 'not readable', said: /legacy: / },
  ])('$fault is an error of its row alone, with advice, and the console stays up', async ({ fault, shown, said }) => {
    await region.fault({
      service: 'airflow',
      operation: 'GetEnvironment',
      input: { Name: 'legacy' },
      times: 0,
      fault,
    });
    const screen = await openDemo(region, { columns: 120, rows: 40 });
    await screen.until(() => screen.row(' legacy ')?.includes(shown) === true, `legacy reads ${shown}`);
    await screen.until(() => screen.row(' data-prod ')?.includes('available') === true, 'data-prod is read');
    await screen.sees('openmetadata-ingestion');
    await select(screen, ' legacy ');
    await screen.sees(said);
    await screen.press('enter');
    await screen.sees('legacy › overview');
    await screen.press('escape');
    await screen.sees('ECS clusters 3');

    await fetch(`${region.url}/_demo/faults`, { method: 'DELETE' });
    await screen.press('ctrl+r');
    await screen.until(() => screen.row(' legacy ')?.includes('update failed') === true, 'legacy is read');
    expect(await screen.close()).toBe(0);
  });
});

test('a whole service that refuses is said in its panel, the other panel is there', async () => {
  await region.fault({ service: 'ecs', operation: 'ListClusters', times: 0, fault: 'denied' });
  const screen = await openDemo(region, { columns: 80, rows: 24 });
  await screen.sees('ecs:ListClusters');
  await screen.sees('data-prod');
  await screen.press('!');
  await screen.sees('missing permission: ecs:ListClusters');
  await screen.press('escape');
  expect(await screen.close()).toBe(0);
});

test('an environment without access shows nothing of the estate, says which permission lacks, and stays', async () => {
  const screen = await openDemo(region, { columns: 80, rows: 24, accessKeyId: 'AKIADEMONOACCESS0000' });
  await screen.sees('NoAccess');
  await screen.sees('airflow:ListEnvironments');
  await screen.sees('ecs:ListClusters');
  await screen.press('@');
  await screen.sees('aws mwaa list-environments');
  await screen.press('escape', 'q');
  expect(await screen.ended).toBe(0);
});

test('the wrong region is said in both panels; :region leads to the right one', async () => {
  const screen = await openScreen({
    columns: 80,
    rows: 24,
    session: ({ region: chosen }) =>
      openSession({
        endpoint: region.url,
        region: chosen ?? 'us-east-1',
        credentials: { accessKeyId: 'AKIADEMOADMIN0000000', secretAccessKey: 'demo' },
        clock: region.clock,
      }),
  });
  await screen.until(() => screen.text().split('does not serve us-east-1').length === 3, 'both panels say so');
  await screen.sees('--region or AWS_REGION');
  await screen.run('region', 'eu-west-1');
  await screen.sees('data-prod');
  await screen.sees('openmetadata-ingestion');
  expect(await screen.close()).toBe(0);
});
