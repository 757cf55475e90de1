import { MWAAClient } from '@aws-sdk/client-mwaa';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InvokeRestApiCommand } from '../../src/aws/mwaa-commands.ts';
import { RoleSession } from '../../src/demo/airflow/role-session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { stableUuid } from '../../src/demo/world/named-uuid.ts';
import { modes } from '../../src/ingestion/modes/index.ts';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { ingestionPolicies } from '../../src/ingestion/policies.ts';
import type { DeploymentRequest } from '../../src/ingestion/request.ts';
import { secretContent } from '../../src/ingestion/secret.ts';
import { taskDefinition } from '../../src/ingestion/task-definition.ts';
import { ingestionGrants } from '../../src/reference/ingestion-grants.ts';
import { linesOf } from '../demo/airflow/log-lines.ts';
import { clientOptions, NOON } from '../demo/core/bench.ts';
import { HandClock } from '../support/hand-clock.ts';
import { AIRFLOW, changed, ECS, POSTGRES, requestFor } from './samples.ts';

// Hours of the region's life take their seconds on a busy machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MINUTE = 60_000;
const CLUSTER = 'openmetadata-ingestion';
const KEY = 'arn:aws:kms:eu-west-1:123456789012:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';
const READER = 'arn:aws:iam::123456789012:role/airflow-reader';
const roleArn = (name: string) => `arn:aws:iam::123456789012:role/${name}`;
const ECS_TRUST = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { Service: 'ecs-tasks.amazonaws.com' }, Action: 'sts:AssumeRole' }],
});

let clock: HandClock;
let running: RunningRegion;

/** An ingestion by ECS that needs every grant of the environment's and of ECS's own role. */
const byEcs = (): DeploymentRequest => {
  // Only the runs of these tests are to run.
  const { schedule: _, ...request } = requestFor({
    pipeline: readPipeline(changed(POSTGRES, 'https://openmetadata.example.com/api', server()), 'p.yaml'),
    ecs: {
      ...ECS,
      image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/mirror/ingestion-base:1.12.8',
      executionRoleArn: roleArn('ingestion-start'),
      taskRoleArn: roleArn('ingestion-work'),
      taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-postgres_metadata:1',
    },
    secretKmsKeyArn: KEY,
    run: { retries: 0 },
  });
  return request;
};
/** The same in a virtual environment of the worker. */
const byWorker = () => ({
  ...byEcs(),
  mode: 'virtualenv' as const,
  dagId: 'on_a_worker',
  secretName: 'mwaa-console/data-prod/on_a_worker',
});
const server = () => `${running.url}/openmetadata/api`;

beforeAll(async () => {
  clock = new HandClock(NOON);
  running = await startRegion({ clock });
  const { iam } = running.region;
  for (const name of ['ingestion-start', 'ingestion-work']) iam.addRole({ name, trust: ECS_TRUST });
  // Of what the world seeded, only what the environment itself needs is left.
  const inline = iam.role('mwaa-data-prod-role')?.inline;
  for (const name of inline?.keys() ?? []) if (name.startsWith('mwaa-console-')) inline?.delete(name);
  const admin = new RoleSession(running.region, 'OnCall', 'test');
  for (const request of [byEcs(), byWorker()]) {
    const secret = admin.invoke('secretsmanager', 'CreateSecret', {
      Name: request.secretName,
      SecretString: secretContent(request.pipeline),
      ClientRequestToken: running.region.uuid(),
      KmsKeyId: KEY,
    });
    const complete = { ...request, secretArn: String(secret.ARN) };
    if (request.mode === 'ecs') admin.invoke('ecs', 'RegisterTaskDefinition', { ...taskDefinition(complete) });
    grant(complete);
    const dag = modes.find(({ id }) => id === request.mode)?.files(complete)[0];
    const object = { Bucket: 'mwaa-data-prod-123456789012', Key: dag?.path ?? '', Body: dag?.content ?? '' };
    await new S3Client(clientOptions(running)).send(new PutObjectCommand(object));
  }
  // Airflow looks for new files every five minutes.
  clock.move(8 * MINUTE);
  for (const dag of [byEcs().dagId, byWorker().dagId]) await rest('PATCH', `/dags/${dag}`, { is_paused: false });
});
afterAll(() => running.close());

