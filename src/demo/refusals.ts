import type { ServiceShape } from './protocols/protocol.ts';
import { AwsError, type Caller } from './service.ts';

/**
 * AccessDenied in the service's own words (IAM user guide, "Troubleshoot access denied error messages").
 * EC2 says more before it, S3 puts the resource in quotes.
 */
export function denied(
  shape: ServiceShape,
  caller: Caller,
  action: string,
  resource: string,
  decision: 'implicitDeny' | 'explicitDeny',
): AwsError {
  const [code, status] = shape.errors.denied;
  const because =
    decision === 'explicitDeny'
      ? 'with an explicit deny in an identity-based policy'
      : `because no identity-based policy allows the ${action} action`;
  const named = shape.id === 's3' ? `"${resource}"` : resource;
  // EC2's describes have no resource level, and its message then names none.
  const on = shape.id === 'ec2' && resource === '*' ? '' : ` on resource: ${named}`;
  const text = `User: ${caller.arn} is not authorized to perform: ${action}${on} ${because}`;
  const before = shape.id === 'ec2' ? 'You are not authorized to perform this operation. ' : '';
  return new AwsError(code, before + text, status);
}

/** The service's throttling error. */
export function throttled(shape: ServiceShape): AwsError {
  const [code, status, message] = shape.errors.throttled;
  return new AwsError(code, message, status);
}

/** The service's 5xx error. */
export function internal(shape: ServiceShape, message?: string): AwsError {
  const [code, status, usual] = shape.errors.internal;
  return new AwsError(code, message ?? usual, status);
}

/** A request without a signature. */
export function unsigned(shape: ServiceShape): AwsError {
  const [code, status, message] = shape.errors.unsigned;
  return new AwsError(code, message, status);
}

/** Temporary credentials after their expiry. */
export function expired(shape: ServiceShape): AwsError {
  const [code, status] = shape.errors.expired;
  return new AwsError(code, 'The security token included in the request is expired', status);
}

/** A signature for another region than this one. */
export function wrongRegion(shape: ServiceShape, scope: string, region: string): AwsError {
  if (shape.id === 's3') {
    const text = `The authorization header is malformed; the region '${scope}' is wrong; expecting '${region}'`;
    return new AwsError('AuthorizationHeaderMalformed', text, 400, { Region: region });
  }
  if (shape.id === 'ec2') {
    return new AwsError('AuthFailure', 'AWS was not able to validate the provided access credentials', 401);
  }
  const text = `Credential should be scoped to a valid region.`;
  return shape.namespace === undefined
    ? new AwsError('InvalidSignatureException', text, shape.id === 'airflow' ? 403 : 400)
    : new AwsError('SignatureDoesNotMatch', text, 403);
}

/** An `Authorization` header that can't be read. */
export function incompleteSignature(shape: ServiceShape, message: string): AwsError {
  if (shape.id === 's3') return new AwsError('AuthorizationHeaderMalformed', message);
  return new AwsError(shape.namespace === undefined ? 'IncompleteSignatureException' : 'IncompleteSignature', message);
}
