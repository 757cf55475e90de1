import { ECSClient, ListTasksCommand } from '@aws-sdk/client-ecs';
import { DeleteRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import { MWAAClient } from '@aws-sdk/client-mwaa';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { InvokeRestApiCommand, UpdateEnvironmentCommand } from '../../../src/aws/mwaa-commands.ts';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { dagSource } from '../../../src/ingestion/dag/source.ts';
import { readPipeline } from '../../../src/ingestion/pipeline.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { clientOptions, NOON } from '../core/bench.ts';
import { linesOf } from './log-lines.ts';

// An hour of the region's life takes its seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
let clock: HandClock;
let running: RunningRegion;
beforeEach(async () => {
  clock = new HandClock(NOON);
  running = await startRegion({ clock });
});
afterEach(() => running.close());

type Json = Record<string, unknown>;
const rest = async (Name: string, Method: 'GET' | 'POST' | 'PATCH' | 'DELETE', Path: string, more: object = {}) => {
  const client = new MWAAClient(clientOptions(running));
  const answer = await client.send(new InvokeRestApiCommand({ Name, Method, Path, ...more }));
  return answer.RestApiResponse as Json;
};
const status = (code: number) => ({ name: 'RestApiClientException', RestApiStatusCode: code });

/** The DAG that the product makes for an ingestion whose task definition, secret and policy are there. */
function generated(environment: string, dagId: string, airflowVersion: string): string {
  const text = JSON.stringify({
    source: { type: 'snowflake', serviceName: 'x', sourceConfig: { config: { type: 'DatabaseMetadata' } } },
    workflowConfig: { openMetadataServerConfig: { hostPort: 'http://x/api' } },
  });
  return dagSource({
    environment,
    account: '123456789012',
    region: 'eu-west-1',
    mode: 'ecs',
    dagId,
    pipeline: readPipeline(text, 'x.yaml'),
    openmetadataVersion: '1.12.8',
    airflowVersion,
    ecs: {
      cluster: 'openmetadata-ingestion',
      container: 'openmetadata-ingestion',
      subnets: ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'],
      securityGroups: ['sg-0a1b2c3d4e5f60031'],
      assignPublicIp: false,
      logGroup: '/ecs/openmetadata-ingestion',
      image: 'docker.io/openmetadata/ingestion-base:1.12.8',
      cpu: 1024,
      memory: 4096,
      executionRoleArn: 'arn:aws:iam::123456789012:role/openmetadata-ingestion-execution',
    },
    executionRoleName: `mwaa-${environment}-role`,
    secretName: `mwaa-console/${environment}/${dagId}`,
    dagsPath: 'dags',
  });
}

const upload = (environment: string, name: string, Body: string) =>
  new S3Client(clientOptions(running)).send(
    new PutObjectCommand({ Bucket: `mwaa-${environment}-123456789012`, Key: `dags/${name}.py`, Body }),
  );

const taskLog = (environment: string, prefix: string) => linesOf(running, `airflow-${environment}-Task`, prefix);

describe.each([
  ['data-prod', 'snowflake_metadata', '2.10.3'],
  ['analytics', 'dbt_metadata', '3.2.1'],
])("the product's own DAG in %s", (environment, dagId, version) => {
  it('is seen, unpaused, triggered, and runs an ECS task whose lines it repeats', async () => {
    clock.move(20 * MINUTE);
    await upload(environment, dagId, generated(environment, dagId, version));
    clock.move(2 * MINUTE);
    expect(await rest(environment, 'GET', '/importErrors')).toMatchObject({ total_entries: 0 });
    await rest(environment, 'PATCH', `/dags/${dagId}`, { Body: { is_paused: true } });
    const body = { dag_run_id: 'mine', ...(version.startsWith('3') ? { logical_date: null } : {}) };
    expect(await rest(environment, 'POST', `/dags/${dagId}/dagRuns`, { Body: body })).toMatchObject({
      dag_run_id: 'mine',
      state: 'queued',
      run_type: 'manual',
      start_date: null,
    });
    clock.move(MINUTE);
    expect(await rest(environment, 'GET', `/dags/${dagId}/dagRuns/mine`)).toMatchObject({ state: 'queued' });
    await rest(environment, 'PATCH', `/dags/${dagId}`, { Body: { is_paused: false } });
    clock.move(MINUTE);
    expect(await rest(environment, 'GET', `/dags/${dagId}/dagRuns/mine`)).toMatchObject({ state: 'running' });
    const ecs = new ECSClient(clientOptions(running));
    const family = `${environment}-${dagId}`;
    const { taskArns } = await ecs.send(new ListTasksCommand({ cluster: 'openmetadata-ingestion', family }));
    expect(taskArns?.length).toBeGreaterThan(0);
    clock.move(25 * MINUTE);
    const run = await rest(environment, 'GET', `/dags/${dagId}/dagRuns/mine`);
    expect(run).toMatchObject({ state: 'success', end_date: expect.any(String) });
    const lists = { Body: { dag_ids: [dagId], dag_run_ids: ['mine'] } };
    const tasks = await rest(environment, 'POST', '/dags/~/dagRuns/~/taskInstances/list', lists);
    expect(tasks).toMatchObject({
      total_entries: 1,
      task_instances: [{ task_id: 'ingest', state: 'success', try_number: 1, operator: 'EcsRunTaskOperator' }],
    });
    const lines = await taskLog(environment, `dag_id=${dagId}/run_id=mine`);
    const text = lines.join('\n');
    expect(text).toContain('ECS Task has been successfully executed');
    expect(text).toContain('Workflow finished in time');
    expect(text).toContain('pipelineRunId');
    if (version.startsWith('3'))
      expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'info', event: expect.any(String) });
    else expect(lines[0]).toMatch(/^\[2026-11-22T[\d:.]+\+0000\] \{\w+\.py:\d+\} INFO - /);
    const xcom = `/dags/${dagId}/dagRuns/mine/taskInstances/ingest/xcomEntries/k`;
    await expect(rest(environment, 'GET', xcom)).rejects.toMatchObject(
      xcom.length > 64 ? { name: 'ValidationException' } : status(404),
    );
  });
});

