import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion();
});
afterAll(() => region.close());

test('marked log groups are followed together; Esc takes the marks away first', async () => {
  const screen = await openDemo(region, { columns: 120, rows: 40 });
  await openEnvironment(screen, 'data-prod', '4');
  await screen.sees('/ecs/openmetadata-ingestion');
  await screen.press('home', 'space', 'space');
  await screen.sees('2 marked');
  await screen.press('escape');
  await screen.gone('marked');
  await screen.sees('log groups');
  await screen.press('home', 'space', 'space', 'enter');
  await screen.sees('airflow-data-prod-DAGProcessing + airflow-data-prod-Scheduler');
  expect(await screen.close()).toBe(0);
});

test('y copies the names of all marked rows, a line each', async () => {
  const screen = await openDemo(region, { columns: 120, rows: 40 });
  await screen.sees('sandbox');
  await screen.press('home', 'space', 'space', 'y');
  const copied = Buffer.from('analytics\ndata-prod').toString('base64');
  await screen.until(() => screen.stdout.sent.join('').includes(copied), 'both names are sent to the clipboard');
  expect(await screen.close()).toBe(0);
});
