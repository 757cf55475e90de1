import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

const CLUSTER = 'openmetadata-ingestion';
const clusterArn = (name: string) => `arn:aws:ecs:eu-west-1:123456789012:cluster/${name}`;
const nobody = () => bench.aws.as('AKIADEMONOACCESS0000');

describe('clusters', () => {
  test('list-clusters, by pages too', async () => {
    const { clusterArns } = await bench.aws.json<{ clusterArns: string[] }>('ecs', 'list-clusters');
    expect([...clusterArns].sort()).toEqual(['batch', CLUSTER, 'platform'].map(clusterArn));
    const paged = await bench.aws.paged<{ clusterArns: string[] }>('ecs', 'list-clusters', '--page-size', '1');
    expect(paged.answer.clusterArns).toEqual(clusterArns);
    expect(paged.requests).toBe(3);
    expect(await nobody().refusal('ecs', 'list-clusters')).toContain('AccessDeniedException');
    const token = ['ecs', 'list-clusters', '--no-paginate', '--next-token', 'abc'];
    expect(await bench.aws.refusal(...token)).toContain('InvalidParameterException');
  });

  test('describe-clusters with everything, and those that are missing', async () => {
    const include = ['--include', 'ATTACHMENTS', 'CONFIGURATIONS', 'SETTINGS', 'STATISTICS', 'TAGS'];
    const { clusters, failures } = await bench.aws.json<{ clusters: unknown[]; failures: unknown[] }>(
      ...['ecs', 'describe-clusters', ...include, '--clusters', 'platform', clusterArn('batch'), 'none'],
    );
    expect(clusters).toEqual([
      expect.objectContaining({ clusterName: 'platform', status: 'ACTIVE', runningTasksCount: expect.any(Number) }),
      expect.objectContaining({ clusterName: 'batch', status: 'ACTIVE' }),
    ]);
    expect(failures).toEqual([{ arn: clusterArn('none'), reason: 'MISSING' }]);
    const many = Array.from({ length: 101 }, (_, index) => `cluster-${index}`);
    expect(await bench.aws.refusal('ecs', 'describe-clusters', '--clusters', ...many)).toContain(
      'InvalidParameterException',
    );
  });
});

describe('services', () => {
  const list = ['ecs', 'list-services', '--cluster'];

  test('list-services, by pages too', async () => {
    const { serviceArns } = await bench.aws.json<{ serviceArns: string[] }>(...list, 'platform');
    expect(serviceArns.length).toBeGreaterThan(1);
    const paged = await bench.aws.paged<{ serviceArns: string[] }>(...list, 'platform', '--page-size', '1');
    expect(paged.answer.serviceArns).toEqual(serviceArns);
    expect(paged.requests).toBe(serviceArns.length);
    expect(await bench.aws.refusal(...list, 'none')).toContain('ClusterNotFoundException');
  });

  test('describe-services with everything, at most ten, and those that are missing', async () => {
    const { serviceArns } = await bench.aws.json<{ serviceArns: string[] }>(...list, 'platform');
    const describeServices = ['ecs', 'describe-services', '--cluster', 'platform', '--include', 'TAGS', '--services'];
    const some = serviceArns.slice(0, 9);
    const { services, failures } = await bench.aws.json<{ services: { serviceArn: string }[]; failures: unknown[] }>(
      ...[...describeServices, ...some, 'none'],
    );
    expect(services.map(({ serviceArn }) => serviceArn)).toEqual(some);
    expect(failures).toEqual([expect.objectContaining({ reason: 'MISSING' })]);
    const many = Array.from({ length: 11 }, (_, index) => `service-${index}`);
    expect(await bench.aws.refusal(...describeServices, ...many)).toContain('InvalidParameterException');
    expect(await bench.aws.refusal('ecs', 'describe-services', '--cluster', 'none', '--services', 'a')).toContain(
      'ClusterNotFoundException',
    );
  });
});

