import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { MWAAClient } from '@aws-sdk/client-mwaa';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GetEnvironmentCommand, UpdateEnvironmentCommand } from '../../../src/aws/mwaa-commands.ts';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { clientOptions, NOON, send, signed } from '../core/bench.ts';

// An hour of the region's life takes its seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

const MINUTE = 60_000;
let clock: HandClock;
let running: RunningRegion;
beforeEach(async () => {
  clock = new HandClock(NOON);
  running = await startRegion({ clock });
});
afterEach(() => running.close());

const client = (key = 'test') => new MWAAClient(clientOptions(running, key));
type Update = ConstructorParameters<typeof UpdateEnvironmentCommand>[0];
const update = (input: Update, key?: string) => client(key).send(new UpdateEnvironmentCommand(input));
const get = async (Name: string) => {
  const { Environment } = await client().send(new GetEnvironmentCommand({ Name }));
  if (Environment === undefined) throw new Error(`no ${Name}`);
  return Environment;
};
/** Uploads requirements of an environment and updates it to them. */
const require = async (name: string, text: string) => {
  const RequirementsS3ObjectVersion = running.region.s3.put(`mwaa-${name}-123456789012`, 'requirements.txt', text);
  await update({ Name: name, RequirementsS3Path: 'requirements.txt', RequirementsS3ObjectVersion });
  return RequirementsS3ObjectVersion;
};
const installLines = async (name: string, since: number) => {
  const logs = new CloudWatchLogsClient(clientOptions(running));
  const { events } = await logs.send(
    new FilterLogEventsCommand({
      logGroupName: `airflow-${name}-Worker`,
      logStreamNamePrefix: 'requirements_install',
      startTime: since,
    }),
  );
  return (events ?? []).map(({ message }) => message).join('\n');
};

describe('an update', () => {
  it('that runs when the region starts ends well', async () => {
    const before = await get('analytics');
    expect(before).toMatchObject({
      Status: 'UPDATING',
      LastUpdate: { Status: 'PENDING', CreatedAt: new Date(NOON - 12 * MINUTE) },
    });
    clock.leap(14 * MINUTE);
    const after = await get('analytics');
    expect(after).toMatchObject({ Status: 'AVAILABLE', LastUpdate: { Status: 'SUCCESS' } });
    expect(after.RequirementsS3ObjectVersion).not.toBe(before.RequirementsS3ObjectVersion);
  });

  it('changes what was sent, options as a whole, after its time', async () => {
    await update({ Name: 'data-prod', AirflowConfigurationOptions: { 'core.parallelism': '32' }, MaxWorkers: 12 });
    expect(await get('data-prod')).toMatchObject({ Status: 'UPDATING', MaxWorkers: 10 });
    await expect(update({ Name: 'data-prod', MaxWorkers: 13 })).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'Environments with UPDATING status cannot be updated.',
    });
    clock.leap(26 * MINUTE);
    expect(await get('data-prod')).toMatchObject({
      Status: 'AVAILABLE',
      MaxWorkers: 12,
      MinWorkers: 2,
      AirflowConfigurationOptions: { 'core.parallelism': '32' },
    });
  });

  it('takes longer when workers are to finish their tasks', async () => {
    await update({ Name: 'data-prod', MaxWorkers: 12, WorkerReplacementStrategy: 'GRACEFUL' });
    clock.leap(30 * MINUTE);
    expect(await get('data-prod')).toMatchObject({ Status: 'UPDATING' });
    clock.leap(30 * MINUTE);
    expect(await get('data-prod')).toMatchObject({
      Status: 'AVAILABLE',
      LastUpdate: { Status: 'SUCCESS', WorkerReplacementStrategy: 'GRACEFUL' },
    });
  });

  it('to another version passes through a snapshot', async () => {
    await expect(update({ Name: 'data-prod', AirflowVersion: '3.2.1' })).rejects.toMatchObject({
      message: expect.stringContaining('2.11.2'),
    });
    await update({ Name: 'data-prod', AirflowVersion: '2.11.2' });
    const statuses: (string | undefined)[] = [];
    for (let minute = 0; minute < 60; minute += 4) {
      const { Status } = await get('data-prod');
      if (statuses.at(-1) !== Status) statuses.push(Status);
      clock.leap(4 * MINUTE);
    }
    expect(statuses).toEqual(['UPDATING', 'CREATING_SNAPSHOT', 'UPDATING', 'AVAILABLE']);
    expect(await get('data-prod')).toMatchObject({ AirflowVersion: '2.11.2' });
  });

  it('installs requirements and says so in the log groups', async () => {
    const version = await require('data-prod', '# -c none\napache-airflow-providers-http==4.13.3\n');
    clock.move(26 * MINUTE);
    expect(await get('data-prod')).toMatchObject({ Status: 'AVAILABLE', RequirementsS3ObjectVersion: version });
    const text = await installLines('data-prod', NOON);
    expect(text).toContain('Collecting apache-airflow-providers-http==4.13.3 (from -r');
    expect(text).toContain('Successfully installed apache-airflow-providers-http-4.13.3');
    expect([...(running.region.mwaa.environment('data-prod')?.installed.distributions ?? [])]).toEqual([
      'apache-airflow-providers-http',
    ]);
  });

  it('leaves a recent environment without the packages when one is not to be had', async () => {
    await require('data-prod', 'apache-airflow-providers-snowflake\nsome-package==does-not-exist-1\n');
    clock.move(26 * MINUTE);
    expect(await get('data-prod')).toMatchObject({ Status: 'AVAILABLE', LastUpdate: { Status: 'SUCCESS' } });
    expect(await installLines('data-prod', NOON)).toContain('ERROR: No matching distribution found for');
    expect(running.region.mwaa.environment('data-prod')?.installed.distributions.size).toBe(0);
  });

  it('of an old environment is rolled back by such requirements', async () => {
    const before = await get('legacy');
    await require('legacy', 'does-not-exist==1.0\n');
    clock.leap(24 * MINUTE);
    expect(await get('legacy')).toMatchObject({ Status: 'ROLLING_BACK' });
    clock.leap(20 * MINUTE);
    expect(await get('legacy')).toMatchObject({
      Status: 'UPDATE_FAILED',
      RequirementsS3ObjectVersion: before.RequirementsS3ObjectVersion,
      LastUpdate: { Status: 'FAILED', Error: { ErrorCode: 'INCORRECT_CONFIGURATION' } },
    });
  });

  it('fails by an OpenMetadata version whose SQLAlchemy is not the environment’s', async () => {
    await require('data-prod', '--constraint "/dev/null"\nopenmetadata-ingestion[mysql]~=1.13.4.0\n');
    clock.move(26 * MINUTE);
    const text = await installLines('data-prod', NOON);
    expect(text).toContain('depends on sqlalchemy<3 and >=2.0.0');
    expect(text).toContain('The user requested (constraint) sqlalchemy==1.4.54');
    expect(text).toContain('ResolutionImpossible');
    await require('data-prod', '--constraint "/dev/null"\nopenmetadata-ingestion[mysql]~=1.12.8.0\n');
    clock.move(26 * MINUTE);
    expect(running.region.mwaa.environment('data-prod')?.installed.distributions).toContain('openmetadata-ingestion');
  });
});

