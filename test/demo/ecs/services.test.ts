import {
  CreateServiceCommand,
  DeleteServiceCommand,
  DescribeServicesCommand,
  ListServicesCommand,
  ListTasksCommand,
  StopTaskCommand,
  UpdateServiceCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { definition, EcsBench, NETWORK } from './bench.ts';

const bench = new EcsBench();
const service = async (name: string, cluster = 'platform') =>
  (await bench.ecs.send(new DescribeServicesCommand({ cluster, services: [name] }))).services?.[0];

describe('services', () => {
  it('are listed ten a page unless asked for fewer', async () => {
    const all = await bench.ecs.send(new ListServicesCommand({ cluster: 'platform' }));
    expect(all.serviceArns).toHaveLength(8);
    const some = await bench.ecs.send(new ListServicesCommand({ cluster: 'platform', maxResults: 3 }));
    expect(some.serviceArns).toHaveLength(3);
    expect(some.nextToken).toBeDefined();
    await expect(bench.ecs.send(new ListServicesCommand({ cluster: 'nowhere' }))).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
    });
  });

  it('are described with deployments and events, up to ten', async () => {
    const api = await service('api');
    expect(api).toMatchObject({ status: 'ACTIVE', desiredCount: 3, runningCount: 3, pendingCount: 0 });
    expect(api?.deployments?.[0]).toMatchObject({ status: 'PRIMARY', rolloutState: 'COMPLETED', runningCount: 3 });
    expect(api?.events?.[0]?.message).toBe('(service api) has reached a steady state.');
    const { failures } = await bench.ecs.send(
      new DescribeServicesCommand({ cluster: 'platform', services: ['nothing'] }),
    );
    expect(failures?.[0]).toMatchObject({
      reason: 'MISSING',
      arn: expect.stringContaining('service/platform/nothing'),
    });
    const eleven = Array.from({ length: 11 }, (_, index) => `s${index}`);
    await expect(
      bench.ecs.send(new DescribeServicesCommand({ cluster: 'platform', services: eleven })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(bench.ecs.send(new DescribeServicesCommand({ services: [], cluster: 'platform' }))).rejects.toThrow(
      'Services cannot be empty.',
    );
  });

  it('go on failing when their image is missing, and say so', async () => {
    const before = (await service('recommendations'))?.deployments?.[0]?.failedTasks ?? 0;
    expect(before).toBeGreaterThan(0);
    bench.clock.move(1_200_000);
    const after = await service('recommendations');
    expect(after?.runningCount).toBe(0);
    expect(after?.deployments?.[0]?.rolloutState).toBe('IN_PROGRESS');
    expect(after?.deployments?.[0]?.failedTasks).toBeGreaterThan(before);
    expect(after?.events?.some(({ message }) => message?.includes('unable to consistently start tasks'))).toBe(true);
  });

  it('replace a task that was stopped', async () => {
    const list = () => bench.ecs.send(new ListTasksCommand({ cluster: 'platform', serviceName: 'billing' }));
    const [old = ''] = (await list()).taskArns ?? [];
    await bench.ecs.send(new StopTaskCommand({ cluster: 'platform', task: old }));
    bench.clock.move(120_000);
    const [fresh = ''] = (await list()).taskArns ?? [];
    expect(fresh).not.toBe('');
    expect(fresh).not.toBe(old);
    expect((await bench.task(fresh, 'platform')).lastStatus).toBe('RUNNING');
  });

  it('are created, scaled, deployed anew and deleted', async () => {
    const taskDefinition = await bench.register(definition('server', { command: undefined, image: 'nginx:1' }));
    const input = {
      cluster: 'openmetadata-ingestion',
      serviceName: 'server',
      taskDefinition,
      networkConfiguration: NETWORK,
    };
    const made = await bench.ecs.send(new CreateServiceCommand({ ...input, desiredCount: 1 }));
    expect(made.service).toMatchObject({ status: 'ACTIVE', desiredCount: 1, runningCount: 0, pendingCount: 1 });
    bench.clock.move(90_000);
    const ready = await service('server', input.cluster);
    expect(ready).toMatchObject({ runningCount: 1, deployments: [{ rolloutState: 'COMPLETED' }] });
    const next = await bench.register(definition('server', { command: undefined, image: 'nginx:2' }));
    await bench.ecs.send(new UpdateServiceCommand({ cluster: input.cluster, service: 'server', taskDefinition: next }));
    expect((await service('server', input.cluster))?.deployments).toHaveLength(2);
    bench.clock.move(180_000);
    const deployed = await service('server', input.cluster);
    expect(deployed?.deployments).toHaveLength(1);
    expect(deployed?.taskDefinition).toBe(next);
    expect(deployed?.runningCount).toBe(1);
    const remove = { cluster: input.cluster, service: 'server' };
    await expect(bench.ecs.send(new DeleteServiceCommand(remove))).rejects.toThrow(/scaled above 0/);
    const draining = await bench.ecs.send(new DeleteServiceCommand({ ...remove, force: true }));
    expect(draining.service?.status).toBe('DRAINING');
    bench.clock.move(90_000);
    expect((await service('server', input.cluster))?.status).toBe('INACTIVE');
    await expect(bench.ecs.send(new UpdateServiceCommand({ ...remove, desiredCount: 1 }))).rejects.toMatchObject({
      name: 'ServiceNotActiveException',
    });
    await expect(bench.ecs.send(new UpdateServiceCommand({ ...remove, service: 'none' }))).rejects.toMatchObject({
      name: 'ServiceNotFoundException',
    });
  });
});
