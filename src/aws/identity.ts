import { Failure } from '../text/failure.ts';
import { parseArn } from './arn.ts';
import type { Identity, Session } from './session.ts';

/** Asks STS whom the credentials belong to; no permission is needed for it. */
export async function readIdentity(session: Session, signal?: AbortSignal): Promise<Identity> {
  const { Account: account, Arn: arn } = await session.sts.getCallerIdentity({}, { signal });
  if (account === undefined || arn === undefined) {
    throw new Failure('service', 'STS did not say whom the credentials belong to.', { advice: 'Try again.' });
  }
  return { account, arn, name: principalName(arn) };
}

/**
 * The name that people use: `assumed-role/OnCall/jane` is `OnCall`, `user/team/jane` is `jane`; for SSO
 * roles (`AWSReservedSSO_OnCall_0123456789abcdef`) the permission set's.
 */
export function principalName(arn: string): string {
  const [kind = '', ...path] = (parseArn(arn)?.resource ?? arn).split('/');
  if (path.length === 0) return kind;
  const name = kind === 'assumed-role' ? (path[0] ?? kind) : (path.at(-1) ?? kind);
  return /^AWSReservedSSO_(.+)_[0-9a-f]{16}$/.exec(name)?.[1] ?? name;
}

/** Who that is among those of one account: `OnCall/jane` for `…:assumed-role/OnCall/jane`, `user/jane` for a user. */
export function callerWords(arn: string): string {
  return (parseArn(arn)?.resource ?? arn).split('/').slice(-2).join('/');
}
