import {
  CreateClusterCommand,
  DeleteClusterCommand,
  DescribeCapacityProvidersCommand,
  DescribeClustersCommand,
  ListClustersCommand,
  ListTagsForResourceCommand,
  PutClusterCapacityProvidersCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { EcsBench, NETWORK } from './bench.ts';

const bench = new EcsBench();

describe('clusters', () => {
  it('are listed by ARN, a page at a time', async () => {
    const first = await bench.ecs.send(new ListClustersCommand({ maxResults: 2 }));
    expect(first.clusterArns).toHaveLength(2);
    const second = await bench.ecs.send(new ListClustersCommand({ maxResults: 2, nextToken: first.nextToken }));
    expect([...(first.clusterArns ?? []), ...(second.clusterArns ?? [])].map((arn) => arn.split('/')[1])).toEqual([
      'openmetadata-ingestion',
      'platform',
      'batch',
    ]);
    expect(second.nextToken).toBeUndefined();
    await expect(bench.ecs.send(new ListClustersCommand({ nextToken: 'forged' }))).rejects.toThrow('Invalid token.');
    await expect(bench.ecs.send(new ListClustersCommand({ maxResults: 101 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('are described with statistics, settings and tags only when asked for', async () => {
    const plain = await bench.ecs.send(new DescribeClustersCommand({ clusters: ['platform', 'nowhere'] }));
    expect(plain.clusters?.[0]).toMatchObject({
      clusterName: 'platform',
      status: 'ACTIVE',
      runningTasksCount: 13,
      activeServicesCount: 8,
      statistics: [],
      settings: [],
      tags: [],
    });
    expect(plain.failures).toEqual([{ arn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/nowhere', reason: 'MISSING' }]);
    const full = await bench.ecs.send(
      new DescribeClustersCommand({ clusters: ['platform'], include: ['STATISTICS', 'SETTINGS', 'TAGS'] }),
    );
    expect(full.clusters?.[0]?.statistics).toContainEqual({ name: 'runningFargateTasksCount', value: '13' });
    expect(full.clusters?.[0]?.settings).toEqual([{ name: 'containerInsights', value: 'enabled' }]);
    expect(full.clusters?.[0]?.tags).toEqual([{ key: 'team', value: 'platform' }]);
  });

  it('are created once by name, changed, and deleted when empty', async () => {
    const made = await bench.ecs.send(
      new CreateClusterCommand({
        clusterName: 'spare',
        capacityProviders: ['FARGATE'],
        tags: [{ key: 'a', value: 'b' }],
      }),
    );
    const again = await bench.ecs.send(new CreateClusterCommand({ clusterName: 'spare' }));
    expect(again.cluster?.clusterArn).toBe(made.cluster?.clusterArn);
    expect(again.cluster?.capacityProviders).toEqual(['FARGATE']);
    await expect(
      bench.ecs.send(
        new PutClusterCapacityProvidersCommand({
          cluster: 'spare',
          capacityProviders: ['FARGATE'],
          defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const changed = await bench.ecs.send(
      new PutClusterCapacityProvidersCommand({
        cluster: 'spare',
        capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
        defaultCapacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }],
      }),
    );
    expect(changed.cluster?.defaultCapacityProviderStrategy).toEqual([
      { capacityProvider: 'FARGATE_SPOT', weight: 1, base: 0 },
    ]);
    const task = await bench.run('data-prod-looker_metadata', { cluster: 'spare', networkConfiguration: NETWORK });
    expect(task).toContain(':task/spare/');
    await expect(bench.ecs.send(new DeleteClusterCommand({ cluster: 'spare' }))).rejects.toMatchObject({
      name: 'ClusterContainsTasksException',
    });
    await expect(bench.ecs.send(new DeleteClusterCommand({ cluster: 'platform' }))).rejects.toMatchObject({
      name: 'ClusterContainsServicesException',
    });
    await bench.ecs.send(new CreateClusterCommand({ clusterName: 'empty' }));
    const deleted = await bench.ecs.send(new DeleteClusterCommand({ cluster: 'empty' }));
    expect(deleted.cluster?.status).toBe('INACTIVE');
    const { clusterArns } = await bench.ecs.send(new ListClustersCommand({}));
    expect(clusterArns?.some((arn) => arn.endsWith('/empty'))).toBe(false);
    await expect(bench.ecs.send(new DeleteClusterCommand({ cluster: 'empty' }))).rejects.toMatchObject({
      name: 'ClusterNotFoundException',
      message: 'Cluster not found.',
    });
  });

  it('carry tags that are added and taken away', async () => {
    const resourceArn = 'arn:aws:ecs:eu-west-1:123456789012:cluster/batch';
    await bench.ecs.send(new TagResourceCommand({ resourceArn, tags: [{ key: 'owner', value: 'me' }] }));
    const { tags } = await bench.ecs.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual([
      { key: 'team', value: 'analytics' },
      { key: 'owner', value: 'me' },
    ]);
    await bench.ecs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['owner'] }));
    const after = await bench.ecs.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(after.tags).toEqual([{ key: 'team', value: 'analytics' }]);
    const unknown = resourceArn.replace('batch', 'nowhere');
    await expect(bench.ecs.send(new ListTagsForResourceCommand({ resourceArn: unknown }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('know the capacity providers of Fargate', async () => {
    const answer = await bench.ecs.send(
      new DescribeCapacityProvidersCommand({ capacityProviders: ['FARGATE', 'mine'] }),
    );
    expect(answer.capacityProviders?.map(({ name }) => name)).toEqual(['FARGATE']);
    expect(answer.failures?.[0]?.reason).toBe('MISSING');
  });

  it('are refused to a role that may not read them', async () => {
    await expect(bench.as('AKIADEMONOACCESS0000').send(new ListClustersCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: ecs:ListClusters on resource: *'),
    });
  });
});
