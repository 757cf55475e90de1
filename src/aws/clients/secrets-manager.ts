import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretCommand,
} from '@aws-sdk/client-secrets-manager';

export const Client = SecretsManagerClient;
export const commands = {
  CreateSecret: CreateSecretCommand,
  DeleteSecret: DeleteSecretCommand,
  DescribeSecret: DescribeSecretCommand,
  GetSecretValue: GetSecretValueCommand,
  ListSecrets: ListSecretsCommand,
  PutSecretValue: PutSecretValueCommand,
  RestoreSecret: RestoreSecretCommand,
  TagResource: TagResourceCommand,
  UpdateSecret: UpdateSecretCommand,
};
