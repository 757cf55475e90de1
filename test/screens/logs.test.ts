import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, SIZES } from './support/scenario.ts';

let region: TestRegion;
let folder: string;
beforeAll(async () => {
  region = await testRegion(1);
  folder = await mkdtemp(join(tmpdir(), 'mwaa-console-logs-'));
});
afterAll(async () => {
  await region.close();
  await rm(folder, { recursive: true, force: true });
});

/** Writes lines of a task's log, now. */
function write(group: string, ...messages: readonly string[]): void {
  const { logs, clock } = region.running.region;
  logs.write(
    group,
    'ecs/openmetadata-ingestion/0123456789abcdef',
    messages.map((message) => ({ timestamp: clock.now(), message })),
    // The region's agents send some lines minutes late.
    { delay: 0 },
  );
}

const info = (text: string) => `[2026-11-23 10:22:19] INFO     {metadata.Ingestion:workflow:74} - ${text}`;
const error = (text: string) => `[2026-11-23 10:22:19] ERROR    {metadata.Ingestion:workflow:75} - ${text}`;

describe('logs', () => {
  const size = SIZES[0];
  const group = `/ecs/screens-${size.columns}`;
  beforeAll(() => {
    region.running.region.logs.createGroup(group, {});
  });

  test('follow, pause, search, filter, errors, marks, layouts, times, since and save', async () => {
    const from = `mark-${size.columns}`;
    write(group, info(`${from} begins`));
    for (let at = 1; at <= 60; at += 1) write(group, info(`${from} table ${at} of 60`));
    write(group, error(`${from} the source broke`), '{"level":"info","event":"structured","count":3}');
    const screen = await openDemo(region, { ...size, route: { kind: 'logs', groups: [group], since: '1h' } });
    await screen.sees('structured count=3');
    await screen.sees('following');
    // Taken apart: the line's own time is gone, its level is a column.
    expect(screen.row('the source broke')).toMatch(/\d\d:\d\d:\d\d\.\d{3} +ERROR /);
    expect(screen.text()).not.toContain('[2026-11-23');

    await screen.press('space');
    await screen.sees('paused');
    write(group, info(`${from} came later`));
    await screen.sees('paused, 1 new');
    expect(screen.row('came later')).toBeUndefined();
    await screen.press('f');
    await screen.sees(`${from} came later`);

    await screen.press('/');
    await screen.type(`${from} table 7`);
    await screen.sees(`1 × ${from} table 7`);
    await screen.press('enter');
    await screen.until(() => /^>.* table 7 of 60/m.test(screen.text()), 'the cursor is on the match');
    expect(screen.look(`${from} table 7 of`)?.inverse).toBe(true);
    await screen.press('n');
    await screen.sees('Goes on from the start');

    await screen.press('escape', '&');
    await screen.type('the source');
    await screen.press('enter');
    await screen.sees('only the source');
    await screen.gone('table 60');
    await screen.press('&', 'ctrl+u', 'enter');
    await screen.gone('only the source');

    await screen.press('G', 'e');
    await screen.until(() => /^>.*the source broke/m.test(screen.text()), 'the cursor is on the error');
    await screen.press('m');
    await screen.press('g', "'");
    await screen.until(() => /^>.*the source broke/m.test(screen.text()), 'the cursor is on the marked line');
    await screen.press('enter');
    await screen.sees('ingested');
    await screen.sees('metadata.Ingestion');
    await screen.press('escape');

    // A window that grows past its last line shows more of what is before it.
    await screen.resize(size.columns, 50);
    await screen.until(
      () =>
        screen
          .lines()
          .slice(2, -1)
          .every((line) => line.trim() !== ''),
      'no row is empty',
    );
    await screen.resize(size.columns, size.rows);

    await screen.press('G', 'p');
    await screen.sees('"count": 3');
    await screen.press('p');
    await screen.sees('{"level":"info"');
    await screen.press('p', 't', 't');
    await screen.sees(/\ds ago/);
    await screen.press('t', 'w', 's');
    await screen.sees(/…?6789abcdef/);

    const file = join(folder, `lines-${size.columns}.log`);
    await screen.press('ctrl+s');
    await screen.sees(/Save \d+ lines/);
    await screen.press('ctrl+u');
    await screen.type(file);
    await screen.press('enter');
    await screen.sees('lines are in');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).toContain(`${from} the source broke`);

    await screen.run('jump', '30m');
    await screen.sees('No line is held from');
    await screen.press('b');
    await screen.type('1m');
    await screen.press('enter');
    await screen.until(() => screen.row('line 1 of')?.includes('following') === true, 'the first line is selected');
    await screen.run('until', '1s');
    await screen.sees('until 1s ago');

    expect(screen.lines().at(-1)).toMatch(/f follow/);
    await screen.run('until', '5m');
    await screen.sees('ended');
    await screen.gone('f follow');

    await screen.press('0');
    await screen.sees('from now on');
    await screen.gone('until');
    await screen.sees('No line since this screen was opened');
    await screen.run('since', 'yesterday');
    await screen.sees('Not a time: yesterday');
    await screen.run('since', '2h');
    await screen.sees('since 2h');
    expect(await screen.close()).toBe(0);
  });
});
