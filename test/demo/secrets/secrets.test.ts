import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { clientOptions, NOON, regionOfFile, sendJson } from '../core/bench.ts';

const bench = regionOfFile();
const client = (key = 'test') => new SecretsManagerClient(clientOptions(bench.running, key));
const create = (Name: string, more: object = { SecretString: 'one' }) =>
  client().send(new CreateSecretCommand({ Name, ...more }));
const value = async (SecretId: string, more: object = {}) =>
  (await client().send(new GetSecretValueCommand({ SecretId, ...more }))).SecretString;
const token = (digit: string) => digit.repeat(32);
const DAY = 86_400_000;

describe('the secrets of the world', () => {
  it('hold a workflow each ingestion', async () => {
    const SecretId = 'mwaa-console/data-prod/snowflake_metadata';
    const found = await client().send(new GetSecretValueCommand({ SecretId }));
    expect(found.ARN).toMatch(
      /^arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console\/data-prod\/snowflake_metadata-\w{6}$/,
    );
    expect(found.VersionStages).toEqual(['AWSCURRENT']);
    const workflow = parse(found.SecretString ?? '');
    expect(workflow.source).toMatchObject({ type: 'snowflake', serviceName: 'snowflake_prod' });
    expect(workflow.workflowConfig.openMetadataServerConfig.hostPort).toBe(`${bench.running.url}/openmetadata/api`);
    expect(await value(found.ARN ?? '')).toBe(found.SecretString);
    expect(await value((found.ARN ?? '').slice(0, -7))).toBe(found.SecretString);
  });

  it('are all well-formed', () => {
    for (const secret of bench.running.region.secrets.all()) {
      expect(() => parse(bench.running.region.secrets.value(secret.name) ?? '')).not.toThrow();
    }
  });
});

