import { optionalBoolean, optionalNumber, optionalString, optionalStrings } from '../members.ts';
import { AwsError, type Operations } from '../service.ts';
import { arn } from '../world/names.ts';
import { KMS_REFUSAL, mayDecrypt } from './decrypt.ts';
import { constraint, readTags, readToken, readValue, required, requireSecret } from './input.ts';
import { listSecrets, listVersions } from './list.ts';
import { checkResourcePolicy } from './resource-policy.ts';
import type { Secret, SecretsService } from './service.ts';

/** Secrets Manager's operations by AWS name (API version 2017-10-17). */
export function secretsOperations(secrets: SecretsService): Operations {
  return {
    CreateSecret: (input, call) => {
      const name = required(input, 'Name');
      if (name.length > 512 || !/^[\w/+=.@!-]+$/.test(name)) {
        const text =
          'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!';
        throw new AwsError('ValidationException', text);
      }
      const value = readValue(input);
      const tags = readTags(input);
      const token = value === undefined ? undefined : readToken(input);
      call.authorize('secretsmanager:CreateSecret', arn('secretsmanager', `secret:${name}`), {
        'secretsmanager:Name': name,
      });
      const existing = secrets.find(name);
      if (existing?.deletion !== undefined) {
        throw new AwsError(
          'InvalidRequestException',
          "You can't create this secret because a secret with this name is already scheduled for deletion.",
        );
      }
      const repeated = token === undefined ? undefined : existing?.versions.find((version) => version.id === token);
      if (existing !== undefined) {
        // A retry of the request that made it is answered as if it were that one.
        if (repeated !== undefined && repeated.text === value?.text && repeated.binary === value?.binary) {
          return { ARN: existing.arn, Name: existing.name, VersionId: repeated.id };
        }
        throw new AwsError(
          'ResourceExistsException',
          `The operation failed because the secret ${name} already exists.`,
        );
      }
      const secret = secrets.add(name, {
        description: optionalString(input, 'Description'),
        kmsKeyId: optionalString(input, 'KmsKeyId'),
      });
      for (const [key, text] of tags) secret.tags.set(key, text);
      const version =
        value === undefined || token === undefined ? undefined : secrets.put(secret, token, value, ['AWSCURRENT']);
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },

    GetSecretValue: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'GetSecretValue');
      const { iam } = call.region;
      const allowed = mayDecrypt(
        call.region,
        secret,
        (...request) => iam.decide(call.caller, ...request) === 'allowed',
      );
      if (!allowed) throw new AwsError('AccessDeniedException', KMS_REFUSAL);
      const id = optionalString(input, 'VersionId');
      const stage = optionalString(input, 'VersionStage');
      const byId = id === undefined ? undefined : secret.versions.find((version) => version.id === id);
      const version = id === undefined ? secrets.version(secret, stage ?? 'AWSCURRENT') : byId;
      const sought = id === undefined ? `staging label: ${stage ?? 'AWSCURRENT'}` : `VersionId: ${id}`;
      if (version === undefined || (id !== undefined && stage !== undefined && !version.stages.has(stage))) {
        const text = `Secrets Manager can't find the specified secret value for ${sought}`;
        throw new AwsError('ResourceNotFoundException', text);
      }
      version.accessedAt = secrets.now;
      secret.accessedAt = secrets.now;
      return {
        ARN: secret.arn,
        Name: secret.name,
        VersionId: version.id,
        SecretString: version.text,
        SecretBinary: version.binary,
        VersionStages: [...version.stages],
        CreatedDate: seconds(version.createdAt),
      };
    },

    PutSecretValue: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'PutSecretValue');
      const value = readValue(input);
      if (value === undefined) {
        throw new AwsError('InvalidParameterException', 'You must provide either SecretString or SecretBinary.');
      }
      const stages = optionalStrings(input, 'VersionStages') ?? ['AWSCURRENT'];
      const version = secrets.put(secret, readToken(input), value, stages);
      return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
    },

    UpdateSecret: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'UpdateSecret');
      const value = readValue(input);
      const version = value === undefined ? undefined : secrets.put(secret, readToken(input), value, ['AWSCURRENT']);
      secret.description = optionalString(input, 'Description') ?? secret.description;
      secret.kmsKeyId = optionalString(input, 'KmsKeyId') ?? secret.kmsKeyId;
      secret.changedAt = secrets.now;
      return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
    },

    DescribeSecret: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'DescribeSecret', 'allowed');
      return { ...describe(secret), VersionIdsToStages: stagesOf(secret) };
    },

    ListSecrets: (input, call) => {
      call.authorize('secretsmanager:ListSecrets', '*');
      const { items, next } = listSecrets(secrets.all(), input);
      const list = items.map((secret) => ({ ...describe(secret), SecretVersionsToStages: stagesOf(secret) }));
      return { SecretList: list, NextToken: next };
    },

    ListSecretVersionIds: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'ListSecretVersionIds', 'allowed');
      const { items, next } = listVersions(secret, input);
      const versions = items.map((version) => ({
        VersionId: version.id,
        VersionStages: version.stages.size === 0 ? undefined : [...version.stages],
        LastAccessedDate: version.accessedAt === undefined ? undefined : day(version.accessedAt),
        CreatedDate: seconds(version.createdAt),
      }));
      return { Versions: versions, NextToken: next, ARN: secret.arn, Name: secret.name };
    },

    DeleteSecret: (input, call) => {
      const force = optionalBoolean(input, 'ForceDeleteWithoutRecovery') ?? false;
      const days = optionalNumber(input, 'RecoveryWindowInDays');
      if (force && days !== undefined) {
        throw new AwsError(
          'InvalidParameterException',
          "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.",
        );
      }
      if (days !== undefined && (days < 7 || days > 30)) {
        throw new AwsError(
          'InvalidParameterException',
          'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
        );
      }
      const secret = requireSecret(secrets, input, call, 'DeleteSecret', force ? 'allowed' : 'refused');
      const due = secrets.delete(secret, force ? undefined : (days ?? 30));
      return { ARN: secret.arn, Name: secret.name, DeletionDate: seconds(due) };
    },

    RestoreSecret: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'RestoreSecret', 'allowed');
      secrets.restore(secret);
      return { ARN: secret.arn, Name: secret.name };
    },

    PutResourcePolicy: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'PutResourcePolicy');
      const policy = required(input, 'ResourcePolicy');
      checkResourcePolicy(policy, optionalBoolean(input, 'BlockPublicPolicy') ?? false);
      secret.policy = policy;
      return { ARN: secret.arn, Name: secret.name };
    },

    GetResourcePolicy: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'GetResourcePolicy');
      return { ARN: secret.arn, Name: secret.name, ResourcePolicy: secret.policy };
    },

    DeleteResourcePolicy: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'DeleteResourcePolicy');
      secret.policy = undefined;
      return { ARN: secret.arn, Name: secret.name };
    },

    UpdateSecretVersionStage: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'UpdateSecretVersionStage');
      const stage = required(input, 'VersionStage');
      const from = optionalString(input, 'RemoveFromVersionId');
      const to = optionalString(input, 'MoveToVersionId');
      secrets.move(secret, stage, { from, to });
      return { ARN: secret.arn, Name: secret.name };
    },

    TagResource: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'TagResource');
      const tags = readTags(input);
      if (new Set([...secret.tags.keys(), ...tags.map(([key]) => key)]).size > 50) {
        throw constraint('tags', '', 'Member must have length less than or equal to 50');
      }
      for (const [key, value] of tags) secret.tags.set(key, value);
      return {};
    },

    UntagResource: (input, call) => {
      const secret = requireSecret(secrets, input, call, 'UntagResource');
      for (const key of optionalStrings(input, 'TagKeys') ?? []) secret.tags.delete(key);
      return {};
    },
  };
}

/** The members that DescribeSecret and an entry of ListSecrets share. */
function describe(secret: Secret): object {
  return {
    ARN: secret.arn,
    Name: secret.name,
    Description: secret.description,
    KmsKeyId: secret.kmsKeyId,
    LastChangedDate: seconds(secret.changedAt),
    LastAccessedDate: secret.accessedAt === undefined ? undefined : day(secret.accessedAt),
    DeletedDate: secret.deletion === undefined ? undefined : seconds(secret.deletion.requestedAt),
    Tags: [...secret.tags].map(([Key, Value]) => ({ Key, Value })),
    CreatedDate: seconds(secret.createdAt),
  };
}

/** Secrets Manager tells the day of the last access only. */
function day(at: number): number {
  return seconds(at - (at % 86_400_000));
}

/** Times on the wire are seconds since the epoch. */
function seconds(at: number): number {
  return at / 1000;
}

function stagesOf(secret: Secret): Record<string, string[]> | undefined {
  const staged = secret.versions.filter((version) => version.stages.size > 0);
  return staged.length === 0
    ? undefined
    : Object.fromEntries(staged.map((version) => [version.id, [...version.stages]]));
}
