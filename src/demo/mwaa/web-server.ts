import { runCommandLine } from '../airflow/command-line.ts';
import { type AirflowRole, answerRest } from '../airflow/rest/rest.ts';
import { jsonAnswer, type WireAnswer, type WireRequest } from '../wire.ts';
import type { MwaaService } from './service.ts';

/** Whether a path belongs to an environment's web server and not to the MWAA API; such a request is not signed. */
export function isWebServerPath(path: string): boolean {
  return /^\/(aws_mwaa|pluginsv2\/aws_mwaa|api\/v[12])(\/|$)/.test(path);
}

const refused = (status: number, text: string): WireAnswer => ({
  status,
  headers: { 'content-type': 'text/plain' },
  body: text,
});

/**
 * The environments' web servers, all behind the region's one port: the CLI, the login that opens a session, and
 * the REST API with it. The token says which environment is meant (MWAA user guide, call-mwaa-apis-cli and
 * access-mwaa-apache-airflow-rest-api).
 */
export async function answerWebServer(mwaa: MwaaService, request: WireRequest): Promise<WireAnswer> {
  const { method, path } = request;
  if (path === '/aws_mwaa/cli' && method === 'POST') return cli(mwaa, request);
  if (path === '/aws_mwaa/login' && method === 'POST') return login(mwaa, request, false);
  if (path === '/pluginsv2/aws_mwaa/login' && method === 'POST') return login(mwaa, request, true);
  const api = /^\/api\/(v[12])(\/.*)$/.exec(path);
  if (api !== null) return rest(mwaa, request, api[1] === 'v2', api[2] ?? '/');
  return refused(404, 'Not Found');
}

function cli(mwaa: MwaaService, request: WireRequest): WireAnswer {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const grant = mwaa.tokens.read(token, 'cli');
  const environment = mwaa.environment(grant?.environment ?? '');
  if (environment?.airflow === undefined) return refused(403, 'Forbidden');
  if (!environment.reachable) return refused(503, 'Service Unavailable');
  const { stdout, stderr } = runCommandLine(environment.airflow, request.body.toString('utf8'));
  const encoded = (text: string): string => Buffer.from(text).toString('base64');
  return jsonAnswer(200, { stderr: encoded(stderr), stdout: encoded(stdout) });
}

function login(mwaa: MwaaService, request: WireRequest, third: boolean): WireAnswer {
  const token = new URLSearchParams(request.body.toString('utf8')).get('token') ?? undefined;
  const grant = mwaa.tokens.read(token, 'web');
  const environment = mwaa.environment(grant?.environment ?? '');
  if (grant === undefined || environment?.airflow === undefined || environment.airflow.third !== third) {
    return refused(grant === undefined ? 401 : 404, grant === undefined ? 'Unauthorized' : 'Not Found');
  }
  const session = mwaa.tokens.give(grant.environment, 'session', grant.role);
  const cookie = `${third ? '_token' : 'session'}=${session}; Path=/; HttpOnly; Secure; SameSite=Lax`;
  return { status: 302, headers: { location: '/home', 'set-cookie': cookie } };
}

function rest(mwaa: MwaaService, request: WireRequest, third: boolean, path: string): WireAnswer {
  const cookie = /(?:^|;\s*)(?:session|_token)=([^;]+)/.exec(request.headers.cookie ?? '')?.[1];
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  const grant = mwaa.tokens.read(bearer ?? cookie, 'session');
  const environment = mwaa.environment(grant?.environment ?? '');
  if (grant === undefined || environment?.airflow === undefined || !environment.reachable) {
    return jsonAnswer(401, { detail: 'Unauthorized' });
  }
  if (environment.airflow.third !== third) return jsonAnswer(404, { detail: 'Not Found' });
  const query = new Map<string, string[]>();
  for (const [name, value] of request.query) query.set(name, [...(query.get(name) ?? []), value]);
  let body: unknown;
  try {
    body = request.body.length === 0 ? undefined : JSON.parse(request.body.toString('utf8'));
  } catch {
    return jsonAnswer(400, { detail: 'The request body is not valid JSON.', status: 400, title: 'Bad Request' });
  }
  const answer = answerRest(environment.airflow, grant.role as AirflowRole, {
    method: request.method,
    path,
    query,
    body,
  });
  return answer.body === undefined ? { status: answer.status } : jsonAnswer(answer.status, answer.body);
}