/** Puts the policies on their roles, without one action where one is named. */
function grant(request: DeploymentRequest, without?: string): void {
  for (const { role, document } of ingestionPolicies(request)) {
    const Statement = document.Statement.map((each) => ({
      ...each,
      Action: each.Action.filter((action) => action !== without),
    })).filter(({ Action }) => Action.length > 0);
    const inline = running.region.iam.role(role)?.inline;
    const name = `mwaa-console-${request.dagId}`;
    // A policy without a statement is none.
    if (Statement.length === 0) inline?.delete(name);
    else inline?.set(name, JSON.stringify({ ...document, Statement }));
  }
}

async function rest(
  Method: 'GET' | 'POST' | 'PATCH',
  Path: string,
  Body?: Record<string, string | boolean>,
): Promise<Record<string, unknown>> {
  const client = new MWAAClient(clientOptions(running));
  const answer = await client.send(
    new InvokeRestApiCommand({ Name: 'data-prod', Method, Path, ...(Body && { Body }) }),
  );
  return answer.RestApiResponse as Record<string, unknown>;
}

/** The ingestion's own lines, those of Airflow's task, and the state of the run. */
interface Outcome {
  readonly state: unknown;
  readonly taskLog: string;
  readonly printed: readonly string[];
  readonly tasks: readonly Record<string, unknown>[];
}

let runs = 0;

/** Triggers a run, lets things happen, and tells how it stands then. */
async function run(
  { dagId }: DeploymentRequest,
  happen: (path: string, id: string) => Promise<void> | void = () => clock.move(30 * MINUTE),
): Promise<Outcome> {
  runs += 1;
  const id = `run${runs}`;
  const before = new Set(ecsTasks(dagId).map(({ taskArn }) => taskArn));
  await rest('POST', `/dags/${dagId}/dagRuns`, { dag_run_id: id });
  const path = `/dags/${dagId}/dagRuns/${id}`;
  await happen(path, id);
  const { state } = await rest('GET', path);
  const taskLog = (await linesOf(running, 'airflow-data-prod-Task', `dag_id=${dagId}/run_id=${id}/`)).join('\n');
  const tasks = ecsTasks(dagId).filter(({ taskArn }) => !before.has(taskArn));
  const streams = tasks.map(({ taskArn }) => `ecs/${ECS.container}/${String(taskArn).split('/').at(-1)}`);
  const printed = (await Promise.all(streams.map((stream) => linesOf(running, ECS.logGroup, stream)))).flat();
  return { state, taskLog, printed, tasks };
}

/** The ingestion's tasks in ECS, running and stopped. */
function ecsTasks(dagId: string): Record<string, unknown>[] {
  const admin = new RoleSession(running.region, 'OnCall', 'test');
  const arns = ['RUNNING', 'STOPPED'].flatMap((desiredStatus) => {
    const family = `data-prod-${dagId}`;
    return admin.invoke('ecs', 'ListTasks', { cluster: CLUSTER, family, desiredStatus }).taskArns as string[];
  });
  if (arns.length === 0) return [];
  return admin.invoke('ecs', 'DescribeTasks', { cluster: CLUSTER, tasks: arns }).tasks as Record<string, unknown>[];
}

/** Kills the run once its task runs in ECS. */
async function kill(path: string): Promise<void> {
  clock.move(3 * MINUTE);
  await rest('PATCH', path, { state: 'failed' });
  clock.move(5 * MINUTE);
}

const denial = (action: string) => new RegExp(`not authorized to perform: ${action}\\b`);

