import type { Region } from '../region.ts';
import type { Secret } from './service.ts';

/**
 * Whether a secret's value may be decrypted for somebody: one that is encrypted with a customer's key takes kms:Decrypt
 * on it, through Secrets Manager (Secrets Manager user guide, "Secret encryption and decryption"). The key's own policy
 * is not evaluated: it leaves it to IAM, as the one that the console of KMS writes does.
 */
export function mayDecrypt(
  region: Region,
  { kmsKeyId }: Pick<Secret, 'kmsKeyId'>,
  allowed: (action: string, resource: string, context: Readonly<Record<string, string>>) => boolean,
): boolean {
  if (kmsKeyId === undefined || !kmsKeyId.includes(':key/')) return true;
  return allowed('kms:Decrypt', kmsKeyId, { 'kms:ViaService': `secretsmanager.${region.name}.amazonaws.com` });
}

/** How Secrets Manager says that it may not. */
export const KMS_REFUSAL = 'Access to KMS is not allowed';
