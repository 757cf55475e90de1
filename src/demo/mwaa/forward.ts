import { atLeast } from '../airflow/versions.ts';
import { AwsError } from '../service.ts';

/** How long MWAA waits for its web server (MWAA user guide, access-mwaa-apache-airflow-rest-api). */
const TIMEOUT = 10_000;

/** Sends a request to a real Airflow at `base`, as MWAA's web server gets it: `/api/v1` or `/api/v2` in front. */
export async function forward(
  base: string,
  airflowVersion: string,
  request: {
    readonly method: string;
    readonly path: string;
    readonly query: ReadonlyMap<string, readonly string[]>;
    readonly body: unknown;
  },
): Promise<{ status: number; body: unknown }> {
  const api = atLeast(airflowVersion, '3.0.0') ? '/api/v2' : '/api/v1';
  const url = new URL(`${base.replace(/\/+$/, '')}${api}${request.path.startsWith('/') ? '' : '/'}${request.path}`);
  for (const [name, values] of request.query) for (const value of values) url.searchParams.append(name, value);
  // Airflow 2 answers a DELETE that has the header but no body with an HTML error page.
  const bare = request.method === 'GET' || (request.method === 'DELETE' && request.body === undefined);
  try {
    const answer = await fetch(url, {
      method: request.method,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT),
      ...(bare ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(request.body ?? {}) }),
    });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? undefined : parsed(text) };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason =
      error.name === 'TimeoutError'
        ? 'The request timed out after 10 seconds.'
        : `The web server could not be reached: ${error.message}`;
    throw new AwsError('RestApiServerException', '', 400, { RestApiStatusCode: 504, RestApiResponse: reason });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