describe('an update is refused', () => {
  it.each([
    ['a class that there is not', { EnvironmentClass: 'mw9.huge' }, 'mw9.huge'],
    ['more workers than there may be', { MaxWorkers: 26 }, '25'],
    ['fewer workers than the least', { MaxWorkers: 1 }, 'MinWorkers'],
    ['one scheduler', { Schedulers: 1 }, 'Schedulers'],
    ['no worker', { MinWorkers: 0 }, "'minWorkers'"],
    [
      'a version id that there is not',
      { RequirementsS3Path: 'requirements.txt', RequirementsS3ObjectVersion: 'x' },
      'does not exist',
    ],
    ['a file that there is not', { PluginsS3Path: 'other.zip' }, 'does not exist'],
    ['a version of nothing', { StartupScriptS3ObjectVersion: 'x' }, 'StartupScriptS3Path must be specified'],
    ['a bucket that there is not', { SourceBucketArn: 'arn:aws:s3:::none' }, 'does not exist'],
    ['an option key in capitals', { AirflowConfigurationOptions: { 'Core.x': '1' } }, 'regular expression'],
    ['an empty option', { AirflowConfigurationOptions: { 'core.x': '' } }, 'length'],
    ['an unknown log level', { LoggingConfiguration: { TaskLogs: { Enabled: true, LogLevel: 'LOUD' } } }, 'enum'],
    ['an unknown version', { AirflowVersion: '2.3.0' }, 'Unsupported'],
    ['a role that there is not', { ExecutionRoleArn: 'arn:aws:iam::123456789012:role/none' }, 'does not exist'],
  ])('for %s', async (_, input, text) => {
    await expect(update({ Name: 'data-prod', ...input } as Update)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(text),
    });
    expect(await get('data-prod')).toMatchObject({ Status: 'AVAILABLE' });
  });

  it('for members and types that the model does not have', async () => {
    const patch = (body: object) =>
      send(running, '/environments/data-prod', {
        method: 'PATCH',
        headers: { authorization: signed('airflow'), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    for (const body of [
      { KmsKey: 'x' },
      { NetworkConfiguration: { SubnetIds: ['subnet-a', 'subnet-b'], SecurityGroupIds: ['sg-a'] } },
      { NetworkConfiguration: {} },
      { MaxWorkers: 'ten' },
      { Tags: {} },
    ]) {
      const answer = await patch(body);
      expect(answer).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'ValidationException' } });
    }
  });

  it('to those who may not pass the role', async () => {
    const ExecutionRoleArn = 'arn:aws:iam::123456789012:role/mwaa-data-prod-role';
    const { iam } = running.region;
    const allowed = [{ Effect: 'Allow', Action: 'airflow:*', Resource: '*' }];
    const role = iam.addRole({
      name: 'Updater',
      trust: iam.role('OnCall')?.trust ?? '',
      inline: { update: { Version: '2012-10-17', Statement: allowed } },
    });
    const sts = new STSClient(clientOptions(running));
    const assume = new AssumeRoleCommand({ RoleArn: role.arn, RoleSessionName: 'test' });
    const key = (await sts.send(assume)).Credentials?.AccessKeyId ?? '';
    await expect(update({ Name: 'data-prod', ExecutionRoleArn }, key)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('iam:PassRole'),
    });
    await update({ Name: 'data-prod', MaxWorkers: 11 }, key);
    const readOnly = update({ Name: 'legacy', MaxWorkers: 11 }, 'AKIADEMOREADONLY0000');
    await expect(readOnly).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
