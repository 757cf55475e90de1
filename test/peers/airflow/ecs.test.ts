import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CANARY, redshiftPipeline } from '../../support/pipelines.ts';
import { AwsClient } from '../aws-client.ts';
import { product } from '../product.ts';
import { until } from '../service.ts';
import type { Keys } from './airflow.ts';
import { type RunningEnvironment, startEnvironment } from './environment.ts';

const ACCOUNT = '123456789012';
/** Who may take an execution role on: MWAA, and in place of its workers the Airflow of this test. */
const TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Principal: { Service: 'airflow.amazonaws.com' }, Action: 'sts:AssumeRole' },
    { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' },
  ],
});
const DAG = 'by_deploy';
const GROUP = '/ecs/by-deploy';
const STEPS = [
  ...['secret', 'log-group', 'role-execution', 'policy-environment', 'policy-execution', 'cluster'],
  ...['task-definition', 'dag', 'airflow', 'unpause'],
];

interface Task {
  readonly overrides: { readonly containerOverrides: readonly { readonly environment: object[] }[] };
}

/** A text as it stands within a JSON string. */
const inJson = (text: string) => JSON.stringify(text).slice(1, -1);

// Each of them takes its own Airflow half a minute to start.
describe.each([
  { name: 'data-prod', version: '2.10.3' },
  { name: 'analytics', version: '3.2.1' },
] as const)('an ECS ingestion deployed to $name, whose Airflow is a real $version', ({ name, version }) => {
  const folder = mkdtempSync(join(tmpdir(), 'ecs-ingestion-'));
  const pipeline = join(folder, 'redshift.yaml');
  const bucket = ['--bucket', `mwaa-${name}-${ACCOUNT}`];
  let environment: RunningEnvironment;
  let aws: AwsClient;

  beforeAll(async () => {
    environment = await startEnvironment({ name, speed: 1, keys: executionRoleKeys });
    writeFileSync(pipeline, redshiftPipeline(environment.url));
  });

  afterAll(async () => {
    await environment?.stop();
    aws?.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Keys of the environment's execution role, which may nothing of ECS before the deployment. */
  async function executionRoleKeys(url: string): Promise<Keys> {
    aws = new AwsClient(url);
    const role = `mwaa-${name}-role`;
    await aws.json('iam', 'update-assume-role-policy', '--role-name', role, '--policy-document', TRUST);
    interface Assumed {
      readonly Credentials: { AccessKeyId: string; SecretAccessKey: string; SessionToken: string };
    }
    const { Credentials: given } = await aws.json<Assumed>(
      ...['sts', 'assume-role', '--role-arn', `arn:aws:iam::${ACCOUNT}:role/${role}`],
      ...['--role-session-name', 'airflow', '--duration-seconds', '3600'],
    );
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
    };
  }

  /** Runs the product on the region; what it prints as JSON. */
  async function run(...words: string[]): Promise<string> {
    const keys = { AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000', AWS_SECRET_ACCESS_KEY: 'demo' };
    const env = { ...keys, AWS_ENDPOINT_URL: environment.url, AWS_REGION: 'eu-west-1', HOME: folder };
    const { code, stdout, stderr } = await product([...words, '-o', 'json'], { env });
    expect(code, stderr).toBe(0);
    return stdout;
  }

  async function told<T = Record<string, unknown>>(...words: string[]): Promise<T> {
    return JSON.parse(await run(...words)) as T;
  }

  /** The lines of a log group, by `logs`. */
  async function lines(group: string): Promise<string[]> {
    const printed = await run('logs', group);
    return printed
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { message: string }).message);
  }

  const wanted = () => [
    ...[name, '--mode', 'ecs', '--pipeline', pipeline, '--dag-id', DAG, '--cluster', 'by-deploy'],
    ...['--log-group', GROUP, '--execution-role', 'by-deploy-start'],
  ];

  async function messages(group: string, prefix: string): Promise<string[]> {
    interface Found {
      readonly events: readonly { message: string }[];
    }
    const which = ['--log-group-name', group, '--log-stream-name-prefix', prefix];
    const { events } = await aws.json<Found>('logs', 'filter-log-events', ...which);
    return events.map(({ message }) => message);
  }

  test('is picked up without an import error, and unpaused', async () => {
    const done = await told<{ state: string; steps: { id: string }[] }>('deploy', ...wanted(), '--yes');
    expect(done).toMatchObject({ state: 'done' });
    expect(done.steps.map(({ id }) => id)).toEqual(STEPS);
    const { airflow } = environment;
    const { body: dag } = await airflow.rest('GET', `/dags/${DAG}`);
    expect(dag).toMatchObject({ is_paused: false, has_import_errors: false });
    const { body: errors } = await airflow.rest('GET', '/importErrors');
    expect(errors).toMatchObject({ total_entries: 0 });
    expect((await told<{ steps: unknown[] }>('plan', ...wanted())).steps).toEqual([]);
  });

  test('runs to its end when it is triggered, its lines in its log group and in the task log', async () => {
    // Airflow's own time is the wall's: a deployment waits for it to have read the file since that was put.
    await fetch(`${environment.url}/_demo/clock`, { method: 'POST', body: JSON.stringify({ speed: 20 }) });
    const third = version.startsWith('3.') ? { logical_date: null } : {};
    await aws.json(
      ...['mwaa', 'invoke-rest-api', '--name', name, '--method', 'POST', '--path', `/dags/${DAG}/dagRuns`],
      ...['--body', JSON.stringify({ dag_run_id: 'one', ...third })],
    );
    const { airflow } = environment;
    const ended = async () => {
      const { body } = await airflow.rest<{ state: string }>('GET', `/dags/${DAG}/dagRuns/one/taskInstances/ingest`);
      return ['success', 'failed', 'up_for_retry'].find((state) => state === body?.state);
    };
    expect(await until('the end of the run', ended, airflow)).toBe('success');

    const printed = await lines(GROUP);
    expect(printed.length).toBeGreaterThan(5);
    expect(printed.sort()).toEqual((await messages(GROUP, 'ecs/')).sort());
    // Airflow 3 writes its lines as JSON.
    const missing = (log: string) => printed.filter((line) => !log.includes(line) && !log.includes(inJson(line)));
    // Airflow sends a task's log as the task ends. The operator goes by tokens, which leave out a line that comes late.
    const copied = async () => {
      const log = (await messages(`airflow-${name}-Task`, `dag_id=${DAG}/`)).join('\n');
      return missing(log).length < printed.length / 10 ? log : undefined;
    };
    expect(await until('the lines in the task log', copied, airflow)).not.toContain(CANARY);

    const [run] = await told<object[]>('runs', name, DAG);
    expect(run).toMatchObject({ runId: 'one', state: 'success' });
    const place = ['--cluster', 'by-deploy'];
    const { taskArns } = await aws.json<{ taskArns: string[] }>(
      ...['ecs', 'list-tasks', ...place, '--desired-status', 'STOPPED'],
    );
    const { tasks } = await aws.json<{ tasks: Task[] }>('ecs', 'describe-tasks', ...place, '--tasks', ...taskArns);
    expect(tasks).toMatchObject([{ stopCode: 'EssentialContainerExited', containers: [{ exitCode: 0 }] }]);
    expect(tasks[0]?.overrides.containerOverrides[0]?.environment).toEqual([
      { name: 'pipelineType', value: 'metadata' },
      { name: 'pipelineRunId', value: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/) },
    ]);
  });

  test('is run by hand, and its lines come back as they are written', async () => {
    const run = await told<{ exitCode: number; logEvents: number }>('run', name, DAG, '--yes');
    expect(run.exitCode).toBe(0);
    expect(run.logEvents).toBeGreaterThan(5);
  });

  test('is taken back: neither Airflow nor bucket has it any more', async () => {
    const back = await told<{ state: string; remains: string[] }>('undo', name, '--yes');
    expect(back).toMatchObject({ state: 'undone' });
    const { airflow } = environment;
    // What was run is history, which the preview says.
    expect(back.remains.join('\n')).toContain(`what Airflow remembers of ${DAG}`);
    type Known = { is_active?: boolean; is_stale?: boolean; is_paused: boolean };
    const gone = async () => {
      const { body } = await airflow.rest<Known>('GET', `/dags/${DAG}`);
      return body?.is_active === false || body?.is_stale === true ? body.is_paused : undefined;
    };
    expect(await until('the end of the DAG', gone, airflow)).toBe(true);
    const { body } = await airflow.rest('GET', '/dags');
    expect(body).toMatchObject({ dags: [] });
    const { Contents = [] } = await aws.json<{ Contents?: { Key: string }[] }>('s3api', 'list-objects-v2', ...bucket);
    const ours = Contents.filter(({ Key }) => Key.includes(DAG)).map(({ Key }) => Key);
    expect(ours).toEqual([]);
    const role = ['--role-name', `mwaa-${name}-role`];
    const { PolicyNames } = await aws.json<{ PolicyNames: string[] }>('iam', 'list-role-policies', ...role);
    expect(PolicyNames).not.toContain(`mwaa-console-${DAG}`);
    expect(await aws.refusal('iam', 'get-role', '--role-name', 'by-deploy-start')).toContain('NoSuchEntity');
    const family = ['--family-prefix', `${name}-${DAG}`];
    expect(await aws.json('ecs', 'list-task-definitions', ...family)).toMatchObject({ taskDefinitionArns: [] });
    expect(back.remains.join('\n')).toContain(GROUP);
    expect(aws.problems()).toEqual([]);
  });
});
