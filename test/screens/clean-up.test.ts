import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { memoryJournal } from '../../src/tasks/own-configuration/journal.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment, select } from './support/scenario.ts';

let region: TestRegion;
let folder: string;
beforeAll(async () => {
  region = await testRegion(30);
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-run-with-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await region.close();
});

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

test('a run with another configuration: a wrong file is told by line and key, all is shown before, the secret goes', async () => {
  const sound = redshiftPipeline(`${region.url}/openmetadata/api`);
  const [good, bad] = [join(folder, 'good.yaml'), join(folder, 'bad.yaml')];
  writeFileSync(good, sound);
  writeFileSync(bad, sound.replace(/hostPort: http.*/, 'hostPort: nowhere'));
  const temporary = memoryJournal();
  const screen = await openDemo(region, { columns: 80, rows: 24, options: { temporary } });
  await openEnvironment(screen, 'data-prod', '2');
  await select(screen, 'postgres_usage');
  await screen.press('Z');
  for (const [path, wrong] of [
    [join(folder, 'none.yaml'), /can't be read: ENOENT/],
    [bad, /bad\.yaml:22:5:/],
  ] as const) {
    await screen.sees('Run postgres_usage with another configuration');
    await screen.press('ctrl+u');
    await screen.type(path);
    await screen.press('enter');
    await screen.sees(wrong);
  }
  await screen.press('ctrl+u');
  await screen.type(good);
  await screen.press('enter');
  await screen.sees('Run postgres_usage with this configuration');
  await screen.sees(/overrides +pipelineType metadata/);
  const [first] = await temporary.list();
  expect(first).toBeUndefined();
  let shown = screen.text();
  for (let page = 0; !screen.text().includes('redshift_prod.redshift_ingestion'); page += 1) {
    expect(page).toBeLessThan(10);
    await screen.press('j', 'j', 'j', 'j');
    shown += screen.text();
  }
  expect(shown).toContain('removed as soon as the task has read it');
  expect(shown).not.toContain(CANARY);
  await screen.press('y');
  await screen.sees('data-prod-postgres_usage-run');
  const [{ secretName } = { secretName: '' }] = await temporary.list();
  expect(region.running.region.secrets.find(secretName)).toBeDefined();
  await screen.sees('The temporary secret and task definition are removed.');
  expect(region.running.region.secrets.find(secretName)).toBeUndefined();
  expect(await temporary.list()).toEqual([]);
  expect(await screen.close()).toBe(0);
}, 60_000);
