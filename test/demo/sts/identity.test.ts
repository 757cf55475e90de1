import { IAMClient, ListRolesCommand } from '@aws-sdk/client-iam';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { clientOptions, NOON, regionOfFile } from '../core/bench.ts';

const bench = regionOfFile();
const sts = (key = 'test') => new STSClient(clientOptions(bench.running, key));
const identity = (key?: string) => sts(key).send(new GetCallerIdentityCommand({}));
const role = (name: string) => `arn:aws:iam::123456789012:role/${name}`;

describe('an access key', () => {
  it.each([
    ['test', 'OnCall'],
    ['AKIADEMOADMIN0000000', 'OnCall'],
    ['AKIAUNHEARDOF0000000', 'OnCall'],
    ['AKIADEMOREADONLY0000', 'ReadOnly'],
    ['AKIADEMOOPERATOR0000', 'IngestionOperator'],
    ['AKIADEMONOACCESS0000', 'NoAccess'],
    ['AKIADEMOSSO000000000', 'AWSReservedSSO_DataPlatform_0a1b2c3d4e5f6071'],
  ])('%s is %s', async (key, name) => {
    const found = await identity(key);
    expect(found).toMatchObject({
      Account: '123456789012',
      Arn: `arn:aws:sts::123456789012:assumed-role/${name}/demo`,
    });
    expect(found.UserId).toMatch(/^AROA[A-Z2-7]{17}:demo$/);
  });
});

describe('AssumeRole', () => {
  it('gives keys that act as the role until they expire', async () => {
    const input = { RoleArn: role('ReadOnly'), RoleSessionName: 'me', DurationSeconds: 900 };
    const { AssumedRoleUser, Credentials } = await sts().send(new AssumeRoleCommand(input));
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/ReadOnly/me');
    expect(Credentials?.Expiration?.getTime()).toBe(NOON + 900_000);
    const key = Credentials?.AccessKeyId ?? '';
    expect(key).toMatch(/^ASIA[A-Z2-7]{16}$/);
    expect((await identity(key)).Arn).toBe(AssumedRoleUser?.Arn);

    bench.clock.move(900_000);
    await expect(identity(key)).rejects.toMatchObject({ name: 'ExpiredToken' });
    const iam = new IAMClient(clientOptions(bench.running, key));
    await expect(iam.send(new ListRolesCommand({}))).rejects.toMatchObject({ name: 'ExpiredToken' });
    const secrets = new SecretsManagerClient(clientOptions(bench.running, key));
    await expect(secrets.send(new ListSecretsCommand({}))).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('asks the trust of the role and the permission of the caller', async () => {
    const assume = (key: string, name: string) =>
      sts(key).send(new AssumeRoleCommand({ RoleArn: role(name), RoleSessionName: 'me' }));
    const refusal = {
      name: 'AccessDenied',
      message: expect.stringContaining('is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::'),
    };
    await expect(assume('test', 'openmetadata-ingestion-task')).rejects.toMatchObject(refusal);
    await expect(assume('AKIADEMOREADONLY0000', 'OnCall')).rejects.toMatchObject(refusal);
    await expect(assume('test', 'nobody')).rejects.toMatchObject(refusal);
  });

  it('refuses other durations and names', async () => {
    const assume = (more: object) =>
      sts().send(new AssumeRoleCommand({ RoleArn: role('ReadOnly'), RoleSessionName: 'me', ...more }));
    await expect(assume({ DurationSeconds: 60 })).rejects.toMatchObject({ name: 'ValidationError' });
    await expect(assume({ DurationSeconds: 7200 })).rejects.toThrow('exceeds the MaxSessionDuration');
    await expect(assume({ RoleSessionName: 'a b' })).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('GetSessionToken', () => {
  it('gives keys of the same identity', async () => {
    const { Credentials } = await sts('AKIADEMOREADONLY0000').send(new GetSessionTokenCommand({}));
    expect((await identity(Credentials?.AccessKeyId)).Arn).toContain('assumed-role/ReadOnly/demo');
  });
});
