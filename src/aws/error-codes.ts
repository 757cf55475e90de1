import type { FailureKind } from '../text/failure.ts';

/**
 * Error codes of the services in use, by what they mean to a user. Sources: the services' botocore models
 * (error shapes), https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html,
 * https://docs.aws.amazon.com/ec2/latest/devguide/errors-overview.html.
 */
const CODES = {
  expired: ['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'],
  'not-signed-in': [
    'AuthFailure',
    'IncompleteSignature',
    'InvalidAccessKeyId',
    'InvalidClientTokenId',
    'InvalidSignatureException',
    'InvalidToken',
    'MissingAuthenticationToken',
    'MissingAuthenticationTokenException',
    'SignatureDoesNotMatch',
    'UnrecognizedClientException',
  ],
  denied: [
    'AccessDenied',
    'AccessDeniedException',
    'AllAccessDisabled',
    'Forbidden',
    'KMSAccessDeniedException',
    'NotAuthorized',
    'UnauthorizedOperation',
  ],
  throttled: [
    'BandwidthLimitExceeded',
    'EC2ThrottledException',
    'PriorRequestNotComplete',
    'RequestLimitExceeded',
    'RequestThrottled',
    'RequestThrottledException',
    'SlowDown',
    'ThrottledException',
    'Throttling',
    'ThrottlingException',
    'TooManyRequestsException',
  ],
  'not-found': [
    'ClusterNotFoundException',
    'NoSuchBucket',
    'NoSuchEntity',
    'NoSuchEntityException',
    'NoSuchKey',
    'NoSuchVersion',
    'NotFound',
    'ResourceNotFoundException',
    'ServiceNotFoundException',
    'TargetNotFoundException',
  ],
  'in-use': [
    'BucketAlreadyExists',
    'ClusterContainsServicesException',
    'ClusterContainsTasksException',
    'ConcurrentModification',
    'ConcurrentModificationException',
    'ConditionalRequestConflict',
    'ConflictException',
    'DeleteConflict',
    'DeleteConflictException',
    'EntityAlreadyExists',
    'EntityAlreadyExistsException',
    'OperationAborted',
    'OperationAbortedException',
    'PreconditionFailed',
    'ResourceAlreadyExistsException',
    'ResourceExistsException',
    'ResourceInUseException',
    'UpdateInProgressException',
  ],
  service: [
    'InternalError',
    'InternalFailure',
    'InternalServerError',
    'InternalServerException',
    'InternalServiceError',
    'ServerException',
    'ServiceFailureException',
    'ServiceUnavailable',
    'ServiceUnavailableException',
    'Unavailable',
  ],
} as const satisfies Partial<Record<FailureKind, readonly string[]>>;

const kindByCode = new Map<string, FailureKind>(
  (Object.keys(CODES) as (keyof typeof CODES)[]).flatMap((kind) => CODES[kind].map((code) => [code, kind] as const)),
);

/** Codes of a quota that is used up: asking again soon does not help. */
export const QUOTA_CODES: ReadonlySet<string> = new Set([
  'LimitExceeded',
  'LimitExceededException',
  'ServiceQuotaExceededException',
]);

/** Codes of a signature that is too old or too new for the service's clock. */
export const CLOCK_CODES: ReadonlySet<string> = new Set([
  'RequestExpired',
  'RequestTimeTooSkewed',
  'RequestInTheFuture',
]);

/** Codes of S3 for a bucket in another region. */
export const ELSEWHERE_CODES: ReadonlySet<string> = new Set([
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
]);

/**
 * The kind of a service's error by its code and, where the code is unknown, by the HTTP status. ECS hides
 * missing things in ClientException and InvalidParameterException, so their text decides.
 */
export function kindOfServiceError(code: string, status: number | undefined, message: string): FailureKind {
  const known = kindByCode.get(code);
  if (known !== undefined) return known;
  if (QUOTA_CODES.has(code)) return 'invalid-request';
  if (code.endsWith('.NotFound')) return 'not-found';
  if (/^(?:ClientException|InvalidParameterException)$/.test(code) && /not found|unable to describe/i.test(message)) {
    return 'not-found';
  }
  if (status === 401) return 'not-signed-in';
  if (status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 409 || status === 412) return 'in-use';
  if (status === 429) return 'throttled';
  return status !== undefined && status >= 500 ? 'service' : 'invalid-request';
}

/** Whether the service refused for the rate of requests alone. */
export function isThrottle(code: string, status: number | undefined): boolean {
  return status === 429 || kindByCode.get(code) === 'throttled';
}
