import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { type Incident, readIncident } from '../../src/deployment/incident-timeline.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { readTasks } from '../../src/fleet/tasks.ts';
import { memoryRecords } from '../../src/tasks/records/memory.ts';
import { placeOfCluster, type TaskRecords } from '../../src/tasks/records/records.ts';
import { type TestRegion, testRegion } from '../support/region.ts';

let region: TestRegion;
let session: Session;
beforeAll(async () => {
  region = await testRegion();
  session = await region.open();
});
afterAll(() => region.close());

async function incidentOf(dagId: string, records: TaskRecords = memoryRecords()): Promise<Incident> {
  const signal = AbortSignal.timeout(60_000);
  const environment = await readEnvironment(session, 'data-prod', signal);
  const ingestion = await readIngestion(session, environment, dagId, signal);
  if (ingestion === undefined) throw new Error(`no ${dagId}`);
  let last: Incident | undefined;
  for await (const incident of readIncident(session, environment, ingestion, records, signal)) last = incident;
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

test('a task that ECS has forgotten stands there by what was kept of it', async () => {
  const signal = AbortSignal.timeout(60_000);
  const cluster = 'openmetadata-ingestion';
  const place = await placeOfCluster(session, cluster, signal);
  const [task] = (await readTasks(session, { cluster, family: 'data-prod-kafka_metadata' }, signal)).filter(
    ({ stoppedAt }) => stoppedAt !== undefined,
  );
  if (task === undefined) throw new Error('no task has stopped');
  const id = 'f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0f0';
  const stoppedAt = session.clock.now() - 5 * 3_600_000;
  const forgotten = { ...task, id, arn: task.arn.replace(task.id, id), stoppedAt };
  const records = memoryRecords();
  await records.keep(place, [{ task: forgotten, recordedAt: stoppedAt }]);
  const { events } = await incidentOf('kafka_metadata', records);
  expect(events.find(({ text }) => text.startsWith('stopped') && text.endsWith(`: task ${id}`))).toMatchObject({
    at: stoppedAt,
    target: { kind: 'task', arn: forgotten.arn },
  });
});
