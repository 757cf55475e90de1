import {
  DeleteTaskDefinitionsCommand,
  DeregisterTaskDefinitionCommand,
  DescribeTaskDefinitionCommand,
  ListTaskDefinitionFamiliesCommand,
  ListTaskDefinitionsCommand,
  RegisterTaskDefinitionCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { AWSLOGS, definition, EcsBench } from './bench.ts';

const bench = new EcsBench();

const refusal = (input: Parameters<typeof definition>[2], container: Record<string, unknown> = {}) =>
  bench.ecs.send(new RegisterTaskDefinitionCommand(definition('refused', container, input)));

describe('RegisterTaskDefinition', () => {
  it('makes one revision after another and describes what was sent', async () => {
    const first = await bench.register(definition('pipeline', {}, { tags: [{ key: 'a', value: 'b' }] }));
    const second = await bench.register(definition('pipeline', {}, { cpu: '1 vCPU', memory: '4 GB' }));
    expect(first).toBe('arn:aws:ecs:eu-west-1:123456789012:task-definition/pipeline:1');
    expect(second).toMatch(/pipeline:2$/);
    const newest = await bench.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'pipeline' }));
    expect(newest.taskDefinition).toMatchObject({
      revision: 2,
      cpu: '1024',
      memory: '4096',
      status: 'ACTIVE',
      compatibilities: expect.arrayContaining(['FARGATE']),
    });
    const older = await bench.ecs.send(
      new DescribeTaskDefinitionCommand({ taskDefinition: 'pipeline:1', include: ['TAGS'] }),
    );
    expect(older.tags).toEqual([{ key: 'a', value: 'b' }]);
    expect(older.taskDefinition?.containerDefinitions?.[0]).toMatchObject({
      essential: true,
      cpu: 0,
      portMappings: [],
    });
    expect(older.taskDefinition?.containerDefinitions?.[0]?.logConfiguration?.options?.['awslogs-group']).toBe(
      '/ecs/openmetadata-ingestion',
    );
    expect(older.taskDefinition?.registeredAt?.getTime()).toBe(bench.clock.now());
  });

  it.each([
    [{ cpu: '256', memory: '4096' }, 'No Fargate configuration exists for given values.'],
    [{ cpu: '8192', memory: '17408' }, 'No Fargate configuration exists for given values.'],
    [{ cpu: '300', memory: '1024' }, "Invalid 'cpu' setting for task."],
    [{ cpu: undefined }, "Fargate requires that 'cpu' be defined at the task level."],
    [{ networkMode: 'bridge' as const }, "Fargate only supports network mode 'awsvpc'."],
    [{ family: 'with space' }, "Invalid 'family' setting for task. Invalid family name."],
    [{ containerDefinitions: [] }, 'Container list cannot be empty.'],
    [
      { executionRoleArn: undefined },
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    ],
  ])('refuses %j', async (input, message) => {
    await expect(refusal(input)).rejects.toMatchObject({ name: 'ClientException', message });
  });

  it.each([
    [{ image: '' }, 'Container.image should not be null or empty.'],
    [{ memory: 4096 }, "The 'memory' setting for container is greater than for the task."],
    [{ stopTimeout: 121 }, expect.stringContaining('The maximum is 120 seconds')],
    [
      { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/x', 'awslogs-region': 'eu-west-1' } } },
      'Log driver awslogs requires options: awslogs-stream-prefix.',
    ],
    [{ logConfiguration: AWSLOGS('/x', { colour: 'red' }) }, 'Log driver awslogs disallows options: colour.'],
    [{ logConfiguration: AWSLOGS('/x', { mode: 'eager' }) }, expect.stringContaining('mode has to be blocking')],
    [{ logConfiguration: { logDriver: 'journald' } }, expect.stringContaining('Fargate only supports the log drivers')],
  ])('refuses a container with %j', async (container, message) => {
    await expect(refusal({}, container)).rejects.toMatchObject({ name: 'ClientException', message });
  });

  it('refuses a definition of more than 64 KiB', async () => {
    const environment = [{ name: 'config', value: 'x'.repeat(66_000) }];
    await expect(refusal({}, { environment })).rejects.toThrow(/Max allowed length is '65536' bytes/);
  });

  it('needs PassRole for the roles in it', async () => {
    const denied = bench.as('AKIADEMOREADONLY0000').send(new RegisterTaskDefinitionCommand(definition('mine')));
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('ecs:RegisterTaskDefinition on resource'),
    });
  });
});

describe('task definitions', () => {
  it('are listed by family, newest first when asked for', async () => {
    const families = await bench.ecs.send(new ListTaskDefinitionFamiliesCommand({ familyPrefix: 'data-prod-' }));
    expect(families.families).toEqual([
      'data-prod-kafka_metadata',
      'data-prod-looker_metadata',
      'data-prod-postgres_usage',
      'data-prod-snowflake_metadata',
    ]);
    const familyPrefix = 'data-prod-kafka_metadata';
    const active = await bench.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, sort: 'DESC' }));
    expect(active.taskDefinitionArns?.map((arn) => arn.split(':').at(-1))).toEqual(['3', '2']);
    const inactive = await bench.ecs.send(new ListTaskDefinitionsCommand({ familyPrefix, status: 'INACTIVE' }));
    expect(inactive.taskDefinitionArns?.map((arn) => arn.split(':').at(-1))).toEqual(['1']);
    const paged = await bench.ecs.send(new ListTaskDefinitionFamiliesCommand({ maxResults: 3 }));
    expect(paged.families).toHaveLength(3);
    expect(paged.nextToken).toBeDefined();
  });

  it('become INACTIVE, can be described then, and are deleted from there', async () => {
    const arn = await bench.register(definition('passing'));
    await expect(bench.ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [arn] }))).resolves.toMatchObject({
      failures: [{ arn, reason: expect.stringContaining('still in ACTIVE status') }],
    });
    const gone = await bench.ecs.send(new DeregisterTaskDefinitionCommand({ taskDefinition: arn }));
    expect(gone.taskDefinition).toMatchObject({ status: 'INACTIVE', deregisteredAt: new Date(bench.clock.now()) });
    await expect(bench.run(arn)).rejects.toMatchObject({
      name: 'ClientException',
      message: 'TaskDefinition is inactive',
    });
    await expect(
      bench.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: 'passing' })),
    ).rejects.toMatchObject({ name: 'ClientException', message: 'Unable to describe task definition.' });
    const named = await bench.ecs.send(new DescribeTaskDefinitionCommand({ taskDefinition: arn }));
    expect(named.taskDefinition?.status).toBe('INACTIVE');
    const deleted = await bench.ecs.send(new DeleteTaskDefinitionsCommand({ taskDefinitions: [arn] }));
    expect(deleted.taskDefinitions?.[0]?.status).toBe('DELETE_IN_PROGRESS');
    expect(await bench.register(definition('passing'))).toMatch(/passing:2$/);
  });
});
