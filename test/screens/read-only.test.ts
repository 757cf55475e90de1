import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment, select } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(30);
});
afterAll(() => region.close());

test('a console started read-only refuses every write, and :unlock too', async () => {
  const screen = await openDemo(region, { columns: 80, rows: 24, readOnly: true });
  await screen.sees('READ-ONLY');
  await select(screen, 'data-prod');
  await screen.press('I');
  await screen.sees('This console is read-only');
  await openEnvironment(screen, 'data-prod', '2');
  await select(screen, 'kafka_metadata');
  await screen.press('R');
  await screen.sees('This console is read-only');
  await screen.run('cluster', 'platform');
  await select(screen, ' running ');
  await screen.press('S');
  await screen.sees('This console is read-only');
  await screen.run('unlock');
  await screen.sees('started with --read-only');
  expect(await screen.close()).toBe(0);
  const writes = (await region.requests()).filter(({ operation }) =>
    /^(Run|Stop|Put|Create|Register|Update)/.test(operation),
  );
  expect(writes).toEqual([]);
});

test('a locked console opens after a confirmation', async () => {
  const screen = await openDemo(region, { columns: 80, rows: 24, options: { locksWrites: () => true } });
  await screen.sees('READ-ONLY');
  await select(screen, 'data-prod');
  await screen.press('I');
  await screen.sees('This console is read-only');
  await screen.run('unlock');
  await screen.sees('Calls that write go to account 123456789012');
  await screen.press('y');
  await screen.gone('READ-ONLY');
  await screen.press('I');
  await screen.sees('How should ingestion run in data-prod?');
  expect(await screen.close()).toBe(0);
});
