import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Incident, readIncident } from '../../src/deployment/incident-timeline.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { type TestRegion, testRegion } from '../support/region.ts';

let region: TestRegion;
let session: Session;
beforeAll(async () => {
  region = await testRegion();
  session = await region.open();
});
afterAll(() => region.close());

async function incidentOf(dagId: string): Promise<Incident> {
  const signal = AbortSignal.timeout(60_000);
  const environment = await readEnvironment(session, 'data-prod', signal);
  const ingestion = await readIngestion(session, environment, dagId, signal);
  if (ingestion === undefined) throw new Error(`no ${dagId}`);
  let last: Incident | undefined;
  for await (const incident of readIncident(session, environment, ingestion, signal)) last = incident;
  if (last === undefined) throw new Error('no snapshot');
  return last;
}

test('runs, tasks and their ends stand on one axis, newest first', async () => {
  const { events, failures } = await incidentOf('kafka_metadata');
  expect(failures).toEqual([]);
  const sources = new Set(events.map(({ source }) => source));
  expect([...sources]).toEqual(expect.arrayContaining(['dag run', 'task']));
  expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((one, other) => other - one));
  expect(
    events.some(({ source, text, tone }) => source === 'dag run' && tone === 'error' && text.startsWith('failed')),
  ).toBe(true);
  const stopped = events.find(({ source, text }) => source === 'task' && text.includes('stopped, failed'));
  expect(stopped?.target).toMatchObject({ kind: 'task', cluster: 'openmetadata-ingestion' });
});

test('a source that can not be read is told; the others are there', async () => {
  await region.fault({ service: 'airflow', operation: 'InvokeRestApi', fault: 'denied', times: 1 });
  const { events, failures } = await incidentOf('kafka_metadata');
  expect(failures.map(({ kind }) => kind)).toEqual(['denied']);
  expect(events.some(({ source }) => source === 'task')).toBe(true);
  expect(events.some(({ source }) => source === 'dag run')).toBe(false);
});
