import { describe, expect, test } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import type { Session } from '../../src/aws/session.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import { describeTasks, type Task } from '../../src/fleet/tasks.ts';
import { pipelineRunId } from '../../src/ingestion/run-id.ts';
import { ecsTasksInLog } from '../../src/tasks/airflow-log.ts';
import { dagRunOfTask, type IngestionRun, ingestionRuns, tasksOfIngestion } from '../../src/tasks/dag-runs.ts';
import type { KnownTask } from '../../src/tasks/known-tasks.ts';
import { memoryRecords } from '../../src/tasks/records/memory.ts';
import { resolveRun } from '../../src/tasks/resolve.ts';
import { runTask } from '../../src/tasks/run.ts';
import type { FollowedTask } from '../../src/tasks/types.ts';
import type { Failure } from '../../src/text/failure.ts';
import { regionForAll } from '../support/given-region.ts';

const never = new AbortController().signal;
const MINUTE = 60_000;

let session: Session;
regionForAll((given) => {
  ({ session } = given);
});

async function runsOf(name: string, dagId: string): Promise<IngestionRun[]> {
  const { airflowVersion } = await readEnvironment(session, name, never);
  let rows: IngestionRun[] = [];
  const scope = { environment: { name, airflowVersion }, dagId, records: memoryRecords() };
  for await (const snapshot of ingestionRuns.list(session, scope, never)) rows = snapshot;
  return rows;
}

test('the id of a run is the one that the DAG makes of it', () => {
  const run = 'scheduled__2026-11-22T04:00:00+00:00';
  // As Python's uuid.uuid5(uuid.NAMESPACE_URL, f'redshift_ingestion/{run_id}') has it.
  expect(pipelineRunId('redshift_ingestion', run)).toBe('8d0a79b3-b599-5b11-bfa6-ff5775fd22d4');
});

describe.each([
  ['data-prod', 'postgres_usage', 'Airflow 2'],
  ['analytics', 'dbt_metadata', 'Airflow 3'],
])('in %s, %s (%s)', (environment, dagId) => {
  test('a triggered run leads to its ECS task, and the task to its run', async () => {
    const { airflowVersion } = await readEnvironment(session, environment, never);
    const runId = `manual__${environment}`;
    const airflow = openAirflow(session, { name: environment, airflowVersion });
    await airflow.setPaused(dagId, false, never);
    await airflow.trigger(dagId, { runId }, never);
    let started: IngestionRun | undefined;
    for (let waited = 0; started?.tasks?.length !== 1; waited += 1) {
      expect(waited).toBeLessThan(120);
      await session.clock.sleep(MINUTE / 2);
      started = (await runsOf(environment, dagId)).find((each) => each.runId === runId);
    }
    const [task] = started.tasks ?? [];
    expect(task?.family).toBe(`${environment}-${dagId}`);
    expect(task?.overrides.containers[0]?.environment.pipelineRunId).toBe(pipelineRunId(dagId, runId));

    for (const place of [{}, { environment }, { environment, dagId }]) {
      const found = await dagRunOfTask(session, task as KnownTask, place, never);
      expect(found).toMatchObject({ environment: { name: environment, airflowVersion }, run: { runId, dagId } });
    }
  });
});

test('runs of the world lead to their tasks, both tries of a failed one', async () => {
  await session.clock.sleep(75 * MINUTE);
  const runs = await runsOf('data-prod', 'kafka_metadata');
  expect(runs.length).toBeGreaterThan(10);
  const led = runs.filter(({ tasks }) => (tasks?.length ?? 0) > 0);
  expect(led.some(({ tasks }) => tasks?.length === 2)).toBe(true);
});

/** A DAG that somebody else wrote: its task carries no id made of the run. */
function foreignDag(dagId: string, taskDefinition: string): string {
  return `from datetime import datetime

from airflow import DAG
from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator

with DAG(dag_id="${dagId}", schedule=None, start_date=datetime(2025, 1, 1), is_paused_upon_creation=False) as dag:
    EcsRunTaskOperator(
        task_id="copy",
        cluster="openmetadata-ingestion",
        task_definition="${taskDefinition}",
        launch_type="FARGATE",
        overrides={"containerOverrides": []},
        network_configuration={
            "awsvpcConfiguration": {
                "subnets": ["subnet-0a1b2c3d4e5f60011"],
                "securityGroups": ["sg-0a1b2c3d4e5f60032"],
                "assignPublicIp": "DISABLED",
            }
        },
    )
`;
}

