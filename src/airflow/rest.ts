import { restApiError } from '../aws/errors.ts';
import type { Json } from '../aws/mwaa-commands.ts';
import type { Session } from '../aws/session.ts';
import { Failure, type FailureKind } from '../text/failure.ts';
import { refusalText } from './refusals.ts';

/** InvokeRestApi takes paths of at most so many characters (service model 2020-07-01). */
export const PATH_LIMIT = 64;
/** The service gives Airflow 10 s (user guide, access-mwaa-apache-airflow-rest-api); the rest is for a retry. */
const TIMEOUT = 25_000;

/** One call of an environment's Airflow REST API. */
export interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Without `/api/v1` or `/api/v2`, which the service adds. */
  readonly path: string;
  /** All values as texts, as the service wants them. */
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: { readonly [member: string]: Json | undefined };
}

/**
 * Calls an environment's Airflow through InvokeRestApi and answers what Airflow did, parsed.
 * @throws Failure: `not-found` and `in-use` as Airflow's 404 and 409, `denied` for IAM's and Airflow's refusals,
 * `invalid-request` where Airflow does not take the request, `service` where it is ill.
 */
export async function invoke(
  session: Session,
  environment: string,
  request: RestRequest,
  signal: AbortSignal,
): Promise<unknown> {
  if (request.path.length > PATH_LIMIT) throw pathTooLong(environment, request);
  const what = `${request.method} ${request.path}`;
  let status: number | undefined;
  let answer: unknown;
  try {
    // A body must be an object, `{}` where there is nothing to say; null members are left out by the callers.
    const result = await session.mwaa.invokeRestApi(
      {
        Name: environment,
        Path: request.path,
        Method: request.method,
        ...(request.query && { QueryParameters: request.query }),
        ...(request.method !== 'GET' && { Body: request.body ?? {} }),
      },
      { signal, timeout: TIMEOUT },
    );
    status = result.RestApiStatusCode;
    answer = result.RestApiResponse;
  } catch (error) {
    signal.throwIfAborted();
    throw restFailure(error, environment, what) ?? error;
  }
  if (status !== undefined && status >= 400) throw statusFailure(status, answer, environment, what);
  return parsed(answer, environment, what);
}

function pathTooLong(environment: string, { method, path }: RestRequest): Failure {
  return new Failure(
    'invalid-request',
    `${method} ${path} has ${path.length} characters; MWAA's InvokeRestApi takes at most ${PATH_LIMIT}.`,
    {
      advice: 'A DAG id of at most 50 characters always fits. For this one use the Airflow web interface.',
      resource: environment,
    },
  );
}

/** RestApiResponse may be JSON or a text that holds JSON; an empty one is what 204 has. */
function parsed(answer: unknown, environment: string, what: string): unknown {
  if (typeof answer !== 'string') return answer;
  if (answer.trim() === '') return undefined;
  try {
    return JSON.parse(answer);
  } catch {
    const html = /^\s*</.test(answer);
    throw new Failure(
      'service',
      `Airflow of ${environment} answered ${what} with ${html ? 'a web page' : 'a text'} instead of JSON.`,
      {
        advice: 'Its web server may be starting. Try again in a minute; if it stays, open the Airflow web interface.',
        resource: environment,
      },
    );
  }
}

function restFailure(error: unknown, environment: string, what: string): Failure | undefined {
  const rest = restApiError(error);
  if (rest !== undefined) {
    const code = error instanceof Failure ? error.code : undefined;
    const status = rest.status ?? (code === 'RestApiServerException' ? 500 : 400);
    return statusFailure(status, rest.response, environment, what, code);
  }
  if (!(error instanceof Failure)) return undefined;
  if (error.kind === 'denied') {
    return new Failure('denied', error.message, {
      advice:
        `Reading Airflow needs airflow:InvokeRestApi on the resource role/${environment}/Viewer, writing on role/${environment}/Op or Admin. ` +
        'Of an environment whose web server is private it may have to be called from inside the VPC.',
      resource: environment,
      action: error.action ?? 'airflow:InvokeRestApi',
      ...(error.code !== undefined && { code: error.code }),
      cause: error,
    });
  }
  if (/update your environment/i.test(error.message)) {
    return new Failure('refused', error.message, {
      advice:
        'An environment made before October 2024 has to be updated once, with no change even, before InvokeRestApi works.',
      resource: environment,
      cause: error,
    });
  }
  return undefined;
}

function statusFailure(status: number, response: unknown, environment: string, what: string, code?: string): Failure {
  const kind = kindOf(status);
  const said = refusalText(response);
  return new Failure(
    kind,
    `Airflow of ${environment} answered ${what} with ${status}${said === '' ? ', without a word' : `: ${said}`}.`,
    {
      advice: advice(kind, status, said),
      resource: environment,
      ...(code !== undefined && { code }),
    },
  );
}

function kindOf(status: number): FailureKind {
  if (status === 401 || status === 403) return 'denied';
  if (status === 404) return 'not-found';
  if (status === 409) return 'in-use';
  if (status === 429) return 'throttled';
  return status >= 500 ? 'service' : 'invalid-request';
}

function advice(kind: FailureKind, status: number, said: string): string {
  switch (kind) {
    case 'denied':
      return 'The Airflow role that IAM grants you (role/<environment>/Viewer, User, Op or Admin) lacks this right.';
    case 'not-found':
      return 'A DAG appears up to five minutes after its file was put into the bucket; see also the import errors.';
    case 'in-use':
      return 'It is there already, or still running.';
    case 'throttled':
      return 'MWAA lets 10 calls a second through to an environment; wait a moment.';
    case 'service':
      return status === 500 && said === ''
        ? 'Runs of before an Airflow upgrade may be unreadable to the new version; newer runs are not affected.'
        : 'Its web server may be starting or overloaded. Try again; then look into its WebServer log group.';
    default:
      return said === ''
        ? 'A silent refusal mostly means a member that this Airflow version does not know, or a logical date used before.'
        : 'See the Airflow REST API of this version for what it takes.';
  }
}
