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

async function stateOf(dagId: string, url: string | undefined) {
  const session = await region.open();
  const signal = AbortSignal.timeout(60_000);
  const environment = await readEnvironment(session, 'data-prod', signal);
  const ingestion = await readIngestion(session, environment, dagId, signal);
  if (ingestion === undefined) throw new Error(`no ${dagId}`);
  return readServerState(session, ingestion, { url }, signal);
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
