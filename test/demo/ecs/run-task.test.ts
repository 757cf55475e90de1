import {
  DescribeTasksCommand,
  ListTasksCommand,
  type ListTasksCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { executionRole, INGESTION_CLUSTER, INGESTION_CONTAINER } from '../../../src/demo/world/names.ts';
import { definition, EcsBench, NETWORK, overridesOf } from './bench.ts';

const bench = new EcsBench();
const TASK = 'data-prod-postgres_usage';

const run = (more: Partial<RunTaskCommandInput>) =>
  bench.ecs.send(
    new RunTaskCommand({ cluster: INGESTION_CLUSTER, taskDefinition: TASK, networkConfiguration: NETWORK, ...more }),
  );

describe('RunTask', () => {
  it('answers with PROVISIONING tasks that have no containers yet', async () => {
    const { tasks = [] } = await run({ count: 2, startedBy: 'test-run', tags: [{ key: 'a', value: 'b' }] });
    expect(tasks).toHaveLength(2);
    expect(tasks[0]).toMatchObject({
      lastStatus: 'PROVISIONING',
      desiredStatus: 'RUNNING',
      containers: [],
      startedBy: 'test-run',
      group: `family:${TASK}`,
      launchType: 'FARGATE',
      capacityProviderName: 'FARGATE',
      platformVersion: '1.4.0',
      cpu: '1024',
      memory: '4096',
      tags: [{ key: 'a', value: 'b' }],
      overrides: { containerOverrides: [{ name: INGESTION_CONTAINER }] },
    });
    expect(tasks[0]?.taskArn).toMatch(/:task\/openmetadata-ingestion\/[\da-f]{32}$/);
    expect(tasks[0]?.attachments?.[0]).toMatchObject({ type: 'ElasticNetworkInterface', status: 'PRECREATED' });
  });

  it('knows a task to DescribeTasks only after a moment', async () => {
    const arns = (await run({ count: 10 })).tasks?.map(({ taskArn }) => taskArn ?? '') ?? [];
    const at = () => bench.ecs.send(new DescribeTasksCommand({ cluster: INGESTION_CLUSTER, tasks: arns }));
    const early = await at();
    expect(early.failures?.length).toBeGreaterThan(0);
    expect(early.failures?.every(({ reason }) => reason === 'MISSING')).toBe(true);
    bench.clock.move(1_500);
    const later = await at();
    expect(later.tasks).toHaveLength(10);
    expect(later.failures).toEqual([]);
  });

  it('starts nothing twice for one client token', async () => {
    const first = await run({ clientToken: 'once' });
    const second = await run({ clientToken: 'once' });
    expect(second.tasks?.[0]?.taskArn).toBe(first.tasks?.[0]?.taskArn);
    await expect(run({ clientToken: 'once', startedBy: 'other' })).rejects.toMatchObject({
      name: 'ConflictException',
      resourceIds: [first.tasks?.[0]?.taskArn],
    });
    await expect(run({ clientToken: 'x'.repeat(65) })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('counts the characters of all overrides', async () => {
    const fixed = JSON.stringify(overridesOf({ config: '' })).length;
    const fits = await run({ overrides: overridesOf({ config: 'x'.repeat(8192 - fixed) }) });
    expect(fits.tasks).toHaveLength(1);
    await expect(run({ overrides: overridesOf({ config: 'x'.repeat(8193 - fixed) }) })).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'Container Overrides length must be at most 8192',
    });
    await expect(run({ overrides: overridesOf({ config: '\n'.repeat(4_100) }) })).rejects.toThrow(/8192/);
  });

  it.each<[string, Partial<RunTaskCommandInput>, string, string]>([
    [
      'no network',
      { networkConfiguration: undefined },
      'InvalidParameterException',
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    ['an unknown cluster', { cluster: 'nowhere' }, 'ClusterNotFoundException', 'Cluster not found.'],
    ['an unknown definition', { taskDefinition: 'nothing' }, 'ClientException', 'TaskDefinition not found.'],
    ['a count above 10', { count: 11 }, 'InvalidParameterException', 'count should be between 1 and 10.'],
    [
      'an unknown container',
      { overrides: { containerOverrides: [{ name: 'other' }] } },
      'InvalidParameterException',
      'Override for container named other is not a container in the TaskDefinition.',
    ],
    [
      'a launch type and a strategy',
      { launchType: 'FARGATE', capacityProviderStrategy: [{ capacityProvider: 'FARGATE', weight: 1 }] },
      'InvalidParameterException',
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    ],
    [
      'a provider of another cluster',
      { cluster: 'platform', capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] },
      'InvalidParameterException',
      'The specified capacity provider strategy cannot contain a capacity provider that is not associated with the cluster. Associate the capacity provider with the cluster and try again.',
    ],
    [
      'a launch type without instances',
      { launchType: 'EC2' },
      'InvalidParameterException',
      'No Container Instances were found in your cluster.',
    ],
    [
      'a size that Fargate has not',
      { overrides: { cpu: '256', memory: '8192' } },
      'ClientException',
      'No Fargate configuration exists for given values.',
    ],
    [
      'an unknown subnet',
      { networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-0'] } } },
      'InvalidParameterException',
      "Error retrieving subnet information for [subnet-0]: The subnet ID 'subnet-0' does not exist (ErrorCode: InvalidSubnetID.NotFound)",
    ],
    [
      'a platform version that is none',
      { platformVersion: '9.9.9' },
      'PlatformUnknownException',
      'The specified platform version does not exist.',
    ],
  ])('refuses %s', async (_, input, name, message) => {
    await expect(run(input)).rejects.toMatchObject({ name, message });
  });

  it('answers missing capacity with failures instead of an error', async () => {
    const big = await bench.register(definition('big', {}, { cpu: '16384', memory: '32768' }));
    const { tasks, failures } = await run({ taskDefinition: big, count: 2 });
    expect(tasks).toEqual([]);
    expect(failures).toHaveLength(2);
    expect(failures?.[0]?.reason).toContain('Capacity is unavailable at this time');
    const tagged = await run({ tags: [{ key: 'demo:capacity', value: 'unavailable' }] });
    expect(tagged.failures).toHaveLength(1);
  });

  it('is for a role as far as its policies go: the family, the cluster, the roles to pass', async () => {
    const { region } = bench.running;
    const { accessKeyId } = region.sts.issue(executionRole('data-prod'), 'worker', 900);
    const worker = bench.as(accessKeyId);
    const input = { cluster: INGESTION_CLUSTER, taskDefinition: TASK, networkConfiguration: NETWORK };
    const allowed = await worker.send(new RunTaskCommand(input));
    expect(allowed.tasks).toHaveLength(1);
    await expect(
      worker.send(new RunTaskCommand({ ...input, cluster: 'platform', launchType: 'FARGATE' })),
    ).rejects.toThrow(/not authorized to perform: ecs:RunTask on resource: .*data-prod-postgres_usage:3/);
    const mine = await bench.register(
      definition('data-prod-looker_metadata', {}, { taskRoleArn: region.iam.role('OnCall')?.arn }),
    );
    await expect(worker.send(new RunTaskCommand({ ...input, taskDefinition: mine }))).rejects.toThrow(
      /not authorized to perform: iam:PassRole on resource: .*role\/OnCall/,
    );
  });

  it('can be asked for in process by a part of the region that acts as a role', () => {
    const { region } = bench.running;
    const caller = region.sts.roleCaller(executionRole('data-prod'), 'task');
    const input = { cluster: INGESTION_CLUSTER, taskDefinition: TASK, networkConfiguration: NETWORK };
    expect(region.ecs.runTask(input, caller)).toMatchObject({ failures: [], tasks: [{ lastStatus: 'PROVISIONING' }] });
    const other = region.sts.roleCaller(executionRole('sandbox'), 'task');
    expect(() => region.ecs.runTask(input, other)).toThrow(/not authorized to perform: ecs:RunTask/);
  });
});

describe('ListTasks', () => {
  it('lists what is to run unless stopped ones are asked for', async () => {
    const list = async (input: ListTasksCommandInput) =>
      (await bench.ecs.send(new ListTasksCommand(input))).taskArns ?? [];
    const all = await list({ cluster: 'batch' });
    const stopped = await list({ cluster: 'batch', desiredStatus: 'STOPPED' });
    expect(all).toHaveLength(1);
    expect(stopped).toHaveLength(3);
    expect(await list({ cluster: 'batch', desiredStatus: 'PENDING' })).toEqual([]);
    expect(await list({ cluster: 'batch', family: 'batch-features', desiredStatus: 'STOPPED' })).toHaveLength(2);
    expect(await list({ cluster: 'batch', startedBy: 'nightly' })).toEqual(all);
    expect(await list({ cluster: 'platform', serviceName: 'api' })).toHaveLength(3);
    await expect(list({ cluster: 'platform', serviceName: 'none' })).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
    });
    await expect(list({ cluster: 'batch', startedBy: 'nightly', family: 'batch-report' })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const paged = await bench.ecs.send(new ListTasksCommand({ cluster: 'platform', maxResults: 4 }));
    expect(paged.taskArns).toHaveLength(4);
    expect(paged.nextToken).toBeDefined();
  });
});

describe('DescribeTasks', () => {
  it('takes up to 100 well-formed ids', async () => {
    const describeIds = (tasks: string[]) => bench.ecs.send(new DescribeTasksCommand({ cluster: 'batch', tasks }));
    await expect(describeIds([])).rejects.toThrow('Tasks cannot be empty.');
    await expect(describeIds(Array.from({ length: 101 }, () => '0'.repeat(32)))).rejects.toThrow(/more than 100/);
    await expect(describeIds(['abc'])).rejects.toThrow('taskId length should be one of [32,36]');
    const { failures } = await describeIds(['0'.repeat(32)]);
    expect(failures?.[0]).toMatchObject({ reason: 'MISSING', arn: expect.stringContaining(':task/batch/000') });
  });
});