describe('a DAG in the bucket', () => {
  it('is found after the sync and the next listing, changes sooner, and goes', async () => {
    const source = (schedule: string) =>
      `from datetime import datetime\nfrom airflow import DAG\nfrom airflow.operators.bash import BashOperator\nwith DAG("fresh", schedule=${schedule}, start_date=datetime(2026, 1, 1), catchup=False):\n    BashOperator(task_id="t", bash_command="true")\n`;
    clock.move(10_000);
    await upload('data-prod', 'fresh', source('None'));
    clock.move(35_000);
    await expect(rest('data-prod', 'GET', '/dags/fresh')).rejects.toMatchObject(status(404));
    clock.move(6 * MINUTE);
    expect(await rest('data-prod', 'GET', '/dags/fresh')).toMatchObject({
      is_paused: true,
      is_active: true,
      has_import_errors: false,
      schedule_interval: null,
      fileloc: '/usr/local/airflow/dags/fresh.py',
    });
    await upload('data-prod', 'fresh', source('"@daily"'));
    clock.move(70_000);
    expect(await rest('data-prod', 'GET', '/dags/fresh')).toMatchObject({
      schedule_interval: { __type: 'CronExpression', value: '@daily' },
    });
    await upload('data-prod', 'fresh', source('"@daily"').replace('task_id="t"', 'task_id="t"('));
    clock.move(70_000);
    expect(await rest('data-prod', 'GET', '/importErrors')).toMatchObject({
      import_errors: [
        { filename: '/usr/local/airflow/dags/fresh.py', stack_trace: expect.stringContaining('SyntaxError') },
      ],
    });
    expect(await rest('data-prod', 'GET', '/dags/fresh')).toMatchObject({ has_import_errors: true });
    await expect(rest('data-prod', 'POST', '/dags/fresh/dagRuns', { Body: {} })).rejects.toMatchObject(status(400));
    const object = { Bucket: 'mwaa-data-prod-123456789012', Key: 'dags/fresh.py' };
    await new S3Client(clientOptions(running)).send(new DeleteObjectCommand(object));
    clock.move(2 * MINUTE);
    const gone = await rest('data-prod', 'GET', '/dags', { QueryParameters: { dag_id_pattern: 'fresh' } });
    expect(gone).toMatchObject({ dags: [], total_entries: 0 });
    const all = { QueryParameters: { dag_id_pattern: 'fresh', only_active: 'false' } };
    expect(await rest('data-prod', 'GET', '/dags', all)).toMatchObject({ dags: [{ is_active: false }] });
    await rest('data-prod', 'DELETE', '/dags/fresh');
    await expect(rest('data-prod', 'DELETE', '/dags/fresh')).rejects.toMatchObject(status(404));
  });

  it('fails its task when the role may not run it, and tries again', async () => {
    const iam = new IAMClient(clientOptions(running));
    const policy = { RoleName: 'mwaa-data-prod-role', PolicyName: 'mwaa-console-looker_metadata' };
    await iam.send(new DeleteRolePolicyCommand(policy));
    await rest('data-prod', 'POST', '/dags/looker_metadata/dagRuns', { Body: { dag_run_id: 'denied' } });
    clock.move(MINUTE);
    const lists = { Body: { dag_ids: ['looker_metadata'], dag_run_ids: ['denied'] } };
    const first = await rest('data-prod', 'POST', '/dags/~/dagRuns/~/taskInstances/list', lists);
    expect(first).toMatchObject({ task_instances: [{ state: 'up_for_retry', try_number: 1 }] });
    clock.move(6 * MINUTE);
    expect(await rest('data-prod', 'GET', '/dags/looker_metadata/dagRuns/denied')).toMatchObject({ state: 'failed' });
    const text = (await taskLog('data-prod', 'dag_id=looker_metadata/run_id=denied')).join('\n');
    expect(text).toContain('botocore.errorfactory.AccessDeniedException: An error occurred (AccessDeniedException)');
    expect(text).toContain('assumed-role/mwaa-data-prod-role/');
    expect(text).toContain('attempt 2 of 2');
  });

  it('fails as its container does', async () => {
    await rest('data-prod', 'POST', '/dags/kafka_metadata/dagRuns', { Body: { dag_run_id: 'bad' } });
    clock.move(20 * MINUTE);
    expect(await rest('data-prod', 'GET', '/dags/kafka_metadata/dagRuns/bad')).toMatchObject({ state: 'failed' });
    const text = (await taskLog('data-prod', 'dag_id=kafka_metadata/run_id=bad')).join('\n');
    expect(text).toContain('This task is not in success state - last 10 logs from Cloudwatch:');
    expect(text).toContain('Connection refused');
  });

  it('in a virtual environment runs the same ingestion in the worker', async () => {
    await rest('legacy', 'POST', '/dags/mysql_metadata/dagRuns', { Body: { dag_run_id: 'venv' } });
    clock.move(25 * MINUTE);
    expect(await rest('legacy', 'GET', '/dags/mysql_metadata/dagRuns/venv')).toMatchObject({ state: 'success' });
    const text = (await taskLog('legacy', 'dag_id=mysql_metadata/run_id=venv')).join('\n');
    expect(text).toContain('Collecting openmetadata-ingestion[mysql]~=1.12.8.0');
    expect(text).toContain('Workflow finished in time');
  });

  it('finds what new requirements bring, and runs in the worker with it', async () => {
    const secret = running.region.secrets.value('mwaa-console/data-prod/looker_metadata') ?? '';
    const source = `import json
from datetime import datetime
from airflow import DAG
from airflow.operators.python import PythonOperator
from metadata.workflow.metadata import MetadataWorkflow

CONFIG = ${JSON.stringify(secret)}

def run():
    import yaml
    MetadataWorkflow.create(yaml.safe_load(CONFIG)).execute()

with DAG("in_process", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=False):
    PythonOperator(task_id="ingest", python_callable=run)
`;
    await upload('data-prod', 'in_process', source);
    clock.leap(7 * MINUTE);
    expect(await rest('data-prod', 'GET', '/importErrors')).toMatchObject({
      import_errors: [{ stack_trace: expect.stringContaining("No module named 'metadata'") }],
    });
    clock.leap(MINUTE);
    const lines = await linesOf(running, 'airflow-data-prod-DAGProcessing', 'scheduler_dag_processor_in_process');
    expect(lines[0]).toContain('Failed to import: /usr/local/airflow/dags/in_process.py');
    const text = '--constraint "/dev/null"\nopenmetadata-ingestion[looker]~=1.12.8.0\n';
    const RequirementsS3ObjectVersion = running.region.s3.put('mwaa-data-prod-123456789012', 'requirements.txt', text);
    const mwaa = new MWAAClient(clientOptions(running));
    await mwaa.send(
      new UpdateEnvironmentCommand({
        Name: 'data-prod',
        RequirementsS3Path: 'requirements.txt',
        RequirementsS3ObjectVersion,
      }),
    );
    clock.leap(26 * MINUTE);
    expect(await rest('data-prod', 'GET', '/importErrors')).toMatchObject({ total_entries: 0 });
    await rest('data-prod', 'POST', '/dags/in_process/dagRuns', { Body: { dag_run_id: 'r' } });
    clock.move(15 * MINUTE);
    expect(await rest('data-prod', 'GET', '/dags/in_process/dagRuns/r')).toMatchObject({ state: 'success' });
    expect((await taskLog('data-prod', 'dag_id=in_process/run_id=r')).join('\n')).toContain(
      'Workflow finished in time',
    );
  });

  it('of another environment has an import error until its package is there', async () => {
    expect(await rest('legacy', 'GET', '/importErrors')).toMatchObject({
      import_errors: [{ stack_trace: expect.stringContaining("No module named 'metadata'") }],
    });
  });
});
