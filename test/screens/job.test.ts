import { afterAll, beforeAll, describe, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { select } from './support/scenario.ts';
import { openScreen } from './support/screen.ts';

/** The whole job by keys: an ingestion deployed, run to its exit, its log searched, the connection read. */
// At the same time: it waits more than it works.
describe.concurrent.each([
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
])('the whole job at $columns x $rows', (size) => {
  let region: TestRegion;

  beforeAll(async () => {
    region = await testRegion(60);
  });
  afterAll(() => region.close());

  test('from the dashboard to the exit code and back', { timeout: 180_000 }, async ({ expect }) => {
    const screen = await openScreen({
      ...size,
      session: () => region.open(),
      options: { openmetadata: () => ({ url: `${region.url}/openmetadata/api`, token: 'demo-token' }) },
    });
    await select(screen, 'data-prod');

    await screen.press('I');
    await screen.sees('How should ingestion run in data-prod?');
    await screen.press('enter');
    await screen.sees('What should be ingested?');
    await screen.press('down');
    await screen.press('enter');
    await screen.sees('The server that the ingestion reports to');
    await screen.press('ctrl+s');
    await screen.sees('No fault was found');
    await screen.press('enter');
    await screen.sees('Where should it run, and when?');
    await screen.press('ctrl+s');
    await screen.sees(/\d+ to create/);
    expect(screen.text()).not.toContain('demo-token');

    await screen.press('I');
    await screen.sees('deploy it');
    await screen.press('y');
    await screen.sees('R runs it now');

    await screen.press('R');
    await screen.sees('run it');
    await screen.press('y');
    await screen.sees('provisioning');
    await screen.sees(/running \d/);
    await screen.sees('exit code 0');
    await screen.sees('succeeded');
    await screen.sees(/\d+ records/);

    await screen.press('/');
    await screen.type('Success');
    await screen.press('enter');
    await screen.press('n');
    await screen.press('escape', 'escape', 'escape', 'escape');
    await screen.sees('ECS clusters');

    await screen.press('c');
    await screen.sees('vpce-');
    await screen.sees('REST route');
    await screen.press('2');
    await screen.sees('redshift_ingestion');
    expect(await screen.close()).toBe(0);
  });
});
