import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment, SIZES, select } from './support/scenario.ts';
import type { Screen } from './support/screen.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(60);
});
afterAll(() => region.close());

async function run(screen: Screen, dagId: string): Promise<void> {
  await openEnvironment(screen, 'data-prod', '2');
  await select(screen, dagId);
  await screen.press('R');
  await screen.sees(`Run ${dagId} now`);
  await screen.press('y');
  await screen.sees(`· ${dagId}`);
}

describe.each(SIZES)('a run at $columns x $rows', (size) => {
  test('goes through its phases to its exit, with its lines and its summary', async () => {
    const screen = await openDemo(region, size);
    await run(screen, 'snowflake_metadata');
    await screen.sees('provisioning');
    await screen.sees('exit code 0');
    await screen.sees('succeeded');
    await screen.sees(/workflow +[\d,]+ records/);
    await screen.sees(/\d+ lines/);
    await screen.press('S');
    await screen.sees('It has stopped');
    await screen.press('l');
    await screen.sees('stream ecs/openmetadata-ingestion/');
    await screen.press('escape');
    await screen.sees('exit code 0');
    expect(await screen.close()).toBe(0);
  });

  test('that fails says the exit code, the error, and what to check first', async () => {
    const screen = await openDemo(region, size);
    await run(screen, 'kafka_metadata');
    await screen.sees('exit code 1');
    await screen.sees('failed');
    await screen.sees(/host was not reached/i);
    await screen.press('e');
    await screen.until(() => /^>.*Traceback/m.test(screen.text()), 'the cursor is on the newest error');
    await screen.press('R');
    await screen.sees('Run kafka_metadata now');
    await screen.press('n');
    expect(await screen.close()).toBe(0);
  });
});
