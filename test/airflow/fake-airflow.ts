import type { Session } from '../../src/aws/session.ts';

/** A call as it would reach MWAA. */
export interface RestCall {
  readonly Name: string;
  readonly Path: string;
  readonly Method: string;
  readonly QueryParameters?: Readonly<Record<string, string>>;
  readonly Body?: Readonly<Record<string, unknown>>;
}

/** An Airflow behind InvokeRestApi that answers what `answer` gives (a status and a body), or throws. */
export function fakeAirflow(
  answer: (call: RestCall) => unknown,
  now: number = Date.UTC(2026, 10, 22, 12),
): { session: Session; calls: RestCall[] } {
  const calls: RestCall[] = [];
  const session = {
    clock: { now: () => now, sleep: async () => {} },
    mwaa: {
      invokeRestApi: async (call: RestCall) => {
        calls.push(call);
        return { RestApiStatusCode: 200, RestApiResponse: answer(call) };
      },
    },
  };
  return { session: session as unknown as Session, calls };
}

/** The exception that InvokeRestApi raises for what Airflow refuses. */
export function restException(status: number, response: unknown, message = ''): Error {
  const error = new Error(message);
  error.name = status >= 500 ? 'RestApiServerException' : 'RestApiClientException';
  return Object.assign(error, { RestApiStatusCode: status, RestApiResponse: response });
}
