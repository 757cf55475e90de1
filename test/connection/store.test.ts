import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Connection, readConnection, withDiscovery } from '../../src/connection/connection.ts';
import { storeConnection } from '../../src/connection/store.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const { signal } = new AbortController();
const NAME = 'airflow/data-prod/metadata';
let region: VirtualRegion;
let session: Session;
let read: Connection;

regionForAll(async (given) => {
  ({ region, session } = given);
  read = await readConnection(session, await readEnvironment(session, 'data-prod', signal), signal);
});

function discovered(password: string): Connection {
  const place = { host: 'db.example', port: 5432, database: 'AirflowMetadata', sslMode: 'require' };
  const found = { ...place, hostAddress: undefined, candidates: [{ user: 'adminuser', password }], iamTokens: true };
  return withDiscovery(read, found, 0);
}

const stored = () => JSON.parse(region.running.region.secrets.value(NAME) ?? '{}');

test('a connection is kept in a secret, brought up to date there, and brought back', async () => {
  const put = (password: string) => storeConnection(session, discovered(password), NAME, signal);
  expect(await put('first')).toMatchObject({ name: NAME, action: 'created' });
  expect(stored()).toMatchObject({ engine: 'postgres', host: 'db.example', username: 'adminuser', password: 'first' });
  expect(await put('first')).toMatchObject({ action: 'unchanged' });
  expect(await put('second')).toMatchObject({ action: 'updated' });
  expect(stored().uri).toBe('postgresql://adminuser:second@db.example:5432/AirflowMetadata?sslmode=require');
  await session.secretsManager.deleteSecret({ SecretId: NAME }, { signal });
  expect(await put('third')).toMatchObject({ action: 'updated' });
  expect(stored().password).toBe('third');
});

test('what is not known, or would replace something else, is refused', async () => {
  await expect(storeConnection(session, read, NAME, signal)).rejects.toMatchObject({ kind: 'refused' });
  const taken = 'mwaa-console/data-prod/kafka_metadata';
  await expect(storeConnection(session, discovered('x'), taken, signal)).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('holds something else'),
  });
});

test('warnings tell of IAM tokens, of another host and of the way that replaces it', () => {
  const { warnings } = discovered('x');
  expect(warnings.join('\n')).toMatch(/short-lived tokens/);
  expect(warnings.join('\n')).toMatch(/Airflow itself logs in with RDS IAM tokens/);
  expect(warnings.join('\n')).toMatch(/Airflow connects to db\.example, not to the environment's endpoint vpce-/);
});
