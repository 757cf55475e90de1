import { afterAll, beforeAll, expect, test } from 'vitest';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { readServerState } from '../../src/fleet/server-state.ts';
import { type TestRegion, testRegion } from '../support/region.ts';

let region: TestRegion;
beforeAll(async () => {
  region = await testRegion();
});
afterAll(() => region.close());

const signal = AbortSignal.timeout(60_000);

async function stateOf(dagId: string, url: string | undefined, tokenSecret?: string) {
  const session = await region.open();
  const environment = await readEnvironment(session, 'data-prod', signal);
  const ingestion = await readIngestion(session, environment, dagId, signal);
  if (ingestion === undefined) throw new Error(`no ${dagId}`);
  return readServerState(session, ingestion, { url, tokenSecret }, signal);
}

test("an ingestion's server tells version, health and the last run, by the token of the ingestion's secret", async () => {
  const state = await stateOf('kafka_metadata', `${region.url}/openmetadata/api`);
  expect(state).toMatchObject({ version: '1.12.8', health: { healthy: true }, failures: [] });
  expect(state.lastRun?.state).toBe('failed');
  expect(JSON.stringify(state)).not.toMatch(/eyJ/);
});

test('a server that does not answer is ill, and says so', async () => {
  const { health, version, lastRun, failures } = await stateOf('kafka_metadata', 'http://127.0.0.1:9/api');
  expect(health.healthy).toBe(false);
  expect([version, lastRun]).toEqual([undefined, undefined]);
  expect(failures.map(({ kind }) => kind)).toEqual(['unreachable', 'unreachable']);
});

test('an ingestion that its server has not heard of yet has no run there, which is no failure', async () => {
  const session = await region.open();
  const { secretArn } =
    (await readIngestion(session, await readEnvironment(session, 'data-prod', signal), 'postgres_usage', signal)) ?? {};
  const { SecretString = '' } = await session.secretsManager.getSecretValue({ SecretId: secretArn }, { signal });
  const unheard = SecretString.replace(/"ingestionPipelineFQN":"[^"]*"/, '"ingestionPipelineFQN":"nobody.has_run_it"');
  expect(unheard).not.toBe(SecretString);
  await session.secretsManager.putSecretValue({ SecretId: secretArn, SecretString: unheard }, { signal });
  expect(await stateOf('postgres_usage', `${region.url}/openmetadata/api`)).toMatchObject({
    version: '1.12.8',
    lastRun: undefined,
    failures: [],
  });
});

test("where the configuration holds no token, the settings' secret does; it goes to the settings' server alone", async () => {
  const session = await region.open();
  const { secretArn } =
    (await readIngestion(session, await readEnvironment(session, 'data-prod', signal), 'looker_metadata', signal)) ??
    {};
  const { SecretString = '' } = await session.secretsManager.getSecretValue({ SecretId: secretArn }, { signal });
  const withoutToken = SecretString.replace(/"jwtToken":"[^"]*"/, '"jwtToken":"fernet:gAAAAA"');
  expect(withoutToken).not.toBe(SecretString);
  await session.secretsManager.putSecretValue({ SecretId: secretArn, SecretString: withoutToken }, { signal });
  await session.secretsManager.createSecret({ Name: 'bot', SecretString: '{"jwtToken":"a.b.c"}' }, { signal });

  const url = `${region.url}/openmetadata/api`;
  expect((await stateOf('looker_metadata', url)).failures.map(({ message }) => message)).toEqual([
    expect.stringContaining('401'),
  ]);
  expect(await stateOf('looker_metadata', url, 'bot')).toMatchObject({ failures: [], lastRun: { state: 'success' } });
  const [missing] = (await stateOf('looker_metadata', url, 'nobody')).failures;
  expect(missing?.message).toContain('nobody');
  const asked = (await region.requests()).filter(({ operation }) => operation === 'GetSecretValue').length;
  await stateOf('looker_metadata', undefined, 'bot');
  const later = (await region.requests()).filter(({ operation }) => operation === 'GetSecretValue').length;
  expect(later).toBe(asked + 1);
});
