import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type TestRegion, testRegion } from '../support/region.ts';
import { openDemo, SIZES, select } from './support/scenario.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion(1);
});
afterAll(() => region.close());

describe.each(SIZES)('the connection at $columns x $rows', (size) => {
  test('names the database endpoint, whom it admits, and the route that replaces it; y copies it as asked', async () => {
    const environment = { TERM: 'xterm', LANG: 'C.UTF-8', SSH_TTY: '/dev/pts/1' };
    const screen = await openDemo(region, { ...size, environment });
    const copied: string[] = [];
    screen.stdout.terminal.parser.registerOscHandler(52, (data) => {
      copied.push(Buffer.from(data.replace('c;', ''), 'base64').toString());
      return true;
    });
    await select(screen, 'data-prod');
    await screen.press('c');
    await screen.sees('Metadata database of data-prod');
    await screen.sees('vpce-');
    await screen.sees(': 5432');
    await screen.sees('AirflowMetadata');
    await screen.sees('sg-0a1b2c3d4e5f60031');
    await screen.sees('short-lived tokens');
    await screen.sees('REST route');
    await screen.sees('y copy as');

    await screen.press('y');
    await screen.sees('Copy as');
    await screen.press('4');
    await screen.until(() => copied.length === 1, 'the URI is copied');
    expect(copied[0]).toMatch(
      /^postgresql:\/\/USER:PASSWORD@vpce-[\w.-]+\.vpce\.amazonaws\.com:5432\/AirflowMetadata\?sslmode=require$/,
    );
    await screen.press('y', '1');
    await screen.until(() => copied.length === 2, 'the YAML is copied');
    expect(copied[1]).toContain('mwaaEnvironmentName: data-prod');
    expect(await screen.close()).toBe(0);
  });

  test('of Airflow 3 says that tasks have no database, and where it may not look says what is missing', async () => {
    const screen = await openDemo(region, {
      ...size,
      route: { kind: 'environment', name: 'sandbox', tab: 'connection' },
    });
    await screen.sees('none for tasks');
    await screen.sees('Airflow 3 gives tasks no metadata database');
    await region.fault({ service: 'ec2', operation: 'DescribeVpcEndpoints', times: 0, fault: 'denied' });
    await screen.run('env', 'legacy');
    await screen.sees('UPDATE_FAILED');
    await screen.press('c');
    await screen.sees('ec2:DescribeVpcEndpoints');
    await screen.sees('not found');
    await fetch(`${region.url}/_demo/faults`, { method: 'DELETE' });
    expect(await screen.close()).toBe(0);
  });
});
