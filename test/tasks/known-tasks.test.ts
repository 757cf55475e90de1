import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestions } from '../../src/fleet/ingestions.ts';
import { readLastRuns } from '../../src/fleet/last-run.ts';
import { followRun } from '../../src/tasks/follow-run.ts';
import { type KnownTask, knownTaskJson, knownTasks } from '../../src/tasks/known-tasks.ts';
import { memoryRecords } from '../../src/tasks/records/memory.ts';
import { keepStoppedTasks } from '../../src/tasks/records/records.ts';
import { resolveRun } from '../../src/tasks/resolve.ts';
import { runTask } from '../../src/tasks/run.ts';
import type { RunEvent, RunResult } from '../../src/tasks/types.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const CLUSTER = 'openmetadata-ingestion';
const HOUR = 3_600_000;
const never = new AbortController().signal;

let region: VirtualRegion;
let session: Session;
regionForAll((given) => {
  ({ region, session } = given);
});

async function follow(records: ReturnType<typeof memoryRecords>, taskArn: string) {
  const events: RunEvent[] = [];
  const run = async (): Promise<RunResult> => {
    const following = followRun(session, records, { cluster: CLUSTER, taskArn }, never);
    for (;;) {
      const next = await following.next();
      if (next.done) return next.value;
      events.push(next.value);
    }
  };
  const result = await run();
  const lines = events.flatMap((event) => (event.type === 'lines' ? event.events.map(({ message }) => message) : []));
  return { result, lines, events };
}

async function list(records: ReturnType<typeof memoryRecords>): Promise<KnownTask[]> {
  let rows: KnownTask[] = [];
  const read = async () => {
    for await (const snapshot of knownTasks.list(session, { cluster: CLUSTER, records }, never)) rows = snapshot;
  };
  await read();
  return rows;
}

test('a run that ECS has forgotten is listed and told as it was followed, its lines from the log', async () => {
  const records = memoryRecords();
  const request = await resolveRun(session, 'data-prod', 'kafka_metadata', never);
  const { taskArn } = await runTask(session, request, never);
  const first = await follow(records, taskArn);
  expect(first.result).toMatchObject({ ok: false, exitCode: 1, logEvents: first.lines.length });

  region.time.region.move(2 * HOUR);
  const described = await session.ecs.describeTasks({ cluster: CLUSTER, tasks: [taskArn] }, {});
  expect(described.failures?.[0]?.reason).toBe('MISSING');
  const kept = (await list(records)).find(({ arn }) => arn === taskArn);
  expect(kept).toMatchObject({ forgotten: true, lastStatus: 'STOPPED', stopCode: 'EssentialContainerExited' });
  expect(knownTaskJson(kept as KnownTask)).toMatchObject({ source: 'record', run: { exitCode: 1, taskArn } });

  const again = await follow(records, taskArn);
  expect(again.result).toEqual(first.result);
  expect(again.lines.sort()).toEqual(first.lines.sort());
  expect(again.events).toContainEqual({ type: 'note', text: expect.stringContaining('Kept here') });
});

test('a task that was only seen stopped in a list is kept too, and judged by what ECS said', async () => {
  const records = memoryRecords();
  const request = await resolveRun(session, 'data-prod', 'postgres_usage', never);
  const { taskArn } = await runTask(session, { ...request, subnets: ['subnet-0a1b2c3d4e5f60021'] }, never);
  region.time.region.move(HOUR / 2);
  expect((await list(records)).find(({ arn }) => arn === taskArn)).toMatchObject({ lastStatus: 'STOPPED' });

  region.time.region.move(2 * HOUR);
  expect((await list(records)).find(({ arn }) => arn === taskArn)).toMatchObject({ forgotten: true });
  const { result } = await follow(records, taskArn);
  expect(result).toMatchObject({
    ok: false,
    exitCode: null,
    stopCode: 'TaskFailedToStart',
    advice: expect.stringContaining('NAT gateway'),
  });
});

test('a task that neither ECS nor the record knows is not found', async () => {
  const taskArn = `arn:aws:ecs:eu-west-1:123456789012:task/${CLUSTER}/00000000000000000000000000000000`;
  await expect(follow(memoryRecords(), taskArn)).rejects.toMatchObject({ kind: 'not-found' });
});

test('a task that any reader of the session saw stopped is kept', async () => {
  const records = memoryRecords();
  const own = await region.open();
  keepStoppedTasks(own, records);
  const request = await resolveRun(own, 'data-prod', 'postgres_usage', never);
  const { taskArn } = await runTask(own, { ...request, subnets: ['subnet-0a1b2c3d4e5f60021'] }, never);
  await own.clock.sleep(HOUR / 4);
  const environment = await readEnvironment(own, 'data-prod', never);
  const { ingestions } = await readIngestions(own, environment, never);
  await readLastRuns(own, environment, ingestions, never);
  region.time.region.move(2 * HOUR);
  expect((await list(records)).find(({ arn }) => arn === taskArn)).toMatchObject({ forgotten: true });
});
