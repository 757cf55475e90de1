import { optionalNumber, requiredString, validationError } from '../members.ts';
import type { Region } from '../region.ts';
import { AwsError, type Caller, type Input, type Operations } from '../service.ts';
import { ACCOUNT } from '../world/names.ts';
import type { Credentials, StsService } from './service.ts';

const missing = validationError('ValidationError');

/** STS's operations by AWS name (API version 2011-06-15). */
export function stsOperations(sts: StsService, region: Region): Operations {
  return {
    // Needs no permission: AWS answers it even where a policy denies it.
    GetCallerIdentity: (_input, { caller }) => ({ UserId: caller.userId, Account: ACCOUNT, Arn: caller.arn }),

    AssumeRole: (input, { caller }) => {
      const roleArn = requiredString(input, 'RoleArn', () => missing('roleArn'));
      const session = requiredString(input, 'RoleSessionName', () => missing('roleSessionName'));
      if (!/^[\w+=,.@-]{2,64}$/.test(session)) {
        throw new AwsError(
          'ValidationError',
          `1 validation error detected: Value '${session}' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*`,
        );
      }
      const seconds = duration(input, 3600, 43_200);
      const role = region.iam.role(roleArn);
      if (role === undefined || !mayAssume(region, caller, roleArn)) {
        throw new AwsError(
          'AccessDenied',
          `User: ${caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`,
          403,
        );
      }
      if (seconds > role.maxSessionDuration) {
        const text = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.';
        throw new AwsError('ValidationError', text);
      }
      const credentials = sts.issue(role.name, session, seconds);
      const assumed = sts.roleCaller(role.name, session);
      return {
        Credentials: credentialsShape(credentials),
        AssumedRoleUser: { AssumedRoleId: assumed.userId, Arn: assumed.arn },
        PackedPolicySize: 0,
      };
    },

    GetSessionToken: (input, { caller }) => ({
      Credentials: credentialsShape(sts.renew(caller, duration(input, 43_200, 129_600))),
    }),
  };
}

/**
 * Within one account a trust policy that names the caller suffices; one that names the account leaves it to
 * the caller's own policies (IAM user guide, "Cross-account policy evaluation", same account).
 */
function mayAssume(region: Region, caller: Caller, roleArn: string): boolean {
  const role = region.iam.role(roleArn);
  if (role === undefined) return false;
  const principal = caller.role === undefined ? undefined : region.iam.role(caller.role)?.arn;
  const named = [caller.arn, ...(principal === undefined ? [] : [principal])];
  const context = { 'aws:PrincipalArn': principal ?? caller.arn, 'aws:userid': caller.userId };
  const direct = region.iam.trustOf(role, 'AWS', named, 'sts:AssumeRole', context);
  if (direct !== 'implicitDeny') return direct === 'allowed';
  const account = [`arn:aws:iam::${ACCOUNT}:root`, ACCOUNT];
  return (
    region.iam.trustOf(role, 'AWS', account, 'sts:AssumeRole', context) === 'allowed' &&
    region.iam.decide(caller, 'sts:AssumeRole', roleArn, {}) === 'allowed'
  );
}

function duration(input: Input, usual: number, longest: number): number {
  const seconds = optionalNumber(input, 'DurationSeconds') ?? usual;
  if (seconds < 900 || seconds > longest) {
    const rule = seconds < 900 ? 'greater than or equal to 900' : `less than or equal to ${longest}`;
    throw new AwsError(
      'ValidationError',
      `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${rule}`,
    );
  }
  return seconds;
}

function credentialsShape(credentials: Credentials): object {
  return {
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: new Date(credentials.expiresAt),
  };
}
