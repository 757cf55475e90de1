import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { selfSigned } from '../../../src/demo/postgres/certificate.ts';
import type { MetadataDatabase } from '../../../src/demo/postgres/service.ts';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';

let running: RunningRegion;
let database: MetadataDatabase;
const clients: pg.Client[] = [];

beforeAll(async () => {
  running = await startRegion({ seed: 7, clock: new HandClock(Date.UTC(2026, 10, 22)) });
  database = await running.region.postgres.database('data-prod');
});
afterEach(async () => {
  for (const client of clients.splice(0)) await client.end().catch(() => {});
});
afterAll(() => running.close());

async function client(change: pg.ClientConfig = {}): Promise<pg.Client> {
  const { port, name, user, password } = database;
  const ssl = { rejectUnauthorized: false };
  const made = new pg.Client({ host: '127.0.0.1', port, user, password, database: name, ssl, ...change });
  made.on('error', () => {});
  clients.push(made);
  await made.connect();
  return made;
}

describe('the metadata database of an environment', () => {
  test('lets its user in by SCRAM over TLS, and tells the Airflow schema’s revision', async () => {
    const { rows } = await (await client()).query('select version_num from alembic_version');
    expect(rows).toEqual([{ version_num: '5f2621c13b39' }]);
    const legacy = await running.region.postgres.database('legacy');
    expect(legacy.password).not.toBe(database.password);
    const other = await client({ port: legacy.port, password: legacy.password });
    expect((await other.query('SELECT version_num FROM public.alembic_version;')).rows).toEqual([
      { version_num: '405de8318b3a' },
    ]);
  });

  test('refuses as PostgreSQL does', async () => {
    await expect(client({ password: 'wrong' })).rejects.toMatchObject({ code: '28P01' });
    await expect(client({ user: 'nobody' })).rejects.toMatchObject({ code: '28P01' });
    await expect(client({ database: 'other' })).rejects.toMatchObject({ code: '3D000' });
    await expect(client({ ssl: false })).rejects.toMatchObject({ code: '28000' });
  });

  test('keeps a read-only session from writing, and a failed transaction from going on', async () => {
    const reader = await client({ options: '-c default_transaction_read_only=on' });
    expect((await reader.query('show transaction_read_only')).rows).toEqual([{ transaction_read_only: 'on' }]);
    await expect(reader.query('delete from dag')).rejects.toMatchObject({ code: '25006' });
    await reader.query('BEGIN');
    await expect(reader.query('select * from dag')).rejects.toMatchObject({ code: '42P01' });
    await expect(reader.query('select 1')).rejects.toMatchObject({ code: '25P02' });
    await reader.query('ROLLBACK');
    expect((await reader.query('select 1')).rows).toEqual([{ '?column?': '1' }]);
    await expect(reader.query('select $1::text', ['x'])).rejects.toMatchObject({ code: '0A000' });
  });

  test('survives what is no PostgreSQL', async () => {
    for (const bytes of ['GET / HTTP/1.1\r\n\r\n', '\0\0\0\x02xx', '\0\0\0\x08\0\x02\0\0', '\xff'.repeat(100)]) {
      const socket = await raw();
      socket.resume();
      socket.write(Buffer.from(bytes, 'latin1'));
      await once(socket, 'close');
    }
    expect((await (await client()).query('select 1')).rowCount).toBe(1);
  });

  test('is closed with its region', async () => {
    const region = await startRegion({ seed: 7, clock: new HandClock(0) });
    const { port } = await region.region.postgres.database('data-prod');
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    const closed = once(socket, 'close');
    await region.close();
    await closed;
    const again = connect(port, '127.0.0.1');
    await expect(once(again, 'connect')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });
});

test('a certificate is made for a name, signed by its own key, and TLS takes it', async () => {
  const host = `vpce-${'a'.repeat(60)}.vpce-svc-0d2f.eu-west-1.vpce.amazonaws.com`;
  const { cert, key } = selfSigned(host);
  const parsed = new X509Certificate(cert);
  expect(parsed.checkHost(host)).toBe(host);
  expect(parsed.verify(parsed.publicKey)).toBe(true);
  expect(Date.parse(parsed.validTo)).toBeGreaterThan(Date.now());
  expect(selfSigned(host).key).not.toBe(key);
  const socket = await raw();
  socket.write(Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]));
  await once(socket, 'data');
  const secure = connectTls({ socket, rejectUnauthorized: false, servername: database.host });
  await once(secure, 'secureConnect');
  expect(new X509Certificate(secure.getPeerCertificate().raw).checkHost(database.host)).toBe(database.host);
  secure.destroy();
});

async function raw(): Promise<Socket> {
  const socket = connect(database.port, '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}
