import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, SIZES, select } from './support/scenario.ts';
import type { Screen } from './support/screen.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(30);
});
afterAll(() => region.close());

/** Shows only the rows that have a text, the first of them selected: others come and go meanwhile. */
async function filter(screen: Screen, text: string): Promise<void> {
  await screen.press('/');
  await screen.type(text);
  await screen.press('enter', 'home');
  await screen.until(() => screen.selected()?.includes(text) === true, `a row with ${text} is selected`);
}

describe.each(SIZES)('a cluster at $columns x $rows', (size) => {
  test('has tasks, services and everything about it; a task is stopped after a confirmation', async () => {
    const screen = await openDemo(region, size);
    await screen.run('cluster', 'platform');
    await screen.sees(/Tasks of platform \d+/);
    await filter(screen, 'running');
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
    await screen.sees(/deployment +platform-api:2 primary, \d of 3 running/);
    await screen.sees('has reached a steady state');
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
    await filter(screen, 'running');
    await screen.press('l');
    await screen.sees('Logs');
    await screen.sees(/stream /);
    await screen.press('escape', 'enter');
    await screen.sees(/task \w{4}…\w{4}/);
    await screen.sees('provisioning');
    expect(await screen.close()).toBe(0);
  });

  test('a stopped task says why, what to check first, and what its containers are', async () => {
    const screen = await openDemo(region, {
      ...size,
      route: { kind: 'cluster', name: 'platform', tab: 'tasks' },
    });
    await filter(screen, 'recommendations');
    await screen.sees('check first');
    await screen.sees(/reason +The image could not be pulled/);
    await screen.press('tab', 'end');
    await screen.sees(/created +\d{4}-/);
    expect(await screen.close()).toBe(0);
  });

  test("a task's definition leads to its revisions, and any two of them to what changed", async () => {
    const screen = await openDemo(region, {
      ...size,
      route: { kind: 'cluster', name: 'openmetadata-ingestion', tab: 'tasks' },
    });
    await select(screen, 'data-prod-kafka_metadata:3');
    await screen.press('v');
    await screen.sees(/Revisions of data-prod-kafka_metadata 3/);
    await screen.sees(/1 +inactive .*1\.12\.4/);
    await screen.press('v');
    await screen.sees(/- +"image": .*1\.12\.6/);
    await screen.sees(/\+ +"image": .*1\.12\.8/);
    await screen.press('escape');
    // Marked from the oldest to the newest: the older one is still the one before.
    await screen.press('end', 'space', 'home', 'space', 'v');
    await screen.sees('1 to 3');
    await screen.sees(/- +"image": .*1\.12\.4/);
    // Marking has moved on to the one between them.
    await screen.press('escape', 'space', 'v');
    await screen.sees('Mark two revisions');
    expect(await screen.close()).toBe(0);
  });
});
