import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { GetObjectCommand, ListObjectVersionsCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningEnvironment, startEnvironment } from './airflow/environment.ts';
import { AwsClient } from './aws-client.ts';
import { product } from './product.ts';
import { until } from './service.ts';

const peers = fileURLToPath(new URL('../../.peers', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const keys = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo', AWS_REGION: 'eu-west-1' };

function connection(environment: RunningEnvironment, ...words: string[]) {
  return product(['connection', ...words, '--endpoint-url', environment.url], { env: keys });
}

describe('a discovery on a real Airflow 2.10.3 and a real PostgreSQL', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connection-'));
  const debug = join(folder, 'debug');
  const began = Date.now();
  let environment: RunningEnvironment;
  let watch: BucketWatch;
  let seen: ReadonlyMap<string, string>;
  let printed: { readonly stdout: string; readonly stderr: string };
  let shown: { readonly probe: object; readonly restChecks: { readonly here: { readonly ok: boolean } } };

  beforeAll(async () => {
    environment = await startEnvironment({ name: 'data-prod', speed: 2 });
    environment.database.sql(KEEP_XCOMS);
    watch = watchBucket(environment.url);
    const words = ['--discover', '--probe', '--reveal', '--yes', '-o', 'json', '--debug', debug];
    const ended = await connection(environment, 'data-prod', ...words);
    expect(ended.code, ended.stderr).toBe(0);
    seen = await watch.stop();
    printed = ended;
    shown = JSON.parse(ended.stdout);
  });

  afterAll(async () => {
    await watch?.stop();
    await environment?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('gives exactly the connection, a login that works and the schema revision of the database', () => {
    const { port, user, password, database, sql } = environment.database;
    expect(shown).toMatchObject({
      source: 'discovery',
      host: '127.0.0.1',
      port,
      user,
      password,
      database,
      sslMode: 'prefer',
    });
    const schemaRevision = sql('select version_num from alembic_version').trim();
    expect(shown.probe).toMatchObject({
      ok: true,
      schemaRevision,
      here: { ok: true },
      vpc: { ok: true, schemaRevision },
    });
    expect(shown.restChecks.here.ok).toBe(true);
  });

  test('leaves nothing in Airflow, its folder and the bucket', async () => {
    const { airflow, database } = environment;
    const known = await airflow.rest('GET', '/dags?only_active=false&dag_id_pattern=mwaa_console');
    expect(known.body).toMatchObject({ dags: [], total_entries: 0 });
    for (const table of ['dag', 'dag_run', 'task_instance', 'xcom', 'serialized_dag']) {
      expect(database.sql(`select count(*) from ${table} where dag_id like 'mwaa_console%'`).trim(), table).toBe('0');
    }
    expect(readdirSync(airflow.dags).filter((name) => name.startsWith('mwaa_console'))).toEqual([]);
    const still = await bucketVersions(environment.url, new Map());
    const ours = (key: string) => /mwaa_console_|one-off|probe-/.test(key);
    expect([...still.keys()].filter(ours)).toEqual([]);
    // They were there: the DAG's file, and the journals of the discovery and of the probe.
    const were = [...seen.keys()].filter(ours).join('\n');
    expect(were).toMatch(/^dags\/mwaa_console_\w{5}\.py /m);
    expect(were).toMatch(/^mwaa-console\/data-prod\/one-off\/mwaa_console_\w{5}\.json /m);
    expect(were).toMatch(/^mwaa-console\/data-prod\/one-off\/probe-.*\.json /m);
    const aws = new AwsClient(environment.url);
    type Secrets = { SecretList: { Name: string }[] };
    const { SecretList } = await aws.json<Secrets>('secretsmanager', 'list-secrets', '--include-planned-deletion');
    expect(SecretList.map(({ Name }) => Name).filter(ours)).toEqual([]);
    aws.dispose();
  });

  test('has not let six characters of the password in a row pass anywhere', async () => {
    const { url, airflow, database } = environment;
    const aws = new AwsClient(url);
    const places = new Map<string, string>([
      ['what it printed beside its data', printed.stderr],
      ['the debug file', readFileSync(debug, 'utf8')],
      ['the region’s request log', await (await fetch(`${url}/_demo/requests`)).text()],
      ['the metadata database', everything(database.sql)],
    ]);
    for (const path of files(airflow.logs)) places.set(path, readFileSync(path, 'utf8'));
    for (const [key, text] of seen) places.set(key, text);
    const pushed = database.sql("select value from xcom_kept where dag_id like 'mwaa_console%'").trim();
    expect(pushed).toMatch(/^"[0-9a-f]{400,}"$/);
    places.set('what the task pushed', pushed);
    type Groups = { logGroups: { logGroupName: string; logGroupClass: string }[] };
    const { logGroups } = await aws.json<Groups>('logs', 'describe-log-groups');
    for (const { logGroupName, logGroupClass } of logGroups) {
      // Of this class no events can be listed; nothing here writes to it.
      if (logGroupClass === 'INFREQUENT_ACCESS') continue;
      const since = ['--start-time', String(began)];
      const events = await aws.json<object>('logs', 'filter-log-events', '--log-group-name', logGroupName, ...since);
      places.set(logGroupName, JSON.stringify(events));
    }
    aws.dispose();
    expect(places.size).toBeGreaterThan(25);
    const pieces = piecesOf(database.password);
    const found = [...places].flatMap(([place, text]) =>
      pieces.filter((piece) => text.includes(piece)).map((piece) => [place, piece]),
    );
    expect(found).toEqual([]);
    // The search itself finds what is there.
    expect(pieces.some((piece) => printed.stdout.includes(piece))).toBe(true);
  });
});

describe('a real Airflow 3.2.1', () => {
  const LONG = 'a_dag_with_a_name_of_thirty_two_';
  const RUN = 'manual__2026-11-01T00:00:00+00:00';
  let environment: RunningEnvironment;

  beforeAll(async () => {
    environment = await startEnvironment({ name: 'analytics', speed: 10 });
    const { airflow, url } = environment;
    const aws = new AwsClient(url);
    for (const dag of ['etl', LONG]) {
      const object = ['--bucket', 'mwaa-analytics-123456789012', '--key', `dags/${dag}.py`];
      await aws.json('s3api', 'put-object', ...object, '--body', aws.file(dag, dagSource(dag)));
    }
    aws.dispose();
    await fetch(`${url}/_demo/requests`, { method: 'DELETE' });
    for (const dag of ['etl', LONG]) {
      await until(dag, async () => (await airflow.rest('GET', `/dags/${dag}`)).ok || undefined, airflow);
    }
    for (const [dag, run] of [
      ['etl', RUN],
      ['etl', 'short'],
      [LONG, 'short'],
    ] as const) {
      const { ok, body } = await airflow.rest('POST', `/dags/${dag}/dagRuns`, { dag_run_id: run, logical_date: null });
      expect(ok, JSON.stringify(body)).toBe(true);
    }
  });

  afterAll(() => environment?.stop());

  test('gives no database: it is not tried, and the REST route is offered', async () => {
    const refused = await connection(environment, 'analytics', '--discover');
    expect(refused).toMatchObject({ code: 3, stdout: '' });
    expect(refused.stderr).toContain('gives its tasks no metadata database');
    const answer = await fetch(`${environment.url}/_demo/requests?service=s3&operation=PutObject`);
    expect(((await answer.json()) as { requests: unknown[] }).requests).toEqual([]);
  });

  test('is read by OpenMetadata’s own client with the YAML given; the calls refused for length were named', async () => {
    const given = await connection(environment, 'analytics', '-o', 'openmetadata');
    const python = `${peers}/openmetadata-1.12/bin/python`;
    const told = execFileSync(python, [join(here, 'openmetadata_client.py')], {
      input: given.stdout,
      encoding: 'utf8',
      env: {
        ...keys,
        PATH: process.env.PATH,
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL: environment.url,
        AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      },
    });
    const read = JSON.parse(told.trim().split('\n').at(-1) ?? '') as { dags: string[]; refused: string[] };
    expect(read.dags.sort()).toEqual([LONG, 'etl'].sort());
    const { stdout } = await connection(environment, 'analytics', '--probe', '-o', 'json');
    const { probe, restChecks } = JSON.parse(stdout);
    expect(probe).toBeNull();
    expect(restChecks.here).toMatchObject({ ok: true, detail: '2 DAGs' });
    expect(restChecks.limits.refused.sort()).toEqual(read.refused.sort());
    expect(restChecks.limits).toMatchObject({ runsOf: [LONG], tasksOf: [{ dagId: 'etl', runs: 1, of: 2 }] });
  });
});

function dagSource(dag: string): string {
  return `from datetime import datetime
from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.sdk import DAG

with DAG("${dag}", schedule=None, start_date=datetime(2024, 1, 1)):
    EmptyOperator(task_id="nothing")
`;
}

/** Every piece of six characters of a password, in each form that a program may write it in. */
function piecesOf(password: string): string[] {
  const forms = [
    password,
    encodeURIComponent(password),
    JSON.stringify(password).slice(1, -1),
    password.replaceAll("'", "\\'"),
  ];
  const pieces = forms.flatMap((form) => Array.from({ length: form.length - 5 }, (_, at) => form.slice(at, at + 6)));
  return [...new Set(pieces)];
}

/** Every row of every table, as XML. */
function everything(sql: (text: string) => string): string {
  const rows = "query_to_xml(format('select * from %I', tablename), true, false, '')::text";
  return sql(`select string_agg(${rows}, '') from pg_tables where schemaname = 'public'`);
}

function files(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Lets the metadata database keep what every task pushes: the row itself goes with its DAG. */
const KEEP_XCOMS = `
create table xcom_kept (dag_id text, value text);
create function keep_xcom() returns trigger language plpgsql as $$
begin
  insert into xcom_kept values (new.dag_id, encode(new.value, 'escape'));
  return new;
end $$;
create trigger keep after insert on xcom for each row execute function keep_xcom();`;

/** Adds all versions of all objects in the environment's bucket to those that were seen, by key and version. */
async function bucketVersions(endpoint: string, seen: Map<string, string>): Promise<ReadonlyMap<string, string>> {
  const credentials = { accessKeyId: keys.AWS_ACCESS_KEY_ID, secretAccessKey: 'demo' };
  const s3 = new S3Client({ endpoint, region: 'eu-west-1', forcePathStyle: true, credentials });
  const Bucket = 'mwaa-data-prod-123456789012';
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket }));
  for (const { Key = '', VersionId } of Versions) {
    const name = `${Key} ${VersionId}`;
    if (seen.has(name)) continue;
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, VersionId }));
    seen.set(name, (await Body?.transformToString('latin1')) ?? '');
  }
  s3.destroy();
  return seen;
}

/** All that a bucket held while it was watched. */
interface BucketWatch {
  stop(): Promise<ReadonlyMap<string, string>>;
}

/** Keeps every version that is ever in the environment's bucket: a discovery removes its own with all of them. */
function watchBucket(endpoint: string): BucketWatch {
  const seen = new Map<string, string>();
  const stopped = new AbortController();
  const watching = (async () => {
    do {
      // What was listed may be gone before it is read.
      await bucketVersions(endpoint, seen).catch(() => {});
      await pause(300, undefined, { signal: stopped.signal }).catch(() => {});
    } while (!stopped.signal.aborted);
  })();
  return {
    stop: async () => {
      stopped.abort();
      await watching;
      return bucketVersions(endpoint, seen);
    },
  };
}
