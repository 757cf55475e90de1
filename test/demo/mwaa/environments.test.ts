import {
  CreateEnvironmentCommand,
  DeleteEnvironmentCommand,
  ListEnvironmentsCommand,
  ListTagsForResourceCommand,
  MWAAClient,
  TagResourceCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-mwaa';
import { describe, expect, it } from 'vitest';
import { GetEnvironmentCommand } from '../../../src/aws/mwaa-commands.ts';
import { clientOptions, regionOfFile, send, signed } from '../core/bench.ts';

const bench = regionOfFile();
const client = (key = 'test') => new MWAAClient(clientOptions(bench.running, key));
const get = async (Name: string) => {
  const { Environment } = await client().send(new GetEnvironmentCommand({ Name }));
  if (Environment === undefined) throw new Error(`no ${Name}`);
  return Environment;
};

describe('the environments', () => {
  it('are listed by name, in pages', async () => {
    const all = await client().send(new ListEnvironmentsCommand({}));
    expect(all.Environments).toEqual(['analytics', 'data-prod', 'legacy', 'sandbox']);
    const first = await client().send(new ListEnvironmentsCommand({ MaxResults: 3 }));
    const rest = await client().send(new ListEnvironmentsCommand({ MaxResults: 3, NextToken: first.NextToken ?? '' }));
    expect([...(first.Environments ?? []), ...(rest.Environments ?? [])]).toEqual(all.Environments);
    expect(rest.NextToken).toBeUndefined();
    const tooMany = new ListEnvironmentsCommand({ MaxResults: 26 });
    await expect(client().send(tooMany)).rejects.toMatchObject({ name: 'ValidationException' });
    const wrong = new ListEnvironmentsCommand({ NextToken: 'nonsense' });
    await expect(client().send(wrong)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('tell all about themselves', async () => {
    expect(await get('data-prod')).toMatchObject({
      Status: 'AVAILABLE',
      AirflowVersion: '2.10.3',
      EnvironmentClass: 'mw1.medium',
      WebserverUrl: expect.stringMatching(/^https:\/\//),
      SourceBucketArn: 'arn:aws:s3:::mwaa-data-prod-123456789012',
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/mwaa-data-prod-role',
      DatabaseVpcEndpointService: expect.stringMatching(/^com\.amazonaws\.vpce\.eu-west-1\.vpce-svc-/),
      NetworkConfiguration: { SubnetIds: ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'] },
      LoggingConfiguration: {
        TaskLogs: {
          Enabled: true,
          LogLevel: 'INFO',
          CloudWatchLogGroupArn: 'arn:aws:logs:eu-west-1:123456789012:log-group:airflow-data-prod-Task:*',
        },
      },
      LastUpdate: { Status: 'SUCCESS' },
    });
    expect(await get('sandbox')).toMatchObject({
      EnvironmentClass: 'mw1.micro',
      AirflowVersion: '3.3.1',
      MaxWorkers: 1,
    });
    expect((await get('analytics')).WebserverUrl).not.toMatch(/^https/);
    const legacy = await get('legacy');
    expect(legacy).toMatchObject({ Status: 'UPDATE_FAILED', AirflowVersion: '2.7.2' });
    expect(legacy.LastUpdate?.Error?.ErrorMessage).toMatch(
      /Requirements could not be installed: openmetadata-ingestion/,
    );
  });

  it('refuse a wrong name and those who may not', async () => {
    await expect(get('nowhere')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get('0wrong')).rejects.toMatchObject({ name: 'ValidationException' });
    const denied = client('AKIADEMONOACCESS0000').send(new GetEnvironmentCommand({ Name: 'data-prod' }));
    await expect(denied).rejects.toMatchObject({
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 403 },
      message: expect.stringContaining('airflow:GetEnvironment'),
    });
    const unknown = await send(bench.running, '/flights', { headers: { authorization: signed('airflow') } });
    expect(unknown).toMatchObject({ status: 404 });
  });

  it('carry tags', async () => {
    const { Arn: ResourceArn = '' } = await get('sandbox');
    await client().send(new TagResourceCommand({ ResourceArn, Tags: { owner: 'me' } }));
    await client().send(new UntagResourceCommand({ ResourceArn, tagKeys: ['team', 'stage'] }));
    const { Tags } = await client().send(new ListTagsForResourceCommand({ ResourceArn }));
    expect(Tags).toEqual({ owner: 'me' });
  });

  it('are made, used and deleted', async () => {
    const { region } = bench.running;
    region.s3.createBucket('mwaa-fresh', { versioning: 'Enabled' });
    const input = {
      Name: 'fresh',
      ExecutionRoleArn: 'arn:aws:iam::123456789012:role/mwaa-sandbox-role',
      SourceBucketArn: 'arn:aws:s3:::mwaa-fresh',
      DagS3Path: 'dags',
      NetworkConfiguration: {
        SubnetIds: ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'],
        SecurityGroupIds: ['sg-0a1b2c3d4e5f60031'],
      },
    };
    // Its trust policy names the environment that it was made for.
    await expect(client().send(new CreateEnvironmentCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('unable to assume'),
    });
    const role = region.iam.addRole({ name: 'mwaa-fresh-role', trust: trust() });
    const made = { ...input, ExecutionRoleArn: role.arn };
    expect(await client().send(new CreateEnvironmentCommand(made))).toMatchObject({
      Arn: 'arn:aws:airflow:eu-west-1:123456789012:environment/fresh',
    });
    expect(await get('fresh')).toMatchObject({ Status: 'CREATING', AirflowVersion: '3.3.1' });
    await expect(client().send(new DeleteEnvironmentCommand({ Name: 'fresh' }))).rejects.toMatchObject({
      message: 'Environments with CREATING status cannot be deleted.',
    });
    bench.clock.leap(30 * 60_000);
    expect(await get('fresh')).toMatchObject({ Status: 'AVAILABLE', WebserverUrl: expect.any(String) });
    await client().send(new DeleteEnvironmentCommand({ Name: 'fresh' }));
    expect(await get('fresh')).toMatchObject({ Status: 'DELETING' });
    bench.clock.leap(30 * 60_000);
    await expect(get('fresh')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('wait for the endpoints of a customer who makes them', async () => {
    const { region } = bench.running;
    const role = region.iam.addRole({ name: 'mwaa-shared-role', trust: trust() });
    await client().send(
      new CreateEnvironmentCommand({
        Name: 'shared',
        ExecutionRoleArn: role.arn,
        SourceBucketArn: 'arn:aws:s3:::mwaa-fresh',
        DagS3Path: 'dags',
        EndpointManagement: 'CUSTOMER',
        NetworkConfiguration: {
          SubnetIds: ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'],
          SecurityGroupIds: ['sg-0a1b2c3d4e5f60031'],
        },
      }),
    );
    bench.clock.leap(40 * 60_000);
    expect(await get('shared')).toMatchObject({ Status: 'PENDING', EndpointManagement: 'CUSTOMER' });
    bench.clock.leap(73 * 3_600_000);
    expect(await get('shared')).toMatchObject({ Status: 'CREATE_FAILED' });
  });
});

function trust(): string {
  const Principal = { Service: ['airflow.amazonaws.com', 'airflow-env.amazonaws.com'] };
  const Statement = [{ Effect: 'Allow', Principal, Action: 'sts:AssumeRole' }];
  return JSON.stringify({ Version: '2012-10-17', Statement });
}
