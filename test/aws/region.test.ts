import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { scaledClock } from '../../src/aws/clock.ts';
import { restApiError } from '../../src/aws/errors.ts';
import type { Session } from '../../src/aws/session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { rejection, sessionAt } from './wire.ts';

let running: RunningRegion;
let session: Session;
let reader: Session;

beforeAll(async () => {
  const clock = scaledClock(50);
  running = await startRegion({ seed: 1, speed: 50 });
  session = await sessionAt(running.url, { clock });
  reader = await sessionAt(running.url, {
    clock,
    credentials: { accessKeyId: 'AKIADEMOREADONLY0000', secretAccessKey: 'test' },
  });
}, 60_000);

afterEach(() => fetch(`${running.url}/_demo/faults`, { method: 'DELETE' }));

afterAll(async () => {
  session.close();
  reader.close();
  await running.close();
});

async function fault(plan: object): Promise<void> {
  const answer = await fetch(`${running.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(plan) });
  expect(answer.ok).toBe(true);
}

test('every service answers, each by its own protocol', async () => {
  expect(await session.identity()).toMatchObject({ account: '123456789012', name: 'OnCall' });
  const bucket = 'mwaa-data-prod-123456789012';
  expect((await session.mwaa.listEnvironments({})).Environments).toContain('data-prod');
  expect((await session.mwaa.getEnvironment({ Name: 'data-prod' })).Environment?.CreatedAt).toBeInstanceOf(Date);
  expect((await session.ecs.listClusters({})).clusterArns).toHaveLength(3);
  expect((await session.logs.describeLogGroups({})).logGroups?.length).toBeGreaterThan(0);
  expect((await session.s3.listObjectsV2({ Bucket: bucket, Prefix: 'dags/' })).Contents?.length).toBeGreaterThan(0);
  expect((await session.iam.getRole({ RoleName: 'mwaa-data-prod-role' })).Role?.RoleName).toBe('mwaa-data-prod-role');
  expect((await session.ec2.describeSubnets({})).Subnets?.length).toBeGreaterThan(0);
  expect((await session.secretsManager.listSecrets({})).SecretList?.length).toBeGreaterThan(0);
});

test("an environment's Airflow answers through InvokeRestApi, its refusals too", async () => {
  const dags = await session.mwaa.invokeRestApi({ Name: 'data-prod', Path: '/dags', Method: 'GET' });
  expect(dags).toMatchObject({ RestApiStatusCode: 200, RestApiResponse: { dags: expect.any(Array) } });
  const error = await rejection(session.mwaa.invokeRestApi({ Name: 'data-prod', Path: '/dags/nope', Method: 'GET' }));
  expect(error).toMatchObject({ kind: 'not-found' });
  expect(restApiError(error)?.status).toBe(404);
});

test('a conditional write that comes second is told apart from a failure', async () => {
  const object = { Bucket: 'mwaa-sandbox-123456789012', Key: 'mwaa-console/test/lock' };
  await session.s3.putObject({ ...object, Body: 'first', IfNoneMatch: '*' });
  expect(await rejection(session.s3.putObject({ ...object, Body: 'second', IfNoneMatch: '*' }))).toMatchObject({
    kind: 'in-use',
    code: 'PreconditionFailed',
  });
  const { Body: body } = await session.s3.getObject(object);
  expect(await body?.transformToString()).toBe('first');
});

test.each([
  [
    'ecs:RunTask',
    () => reader.ecs.runTask({ cluster: 'openmetadata-ingestion', taskDefinition: 'data-prod-kafka_metadata' }),
  ],
  ['s3:PutObject', () => reader.s3.putObject({ Bucket: 'mwaa-data-prod-123456789012', Key: 'k', Body: 'x' })],
  ['iam:PutRolePolicy', () => reader.iam.putRolePolicy({ RoleName: 'r', PolicyName: 'p', PolicyDocument: '{}' })],
  [
    'secretsmanager:GetSecretValue',
    () => reader.secretsManager.getSecretValue({ SecretId: 'mwaa-console/data-prod/kafka_metadata' }),
  ],
])('a role without %s is told so, with the resource', async (action, call) => {
  expect(await rejection(call())).toMatchObject({
    kind: 'denied',
    action,
    resource: expect.stringMatching(/^arn:aws:/),
  });
});

test.each([
  ['nope', 'S3 HeadObject', () => session.s3.headObject({ Bucket: 'mwaa-data-prod-123456789012', Key: 'nope' })],
  ['nope', 'IAM GetRole', () => session.iam.getRole({ RoleName: 'nope' })],
  ['nope', 'MWAA GetEnvironment', () => session.mwaa.getEnvironment({ Name: 'nope' })],
  ['nope', 'ECS DescribeTaskDefinition', () => session.ecs.describeTaskDefinition({ taskDefinition: 'nope' })],
  ['nope', 'Secrets Manager GetSecretValue', () => session.secretsManager.getSecretValue({ SecretId: 'nope' })],
  ['nope', 'CloudWatch Logs FilterLogEvents', () => session.logs.filterLogEvents({ logGroupName: 'nope' })],
])('what is missing is named: %s, %s', async (name, title, call) => {
  const error = await rejection(call());
  expect(error).toMatchObject({ kind: 'not-found', message: expect.stringContaining(title) });
  expect(error).toMatchObject({ message: expect.stringContaining(name) });
});

test('a throttle is waited for and then forgotten', async () => {
  await fault({ service: 'ecs', operation: 'ListClusters', times: 2, fault: 'throttle' });
  await session.ecs.listClusters({});
  expect(session.calls.at(-1)).toMatchObject({ operation: 'ListClusters', attempts: 3 });
  expect(session.throttles()).toEqual([]);
});

test('an answer that is cut in the middle is asked for again', async () => {
  await fault({ service: 'logs', operation: 'DescribeLogGroups', fault: { kind: 'cut', when: 'during' } });
  expect((await session.logs.describeLogGroups({})).logGroups?.length).toBeGreaterThan(0);
  await fault({ service: 's3', operation: 'GetObject', fault: { kind: 'cut', when: 'during' } });
  const { Body: body } = await session.s3.getObject({
    Bucket: 'mwaa-sandbox-123456789012',
    Key: 'mwaa-console/test/lock',
  });
  expect(await body?.transformToString()).toBe('first');
});

test('a task whose start was cut off is started once', async () => {
  // The world runs tasks of its own; these are told apart by who started them.
  const mine = { cluster: 'openmetadata-ingestion', startedBy: 'mwaa-console/cut-off' };
  await fault({ service: 'ecs', operation: 'RunTask', fault: { kind: 'cut', when: 'after' } });
  const environment = (await session.mwaa.getEnvironment({ Name: 'data-prod' })).Environment;
  const { tasks } = await session.ecs.runTask({
    ...mine,
    taskDefinition: 'data-prod-looker_metadata',
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: environment?.NetworkConfiguration?.SubnetIds ?? [],
        securityGroups: environment?.NetworkConfiguration?.SecurityGroupIds,
      },
    },
  });
  expect(tasks).toHaveLength(1);
  const { taskArns } = await session.ecs.listTasks(mine);
  expect(taskArns).toEqual([tasks?.[0]?.taskArn]);
});

test.each([
  ['error', 'service'],
  ['garbage', 'service'],
  ['denied', 'denied'],
])('%s without end is a failure of kind %s', async (kind, expected) => {
  await fault({ service: 'iam', operation: 'GetRole', times: 0, fault: kind });
  expect(await rejection(session.iam.getRole({ RoleName: 'mwaa-data-prod-role' }))).toMatchObject({ kind: expected });
});
