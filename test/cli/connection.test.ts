import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, startCommand } from '../support/command.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { expectSchema } from '../support/schemas.ts';

let region: TestRegion;
let password: string;
const env = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo', AWS_REGION: 'eu-west-1' };

beforeAll(async () => {
  region = await quickRegion(200);
  ({ password } = await region.running.region.postgres.database('data-prod'));
});
afterAll(() => region.close());

/** A region that lists new files each half minute, not each five minutes. */
async function quickRegion(speed: number): Promise<TestRegion> {
  const made = await testRegion(speed);
  const { settings } = made.running.region.mwaa.environment('data-prod') ?? {};
  Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '30' });
  return made;
}

const connection = (...words: string[]) => command(['connection', ...words, '--endpoint-url', region.url], env);

describe('connection', () => {
  test('--discover --probe --reveal gives exactly the connection, tried from here and from the VPC', async () => {
    // What really connects takes its time: in a region that runs too fast a task would time out over it.
    const calm = await quickRegion(80);
    const { host, port, name, user, password: secret } = await calm.running.region.postgres.database('data-prod');
    const words = ['--discover', '--probe', '--reveal', '--yes', '-o', 'json'];
    const { code, stdout, stderr } = await command(
      ['connection', 'data-prod', '--endpoint-url', calm.url, ...words],
      env,
    );
    await calm.close();
    expect(code, stderr).toBe(0);
    const shown = JSON.parse(stdout);
    expectSchema('connection', shown);
    expect(shown).toMatchObject({
      source: 'discovery',
      host,
      port,
      database: name,
      user,
      password: secret,
      sslMode: 'require',
    });
    expect(shown.probe).toMatchObject({
      ok: true,
      schemaRevision: '5f2621c13b39',
      here: { ok: true },
      vpc: { ok: true, schemaRevision: '5f2621c13b39' },
    });
    expect(shown.restChecks).toMatchObject({ here: { ok: true }, task: { ok: true } });
    expect(stderr).not.toContain(secret);
  });

  test('without --reveal has no password', async () => {
    const { code, stdout, stderr } = await connection('data-prod', '--discover');
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('user adminuser');
    for (const written of [password, encodeURIComponent(password)]) expect(stdout + stderr).not.toContain(written);
  });

  test('reveals as a URI that PostgreSQL’s own tools take', async () => {
    const uri = await connection('data-prod', '--discover', '--reveal', '--yes', '-o', 'uri');
    const url = new URL(uri.stdout.trim());
    expect(decodeURIComponent(url.password)).toBe(password);
    expect(url.searchParams.get('hostaddr')).toBe('127.0.0.1');
  });

  test('refuses to reveal where no terminal shows it, and what needs a discovery without one', async () => {
    expect(await connection('data-prod', '--discover', '--reveal')).toMatchObject({ code: 3, stdout: '' });
    expect(await connection('data-prod', '--reveal', '--yes')).toMatchObject({ code: 2, stdout: '' });
    expect(await connection('data-prod', '--store', 'x')).toMatchObject({ code: 2, stdout: '' });
    expect(await connection('data-prod', '-o', 'uri')).toMatchObject({ code: 3, stdout: '' });
  });

  test('--store keeps it in a secret, but not over something else', async () => {
    const { secrets } = region.running.region;
    const stored = async () => connection('data-prod', '--discover', '--store', 'airflow/data-prod', '-o', 'uri');
    expect((await stored()).stderr).toContain('airflow/data-prod created: arn:aws:secretsmanager:');
    const value = JSON.parse(secrets.value('airflow/data-prod') ?? '{}');
    expect(value).toMatchObject({ engine: 'postgres', dbname: 'AirflowMetadata', username: 'adminuser', password });
    const other = await connection('data-prod', '--discover', '--store', 'mwaa-console/data-prod/kafka_metadata');
    expect(other).toMatchObject({ code: 3 });
    expect(other.stderr).toContain('holds something else');
  });

  test('interrupted, says what is left; later starts offer to take it away', async () => {
    const words = ['connection', 'data-prod', '--endpoint-url', region.url];
    const running = startCommand([...words, '--discover'], env);
    await expect.poll(running.stderr, { timeout: 30_000 }).toContain('waiting for Airflow to pick');
    running.signal('SIGINT');
    const { code, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('What it has made is taken away by the next `connection data-prod --discover`.');
    // Three minutes of silence, and it counts as dead.
    await region.clock.sleep(4 * 60_000);
    const told = await command(words, env);
    expect(told.code).toBe(0);
    const [, left = ''] = /was interrupted and left (mwaa_console_\w{5}) behind/.exec(told.stderr) ?? [];
    expect(left).not.toBe('');
    expect((await command([...words, '--yes'], env)).code).toBe(0);
    expect((await command(words, env)).stderr).not.toContain('was interrupted');
    const bucket = region.running.region.s3.bucket('mwaa-data-prod-123456789012');
    expect(bucket?.keys().filter((key) => key.includes(left))).toEqual([]);
  });

  test('of Airflow 3 does not try, and gives the REST route', async () => {
    const refused = await connection('sandbox', '--discover');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('gives its tasks no metadata database');
    const { stdout, code } = await connection('sandbox', '--probe', '-o', 'json');
    expect(code).toBe(0);
    const shown = JSON.parse(stdout);
    expectSchema('connection', shown);
    expect(shown).toMatchObject({ database: null, user: null, probe: null, restChecks: { here: { ok: true } } });
  });

  test('read-only probes from here and runs nothing', async () => {
    const { stdout, stderr } = await connection('data-prod', '--probe', '--read-only', '-o', 'json');
    const shown = JSON.parse(stdout);
    expectSchema('connection', shown);
    expect(shown.probe).toMatchObject({ vpc: null });
    expect(shown.restChecks).toMatchObject({ task: null, role: { of: expect.stringMatching(/^the tasks of /) } });
    expect(stderr).toContain('no probe from inside the VPC: This session is read-only: it runs no task in the VPC.');
    expect(await connection('data-prod', '--discover', '--read-only')).toMatchObject({ code: 3 });
  });
});
