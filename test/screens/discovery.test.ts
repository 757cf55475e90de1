import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, openEnvironment, SIZES } from './support/scenario.ts';

let region: TestRegion;
let password: string;
beforeAll(async () => {
  region = await testRegion(60);
  ({ password } = await region.running.region.postgres.database('data-prod'));
  const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
  Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '30' });
});
afterAll(() => region.close());

describe('the login', () => {
  const size = SIZES[0];
  test('is found, revealed for a while, tested, copied and stored', async () => {
    const environment = { TERM: 'xterm', LANG: 'C.UTF-8', SSH_TTY: '/dev/pts/1' };
    const screen = await openDemo(region, { ...size, environment, options: { revealsFor: 900 } });
    const copied: string[] = [];
    screen.stdout.terminal.parser.registerOscHandler(52, (data) => {
      copied.push(Buffer.from(data.replace('c;', ''), 'base64').toString());
      return true;
    });
    await openEnvironment(screen, 'data-prod', '5');
    await screen.sees('not known from outside');
    await screen.press('v');
    await screen.sees('The login is not known yet: F finds it');
    await screen.press('F');
    await screen.sees('encrypts the login to a key that only this console holds');
    await screen.press('y');
    await screen.sees('finding the login');
    await screen.sees('••••••••');
    expect(screen.text()).not.toContain(password);
    await screen.press('v');
    await screen.sees(password);
    await screen.sees('v reveals it for 30 s');
    expect(screen.text()).not.toContain(password);

    await screen.until(() => !screen.text().includes('finding the login'), 'the discovery is taken away');
    await screen.press('T');
    await screen.sees('by one short ECS task');
    await screen.press('y');
    await screen.sees('from the VPC: works');
    await screen.sees('Airflow schema revision 5f2621c13b39');

    await screen.press('y');
    await screen.sees('with the password');
    await screen.press('4');
    await screen.until(() => copied.length === 1, 'the URI is copied');
    expect(decodeURIComponent(new URL(copied[0] ?? '').password)).toBe(password);

    await screen.press('S');
    await screen.sees('mwaa-console/data-prod/metadata-database');
    await screen.press('enter');
    await screen.sees(/metadata-database (created|holds it already)/);
    const stored = region.running.region.secrets.value('mwaa-console/data-prod/metadata-database');
    expect(JSON.parse(stored ?? '{}')).toMatchObject({ engine: 'postgres', password });

    await screen.press('I');
    await screen.sees('recommended');
    await screen.press('enter');
    await screen.sees("> template  This environment's own Airflow");
    expect(await screen.close()).toBe(0);
  });

  test('is not looked for where Airflow gives none, and what was left behind is offered', async () => {
    const { s3 } = region.running.region;
    const journal = {
      schema: 1,
      id: 'mwaa_console_00000',
      environment: 'legacy',
      purpose: 'discovery',
      startedAt: 0,
      startedBy: 'somebody',
      host: 'elsewhere',
      pid: 1,
      dagId: 'mwaa_console_00000',
    };
    const key = `mwaa-console/legacy/one-off/${journal.id}.json`;
    s3.bucket('mwaa-legacy-123456789012')?.put(key, Buffer.from(JSON.stringify(journal)), 'v1', 0);
    const screen = await openDemo(region, size);
    await openEnvironment(screen, 'sandbox', '5');
    await screen.sees('none for tasks');
    await screen.press('F');
    await screen.sees('Airflow 3.3.1 gives its tasks no metadata database');
    await openEnvironment(screen, 'legacy', '5');
    await screen.sees('mwaa_console_00000');
    await screen.run('clean-up');
    await screen.sees('Take away what was left behind');
    await screen.press('y');
    await screen.until(() => s3.bucket('mwaa-legacy-123456789012')?.keys().includes(key) === false, 'it is taken away');
    expect(await screen.close()).toBe(0);
  });
});
