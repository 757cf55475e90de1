import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { probeFromHere } from '../../src/connection/probe/here.ts';
import type { ProbeResult } from '../../src/connection/probe/stages.ts';
import type { PostgresService } from '../../src/demo/postgres/service.ts';
import { regionForAll } from '../support/given-region.ts';
import { silentPort } from '../support/silent-port.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const { signal } = new AbortController();
const servers: Server[] = [];
const sockets: Socket[] = [];
let region: VirtualRegion;
let database: Awaited<ReturnType<PostgresService['database']>>;

regionForAll(async (given) => {
  ({ region } = given);
  database = await region.running.region.postgres.database('data-prod');
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** A port of this machine where `serve` has each connection. */
function listening(serve: (socket: Socket) => void): Promise<number> {
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}));
    serve(socket);
  });
  servers.push(server);
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as { port: number }).port));
  });
}

const at = (port: number, sslMode = 'require') => ({ host: '127.0.0.1', port, sslMode });

function outcome({ stages, ok }: ProbeResult) {
  const failed = stages.find(({ state }) => state === 'failed');
  return { ok, stage: failed?.stage, detail: failed?.detail, advice: failed?.advice };
}

async function probe(
  change: { port?: number; sslMode?: string; name?: string; user?: string; password?: string } = {},
) {
  const { port, sslMode, name, user, password } = { sslMode: 'require', ...database, ...change };
  const login = { database: name, candidates: [{ user, password }] };
  return (await probeFromHere(at(port, sslMode), login, signal, 300)).result;
}

describe('a probe', () => {
  test('goes through every stage and reads the schema revision, with one connection', async () => {
    const { host, port, name, user, password } = database;
    const address = { host, port, sslMode: 'require', hostAddress: '127.0.0.1' };
    const candidates = [
      { user, password: 'not this one' },
      { user, password },
    ];
    const { result, candidate } = await probeFromHere(address, { database: name, candidates }, signal);
    expect(candidate).toBe(1);
    expect(result).toMatchObject({ from: 'here', ok: true, schemaRevision: '5f2621c13b39' });
    expect(result.stages.map(({ stage, state }) => `${stage} ${state}`)).toEqual(
      ['name', 'tcp', 'tls', 'handshake', 'login', 'schema'].map((stage) => `${stage} ok`),
    );
    expect(JSON.stringify(result)).not.toContain(password);
  });

  test('without a login ends with TLS', async () => {
    const { result } = await probeFromHere(at(database.port), undefined, signal);
    expect(result.stages.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'skipped', 'skipped', 'skipped']);
    expect(result.ok).toBe(true);
  });

  test('tells a name that does not resolve', async () => {
    const address = { host: 'nowhere.invalid', port: 5432, sslMode: 'require' };
    const { result } = await probeFromHere(address, undefined, signal);
    expect(outcome(result)).toMatchObject({ ok: false, stage: 'name', advice: expect.stringContaining('DNS') });
  });

  test('tells a closed port', async () => {
    const port = await listening(() => {});
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    expect(outcome(await probe({ port }))).toMatchObject({
      stage: 'tcp',
      detail: expect.stringContaining('ECONNREFUSED'),
      advice: expect.stringContaining('nothing listens'),
    });
  });

  test('tells a port that answers no SYN', async () => {
    const silent = await silentPort();
    expect(outcome(await probe({ port: silent.port }))).toMatchObject({
      stage: 'tcp',
      detail: `127.0.0.1 port ${silent.port} does not answer within 0.3 s.`,
      advice: expect.stringMatching(/from outside the VPC that is to be expected.*security group/),
    });
    await silent.close();
  });

  test('tells a port that is open and silent', async () => {
    const port = await listening(() => {});
    expect(outcome(await probe({ port }))).toMatchObject({
      stage: 'handshake',
      detail: expect.stringContaining('open, but silent'),
      advice: expect.stringContaining('no PostgreSQL'),
    });
  });

  test('tells a server that refuses TLS, and goes on without where the mode allows it', async () => {
    const port = await listening((socket) => socket.on('data', () => socket.write('N')));
    expect(outcome(await probe({ port }))).toMatchObject({
      stage: 'tls',
      detail: expect.stringContaining('refuses TLS'),
    });
    const preferred = await probe({ port, sslMode: 'prefer' });
    expect(preferred.stages[2]).toMatchObject({ stage: 'tls', state: 'skipped' });
    expect(outcome(preferred).stage).toBe('handshake');
    expect(outcome(await probe({ sslMode: 'disable' }))).toMatchObject({
      stage: 'handshake',
      detail: expect.stringContaining('no pg_hba.conf entry'),
    });
  });

  test('tells TLS that is broken, and a certificate that nobody vouches for', async () => {
    const port = await listening((socket) => {
      socket.once('data', () => socket.write('S'));
      socket.on('data', (chunk) => chunk[0] === 0x16 && socket.end('nonsense'));
    });
    expect(outcome(await probe({ port })).stage).toBe('tls');
    expect(outcome(await probe({ sslMode: 'verify-full' }))).toMatchObject({
      stage: 'tls',
      advice: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
  });

  test('tells what is not PostgreSQL at all', async () => {
    const port = await listening((socket) => socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
    expect(outcome(await probe({ port }))).toMatchObject({
      stage: 'handshake',
      detail: expect.stringContaining('HTTP/1.1'),
    });
    const hangsUp = await listening((socket) => socket.end());
    expect(outcome(await probe({ port: hangsUp })).stage).toBe('handshake');
  });

  test('tells a wrong password, which was probably rotated', async () => {
    expect(outcome(await probe({ password: 'old one' }))).toMatchObject({
      stage: 'login',
      detail: 'PostgreSQL: password authentication failed for user "adminuser".',
      advice: expect.stringContaining('rotated'),
    });
  });

  test('tells a missing database', async () => {
    expect(outcome(await probe({ name: 'Other' }))).toMatchObject({
      stage: 'login',
      detail: 'PostgreSQL: database "Other" does not exist.',
      advice: expect.stringContaining('no database of that name'),
    });
  });

  test('ends when it is interrupted', async () => {
    const port = await listening(() => {});
    const abort = new AbortController();
    const probing = probeFromHere(at(port), undefined, abort.signal);
    abort.abort(new Error('enough'));
    await expect(probing).rejects.toThrow('enough');
  });
});