describe('with exactly the generated policies', () => {
  it('an ingestion by ECS decrypts its configuration, pulls its image, runs, and is read back', async () => {
    const { state, taskLog, printed } = await run(byEcs());
    expect(taskLog).toContain('ECS Task has been successfully executed');
    expect(state).toBe('success');
    expect(printed.length).toBeGreaterThan(5);
    // The operator goes by tokens, which leave a line out that comes late.
    expect(printed.filter((line) => !taskLog.includes(line)).length).toBeLessThan(printed.length / 10);
  });

  it('its task is stopped when the run is', async () => {
    const { tasks } = await run(byEcs(), kill);
    expect(tasks).toMatchObject([{ lastStatus: 'STOPPED', stopCode: 'UserInitiated' }]);
  });

  it('a try after a lost worker goes on with the task that still runs', async () => {
    const { dagId } = byEcs();
    const worker = new RoleSession(running.region, 'mwaa-data-prod-role', 'AmazonMWAA-airflow');
    const begun = worker.invoke('ecs', 'RunTask', {
      cluster: CLUSTER,
      taskDefinition: byEcs().ecs?.taskDefinitionArn,
      launchType: 'FARGATE',
      startedBy: stableUuid(`${dagId}/ingest/run${runs + 1}`),
      networkConfiguration: {
        awsvpcConfiguration: { subnets: ECS.subnets, securityGroups: ECS.securityGroups, assignPublicIp: 'DISABLED' },
      },
    });
    const [task] = begun.tasks as { taskArn: string }[];
    // ECS lists a new task a moment later.
    clock.move(2_000);
    const { state, taskLog, tasks } = await run(byEcs());
    expect(taskLog).toContain(`Reattaching previously launched task: ${task?.taskArn}`);
    expect(state).toBe('success');
    expect(tasks).toEqual([]);
  });

  it('an ingestion on a worker decrypts its configuration and runs', async () => {
    const { state, taskLog } = await run(byWorker());
    expect(taskLog).toContain('Workflow finished');
    expect(state).toBe('success');
  });
});

