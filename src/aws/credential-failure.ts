import { Failure } from '../text/failure.ts';
import { parseDenial } from './denied.ts';
import { kindOfServiceError } from './error-codes.ts';
import { factsOf, withoutRequest } from './error-facts.ts';
import { networkFailure } from './network-failure.ts';
import { type CredentialSource, signInAdvice } from './sign-in.ts';

const WRONG_CODE = 'AWS did not accept the MFA code.';

/** Whether AWS refused the code itself, so that the next one may be right. */
export function isWrongMfaCode({ message }: Failure): boolean {
  return message === WRONG_CODE;
}

/**
 * The product's own error for credentials that could not be had: not signed in, expired, a role that may
 * not be assumed, a wrong MFA code, or a sign-in service that cannot be reached. What is none of these
 * counts as 'not-signed-in' with the provider's own text, which names what is missing.
 */
export function credentialFailure(error: unknown, source: CredentialSource, region: string): Failure {
  if (error instanceof Failure) return error;
  const advice = signInAdvice(source);
  const origin = originOf(error);
  const network = networkFailure(origin, { title: 'the AWS sign-in service', region, endpoint: undefined });
  if (network !== undefined) return network;
  const { name, message, status } = factsOf(origin);
  const who = source.type === 'profile' ? ` of profile ${source.profile.name}` : '';
  const resource = source.type === 'profile' ? { resource: source.profile.name } : {};
  const made = (kind: Failure['kind'], text: string, details: { advice?: string; action?: string } = {}) =>
    new Failure(kind, text, { advice, code: name, cause: withoutRequest(error), ...resource, ...details });
  if (/invalid MFA/i.test(message)) {
    return made('not-signed-in', WRONG_CODE, {
      advice: 'Codes are good for one use: wait for the next one and try again.',
    });
  }
  // Such as a device that is not the user's: no code of it will do.
  if (/MultiFactorAuthentication failed/i.test(message)) {
    return made('not-signed-in', `AWS did not accept the MFA device: ${message}`, {
      advice: `Check mfa_serial${who} in ~/.aws/config.`,
    });
  }
  if (/multi-factor authentication|MFA/.test(message) && /callback|code provider/.test(message)) {
    return made('not-signed-in', `The role${who} needs an MFA code, and there is nobody to ask for it.`, {
      advice: 'Start the console in a terminal, or give credentials that are already signed in.',
    });
  }
  if (/expired|cannot refresh/i.test(message) || name === 'ExpiredTokenException' || name === 'ExpiredToken') {
    return made('expired', `The sign-in${who} has expired.`);
  }
  if (
    name === 'ForbiddenException' ||
    (status !== undefined && kindOfServiceError(name, status, message) === 'denied')
  ) {
    const denial = parseDenial(message);
    const role = denial.resource ?? (source.type === 'profile' ? source.profile.roleArn : undefined);
    return made(
      'denied',
      `The credentials${who} may not be had${role === undefined ? '' : ` for ${role}`}: ${message}`,
      {
        advice: "Check the role's trust policy, and that your user or permission set may assume it.",
        action: denial.action ?? 'sts:AssumeRole',
      },
    );
  }
  if (/SSO session|sso login|UnauthorizedException/i.test(`${name} ${message}`)) {
    return made('not-signed-in', `Not signed in to SSO${who}.`);
  }
  return made('not-signed-in', `No credentials${who}: ${message === '' ? name : message}`);
}

/** The SDK hides the service's error as the message or the cause of its own. */
function originOf(error: unknown): unknown {
  if (typeof error !== 'object' || error === null) return error;
  const { message, cause } = error as { readonly message?: unknown; readonly cause?: unknown };
  if (typeof message === 'object' && message !== null) return message;
  return cause instanceof Error && !('$metadata' in error) ? cause : error;
}
