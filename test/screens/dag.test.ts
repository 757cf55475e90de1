import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment, select } from './support/scenario.ts';
import type { Screen } from './support/screen.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion();
});
afterAll(() => region.close());

async function openDag(dagId: string): Promise<Screen> {
  const screen = await openDemo(region, { columns: 120, rows: 40 });
  await openEnvironment(screen, 'data-prod', '3');
  await select(screen, dagId);
  await screen.press('enter');
  await screen.sees(`Runs of ${dagId}`);
  await screen.sees(/Tasks of .* [1-9]/);
  return screen;
}

test('a run is triggered with a configuration that is held to be a JSON object', async () => {
  const screen = await openDag('finance_close');
  await screen.press('T');
  await screen.sees('Configuration');
  await screen.type('x');
  await screen.press('enter');
  await screen.sees('That is no JSON');
  await screen.press('ctrl+u');
  await screen.type('[1]');
  await screen.press('enter');
  await screen.sees('It has to be a JSON object');
  await screen.press('ctrl+u');
  await screen.type('{"day":"2026-11-22"}');
  await screen.press('enter');
  await screen.sees('conf {"day":"2026-11-22"}');
  await screen.press('y');
  await screen.sees(/manual__/);
  await select(screen, 'manual__');
  await screen.press('d');
  await screen.sees('2026-11-22');
  expect(await screen.close()).toBe(0);
});

test('a failed task is cleared and runs again', async () => {
  const screen = await openDag('kafka_metadata');
  await select(screen, 'failed');
  await screen.press('tab');
  await screen.until(() => /failed .*Operator/.test(screen.selected() ?? ''), 'the failed task is selected');
  await screen.press('C');
  await screen.sees('runs again, and what waits for it');
  await screen.press('enter');
  await screen.sees('y to let it run again');
  await screen.press('y');
  await screen.until(() => /scheduled|queued|running/.test(screen.selected() ?? ''), 'the task runs again');
  expect(await screen.close()).toBe(0);
});

test('P pauses the DAG, and T then says why it will not', async () => {
  const screen = await openDag('orders_hourly');
  await screen.press('P');
  await screen.sees('Pause orders_hourly');
  await screen.press('y');
  await screen.sees('orders_hourly is paused');
  await screen.press('T');
  await screen.sees('is paused: its run would only queue');
  expect(await screen.close()).toBe(0);
});

test('the timeline of an ingestion leads from a failed task to the task', async () => {
  const screen = await openDemo(region, { columns: 120, rows: 40 });
  await openEnvironment(screen, 'data-prod', '2');
  await select(screen, 'kafka_metadata');
  await screen.press('h');
  await screen.sees('timeline of kafka_metadata, one day');
  await select(screen, 'stopped, failed');
  await screen.press('enter');
  await screen.sees('exit code 1');
  expect(await screen.close()).toBe(0);
});
