import { describe, expect, test } from 'vitest';
import { runTask } from '../../src/tasks/run.ts';
import { stopTask } from '../../src/tasks/stop.ts';
import type { RunRequest } from '../../src/tasks/types.ts';
import { Failure } from '../../src/text/failure.ts';
import { FakeEcs, TASK_ARN } from './fake-ecs.ts';

const REQUEST: RunRequest = {
  cluster: 'openmetadata-ingestion',
  taskDefinition: 'data-prod-postgres_usage',
  subnets: ['subnet-1', 'subnet-2'],
  securityGroups: ['sg-1'],
  assignPublicIp: false,
  pipelineType: 'usage',
  pipelineRunId: '5f0a6b3c-6f43-4b54-9a3b-1f2e3d4c5b6a',
  startedBy: 'mwaa-console/data-prod/postgres_usage by me',
};

function world() {
  const ecs = new FakeEcs({ stopped: 10 });
  const run = (request: Partial<RunRequest> = {}) =>
    ecs.clock.run(runTask(ecs.session, { ...REQUEST, ...request }, new AbortController().signal));
  const sent = () => ecs.calls.filter((call) => call.operation === 'ecs.runTask').map((call) => call.input);
  return { ecs, run, sent };
}

describe('a run', () => {
  test('asks for one Fargate task with a token, the network and nothing but the two overrides', async () => {
    const { run, sent } = world();
    const { taskArn, clientToken } = await run();
    expect(taskArn).toBe(TASK_ARN);
    expect(sent()).toEqual([
      {
        cluster: 'openmetadata-ingestion',
        taskDefinition: 'data-prod-postgres_usage',
        count: 1,
        clientToken,
        startedBy: 'mwaa-console/data-prod/postgres_usage-by-me',
        launchType: 'FARGATE',
        networkConfiguration: {
          awsvpcConfiguration: {
            subnets: ['subnet-1', 'subnet-2'],
            securityGroups: ['sg-1'],
            assignPublicIp: 'DISABLED',
          },
        },
        overrides: {
          containerOverrides: [
            {
              name: 'openmetadata-ingestion',
              environment: [
                { name: 'pipelineType', value: 'usage' },
                { name: 'pipelineRunId', value: REQUEST.pipelineRunId },
              ],
            },
          ],
        },
      },
    ]);
  });

  test('takes a capacity provider instead of the launch type, and no overrides where there are none', async () => {
    const { run, sent } = world();
    await run({ capacityProvider: 'FARGATE_SPOT', pipelineType: undefined, pipelineRunId: undefined });
    expect(sent()[0]).toMatchObject({ capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }] });
    expect(sent()[0]).not.toHaveProperty('launchType');
    expect(sent()[0]).not.toHaveProperty('overrides');
  });

  test('repeats the same token when the answer is lost', async () => {
    const { ecs, run, sent } = world();
    let tries = 0;
    ecs.runTask = () => {
      tries += 1;
      if (tries < 3) throw new Failure('unreachable', 'socket hang up');
      return { tasks: [{ taskArn: TASK_ARN }] };
    };
    await run();
    expect(new Set(sent().map((input) => input.clientToken)).size).toBe(1);
    expect(sent()).toHaveLength(3);
  });

  test('does not try again what is refused', async () => {
    const { ecs, run, sent } = world();
    ecs.runTask = () => {
      throw new Failure('denied', 'Not allowed: ecs:RunTask.');
    };
    await expect(run()).rejects.toMatchObject({ kind: 'denied' });
    expect(sent()).toHaveLength(1);
  });

  test('reads failures[]', async () => {
    const { ecs, run } = world();
    ecs.runTask = () => ({
      tasks: [],
      failures: [
        { reason: 'Capacity is unavailable at this time. Please try again later or in a different availability zone' },
      ],
    });
    await expect(run()).rejects.toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(/^ECS has no capacity.*Capacity is unavailable/),
      advice: expect.stringContaining('zones'),
    });
  });

  test('refuses overrides above 8192 characters before it calls anything', async () => {
    const { run, sent } = world();
    await expect(run({ pipelineType: 'ä'.repeat(4096) })).rejects.toMatchObject({ kind: 'invalid-input' });
    expect(sent()).toHaveLength(0);
  });
});

test('a stop carries its reason, cut to what ECS takes', async () => {
  const { ecs } = world();
  await stopTask(
    ecs.session,
    { cluster: 'c', taskArn: TASK_ARN, reason: 'x'.repeat(300) },
    new AbortController().signal,
  );
  expect(ecs.calls.at(-1)).toMatchObject({
    operation: 'ecs.stopTask',
    input: { task: TASK_ARN, reason: 'x'.repeat(255) },
  });
});
