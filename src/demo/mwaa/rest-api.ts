import { type AirflowRole, answerRest } from '../airflow/rest/rest.ts';
import { atLeast } from '../airflow/versions.ts';
import { isStructure } from '../members.ts';
import { AwsError, type Call, type Input } from '../service.ts';
import { arn } from '../world/names.ts';
import type { Environment } from './environment.ts';
import { forward } from './forward.ts';
import { INVOKE, invalid, validate } from './shapes.ts';

/** Most bytes of an answer (MWAA user guide, access-mwaa-apache-airflow-rest-api). */
const MOST_BYTES = 6 * 1024 * 1024;
const ROLES: readonly AirflowRole[] = ['Admin', 'Op', 'User', 'Viewer', 'Public'];

/** What Airflow answered. */
export interface AirflowAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The most that the caller may be in the environment's Airflow, by airflow:InvokeRestApi or CreateWebLoginToken. */
export function airflowRole(call: Call, action: string, environment: string): AirflowRole {
  let refusal: unknown;
  for (const role of ROLES) {
    try {
      call.authorize(action, arn('airflow', `role/${environment}/${role}`));
      return role;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      refusal ??= error;
    }
  }
  throw refusal;
}

/** InvokeRestApi: hands a request to the environment's Airflow, or to the real one that stands in for it. */
export async function invokeRestApi(environment: Environment, input: Input, call: Call): Promise<AirflowAnswer> {
  validate({ Path: input.Path, Method: input.Method }, INVOKE);
  if (input.QueryParameters !== undefined && input.QueryParameters !== null && !isStructure(input.QueryParameters)) {
    throw invalid('QueryParameters must be a JSON object');
  }
  const role = airflowRole(call, 'airflow:InvokeRestApi', environment.name);
  const { settings, airflow } = environment;
  if (!atLeast(settings.airflowVersion, '2.4.3')) {
    throw invalid('InvokeRestApi is supported for Apache Airflow v2.4.3 and later.');
  }
  const target = call.region.options.airflow?.[environment.name];
  if ((airflow === undefined && target === undefined) || !environment.reachable) {
    throw clientFailure('RestApiServerException', { status: 503, body: 'Service Unavailable' });
  }
  // A body that is text instead of JSON is refused without a word of explanation.
  if (typeof input.Body === 'string') throw clientFailure('RestApiClientException', { status: 400, body: '' });
  const [path = '', inPath = ''] = String(input.Path).split('?');
  const query = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(inPath)) query.set(name, [...(query.get(name) ?? []), value]);
  for (const [name, value] of Object.entries(isStructure(input.QueryParameters) ? input.QueryParameters : {})) {
    query.set(name, (Array.isArray(value) ? value : [value]).map(String));
  }
  const request = { method: String(input.Method), path, query, body: input.Body };
  const answer =
    airflow === undefined || target !== undefined
      ? await forward(target ?? '', settings.airflowVersion, request)
      : answerRest(airflow, role, request);
  const size = answer.body === undefined ? 0 : Buffer.byteLength(JSON.stringify(answer.body));
  if (size > MOST_BYTES)
    throw clientFailure('RestApiServerException', { status: 500, body: 'The response payload exceeds 6 MB.' });
  if (answer.status >= 500) throw clientFailure('RestApiServerException', answer);
  if (answer.status >= 400) throw clientFailure('RestApiClientException', answer);
  return answer;
}

function clientFailure(code: 'RestApiClientException' | 'RestApiServerException', answer: AirflowAnswer): AwsError {
  return new AwsError(code, '', 400, { RestApiStatusCode: answer.status, RestApiResponse: answer.body ?? '' });
}
