import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changed, POSTGRES } from '../../ingestion/samples.ts';
import { AwsClient } from '../aws-client.ts';
import { product } from '../product.ts';
import { until } from '../service.ts';
import type { Keys } from './airflow.ts';
import { type RunningEnvironment, startEnvironment } from './environment.ts';

const ROLE = 'airflow-worker';
const ACCOUNT_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'sts:AssumeRole' }],
});
const DAG = 'postgres_metadata';

interface Task {
  readonly lastStatus: string;
  readonly stopCode: string;
  readonly stoppedReason: string;
  readonly startedBy: string;
  readonly taskArn: string;
  readonly containers: readonly { readonly exitCode: number }[];
  readonly overrides: { readonly containerOverrides: readonly { readonly environment: object[] }[] };
}

/** A text as it stands within a JSON string. */
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

// Each of them takes its own Airflow half a minute to start.
describe.each([
  { name: 'data-prod', version: '2.10.3' },
  { name: 'analytics', version: '3.2.1' },
] as const)('an ECS ingestion, generated for $name and run by Airflow $version', ({ name, version }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-ingestion-'));
  const file = (path: string) => readFileSync(join(folder, 'out', path), 'utf8');
  let environment: RunningEnvironment;
  let aws: AwsClient;

  beforeAll(async () => {
    environment = await startEnvironment({ name, speed: 20, keys: workerKeys });
    await prepare();
  });

  afterAll(async () => {
    await environment?.stop();
    aws?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Keys of a role that may what MWAA's execution roles may, and nothing of ECS yet. */
  async function workerKeys(url: string): Promise<Keys> {
    aws = new AwsClient(url);
    const trust = ['--assume-role-policy-document', ACCOUNT_TRUST, '--max-session-duration', '43200'];
    await aws.json('iam', 'create-role', '--role-name', ROLE, ...trust);
    const logs = {
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents', 'logs:GetLogEvents', 'logs:DescribeLogGroups'],
      Resource: `arn:aws:logs:eu-west-1:123456789012:log-group:airflow-${name}-*`,
    };
    const groups = { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' };
    await grant('airflow', JSON.stringify({ Version: '2012-10-17', Statement: [logs, groups] }));
    const assume = ['--role-arn', `arn:aws:iam::123456789012:role/${ROLE}`, '--role-session-name', 'airflow'];
    interface Assumed {
      readonly Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
    }
    const { Credentials: given } = await aws.json<Assumed>(
      ...['sts', 'assume-role', ...assume, '--duration-seconds', '43200'],
    );
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
    };
  }

  async function grant(policy: string, document: string, role = ROLE): Promise<void> {
    const words = ['--role-name', role, '--policy-name', policy, '--policy-document', document];
    await aws.json('iam', 'put-role-policy', ...words);
  }

  /** Generates the files and puts each where a deployment would, with nothing granted but what they say. */
  async function prepare(): Promise<void> {
    const pipeline = join(folder, 'pipeline.yaml');
    const server = `${environment.url}/openmetadata/api`;
    writeFileSync(pipeline, changed(POSTGRES, 'https://openmetadata.example.com/api', server));
    const { code, stderr } = await product([
      ...['generate', '--mode', 'ecs', '--airflow-version', version, '--openmetadata-version', '1.12.8'],
      ...['--pipeline', pipeline, '--out', join(folder, 'out'), '--environment', name, '--account', '123456789012'],
      ...['--region', 'eu-west-1', '--cluster', 'openmetadata-ingestion', '--log-group', '/ecs/real-airflow'],
      ...['--execution-role', 'arn:aws:iam::123456789012:role/ingestion-start'],
      ...['--subnet', 'subnet-0a1b2c3d4e5f60011', '--security-group', 'sg-0a1b2c3d4e5f60032'],
    ]);
    expect({ code, stderr }).toMatchObject({ code: 0 });
    const trust = aws.file('trust.json', file('policies/ecs-tasks-trust.json'));
    await aws.json(
      ...['iam', 'create-role', '--role-name', 'ingestion-start'],
      ...['--assume-role-policy-document', `file://${trust}`],
    );
    await grant('ingestion', file('policies/task-execution-role.json'), 'ingestion-start');
    await grant('ingestion', file('policies/mwaa-execution-role.json'));
    await aws.json('logs', 'create-log-group', '--log-group-name', '/ecs/real-airflow');
    await aws.json(
      ...['secretsmanager', 'create-secret', '--name', `mwaa-console/${name}/${DAG}`],
      ...['--secret-string', `file://${aws.file('secret.json', file('secret.json'))}`],
    );
    const definition = aws.file('definition.json', file('task-definition.json'));
    await aws.json('ecs', 'register-task-definition', '--cli-input-json', `file://${definition}`);
    const dag = aws.file('dag.py', file(`dags/${DAG}.py`));
    const bucket = ['--bucket', `mwaa-${name}-123456789012`, '--key', `dags/${DAG}.py`];
    await aws.json('s3api', 'put-object', ...bucket, '--body', dag);
    const { airflow } = environment;
    await until('the DAG', async () => (await airflow.rest('GET', `/dags/${DAG}`)).ok || undefined, airflow);
    await airflow.rest('PATCH', `/dags/${DAG}`, { is_paused: false });
  }

  /** The state of a run's only task. */
  async function taskState(run: string): Promise<string | null> {
    const { body } = await environment.airflow.rest('GET', `/dags/${DAG}/dagRuns/${run}/taskInstances/ingest`);
    return body.state;
  }

  async function trigger(run: string): Promise<void> {
    const third = version.startsWith('3.') ? { logical_date: null } : {};
    const { ok, body } = await environment.airflow.rest('POST', `/dags/${DAG}/dagRuns`, { dag_run_id: run, ...third });
    expect(ok, JSON.stringify(body)).toBe(true);
  }

  /** The newest task of the ingestion in ECS, if there is any. */
  async function ecsTask(status: 'RUNNING' | 'STOPPED'): Promise<Task | undefined> {
    const place = ['--cluster', 'openmetadata-ingestion', '--family', `${name}-${DAG}`];
    const { taskArns } = await aws.json<{ taskArns: string[] }>(
      ...['ecs', 'list-tasks', ...place, '--desired-status', status],
    );
    if (taskArns.length === 0) return undefined;
    const which = ['--cluster', 'openmetadata-ingestion', '--tasks', ...taskArns];
    return (await aws.json<{ tasks: Task[] }>('ecs', 'describe-tasks', ...which)).tasks[0];
  }

  async function messages(group: string, prefix: string): Promise<string[]> {
    interface Found {
      readonly events: readonly { message: string }[];
    }
    const which = ['--log-group-name', group, '--log-stream-name-prefix', prefix];
    const { events } = await aws.json<Found>('logs', 'filter-log-events', ...which);
    return events.map(({ message }) => message);
  }

  test('is read without an import error, and without a warning in the log', async () => {
    const { body } = await environment.airflow.rest('GET', '/importErrors');
    expect(body.total_entries ?? body.import_errors).toEqual(0);
  });

  test('runs to its end, its lines in the task log', async () => {
    await trigger('one');
    const ended = async () => {
      const state = await taskState('one');
      return state === 'success' || state === 'failed' || state === 'up_for_retry' ? state : undefined;
    };
    const state = await until('the end of the run', ended, environment.airflow);
    const printed = await messages('/ecs/real-airflow', 'ecs/');
    expect(printed.length).toBeGreaterThan(5);
    // Airflow 3 writes its lines as JSON.
    const missing = (log: string) => printed.filter((line) => !log.includes(line) && !log.includes(inJson(line)));
    // Airflow sends a task's log as the task ends. The operator goes by tokens, which leave out a line that comes late.
    const copied = async () => {
      const log = (await messages(`airflow-${name}-Task`, `dag_id=${DAG}/`)).join('\n');
      return missing(log).length < printed.length / 10 ? log : undefined;
    };
    await until('the lines in the task log', copied, environment.airflow);
    expect(state).toBe('success');
    const task = await ecsTask('STOPPED');
    expect(task).toMatchObject({ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] });
    expect(task?.overrides.containerOverrides[0]?.environment).toEqual([
      { name: 'pipelineType', value: 'metadata' },
      { name: 'pipelineRunId', value: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/) },
    ]);
  });
});
