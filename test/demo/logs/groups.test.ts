import {
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  DescribeLogGroupsCommand,
  DescribeLogStreamsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { LogsBench } from './bench.ts';

const bench = new LogsBench();

describe('log groups', () => {
  it('are described by prefix or by part of their name, 50 a page at the most', async () => {
    const all: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await bench.logs.send(
        new DescribeLogGroupsCommand({ limit: 7, ...(nextToken === undefined ? {} : { nextToken }) }),
      );
      expect(page.logGroups?.length).toBeLessThanOrEqual(7);
      all.push(...(page.logGroups ?? []).map(({ logGroupName = '' }) => logGroupName));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    expect(all).toEqual(all.toSorted());
    expect(new Set(all).size).toBe(all.length);
    expect(all).toContain('airflow-data-prod-Task');
    const some = await bench.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'airflow-legacy-' }));
    expect(some.logGroups?.map(({ logGroupName }) => logGroupName?.slice(15))).toEqual([
      'DAGProcessing',
      'Scheduler',
      'Task',
      'WebServer',
      'Worker',
    ]);
    const part = await bench.logs.send(new DescribeLogGroupsCommand({ logGroupNamePattern: 'METADATA-ing' }));
    expect(part.logGroups?.[0]).toMatchObject({
      logGroupName: '/ecs/openmetadata-ingestion',
      arn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/openmetadata-ingestion:*',
      logGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/openmetadata-ingestion',
      retentionInDays: 30,
      logGroupClass: 'STANDARD',
    });
    await expect(bench.logs.send(new DescribeLogGroupsCommand({ limit: 51 }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining('Member must have value less than or equal to 50'),
    });
    await expect(
      bench.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: 'a', logGroupNamePattern: 'b' })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('are made with tags and retention, once, and deleted', async () => {
    const logGroupName = '/ecs/new';
    await bench.logs.send(new CreateLogGroupCommand({ logGroupName, tags: { team: 'data' } }));
    await expect(bench.logs.send(new CreateLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    await expect(bench.logs.send(new CreateLogGroupCommand({ logGroupName: 'a b' }))).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    await bench.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 14 }));
    await expect(
      bench.logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays: 15 })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    const describe14 = () => bench.logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: logGroupName }));
    expect((await describe14()).logGroups?.[0]?.retentionInDays).toBe(14);
    await bench.logs.send(new DeleteRetentionPolicyCommand({ logGroupName }));
    expect((await describe14()).logGroups?.[0]?.retentionInDays).toBeUndefined();
    const resourceArn = `arn:aws:logs:eu-west-1:123456789012:log-group:${logGroupName}`;
    await bench.logs.send(new TagResourceCommand({ resourceArn, tags: { env: 'x' } }));
    await bench.logs.send(new UntagResourceCommand({ resourceArn, tagKeys: ['team'] }));
    const { tags } = await bench.logs.send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).toEqual({ env: 'x' });
    await bench.logs.send(new DeleteLogGroupCommand({ logGroupName }));
    await expect(bench.logs.send(new DeleteLogGroupCommand({ logGroupName }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log group does not exist.',
    });
  });

  it('are refused to a role that may not make them', async () => {
    await expect(
      bench.as('AKIADEMOREADONLY0000').send(new CreateLogGroupCommand({ logGroupName: '/ecs/mine' })),
    ).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'logs:CreateLogGroup on resource: arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/mine',
      ),
    });
  });
});

describe('log streams', () => {
  it('are listed by name or by their last event, 50 a page', async () => {
    const logGroupName = 'airflow-data-prod-Task';
    const first = await bench.logs.send(new DescribeLogStreamsCommand({ logGroupName }));
    expect(first.logStreams).toHaveLength(50);
    const names = first.logStreams?.map(({ logStreamName = '' }) => logStreamName) ?? [];
    expect(names).toEqual(names.toSorted());
    expect(names[0]).toMatch(
      /^dag_id=[\w]+\/run_id=(?:scheduled|manual)__2026-11-2\dT\d\d_\d\d_\d\d\+00_00\/task_id=\w+\/attempt=\d\.log$/,
    );
    const second = await bench.logs.send(new DescribeLogStreamsCommand({ logGroupName, nextToken: first.nextToken }));
    expect(second.logStreams?.[0]?.logStreamName).not.toBe(names[0]);
    const recent = await bench.logs.send(
      new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', descending: true, limit: 5 }),
    );
    const times = recent.logStreams?.map(({ lastEventTimestamp = 0 }) => lastEventTimestamp) ?? [];
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    expect(recent.logStreams?.[0]).toMatchObject({ storedBytes: 0, arn: expect.stringContaining(':log-stream:') });
    await expect(
      bench.logs.send(
        new DescribeLogStreamsCommand({ logGroupName, orderBy: 'LastEventTime', logStreamNamePrefix: 'x' }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(
      bench.logs.send(new DescribeLogStreamsCommand({ logGroupName, nextToken: first.nextToken, descending: true })),
    ).rejects.toThrow('The specified nextToken is invalid.');
    await expect(bench.logs.send(new DescribeLogStreamsCommand({ logGroupName: 'nothing' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
