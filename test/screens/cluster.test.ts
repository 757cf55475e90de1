import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, SIZES, select } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(30);
});
afterAll(() => region.close());

describe.each(SIZES)('a cluster at $columns x $rows', (size) => {
  test('has tasks, services and everything about it; a task is stopped after a confirmation', async () => {
    const screen = await openDemo(region, size);
    await screen.run('cluster', 'platform');
    await screen.sees(/Tasks of platform \d+/);
    await select(screen, 'running');
    const id = /> (\w{30})/.exec(screen.selected() ?? '')?.[1] ?? 'no id';
    await screen.press('S');
    await screen.sees('Stop the task');
    expect(screen.look('stop it')?.colour).toBe(1);
    await screen.press('n');
    await screen.gone('It gets SIGTERM');
    await screen.press('S', 'y');
    await screen.sees('The task is being stopped');
    await screen.until(() => screen.row(id) === undefined || /stop/.test(screen.row(id) ?? ''), 'the task stops');

    await screen.press('2');
    await screen.sees(/Services of platform 8/);
    await screen.press('3');
    await screen.sees('capacityProviders');
    await screen.press('S');
    await screen.sees('Select a task first');
    expect(await screen.close()).toBe(0);
  });

  test("a task's log stream opens, and a task opens to its phases", async () => {
    const screen = await openDemo(region, {
      ...size,
      route: { kind: 'cluster', name: 'platform', tab: 'tasks' },
    });
    await select(screen, 'running');
    await screen.press('l');
    await screen.sees('Logs');
    await screen.sees(/stream /);
    await screen.press('escape', 'enter');
    await screen.sees(/task \w{4}…\w{4}/);
    await screen.sees('provisioning');
    expect(await screen.close()).toBe(0);
  });
});