describe('without one of them', () => {
  const short = () => clock.move(12 * MINUTE);
  const seen: string[] = [];

  /** Runs with one action taken away from whoever has it, and gives it back. */
  async function without(action: string, request: DeploymentRequest, happen = short as Parameters<typeof run>[1]) {
    seen.push(action);
    const given = ingestionPolicies(request).flatMap(({ document }) => document.Statement);
    expect(given.flatMap((each) => each.Action)).toContain(action);
    grant(request, action);
    try {
      return await run(request, happen);
    } finally {
      grant(request);
    }
  }

  it.each([
    'ecs:ListTasks',
    'ecs:RunTask',
    'iam:PassRole',
    'ecs:DescribeTasks',
    'logs:CreateLogStream',
    'secretsmanager:GetSecretValue',
    'ecr:GetAuthorizationToken',
    'ecr:BatchCheckLayerAvailability',
    'ecr:BatchGetImage',
    'ecr:GetDownloadUrlForLayer',
  ])('%s, the run fails, and its log names it', async (action) => {
    const { state, taskLog } = await without(action, byEcs());
    expect(taskLog).toMatch(denial(action));
    expect(state).toBe('failed');
  });

  it('kms:Decrypt, the configuration stays closed', async () => {
    const { state, taskLog } = await without('kms:Decrypt', byEcs());
    expect(taskLog).toContain('Access to KMS is not allowed');
    expect(state).toBe('failed');
  });

  it('logs:GetLogEvents, the task log lacks the lines and says why', async () => {
    const { taskLog, printed } = await without('logs:GetLogEvents', byEcs(), () => clock.move(30 * MINUTE));
    expect(taskLog).toMatch(denial('logs:GetLogEvents'));
    expect(printed.length).toBeGreaterThan(5);
    for (const line of printed.slice(-2)) expect(taskLog).not.toContain(line);
  });

  it('logs:PutLogEvents, there are no lines', async () => {
    const { printed, tasks } = await without('logs:PutLogEvents', byEcs(), () => clock.move(30 * MINUTE));
    expect(tasks).toHaveLength(1);
    expect(printed).toEqual([]);
  });

  it('ecs:StopTask, a killed run leaves its task to itself, and says so', async () => {
    const { taskLog, tasks } = await without('ecs:StopTask', byEcs(), kill);
    expect(taskLog).toMatch(denial('ecs:StopTask'));
    // It ended by itself.
    expect(tasks).toMatchObject([{ stopCode: 'EssentialContainerExited' }]);
  });

  it.each([
    ['secretsmanager:GetSecretValue', denial('secretsmanager:GetSecretValue')],
    ['kms:Decrypt', /Access to KMS is not allowed/],
  ])('%s, an ingestion on a worker fails', async (action, text) => {
    const { state, taskLog } = await without(action, byWorker());
    expect(taskLog).toMatch(text);
    expect(state).toBe('failed');
  });

  describe('the task itself', () => {
    const reading = (text: string) => ({ ...byEcs(), pipeline: readPipeline(text, 'a.yaml') });
    /** What a client that acts as the task's role is made with. */
    const asTask = () => {
      const { accessKeyId } = running.region.sts.issue('ingestion-work', 'task', 3600);
      return clientOptions(running, accessKeyId);
    };
    /** With the grants of a request the call succeeds; without the action it is refused for that. */
    async function needs(action: string, request: DeploymentRequest, call: () => Promise<unknown>): Promise<void> {
      seen.push(action);
      grant(request);
      await call();
      grant(request, action);
      await expect(call()).rejects.toThrow(denial(action));
    }

    it('airflow:InvokeRestApi, reads no DAG', async () => {
      await needs('airflow:InvokeRestApi', reading(AIRFLOW), () =>
        new MWAAClient(asTask()).send(new InvokeRestApiCommand({ Name: 'data-prod', Method: 'GET', Path: '/dags' })),
      );
    });

    it('sts:AssumeRole, takes no other role', async () => {
      const trust = JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::123456789012:root' }, Action: 'sts:AssumeRole' },
        ],
      });
      running.region.iam.addRole({ name: 'airflow-reader', trust });
      const awsConfig = `awsRegion: eu-west-1\n              assumeRoleArn: ${READER}`;
      await needs('sts:AssumeRole', reading(changed(AIRFLOW, 'awsRegion: eu-west-1', awsConfig)), () =>
        new STSClient(asTask()).send(new AssumeRoleCommand({ RoleArn: READER, RoleSessionName: 'reader' })),
      );
    });

    it('secretsmanager:GetSecretValue, resolves no reference; ssm:GetParameter neither', async () => {
      const provider = (name: string) =>
        reading(
          changed(
            AIRFLOW,
            'authProvider: openmetadata',
            `authProvider: openmetadata\n    secretsManagerProvider: ${name}\n    secretsManagerLoader: env`,
          ),
        );
      const admin = new RoleSession(running.region, 'OnCall', 'test');
      const Name = '/openmetadata/reader';
      admin.invoke('secretsmanager', 'CreateSecret', {
        Name,
        SecretString: 'x',
        ClientRequestToken: running.region.uuid(),
      });
      await needs('secretsmanager:GetSecretValue', provider('aws'), () =>
        new SecretsManagerClient(asTask()).send(new GetSecretValueCommand({ SecretId: Name })),
      );
      // The region has no Systems Manager: its policies are asked.
      const { iam } = running.region;
      const parameter = 'arn:aws:ssm:eu-west-1:123456789012:parameter/openmetadata/reader';
      const allowed = () => iam.allows('ingestion-work', 'ssm:GetParameter', parameter);
      grant(provider('aws-ssm'));
      expect(allowed()).toBe(true);
      grant(provider('aws-ssm'), 'ssm:GetParameter');
      expect(allowed()).toBe(false);
      seen.push('ssm:GetParameter');
    });
  });

  it('each action that is ever granted has been taken away here', () => {
    expect([...new Set(ingestionGrants.flatMap(({ actions }) => actions))].sort()).toEqual([...new Set(seen)].sort());
  });
});
