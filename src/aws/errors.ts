import { accessOf, type Operation, type ServiceName } from '../reference/operations.ts';
import { Failure, type FailureDetails, type FailureKind } from '../text/failure.ts';
import { parseDenial } from './denied.ts';
import { CLOCK_CODES, ELSEWHERE_CODES, kindOfServiceError, QUOTA_CODES } from './error-codes.ts';
import { type ErrorFacts, factsOf, withoutRequest } from './error-facts.ts';
import { type Destination, networkFailure, neverArrived } from './network-failure.ts';

/** The call that failed. */
export interface FailedCall {
  readonly operation: Operation;
  readonly input: object;
  readonly region: string;
  readonly endpoint: string | undefined;
  /** How this session's user signs in again, as one sentence. */
  readonly signIn: string;
  /** Now, in ms since the epoch, by this machine's clock. */
  readonly now: number;
}

/** Airflow's own answer within a failed InvokeRestApi. */
export interface RestApiError {
  readonly status: number | undefined;
  readonly response: unknown;
}

const TITLES: Readonly<Record<ServiceName, string>> = {
  mwaa: 'MWAA',
  ecs: 'ECS',
  logs: 'CloudWatch Logs',
  s3: 'S3',
  sts: 'STS',
  iam: 'IAM',
  ec2: 'EC2',
  secretsManager: 'Secrets Manager',
};

/**
 * The product's own error for whatever the SDK, Node or a proxy threw, with advice. A `Failure` stays as
 * it is. What is no error of AWS or of the network (a bug) is returned unchanged.
 */
export function failureFrom(error: unknown, call: FailedCall): unknown {
  if (error instanceof Failure) return error;
  const facts = factsOf(error);
  const destination: Destination = {
    title: TITLES[call.operation.service],
    region: call.region,
    endpoint: call.endpoint,
  };
  const network = networkFailure(error, destination);
  if (network !== undefined) return uncertain(network, error, call);
  if (facts.status === undefined) return error;
  if (facts.unreadable) return unreadable(facts, error, destination, call);
  return serviceFailure(facts, error, call);
}

/** Airflow's answer, when `error` (or its cause) is InvokeRestApi's RestApiClient- or RestApiServerException. */
export function restApiError(error: unknown): RestApiError | undefined {
  const source = error instanceof Failure ? error.cause : error;
  if (typeof source !== 'object' || source === null || !('name' in source)) return undefined;
  if (source.name !== 'RestApiClientException' && source.name !== 'RestApiServerException') return undefined;
  const fields = source as { readonly RestApiStatusCode?: unknown; readonly RestApiResponse?: unknown };
  return {
    status: typeof fields.RestApiStatusCode === 'number' ? fields.RestApiStatusCode : undefined,
    response: fields.RestApiResponse,
  };
}

