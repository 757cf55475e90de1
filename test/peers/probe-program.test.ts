import { execFile } from 'node:child_process';
import { createServer, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { toldMeaning } from '../../src/connection/probe/meanings.ts';
import { LOGIN_VARIABLE, probeCommand, toldStage } from '../../src/connection/probe/vpc-program.ts';
import type { MetadataDatabase } from '../../src/demo/postgres/service.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { silentPort } from '../support/silent-port.ts';
import { startPostgres } from './postgres.ts';

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
async function probe(
  change: { port?: number; host?: string; environment?: string; sslMode?: string } = {},
  logins: object[] = [],
) {
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

  test('tells a missing database, and one that holds no Airflow', async () => {
    expect((await probe({}, [{ dbname: 'other' }])).at(-1)).toMatchObject({ stage: 'login', code: '3D000' });
    const postgres = await startPostgres({ user: 'adminuser', password: 'a password', database: 'empty' });
    const place = { port: postgres.port, sslMode: 'prefer' };
    const login = { user: postgres.user, password: postgres.password, dbname: 'empty', sslmode: 'prefer' };
    const told = await probe(place, [login]);
    await postgres.stop();
    expect(words(told).slice(-2)).toEqual(['login ok', 'schema failed']);
    expect(meaningOf(told)).toMatch(/holds no Airflow schema/);
  });

  test('tells a closed port, one that answers no SYN, and a name without an address', async () => {
    const { port, server } = await listening(() => {});
    server.close();
    const closed = await probe({ port });
    expect(closed.at(-1)).toMatchObject({ stage: 'tcp', code: 'ECONNREFUSED' });
    expect(meaningOf(closed)).toMatch(/nothing listens on the port/);
    const silent = await silentPort();
    const unheard = await probe({ port: silent.port });
    await silent.close();
    expect(unheard.at(-1)).toMatchObject({
      stage: 'tcp',
      code: 'ETIMEDOUT',
      detail: `127.0.0.1 port ${silent.port} does not answer within 5 s.`,
    });
    expect(meaningOf(unheard)).toMatch(/security group of the endpoint does not admit the task/);
    const nowhere = await probe({ host: 'nowhere.invalid' });
    expect(nowhere.at(-1)).toMatchObject({ stage: 'name', state: 'failed' });
    expect(meaningOf(nowhere)).toMatch(/VPC does not resolve the name/);
  });

  test('tells what is not PostgreSQL at all: other words, silence, an end', async () => {
    const hears: readonly [RegExp, (socket: Socket) => void][] = [
      [/answers PostgreSQL's first message with b'HTTP/, (socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
      [/open, but silent: no answer .* within 5 s/, () => {}],
      [/closed at PostgreSQL's first message/, (socket) => socket.end()],
    ];
    for (const [detail, serve] of hears) {
      const { port, server, stop } = await listening(serve);
      const told = await probe({ port });
      stop();
      server.close();
      expect(told.at(-1)).toMatchObject({ stage: 'handshake', detail: expect.stringMatching(detail) });
      expect(meaningOf(told)).toMatch(/no PostgreSQL/);
    }
  });

  test('tells TLS that is refused, and TLS that is broken', async () => {
    const refusing = await listening((socket) => socket.write('N'));
    const refused = await probe({ port: refusing.port });
    expect(refused.at(-1)).toMatchObject({ stage: 'tls', code: 'NOTLS' });
    expect(meaningOf(refused)).toMatch(/always offers TLS/);
    const breaking = await listening((socket) => {
      socket.write('S');
      socket.on('data', () => socket.end('nonsense'));
    });
    const broken = await probe({ port: breaking.port });
    expect(broken.at(-1)).toMatchObject({ stage: 'tls', state: 'failed' });
    expect(meaningOf(broken)).toMatch(/breaks TLS up/);
    for (const { stop, server } of [refusing, breaking]) {
      stop();
      server.close();
    }
  });
});

/** What the last stage's failure means. */
function meaningOf(told: Awaited<ReturnType<typeof probe>>): string {
  const last = told.at(-1);
  if (last?.state !== 'failed' || last.stage === 'rest' || last.stage === 'end') throw new Error('Nothing has failed.');
  return toldMeaning(last.stage, last.code);
}

/** A port where `serve` gets each connection once it has said something. */
async function listening(serve: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    socket.once('data', () => serve(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => {
    for (const socket of sockets) socket.destroy();
  };
  return { port: (server.address() as { port: number }).port, server, stop };
}