describe('task definitions', () => {
  const definition = {
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/openmetadata-ingestion-execution',
    containerDefinitions: [
      {
        name: 'main',
        image: 'public.ecr.aws/docker/library/busybox:latest',
        command: ['echo', 'hello'],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': '/ecs/openmetadata-ingestion',
            'awslogs-region': 'eu-west-1',
            'awslogs-stream-prefix': 'tried',
          },
        },
      },
    ],
  };
  const register = (family: string, change: object = {}) => [
    ...['ecs', 'register-task-definition', '--cli-input-json', JSON.stringify({ family, ...definition, ...change })],
  ];

  test('list-task-definitions, by pages, prefix and status', async () => {
    const list = ['ecs', 'list-task-definitions'];
    const { taskDefinitionArns } = await bench.aws.json<{ taskDefinitionArns: string[] }>(...list);
    expect(taskDefinitionArns.length).toBeGreaterThan(3);
    const paged = await bench.aws.paged<{ taskDefinitionArns: string[] }>(...list, '--page-size', '3');
    expect(paged.answer.taskDefinitionArns).toEqual(taskDefinitionArns);
    expect(paged.requests).toBe(Math.ceil(taskDefinitionArns.length / 3));
    const family = await bench.aws.json<{ taskDefinitionArns: string[] }>(
      ...[...list, '--family-prefix', 'data-prod-snowflake_metadata', '--sort', 'DESC'],
    );
    expect(family.taskDefinitionArns[0]).toContain(':task-definition/data-prod-snowflake_metadata:');
    expect(await bench.aws.json(...list, '--status', 'INACTIVE')).toHaveProperty('taskDefinitionArns');
    expect(await bench.aws.refusal(...list, '--status', 'NONE')).toContain('InvalidParameterException');
  });

  test('register-task-definition and describe-task-definition', async () => {
    const tags = { tags: [{ key: 'team', value: 'data' }] };
    const first = await bench.aws.json<{ taskDefinition: object }>(...register('registered', tags));
    expect(first).toMatchObject({ taskDefinition: { family: 'registered', revision: 1, status: 'ACTIVE' }, ...tags });
    const second = await bench.aws.json<{ taskDefinition: object }>(
      ...register('registered', { cpu: '512', memory: '1024' }),
    );
    expect(second.taskDefinition).toMatchObject({ revision: 2, cpu: '512' });
    const read = (reference: string) =>
      bench.aws.json('ecs', 'describe-task-definition', '--task-definition', reference, '--include', 'TAGS');
    expect(await read('registered:1')).toEqual(first);
    expect(await read('registered')).toMatchObject({ taskDefinition: { revision: 2 } });
  });

  test.each<[string, object]>([
    ['sizes that Fargate lacks', { cpu: '256', memory: '8192' }],
    ['no container', { containerDefinitions: [] }],
    [
      'two containers of one name',
      { containerDefinitions: [...definition.containerDefinitions, ...definition.containerDefinitions] },
    ],
  ])('register-task-definition refuses %s', async (_, change) => {
    expect(await bench.aws.refusal(...register('refused', change))).toContain('ClientException');
  });

  test('describe-task-definition knows no other', async () => {
    const none = ['ecs', 'describe-task-definition', '--task-definition', 'none:7'];
    expect(await bench.aws.refusal(...none)).toContain('ClientException');
  });
});