function serviceFailure(facts: ErrorFacts, error: unknown, call: FailedCall): Failure {
  const rest = restApiError(error);
  const kind =
    rest === undefined
      ? kindOfServiceError(facts.name, facts.status, facts.message)
      : kindOfServiceError(facts.name, rest.status ?? facts.status, facts.message);
  const said = saidBy(facts, resourceOf(call.input));
  const make = (as: FailureKind, message: string, details: FailureDetails) =>
    new Failure(
      as,
      message,
      defined({ resource: resourceOf(call.input), code: facts.name, cause: withoutRequest(error), ...details }),
    );
  const title = `${TITLES[call.operation.service]} ${call.operation.name}`;
  if (rest !== undefined)
    return make(kind, restMessage(rest, facts.message || 'it gave no reason', call), { advice: restAdvice(kind) });
  if (isClock(facts)) return make('not-signed-in', clockMessage(facts, call), { advice: CLOCK_ADVICE });
  if (ELSEWHERE_CODES.has(facts.name) || facts.status === 301) {
    return make('invalid-request', `${title}: the bucket is not in ${call.region}.`, {
      advice: elsewhereAdvice(facts),
    });
  }
  if (facts.name === 'OptInRequired' || facts.name === 'SubscriptionRequiredException') {
    return make('denied', `${title}: ${said}`, { advice: `Is region ${call.region} switched on for this account?` });
  }
  if (/scoped to a valid region/i.test(facts.message)) {
    return make('invalid-request', `${title}: ${call.endpoint ?? 'the endpoint'} does not serve ${call.region}.`, {
      advice: 'Give the region that it serves with --region or AWS_REGION; the console changes it by `:region`.',
    });
  }
  switch (kind) {
    case 'denied':
      return denied(facts, title, call, make);
    case 'expired':
      return make(kind, `The credentials have expired (${title}).`, { advice: call.signIn });
    case 'not-signed-in':
      return make(kind, `AWS does not accept the credentials (${title}): ${said}`, { advice: call.signIn });
    case 'throttled':
      return make(kind, `${title} is throttled: ${said}`, {
        advice: 'The account shares this limit with others; wait a moment, it is tried more slowly from now on.',
      });
    case 'service':
      return uncertain(
        make(kind, `${title} failed inside AWS (HTTP ${facts.status}): ${said}${requestNote(facts)}`, {
          advice: 'Try again; if it stays, see https://health.aws.amazon.com.',
        }),
        error,
        call,
      );
    case 'not-found':
      return make(kind, `${title}: ${said}`, {
        advice: `Check the name, and that ${call.region} is the right region and account.`,
      });
    case 'in-use':
      return make(kind, `${title}: ${said}`, {
        advice: 'Something else holds or has changed it; look again, then retry.',
      });
    default:
      return make(kind, `${title}: ${said}`, {
        advice: QUOTA_CODES.has(facts.name)
          ? 'A quota of the account is used up: remove what is not needed or ask for more in Service Quotas.'
          : `AWS refused the request as it stands${requestNote(facts)}.`,
      });
  }
}

/** What the service said, with the name that it leaves out; a HEAD has no text at all. */
function saidBy(facts: ErrorFacts, resource: string | undefined): string {
  const silent = facts.message === '' || facts.message === 'UnknownError';
  const text = silent ? (facts.status === 404 ? 'nothing of that name.' : `HTTP ${facts.status}.`) : facts.message;
  return resource === undefined || text.includes(resource) ? text : `${text} (${resource})`;
}

function denied(
  facts: ErrorFacts,
  title: string,
  call: FailedCall,
  make: (kind: FailureKind, message: string, details: FailureDetails) => Failure,
): Failure {
  const denial = parseDenial(facts.message);
  const action = denial.action ?? call.operation.actions[0] ?? title;
  const resource = denial.resource === '*' ? undefined : denial.resource;
  const on = resource === undefined ? '' : ` on ${resource}`;
  const because = denial.reason === undefined ? '' : `: ${denial.reason}`;
  return make('denied', `Not allowed: ${action}${on}${because}.`, {
    action,
    ...(resource === undefined ? {} : { resource }),
    advice: denialAdvice(denial.explicit, action),
  });
}

function denialAdvice(explicit: boolean, action: string): string {
  if (explicit)
    return 'An explicit deny stands against it, so no further permission helps: ask whoever owns that policy.';
  if (action.startsWith('kms:')) return `The data is encrypted: the key's policy or yours must allow ${action}.`;
  return 'Ask for this permission; docs/PERMISSIONS.md lists what each feature needs.';
}

const CLOCK_ADVICE = 'Set the clock of this machine right (NTP), then try again.';

function isClock(facts: ErrorFacts): boolean {
  return CLOCK_CODES.has(facts.name) || /signature (?:expired|not yet current)/i.test(facts.message);
}

function clockMessage(facts: ErrorFacts, call: FailedCall): string {
  const theirs = Date.parse(facts.headers.date ?? '');
  const seconds = Number.isNaN(theirs) ? undefined : Math.round((call.now - theirs) / 1_000);
  if (seconds === undefined || seconds === 0) return "AWS refused the signature's time: this machine's clock is off.";
  return `AWS refused the signature's time: this machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead' : 'behind'}.`;
}