test.each([
  ['data-prod', 'data-prod-postgres_usage'],
  ['analytics', 'analytics-dbt_metadata'],
])('in %s, a DAG that was not deployed from here leads to its task and back by its log', async (name, family) => {
  const environment = await readEnvironment(session, name, never);
  const dagId = 'nightly_copy';
  const Key = `${environment.dagsPath}/${dagId}.py`;
  await session.s3.putObject({ Bucket: environment.sourceBucket, Key, Body: foreignDag(dagId, family) }, {});
  const airflow = openAirflow(session, environment);
  for (let waited = 0; (await airflow.dag(dagId, never)) === undefined; waited += 1) {
    expect(waited).toBeLessThan(60);
    await session.clock.sleep(MINUTE / 2);
  }
  const runId = `manual__2026-11-22T11:00:00+00:00`;
  await airflow.trigger(dagId, { runId }, never);
  let found: readonly FollowedTask[] = [];
  const run = async () => (await runsOf(name, dagId)).find((each) => each.runId === runId);
  for (let waited = 0; found.length === 0; waited += 1) {
    expect(waited).toBeLessThan(60);
    await session.clock.sleep(MINUTE / 2);
    const begun = await run();
    expect(begun?.tasks).toEqual([]);
    if (begun === undefined) continue;
    found = await ecsTasksInLog(session, name, begun, 'copy', never).catch((error: Failure) => {
      expect(error).toMatchObject({ kind: 'not-found', message: 'The log of copy names no ECS task.' });
      return [];
    });
  }
  expect(found).toHaveLength(1);
  const [{ cluster, taskArn }] = found as [FollowedTask];
  const [task] = await describeTasks(session, cluster, [taskArn], never);
  expect(task).toMatchObject({ family, startedBy: 'airflow' });
  for (const place of [{}, { environment: name }]) {
    expect(await dagRunOfTask(session, task as Task, place, never)).toMatchObject({
      environment: { name },
      run: { dagId, runId },
    });
  }
});

test('a task that was started from here, one of another product and one whose run is gone say so', async () => {
  const request = await resolveRun(session, 'data-prod', 'looker_metadata', never);
  const { task } = await runTask(session, request, never);
  await expect(dagRunOfTask(session, task, {}, never)).rejects.toMatchObject({
    kind: 'not-found',
    message: expect.stringContaining('mwaa-console did'),
  });
  const other = { ...task, startedBy: 'airflow' };
  await expect(dagRunOfTask(session, other, {}, never)).rejects.toMatchObject({
    message: expect.stringMatching(/^None of the last \d+ runs of looker_metadata/),
  });
  const plain = { ...other, overrides: { containers: [] } };
  await expect(dagRunOfTask(session, plain, {}, never)).rejects.toMatchObject({
    message: 'The task says no pipelineRunId.',
  });
  await expect(dagRunOfTask(session, { ...other, family: 'platform-api' }, {}, never)).rejects.toMatchObject({
    message: expect.stringContaining('No environment has'),
  });
});

test('an ingestion that runs inside Airflow has no tasks, and its runs none', async () => {
  const environment = await readEnvironment(session, 'legacy', never);
  const ingestion = await readIngestion(session, environment, 'mysql_metadata', never);
  expect(ingestion && (await tasksOfIngestion(session, ingestion, memoryRecords(), never))).toEqual([]);
  expect((await runsOf('legacy', 'mysql_metadata')).every(({ tasks }) => tasks?.length === 0)).toBe(true);
});

test('no path of it is longer than the 64 characters that InvokeRestApi takes', async () => {
  const paths = session.calls.flatMap(({ operation, input }) =>
    operation === 'InvokeRestApi' ? [String((input as { Path?: unknown }).Path)] : [],
  );
  expect(paths.length).toBeGreaterThan(5);
  expect(paths.filter((path) => path.length > 64)).toEqual([]);
});
