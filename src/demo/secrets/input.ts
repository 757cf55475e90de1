import { optionalString, optionalStructures, validationError } from '../members.ts';
import { AwsError, type Call, type Input } from '../service.ts';
import type { Secret, SecretsService, SecretValue } from './service.ts';

/** Largest secret value, in bytes. */
const VALUE_LIMIT = 65_536;

/** Refusal of a member that breaks a constraint of the model. */
export function constraint(member: string, value: unknown, rule: string): AwsError {
  return new AwsError(
    'ValidationException',
    `1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

/** A required text member. */
export function required(input: Input, member: string): string {
  const value = optionalString(input, member);
  const reported = member.charAt(0).toLowerCase() + member.slice(1);
  if (value === undefined) throw validationError('ValidationException')(reported);
  if (value === '') throw constraint(reported, '', 'Member must have length greater than or equal to 1');
  return value;
}

/** SecretString or SecretBinary; undefined without either. */
export function readValue(input: Input): SecretValue | undefined {
  const text = optionalString(input, 'SecretString');
  const binary = optionalString(input, 'SecretBinary');
  if (text !== undefined && binary !== undefined) {
    throw new AwsError(
      'InvalidParameterException',
      "You can't specify both a binary secret value and a string secret value in the same secret.",
    );
  }
  if (text === undefined && binary === undefined) return undefined;
  const size = text === undefined ? Buffer.from(binary ?? '', 'base64').length : Buffer.byteLength(text);
  if (size < 1 || size > VALUE_LIMIT) {
    const member = text === undefined ? 'secretBinary' : 'secretString';
    const rule = size < 1 ? 'greater than or equal to 1' : `less than or equal to ${VALUE_LIMIT}`;
    throw constraint(member, '', `Member must have length ${rule}`);
  }
  return { text, binary };
}

/** The client's idempotency token, which becomes the version's id. SDKs make it up when nobody gives one. */
export function readToken(input: Input): string {
  const token = optionalString(input, 'ClientRequestToken');
  if (token === undefined) {
    throw new AwsError(
      'InvalidParameterException',
      'You must provide a ClientRequestToken value. We recommend a UUID-type value.',
    );
  }
  if (token.length < 32 || token.length > 64) {
    const rule = token.length < 32 ? 'greater than or equal to 32' : 'less than or equal to 64';
    throw constraint('clientRequestToken', token, `Member must have length ${rule}`);
  }
  return token;
}

export function readTags(input: Input): [string, string][] {
  return (optionalStructures(input, 'Tags') ?? []).map((tag) => {
    const key = optionalString(tag, 'Key') ?? '';
    if (key === '' || key.length > 128) {
      throw new AwsError('InvalidParameterException', 'You must provide a valid value for the tag key.');
    }
    return [key, optionalString(tag, 'Value') ?? ''];
  });
}

/** The secret that `SecretId` names, once the caller may do `action` on it. */
export function requireSecret(
  secrets: SecretsService,
  input: Input,
  call: Call,
  action: string,
  deleted: 'refused' | 'allowed' = 'refused',
): Secret {
  const id = required(input, 'SecretId');
  const secret = secrets.find(id);
  call.authorize(`secretsmanager:${action}`, secret?.arn ?? id);
  if (secret === undefined) {
    throw new AwsError('ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
  }
  if (secret.deletion !== undefined && deleted === 'refused') {
    throw new AwsError(
      'InvalidRequestException',
      "You can't perform this operation on the secret because it was marked for deletion.",
    );
  }
  return secret;
}
