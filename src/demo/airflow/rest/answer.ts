import type { Airflow } from '../airflow.ts';

/** What Airflow's REST API answers: a JSON value, text, or nothing. */
export interface RestAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** A request to Airflow's REST API, its path without `/api/v1` or `/api/v2`. */
export interface RestRequest {
  readonly airflow: Airflow;
  readonly method: string;
  /** Decoded parts of the path. */
  readonly path: readonly string[];
  readonly query: ReadonlyMap<string, readonly string[]>;
  readonly body: unknown;
}

/** An error that Airflow answers. */
export class RestError extends Error {
  readonly answer: RestAnswer;

  constructor(answer: RestAnswer) {
    super('refused by Airflow');
    this.answer = answer;
  }
}

const TITLES: Readonly<Record<number, readonly [title: string, anchor: string]>> = {
  400: ['Bad Request', 'BadRequest'],
  401: ['Unauthorized', 'Unauthenticated'],
  403: ['Forbidden', 'PermissionDenied'],
  404: ['Not Found', 'NotFound'],
  405: ['Method Not Allowed', 'MethodNotAllowed'],
  409: ['Conflict', 'AlreadyExists'],
};

/**
 * An error in the form of the version at hand: a problem document in v1, `detail` alone in v2. `title` is v1's
 * own where it differs from the status.
 */
export function restError(airflow: Airflow, status: number, detail: unknown, title?: string): RestError {
  if (airflow.third) return new RestError({ status, body: { detail } });
  const [usual = 'Error', anchor = 'Unknown'] = TITLES[status] ?? [];
  return new RestError({
    status,
    body: {
      detail,
      status,
      title: title ?? usual,
      type: `https://airflow.apache.org/docs/apache-airflow/${airflow.version}/stable-rest-api-ref.html#section/Errors/${anchor}`,
    },
  });
}

/** A validation error of v2's models (FastAPI). */
export function unprocessable(type: string, location: readonly string[], message: string, input: unknown): RestError {
  return new RestError({ status: 422, body: { detail: [{ type, loc: location, msg: message, input }] } });
}

/** An ISO time with microseconds, as Airflow writes it: `+00:00` in v1, `Z` in v2. */
export function restTime(airflow: Airflow, at: number | undefined): string | null {
  if (at === undefined) return null;
  const iso = new Date(at).toISOString();
  const time = iso.endsWith('.000Z') ? iso.slice(0, 19) : `${iso.slice(0, 23)}000`;
  return `${time}${airflow.third ? 'Z' : '+00:00'}`;
}
