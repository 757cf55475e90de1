import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, SIZES, select } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(1);
});
afterAll(() => region.close());

describe.each(SIZES)('the dashboard at $columns x $rows', (size) => {
  test('fills with environments and clusters, and says what is wrong with the selected one', async () => {
    const screen = await openDemo(region, size);
    await screen.sees('MWAA environments 4');
    await screen.sees('ECS clusters 3');
    for (const name of ['analytics', 'data-prod', 'legacy', 'sandbox', 'openmetadata-ingestion', 'platform', 'batch'])
      await screen.sees(name);
    expect(screen.lines()[0]).toContain('123456789012 · eu-west-1 · OnCall');
    await screen.sees('need attention');

    await select(screen, 'legacy');
    await screen.sees('legacy: update failed 1h ago: Requirements could not be installed');
    await select(screen, 'data-prod');
    await screen.sees(/data-prod: \w+ failed/);
    await screen.sees('4, 1 failed');
    expect(await screen.close()).toBe(0);
  });

  test('Tab goes to the clusters, Ctrl-Z leaves what needs attention, Enter and Esc go and come back', async () => {
    const screen = await openDemo(region, size);
    await screen.sees('need attention');
    await screen.press('ctrl+z');
    await screen.sees(/MWAA environments \d\/4 needs attention/);
    expect(screen.row(' sandbox ')).toBeUndefined();
    await screen.press('escape', 'tab');
    await screen.selects('openmetadata-ingestion');
    await screen.press('I');
    await screen.sees('Select an environment first');
    await screen.press('enter');
    await screen.sees('Tasks of openmetadata-ingestion');
    await screen.press('escape');
    await screen.selects('openmetadata-ingestion');
    await screen.press('shift+tab', 'O');
    await screen.sees('Sort by');
    await screen.press('2');
    await screen.sees('STATUS▲');
    expect(await screen.close()).toBe(0);
  });
});