describe('tasks', () => {
  const place = (subnet = 'subnet-0a1b2c3d4e5f60011') => [
    ...['--cluster', CLUSTER, '--launch-type', 'FARGATE', '--network-configuration'],
    `awsvpcConfiguration={subnets=[${subnet}],securityGroups=[sg-0a1b2c3d4e5f60031]}`,
  ];
  const FAMILY = 'data-prod-snowflake_metadata';
  const run = async (...more: string[]) => {
    const { tasks } = await bench.aws.json<{ tasks: { taskArn: string; lastStatus: string }[] }>(
      ...['ecs', 'run-task', '--task-definition', FAMILY, '--enable-ecs-managed-tags', ...place(), ...more],
    );
    expect(tasks[0]?.lastStatus).toBe('PROVISIONING');
    return tasks[0]?.taskArn ?? '';
  };
  interface Described {
    tasks: { lastStatus: string; stopCode?: string; containers: { exitCode?: number }[] }[];
    failures: { reason: string }[];
  }
  const describeTasks = (...tasks: string[]) =>
    bench.aws.json<Described>(
      ...['ecs', 'describe-tasks', '--cluster', CLUSTER, '--include', 'TAGS', '--tasks', ...tasks],
    );

  /** Moves time to the task's next status; what that is. */
  const nextStatus = (arn: string): string => {
    const read = () => bench.region.region.ecs.task(CLUSTER, arn.split('/').at(-1) ?? '')?.lastStatus;
    const before = read();
    for (let passed = 0; passed < 3_600_000; passed += 100) {
      bench.clock.move(100);
      const status = read();
      if (status !== undefined && status !== before) return status;
    }
    throw new Error(`${arn} stays ${before}.`);
  };

  test('run-task to its end', async () => {
    const overrides = {
      containerOverrides: [{ name: CLUSTER, environment: [{ name: 'pipelineType', value: 'metadata' }] }],
    };
    const arn = await run(
      ...['--overrides', JSON.stringify(overrides)],
      ...['--started-by', 'the-client', '--tags', 'key=a,value=b'],
    );
    const statuses = ['PROVISIONING'];
    while (statuses.at(-1) !== 'STOPPED') {
      statuses.push(nextStatus(arn));
      expect((await describeTasks(arn)).tasks[0]?.lastStatus).toBe(statuses.at(-1));
    }
    expect(statuses).toEqual([
      ...['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING'],
      ...['DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED'],
    ]);
    const [task] = (await describeTasks(arn)).tasks;
    expect(task).toMatchObject({
      stopCode: 'EssentialContainerExited',
      startedBy: 'the-client',
      containers: [{ exitCode: 0 }],
      overrides,
    });
    const { taskArns } = await bench.aws.json<{ taskArns: string[] }>(
      ...['ecs', 'list-tasks', '--cluster', CLUSTER, '--desired-status', 'STOPPED'],
    );
    expect(taskArns).toContain(arn);
    const paged = await bench.aws.paged<{ taskArns: string[] }>(
      ...['ecs', 'list-tasks', '--cluster', CLUSTER, '--desired-status', 'STOPPED', '--page-size', '1'],
    );
    expect(paged.answer.taskArns).toContain(arn);
    expect(paged.requests).toBeGreaterThanOrEqual(taskArns.length);
  });

  test('stop-task', async () => {
    const arn = await run();
    const stop = ['ecs', 'stop-task', '--cluster', CLUSTER, '--task'];
    expect(await bench.aws.json(...stop, arn, '--reason', 'not needed')).toMatchObject({
      task: { desiredStatus: 'STOPPED', stopCode: 'UserInitiated', stoppedReason: 'not needed' },
    });
    while (nextStatus(arn) !== 'STOPPED');
    expect((await describeTasks(arn)).tasks[0]).toMatchObject({ lastStatus: 'STOPPED', stopCode: 'UserInitiated' });
    expect(await bench.aws.refusal(...stop, '0123456789abcdef0123456789abcdef')).toContain('InvalidParameterException');
    expect(await bench.aws.refusal('ecs', 'stop-task', '--cluster', 'none', '--task', arn)).toContain(
      'ClusterNotFoundException',
    );
  });

  test('run-task once for a client token', async () => {
    const start = async () => {
      const once = ['ecs', 'run-task', '--task-definition', FAMILY, ...place(), '--client-token', 'token-1'];
      const { tasks } = await bench.aws.json<{ tasks: { taskArn: string }[] }>(...once);
      return tasks.map(({ taskArn }) => taskArn);
    };
    const first = await start();
    expect(first).toHaveLength(1);
    expect(await start()).toEqual(first);
  });

  test.each<[string, string[], RegExp]>([
    [
      'an unknown task definition',
      ['--task-definition', 'none', ...place()],
      /ClientException|InvalidParameterException/,
    ],
    [
      'an unknown subnet',
      ['--task-definition', FAMILY, ...place('subnet-0123456789abcdef0')],
      /InvalidParameterException/,
    ],
    [
      'no network',
      ['--task-definition', FAMILY, '--cluster', CLUSTER, '--launch-type', 'FARGATE'],
      /InvalidParameterException/,
    ],
    [
      'more than 8192 characters of overrides',
      [
        ...['--task-definition', FAMILY, ...place(), '--overrides'],
        JSON.stringify({
          containerOverrides: [{ name: CLUSTER, environment: [{ name: 'a', value: 'x'.repeat(8192) }] }],
        }),
      ],
      /InvalidParameterException/,
    ],
    ['an unknown cluster', ['--task-definition', FAMILY, ...place(), '--cluster', 'none'], /ClusterNotFoundException/],
  ])('run-task refuses %s', async (_, args, code) => {
    expect(await bench.aws.refusal('ecs', 'run-task', ...args)).toMatch(code);
  });

  test('describe-tasks tells what is missing, and takes a hundred', async () => {
    const { tasks, failures } = await describeTasks('0123456789abcdef0123456789abcdef');
    expect([tasks, failures]).toEqual([[], [expect.objectContaining({ reason: 'MISSING' })]]);
    const many = Array.from({ length: 101 }, (_, index) => String(index).padStart(32, '0'));
    const refusal = await bench.aws.refusal('ecs', 'describe-tasks', '--cluster', CLUSTER, '--tasks', ...many);
    expect(refusal).toContain('InvalidParameterException');
    expect(await bench.aws.refusal('ecs', 'describe-tasks', '--cluster', 'none', '--tasks', 'a')).toContain(
      'ClusterNotFoundException',
    );
  });
});