describe('CreateSecret', () => {
  it('makes a secret, and the same once more for the same token', async () => {
    const input = {
      ClientRequestToken: token('a'),
      SecretString: 'one',
      Description: 'd',
      Tags: [{ Key: 'k', Value: 'v' }],
    };
    const made = await create('made', input);
    expect(made).toMatchObject({ Name: 'made', VersionId: token('a') });
    expect(await create('made', input)).toMatchObject({ ARN: made.ARN, VersionId: token('a') });
    await expect(create('made', { ...input, SecretString: 'two' })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
    await expect(create('made')).rejects.toMatchObject({
      name: 'ResourceExistsException',
      message: 'The operation failed because the secret made already exists.',
    });
    expect(await client().send(new DescribeSecretCommand({ SecretId: 'made' }))).toMatchObject({
      Name: 'made',
      Description: 'd',
      Tags: [{ Key: 'k', Value: 'v' }],
      CreatedDate: new Date(NOON),
      VersionIdsToStages: { [token('a')]: ['AWSCURRENT'] },
    });
  });

  it('makes one without a value, which then can not be had', async () => {
    const made = await create('empty', {});
    expect(made.VersionId).toBeUndefined();
    await expect(value('empty')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  it('keeps bytes as they are', async () => {
    const SecretBinary = new Uint8Array([0, 255, 13, 10]);
    await create('binary', { SecretBinary });
    const found = await client().send(new GetSecretValueCommand({ SecretId: 'binary' }));
    expect(found.SecretString).toBeUndefined();
    expect(new Uint8Array(found.SecretBinary ?? [])).toEqual(SecretBinary);
  });

  it.each([
    ['no name', { Name: '' }, 'ValidationException'],
    ['a name of other characters', { Name: 'a b' }, 'ValidationException'],
    ['a short token', { ClientRequestToken: 'short', SecretString: 'x' }, 'ValidationException'],
    ['two values', { SecretString: 'x', SecretBinary: new Uint8Array([1]) }, 'InvalidParameterException'],
    ['too long a value', { SecretString: 'x'.repeat(65_537) }, 'ValidationException'],
  ])('refuses %s', async (_, more, name) => {
    await expect(create('refused', more)).rejects.toMatchObject({ name });
  });

  it('wants a token from whoever has no SDK, and a name', async () => {
    const raw = (body: object) =>
      sendJson(bench.running, 'secretsmanager', 'secretsmanager.CreateSecret', JSON.stringify(body));
    expect(JSON.parse((await raw({ Name: 'raw', SecretString: 'x' })).body)).toMatchObject({
      __type: 'InvalidParameterException',
      Message: expect.stringContaining('You must provide a ClientRequestToken value.'),
    });
    expect(JSON.parse((await raw({ SecretString: 'x' })).body)).toMatchObject({
      __type: 'ValidationException',
      Message:
        "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null",
    });
  });
});

describe('versions', () => {
  it('move the stages along', async () => {
    await create('versioned', { ClientRequestToken: token('a'), SecretString: 'one' });
    const put = (id: string, SecretString: string, more: object = {}) =>
      client().send(
        new PutSecretValueCommand({ SecretId: 'versioned', ClientRequestToken: token(id), SecretString, ...more }),
      );
    expect((await put('b', 'two')).VersionStages).toEqual(['AWSCURRENT']);
    expect(await value('versioned')).toBe('two');
    expect(await value('versioned', { VersionStage: 'AWSPREVIOUS' })).toBe('one');
    await put('c', 'three');
    expect(await value('versioned', { VersionStage: 'AWSPREVIOUS' })).toBe('two');
    expect(await value('versioned', { VersionId: token('a') })).toBe('one');
    // A retry changes nothing; the same token with another value is refused.
    await put('c', 'three');
    await expect(put('c', 'four')).rejects.toMatchObject({ name: 'ResourceExistsException' });
    await put('d', 'next', { VersionStages: ['CANDIDATE'] });
    expect(await value('versioned')).toBe('three');
    expect(await value('versioned', { VersionStage: 'CANDIDATE' })).toBe('next');
    const ids = async (IncludeDeprecated: boolean) => {
      const found = await client().send(new ListSecretVersionIdsCommand({ SecretId: 'versioned', IncludeDeprecated }));
      return found.Versions?.map(({ VersionId }) => VersionId?.charAt(0)).join('');
    };
    expect(await ids(false)).toBe('bcd');
    expect(await ids(true)).toBe('abcd');
    await expect(value('versioned', { VersionId: token('z') })).rejects.toThrow('for VersionId');
  });

  it('come with UpdateSecret too, which may also change the description alone', async () => {
    await create('updated');
    const update = (more: object) => client().send(new UpdateSecretCommand({ SecretId: 'updated', ...more }));
    expect((await update({ Description: 'new' })).VersionId).toBeUndefined();
    expect((await update({ SecretString: 'two' })).VersionId).toBeDefined();
    expect(await value('updated')).toBe('two');
    expect((await client().send(new DescribeSecretCommand({ SecretId: 'updated' }))).Description).toBe('new');
  });
});

describe('deletion', () => {
  const remove = (SecretId: string, more: object = {}) => client().send(new DeleteSecretCommand({ SecretId, ...more }));

  it('waits for its window, during which the secret can be had back', async () => {
    await create('deleted');
    const at = bench.clock.now();
    const { DeletionDate } = await remove('deleted', { RecoveryWindowInDays: 7 });
    expect(DeletionDate?.getTime()).toBe(at + 7 * DAY);
    const marked = {
      name: 'InvalidRequestException',
      message: "You can't perform this operation on the secret because it was marked for deletion.",
    };
    await expect(value('deleted')).rejects.toMatchObject(marked);
    await expect(remove('deleted')).rejects.toMatchObject(marked);
    await expect(create('deleted')).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: "You can't create this secret because a secret with this name is already scheduled for deletion.",
    });
    expect(bench.running.region.secrets.value('deleted')).toBeUndefined();
    const described = await client().send(new DescribeSecretCommand({ SecretId: 'deleted' }));
    expect(described.DeletedDate?.getTime()).toBe(at);
    await client().send(new RestoreSecretCommand({ SecretId: 'deleted' }));
    expect(await value('deleted')).toBe('one');
    bench.clock.leap(8 * DAY);
    expect(await value('deleted')).toBe('one');
  });

  it('happens when the window ends, or at once when forced', async () => {
    await create('gone');
    await remove('gone');
    const all = async (IncludePlannedDeletion: boolean) =>
      (
        await client().send(
          new ListSecretsCommand({ IncludePlannedDeletion, Filters: [{ Key: 'name', Values: ['gone'] }] }),
        )
      ).SecretList?.length;
    expect(await all(false)).toBe(0);
    expect(await all(true)).toBe(1);
    bench.clock.leap(30 * DAY);
    expect(await all(true)).toBe(0);
    await create('gone');
    await remove('gone', { ForceDeleteWithoutRecovery: true });
    await expect(value('gone')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
    await create('gone');
  });

  it('refuses windows that are none', async () => {
    await create('kept');
    await expect(remove('kept', { RecoveryWindowInDays: 3 })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
    const both = { RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true };
    await expect(remove('kept', both)).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });
});

describe('ListSecrets', () => {
  it('filters and pages', async () => {
    const names: (string | undefined)[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client().send(
        new ListSecretsCommand({
          MaxResults: 2,
          SortOrder: 'asc',
          Filters: [{ Key: 'name', Values: ['mwaa-console/data-prod'] }],
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      names.push(...(page.SecretList ?? []).map(({ Name }) => Name));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    expect(names).toHaveLength(4);
    const tagged = { Filters: [{ Key: 'tag-value' as const, Values: ['legacy'] }] };
    const { SecretList } = await client().send(new ListSecretsCommand(tagged));
    expect(SecretList?.map(({ Name }) => Name)).toEqual(['mwaa-console/legacy/mysql_metadata']);
    await expect(client().send(new ListSecretsCommand({ NextToken: 'x' }))).rejects.toMatchObject({
      name: 'InvalidNextTokenException',
    });
  });
});

describe('tags', () => {
  it('are added, replaced and taken away', async () => {
    await create('tagged');
    const SecretId = 'tagged';
    await client().send(
      new TagResourceCommand({
        SecretId,
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'b', Value: '2' },
        ],
      }),
    );
    await client().send(new TagResourceCommand({ SecretId, Tags: [{ Key: 'a', Value: '3' }] }));
    await client().send(new UntagResourceCommand({ SecretId, TagKeys: ['b'] }));
    const { Tags } = await client().send(new DescribeSecretCommand({ SecretId }));
    expect(Tags).toEqual([{ Key: 'a', Value: '3' }]);
  });
});

describe('a reference of a task definition', () => {
  it('names a secret, a key of its JSON, a stage or a version', async () => {
    const first = { ClientRequestToken: token('a'), SecretString: '{"user":"u","n":1}' };
    const { ARN = '' } = await create('referenced', first);
    await client().send(new PutSecretValueCommand({ SecretId: ARN, SecretString: '{"user":"v"}' }));
    const { secrets } = bench.running.region;
    expect(secrets.valueFrom(ARN)).toBe('{"user":"v"}');
    expect(secrets.valueFrom(`${ARN}:user::`)).toBe('v');
    expect(secrets.valueFrom(`${ARN}:user:AWSPREVIOUS:`)).toBe('u');
    expect(secrets.valueFrom(`${ARN}:user::${token('a')}`)).toBe('u');
    expect(secrets.valueFrom(`${ARN}:other::`)).toBeUndefined();
    expect(secrets.valueFrom(`${ARN.slice(0, -1)}x`)).toBeUndefined();
  });
});

describe('permissions', () => {
  it('are asked on the ARN of the secret', async () => {
    const command = new GetSecretValueCommand({ SecretId: 'mwaa-console/data-prod/kafka_metadata' });
    await expect(client('AKIADEMOREADONLY0000').send(command)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:mwaa-console\/data-prod\/kafka_metadata-\w{6} because/,
      ),
    });
    const { region } = bench.running;
    const arn = region.secrets.find('mwaa-console/data-prod/kafka_metadata')?.arn ?? '';
    expect(region.iam.allows('openmetadata-ingestion-execution', 'secretsmanager:GetSecretValue', arn)).toBe(true);
    const other = arn.replace('kafka', 'other');
    expect(region.iam.allows('openmetadata-ingestion-execution', 'secretsmanager:GetSecretValue', other)).toBe(false);
    expect(region.iam.allows('openmetadata-ingestion-task', 'secretsmanager:GetSecretValue', arn)).toBe(false);
  });
});
