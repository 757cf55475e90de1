import type { ServiceShape } from './protocol.ts';

type Errors = ServiceShape['errors'];

const JSON_ERRORS: Errors = {
  denied: ['AccessDeniedException', 400],
  throttled: ['ThrottlingException', 400, 'Rate exceeded'],
  internal: ['InternalFailure', 500, 'The request processing has failed because of an unknown error.'],
  expired: ['ExpiredTokenException', 400],
  unsigned: ['MissingAuthenticationTokenException', 400, 'Missing Authentication Token'],
};

const QUERY_ERRORS: Errors = {
  denied: ['AccessDenied', 403],
  throttled: ['Throttling', 400, 'Rate exceeded'],
  internal: ['InternalFailure', 500, 'The request processing has failed because of an unknown error.'],
  expired: ['ExpiredToken', 403],
  unsigned: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
};

const CAPITAL = () => 'Message';

/** The services behind the port, by signing name, with what their error shapes differ in. */
export const SHAPES = {
  ecs: {
    id: 'ecs',
    target: 'AmazonEC2ContainerServiceV20141113',
    errors: {
      ...JSON_ERRORS,
      internal: ['ServerException', 500, 'Service Unavailable. Please try again later.'],
    },
  },
  logs: {
    id: 'logs',
    target: 'Logs_20140328',
    errors: {
      ...JSON_ERRORS,
      internal: ['ServiceUnavailableException', 500, 'The service cannot complete the request.'],
    },
  },
  secretsmanager: {
    id: 'secretsmanager',
    target: 'secretsmanager',
    errors: {
      ...JSON_ERRORS,
      internal: ['InternalServiceError', 500, 'An error occurred on the server side.'],
    },
    messageMember: CAPITAL,
  },
  airflow: {
    id: 'airflow',
    errors: {
      ...JSON_ERRORS,
      denied: ['AccessDeniedException', 403],
      throttled: ['ThrottlingException', 429, 'Rate exceeded'],
      internal: ['InternalServerException', 500, 'Internal server error'],
      expired: ['ExpiredTokenException', 403],
      unsigned: ['MissingAuthenticationTokenException', 403, 'Missing Authentication Token'],
    },
    // The model's AccessDeniedException alone has a capital M.
    messageMember: (code: string) => (code === 'AccessDeniedException' ? 'Message' : 'message'),
  },
  s3: {
    id: 's3',
    errors: {
      ...QUERY_ERRORS,
      throttled: ['SlowDown', 503, 'Please reduce your request rate.'],
      internal: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
      expired: ['ExpiredToken', 400],
      unsigned: ['AccessDenied', 403, 'Access Denied'],
    },
  },
  sts: {
    id: 'sts',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    version: '2011-06-15',
    errors: QUERY_ERRORS,
  },
  iam: {
    id: 'iam',
    namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
    version: '2010-05-08',
    errors: {
      ...QUERY_ERRORS,
      internal: ['ServiceFailure', 500, 'The request processing has failed because of an unknown error.'],
    },
  },
  ec2: {
    id: 'ec2',
    namespace: 'http://ec2.amazonaws.com/doc/2016-11-15/',
    version: '2016-11-15',
    errors: {
      ...QUERY_ERRORS,
      denied: ['UnauthorizedOperation', 403],
      throttled: ['RequestLimitExceeded', 503, 'Request limit exceeded.'],
      internal: ['InternalError', 500, 'An internal error has occurred'],
      expired: ['RequestExpired', 400],
      unsigned: ['MissingAuthenticationToken', 403, 'Request is missing Authentication Token'],
    },
  },
  openmetadata: {
    id: 'openmetadata',
    errors: {
      ...JSON_ERRORS,
      denied: ['FORBIDDEN', 403],
      throttled: ['LIMIT_EXCEEDED', 429, 'Too many requests'],
      internal: ['INTERNAL_ERROR', 500, 'There was an error processing your request.'],
    },
  },
} as const satisfies Readonly<Record<string, ServiceShape>>;

/** Signing name of a service behind the port, or `openmetadata`. */
export type ServiceId = keyof typeof SHAPES;

/** Whether the region has a service of that signing name. */
export function isServiceId(id: string): id is ServiceId {
  return Object.hasOwn(SHAPES, id);
}
