import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { choose, openDemo, SIZES } from './support/scenario.ts';
import type { Screen } from './support/screen.ts';

let region: TestRegion;
let folder: string;
beforeAll(async () => {
  region = await testRegion(30);
  folder = await mkdtemp(join(tmpdir(), 'mwaa-console-screens-'));
  await writeFile(join(folder, 'nightly.yaml'), workflow(`${region.url}/openmetadata/api`));
});
afterAll(async () => {
  await region.close();
  await rm(folder, { recursive: true, force: true });
});

const workflow = (server: string) => `source:
  type: redshift
  serviceName: redshift_prod
  sourceConfig:
    config:
      type: DatabaseMetadata
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  openMetadataServerConfig:
    hostPort: ${server}
    authProvider: openmetadata
    securityConfig:
      jwtToken: a-token
ingestionPipelineFQN: redshift_prod.nightly
`;

async function toPipeline(screen: Screen): Promise<void> {
  await screen.run('env', 'data-prod');
  await screen.sees('AVAILABLE');
  await screen.press('I');
  await screen.sees('recommended');
  await screen.press('enter');
  await screen.sees('What should be ingested?');
}

async function nameFile(screen: Screen, path: string): Promise<void> {
  await screen.until(() => screen.row('file      ') !== undefined, 'files are offered');
  await choose(screen, (line) => /file +(name|another) one/.test(line));
  await screen.sees('Workflow file');
  await screen.type(path);
  await screen.press('enter');
}

describe('making a deployment', () => {
  const size = SIZES[0];
  test('faults of a file are shown with line and key before anything goes on', async () => {
    const path = join(folder, `bad-${size.columns}.yaml`);
    await writeFile(path, workflow('http://127.0.0.1:1').replace('serviceName: redshift_prod', 'servicename: x'));
    const screen = await openDemo(region, size);
    await toPipeline(screen);
    await nameFile(screen, path);
    await screen.sees(/error +line 2:\d+|error +line 3:\d+/);
    await screen.sees('workflowConfig.openMetadataServerConfig.hostPort');
    expect(screen.text()).not.toContain('Go on');
    expect(screen.text()).not.toContain('a-token');
    await writeFile(path, workflow(`${region.url}/openmetadata/api`));
    await screen.press('down', 'enter');
    await screen.sees('No fault was found');
    await screen.sees('Go on');
    expect(await screen.close()).toBe(0);
  });

  test('the target shows what an empty form would take, and steps through what is there', async () => {
    const path = join(folder, `good-${size.columns}.yaml`);
    await writeFile(path, workflow(`${region.url}/openmetadata/api`));
    const screen = await openDemo(region, size);
    await toPipeline(screen);
    await nameFile(screen, path);
    await screen.sees('No fault was found');
    await screen.press('enter');
    await screen.sees('Where should it run, and when?');
    // Its keys, not those that would type into it.
    await screen.sees('Enter next field  Ctrl-S plan it');
    await screen.gone(': command');
    await screen.sees('nightly');
    await screen.sees('1.12.8');
    await screen.sees('subnet-0a1b2c3d4e5f60011, subnet-0a1b2c3d4e5f60012');
    await screen.press('down', 'down', 'down', 'right', 'right');
    await screen.sees(/Cluster +(batch|platform|openmetadata-ingestion)/);
    await screen.press('ctrl+u');
    await screen.type('nightly-cluster');
    for (const _ of ['log group', 'subnets', 'security groups', 'sized as', 'cpu']) await screen.press('tab');
    await screen.type('3');
    await screen.press('ctrl+s');
    await screen.sees('Fargate has 256');
    await screen.press('backspace', 'ctrl+s');
    await screen.sees('nightly into data-prod');
    await screen.sees('nightly-cluster');
    await screen.sees(/Checks: \d+ pass/);
    await screen.press('tab', 'G', 'tab', 'enter');
    await screen.sees(/pass +data-prod is AVAILABLE/);
    await screen.press('escape', 'tab', 'enter');
    await screen.press('escape', 'escape');
    await screen.sees('Where should it run, and when?');
    expect(screen.row('Cluster')).toContain('nightly-cluster');
    await screen.press('escape');
    await screen.sees('No fault was found');
    await screen.press('escape', 'escape', 'escape');
    await screen.sees('data-prod › overview');
    expect(await screen.close()).toBe(0);
  });
});

test('what can not be read of a file is told, and the screen stays', async () => {
  const screen = await openDemo(region, { columns: 80, rows: 24 });
  await toPipeline(screen);
  await nameFile(screen, join(folder, 'nowhere.yaml'));
  await screen.sees('ENOENT');
  expect(screen.row('What should be ingested?')).toBeDefined();
  const path = join(folder, 'garbage.yaml');
  await writeFile(path, 'source: [\n');
  await nameFile(screen, path);
  await screen.sees('garbage.yaml:2');
  await screen.sees('Take another');
  expect(await screen.close()).toBe(0);
});

test('an ingestion that is pointed at is deployed again; another pipeline gets a name of its own', async () => {
  const screen = await openDemo(region, {
    columns: 120,
    rows: 40,
    route: { kind: 'deploy', environment: 'data-prod', dagId: 'kafka_metadata' },
  });
  await screen.sees('recommended');
  await screen.press('enter');
  await screen.sees('> deployed  kafka_metadata');
  await screen.press('enter');
  await screen.sees('kafka_metadata as deployed');
  await screen.press('enter');
  await screen.sees(/DAG id +kafka_metadata/);
  await screen.press('escape', 'escape');
  await screen.sees('What should be ingested?');
  await nameFile(screen, join(folder, 'nightly.yaml'));
  await screen.sees('No fault was found');
  await screen.press('enter');
  await screen.sees(/DAG id +nightly/);
  expect(await screen.close()).toBe(0);
});
