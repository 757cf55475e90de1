import { ListTasksCommand, StopTaskCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import type { Task } from '../../../src/demo/ecs/model.ts';
import { INGESTION_CLUSTER } from '../../../src/demo/world/names.ts';
import { definition, EcsBench, overridesOf } from './bench.ts';

const bench = new EcsBench();
const USAGE = { overrides: overridesOf({ pipelineType: 'usage' }) };
const seconds = (from: Date | undefined, to: Date | undefined) =>
  ((to?.getTime() ?? 0) - (from?.getTime() ?? 0)) / 1000;

describe('a task', () => {
  it('passes through every state with the times of Fargate', async () => {
    const arn = await bench.run('data-prod-postgres_usage', USAGE);
    const seen: string[] = [];
    const stop = bench.running.region.ecs.onTaskChange((task: Task) => {
      if (task.arn === arn && seen.at(-1) !== task.lastStatus) seen.push(task.lastStatus);
    });
    const pending = await bench.until(arn, 'PENDING');
    expect(pending.containers?.[0]).toMatchObject({ lastStatus: 'PENDING', name: 'openmetadata-ingestion' });
    expect(pending.containers?.[0]?.runtimeId).toBeUndefined();
    expect(pending.attachments?.[0]?.details?.map(({ name }) => name)).toContain('privateIPv4Address');
    const running = await bench.until(arn, 'RUNNING');
    expect(running.containers?.[0]?.runtimeId).toMatch(/^[\da-f]{32}-\d+$/);
    expect(running.containers?.[0]?.networkInterfaces?.[0]?.privateIpv4Address).toMatch(/^10\./);
    expect(running.connectivity).toBe('CONNECTED');
    const ended = await bench.until(arn, 'STOPPED');
    stop();
    expect(seen).toEqual(['PENDING', 'ACTIVATING', 'RUNNING', 'DEACTIVATING', 'STOPPING', 'DEPROVISIONING', 'STOPPED']);
    expect(ended).toMatchObject({
      desiredStatus: 'STOPPED',
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ lastStatus: 'STOPPED', exitCode: 0 }],
    });
    expect(seconds(ended.createdAt, ended.connectivityAt)).toBeGreaterThanOrEqual(8);
    expect(seconds(ended.createdAt, ended.connectivityAt)).toBeLessThanOrEqual(12);
    expect(seconds(ended.pullStartedAt, ended.pullStoppedAt)).toBeGreaterThanOrEqual(22);
    expect(seconds(ended.pullStartedAt, ended.pullStoppedAt)).toBeLessThanOrEqual(36);
    const times = [
      'createdAt',
      'connectivityAt',
      'pullStartedAt',
      'pullStoppedAt',
      'startedAt',
      'stoppingAt',
      'stoppedAt',
    ] as const;
    const order = times.map((name) => ended[name]?.getTime() ?? Number.NaN);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
    expect(ended.executionStoppedAt).toBeDefined();
    expect(ended.tags).toEqual([]);
  });

  it('can be read for an hour after it stopped', async () => {
    const arn = await bench.run('data-prod-kafka_metadata', { overrides: overridesOf({ pipelineType: 'metadata' }) });
    await bench.until(arn, 'STOPPED');
    bench.clock.move(3_599_000);
    await bench.task(arn);
    bench.clock.move(2_000);
    const { taskArns } = await bench.ecs.send(
      new ListTasksCommand({
        cluster: INGESTION_CLUSTER,
        desiredStatus: 'STOPPED',
        family: 'data-prod-kafka_metadata',
      }),
    );
    expect(taskArns).not.toContain(arn);
  });
});

describe('StopTask', () => {
  const stop = (task: string, reason?: string) =>
    bench.ecs.send(
      new StopTaskCommand({ cluster: INGESTION_CLUSTER, task, ...(reason === undefined ? {} : { reason }) }),
    );

  it('ends a container that heeds SIGTERM with 143', async () => {
    const arn = await bench.run('data-prod-postgres_usage', USAGE);
    await bench.until(arn, 'RUNNING');
    const { task } = await stop(arn);
    expect(task).toMatchObject({ lastStatus: 'DEACTIVATING', desiredStatus: 'STOPPED', stopCode: 'UserInitiated' });
    const ended = await bench.until(arn, 'STOPPED');
    expect(ended).toMatchObject({ stoppedReason: 'Task stopped by user', containers: [{ exitCode: 143 }] });
  });

  it('kills one that does not after its time-out, with 137 and the reason given', async () => {
    const family = await bench.register(definition('deaf', { stopTimeout: 20 }));
    const arn = await bench.run(family, USAGE);
    await bench.until(arn, 'RUNNING');
    bench.clock.move(5_000);
    await stop(arn, 'enough of it');
    const ended = await bench.until(arn, 'STOPPED');
    expect(ended).toMatchObject({
      stoppedReason: 'enough of it',
      stopCode: 'UserInitiated',
      containers: [{ exitCode: 137 }],
    });
    expect(seconds(ended.stoppingAt, ended.executionStoppedAt)).toBeGreaterThanOrEqual(20);
  });

  it('takes a task back that never ran', async () => {
    const arn = await bench.run('data-prod-postgres_usage', USAGE);
    await bench.until(arn, 'PENDING');
    await stop(arn);
    const ended = await bench.until(arn, 'STOPPED');
    expect(ended.startedAt).toBeUndefined();
    expect(ended.containers?.[0]?.exitCode).toBeUndefined();
    expect(ended.stopCode).toBe('UserInitiated');
    await expect(stop('0'.repeat(32))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: 'The referenced task was not found.',
    });
  });
});
