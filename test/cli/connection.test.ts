import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command } from '../support/command.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { expectSchema } from '../support/schemas.ts';

let region: TestRegion;
let password: string;
const env = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo', AWS_REGION: 'eu-west-1' };

beforeAll(async () => {
  region = await testRegion(200);
  // New files are listed each half minute, not each five minutes.
  const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
  Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '30' });
  ({ password } = await region.running.region.postgres.database('data-prod'));
});
afterAll(() => region.close());

const connection = (...words: string[]) => command(['connection', ...words, '--endpoint-url', region.url], env);

describe('connection', () => {
  test('--discover --probe --reveal gives exactly the connection, tried from here and from the VPC', async () => {
    const { host, port, name, user } = await region.running.region.postgres.database('data-prod');
    const words = ['--discover', '--probe', '--reveal', '--yes', '-o', 'json'];
    const { code, stdout, stderr } = await connection('data-prod', ...words);
    expect(code, stderr).toBe(0);
    const shown = JSON.parse(stdout);
    expectSchema('connection', shown);
    expect(shown).toMatchObject({
      source: 'discovery',
      host,
      port,
      database: name,
      user,
      password,
      sslMode: 'require',
    });
    expect(shown.probe).toMatchObject({
      ok: true,
      schemaRevision: '5f2621c13b39',
      here: { ok: true },
      vpc: { ok: true, schemaRevision: '5f2621c13b39' },
    });
    expect(shown.restChecks).toMatchObject({ here: { ok: true }, task: { ok: true } });
    expect(stderr).not.toContain(password);
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
    const { stdout, stderr } = await connection('legacy', '--probe', '--read-only', '-o', 'json');
    expect(JSON.parse(stdout).probe).toMatchObject({ vpc: null });
    expect(stderr).toContain('read-only: no task is run in the VPC');
    expect(await connection('data-prod', '--discover', '--read-only')).toMatchObject({ code: 3 });
  });
});
