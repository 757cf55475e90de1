import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOGIN_VARIABLE, probeCommand, toldStage } from '../../src/connection/probe/vpc-program.ts';
import type { MetadataDatabase } from '../../src/demo/postgres/service.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';

// The ingestion image's Python has psycopg2 and boto3, and so has this one.
const python = fileURLToPath(new URL('../../.peers/airflow-3.2.1/bin/python', import.meta.url));
let running: RunningRegion;
let database: MetadataDatabase;

beforeAll(async () => {
  running = await startRegion({ seed: 7 });
  database = await running.region.postgres.database('data-prod');
});
afterAll(() => running.close());

/** Runs the probe's command by a real Python; `logins` are libpq's keywords laid over the right ones. */
async function probe(change: { port?: number; host?: string; environment?: string } = {}, logins: object[] = []) {
  const { port, name, user, password } = database;
  const place = { host: '127.0.0.1', port, sslMode: 'require', region: 'eu-west-1', ...change };
  const right = { host: place.host, port: place.port, sslmode: 'require', dbname: name, user, password };
  const [, ...words] = probeCommand(place);
  const { stdout, stderr } = await promisify(execFile)(python, words, {
    env: {
      AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_ENDPOINT_URL: running.url,
      AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
      [LOGIN_VARIABLE]: JSON.stringify(logins.map((login) => ({ ...right, ...login }))),
    },
  });
  expect(stderr).toBe('');
  expect(stdout).not.toContain(password);
  const told = stdout.split('\n').flatMap((line) => toldStage(line) ?? []);
  expect(told.pop()).toMatchObject({ stage: 'end' });
  return told;
}

const words = (told: Awaited<ReturnType<typeof probe>>) => told.map(({ stage, state }) => `${stage} ${state}`);

describe('the program of a probe from the VPC, run by a real Python with psycopg2', () => {
  test('goes through every stage on TLS and SCRAM, and asks Airflow by boto3', async () => {
    const told = await probe({ environment: 'data-prod' }, [{}]);
    expect(words(told)).toEqual(['rest ok', 'name ok', 'tcp ok', 'tls ok', 'handshake ok', 'login ok', 'schema ok']);
    expect(told.at(-1)?.detail).toBe('5f2621c13b39');
    expect(told[0]?.detail).toMatch(/^\d+ DAGs$/);
  });

  test('without a login ends with TLS', async () => {
    expect(words(await probe())).toEqual(['name ok', 'tcp ok', 'tls ok']);
  });

  test('tries the logins in turn', async () => {
    const told = await probe({}, [{ password: 'wrong' }, {}]);
    expect(told.find(({ stage }) => stage === 'login')).toMatchObject({ state: 'ok', code: '1' });
    expect((await probe({}, [{ password: 'wrong' }])).at(-1)).toMatchObject({
      stage: 'login',
      state: 'failed',
      code: '28P01',
    });
  });

  test('tells a missing database, a closed port, a name without an address and what is not PostgreSQL', async () => {
    expect((await probe({}, [{ dbname: 'other' }])).at(-1)).toMatchObject({ stage: 'login', code: '3D000' });
    const web = await listening();
    expect((await probe({ port: web.port })).at(-1)).toMatchObject({ stage: 'handshake', code: 'NOPOSTGRES' });
    web.server.close();
    expect((await probe({ port: web.port })).at(-1)).toMatchObject({ stage: 'tcp', code: 'ECONNREFUSED' });
    expect((await probe({ host: 'nowhere.invalid' })).at(-1)).toMatchObject({ stage: 'name', state: 'failed' });
  });
});

async function listening(): Promise<{ port: number; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as { port: number }).port, server };
}