function elsewhereAdvice(facts: ErrorFacts): string {
  const region = facts.headers['x-amz-bucket-region'];
  return region === undefined ? 'Use the region that the bucket is in.' : `It is in ${region}: use --region ${region}.`;
}

/** MWAA passes Airflow's status and body on; its message is often empty. */
function restMessage(rest: RestApiError, said: string, call: FailedCall): string {
  const { Method: method, Path: path } = call.input as { readonly Method?: string; readonly Path?: string };
  const body = rest.response as { readonly detail?: unknown; readonly title?: unknown } | string | null | undefined;
  const detail =
    typeof body === 'string' ? body : [body?.title, body?.detail].filter((part) => typeof part === 'string').join(': ');
  const status = rest.status === undefined ? '' : ` ${rest.status}`;
  return `Airflow answered${status} to ${method ?? ''} ${path ?? ''}: ${detail === '' ? said : detail}`;
}

function restAdvice(kind: FailureKind): string {
  if (kind === 'service') return "Look into the environment's web server log group, then try again.";
  if (kind === 'denied')
    return 'The Airflow role in your airflow:InvokeRestApi permission does not allow this; Viewer only reads.';
  if (kind === 'not-found')
    return 'Check the DAG id and the run id; a DAG that has just been deployed takes minutes to appear.';
  return 'Airflow refused the request as it stands.';
}

function unreadable(facts: ErrorFacts, error: unknown, destination: Destination, call: FailedCall): Failure {
  const type = facts.headers['content-type'] ?? 'no content type';
  const place = destination.endpoint === undefined ? '' : ` at ${destination.endpoint}`;
  return new Failure(
    'service',
    `${destination.title}${place} answered ${call.operation.name} with something that is no AWS answer (HTTP ${facts.status}, ${type}).`,
    {
      advice:
        destination.endpoint === undefined
          ? 'A proxy or a sign-in page of the network may stand between: check HTTPS_PROXY and NO_PROXY, then try again.'
          : 'Does that endpoint serve this AWS service? Check --endpoint-url and AWS_ENDPOINT_URL.',
      resource: destination.endpoint ?? resourceOf(call.input) ?? destination.title,
      code: facts.name,
      cause: withoutRequest(error),
    },
  );
}

/** A write that got no clear answer may have been carried out all the same. */
function uncertain(failure: Failure, error: unknown, call: FailedCall): Failure {
  if (accessOf(call.operation, call.input) === 'read' || neverArrived(error)) return failure;
  return new Failure(failure.kind, failure.message, {
    ...defined({ resource: failure.resource, code: failure.code }),
    advice: `It may have been carried out all the same: look before you repeat it. ${failure.advice ?? ''}`.trim(),
    cause: withoutRequest(error),
  });
}

function requestNote(facts: ErrorFacts): string {
  return facts.requestId === undefined ? '' : ` (request ${facts.requestId})`;
}

/** What a call is about, from the members that name things, most telling first. */
function resourceOf(input: object): string | undefined {
  const members = input as Readonly<Record<string, unknown>>;
  for (const name of RESOURCE_MEMBERS) {
    const value = members[name];
    if (typeof value === 'string') return value;
    if (Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') return value[0];
  }
  return undefined;
}

const RESOURCE_MEMBERS = [
  'Name',
  'SecretId',
  'RoleName',
  'PolicyArn',
  'Key',
  'Bucket',
  'taskDefinition',
  'family',
  'task',
  'tasks',
  'cluster',
  'clusters',
  'clusterName',
  'logGroupName',
  'logGroupIdentifier',
  'resourceArn',
  'ResourceArn',
];

function defined(details: { [K in keyof FailureDetails]: FailureDetails[K] | undefined }): FailureDetails {
  return Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined));
}
