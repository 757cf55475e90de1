import { describe, expect, it } from 'vitest';
import { refusalText } from '../../src/airflow/refusals.ts';
import { invoke } from '../../src/airflow/rest.ts';
import { Failure } from '../../src/text/failure.ts';
import { fakeAirflow, restException } from './fake-airflow.ts';

const { signal } = new AbortController();
const request = { method: 'GET', path: '/dags' } as const;

async function failing(answer: () => unknown): Promise<Failure> {
  const { session } = fakeAirflow(answer);
  const error = await invoke(session, 'data-prod', request, signal).catch((thrown: unknown) => thrown);
  if (error instanceof Failure) return error;
  throw error;
}

/** As the door to AWS raises it. */
const raised = (status: number, response: unknown) => () => {
  const cause = restException(status, response);
  throw new Failure('invalid-request', 'MWAA InvokeRestApi', { code: cause.name, cause });
};

describe('a call of Airflow', () => {
  it('refuses a path that MWAA would not take, before it is sent', async () => {
    const { session, calls } = fakeAirflow(() => ({}));
    const path = `/dags/${'x'.repeat(59)}`;
    await expect(invoke(session, 'e', { method: 'GET', path }, signal)).rejects.toMatchObject({
      kind: 'invalid-request',
      message: `GET ${path} has 65 characters; MWAA's InvokeRestApi takes at most 64.`,
    });
    expect(calls).toEqual([]);
  });

  it('answers JSON, JSON in a text, and nothing', async () => {
    for (const [answer, expected] of [
      [{ a: 1 }, { a: 1 }],
      ['{"a":1}', { a: 1 }],
      ['', undefined],
      [undefined, undefined],
    ]) {
      expect(await invoke(fakeAirflow(() => answer).session, 'e', request, signal)).toEqual(expected);
    }
  });

  it('tells a web page from an answer', async () => {
    expect(await failing(() => '<!DOCTYPE html><html>')).toMatchObject({
      kind: 'service',
      message: 'Airflow of data-prod answered GET /dags with a web page instead of JSON.',
    });
  });

  it.each([
    [
      404,
      { title: 'DAG not found', detail: 'The DAG orders was not found.' },
      'not-found',
      'with 404: The DAG orders was not found.',
    ],
    [409, '{"detail":"already exists"}', 'in-use', 'with 409: already exists.'],
    [403, { detail: null, title: 'Forbidden' }, 'denied', 'with 403: Forbidden.'],
    [
      422,
      { detail: [{ loc: ['body', 'logical_date'], msg: 'Field required' }] },
      'invalid-request',
      'with 422: body.logical_date: Field required.',
    ],
    [400, '', 'invalid-request', 'with 400, without a word.'],
    [500, undefined, 'service', 'with 500, without a word.'],
    [429, {}, 'throttled', 'with 429, without a word.'],
  ])('explains a %d', async (status, response, kind, said) => {
    const failure = await failing(raised(status, response));
    expect(failure).toMatchObject({
      kind,
      message: `Airflow of data-prod answered GET /dags ${said}`,
      resource: 'data-prod',
    });
    expect(failure.advice).not.toBe('');
  });

  it('judges a status that came without an exception too', async () => {
    const { session } = fakeAirflow(() => ({}));
    Object.assign(session.mwaa, {
      invokeRestApi: async () => ({ RestApiStatusCode: 404, RestApiResponse: { detail: 'no' } }),
    });
    await expect(invoke(session, 'e', request, signal)).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('names the permission that is missing', async () => {
    const failure = await failing(() => {
      throw new Failure('denied', 'Not allowed: airflow:InvokeRestApi.', { code: 'AccessDeniedException' });
    });
    expect(failure).toMatchObject({ kind: 'denied', action: 'airflow:InvokeRestApi', code: 'AccessDeniedException' });
    expect(failure.advice).toContain('role/data-prod/Viewer');
  });

  it('tells an environment that needs an update', async () => {
    const failure = await failing(() => {
      throw new Failure('invalid-request', 'Update your environment to use InvokeRestApi.');
    });
    expect(failure).toMatchObject({ kind: 'refused' });
  });

  it('passes other failures and bugs on as they are', async () => {
    const throttled = new Failure('throttled', 'Rate exceeded');
    expect(
      await failing(() => {
        throw throttled;
      }),
    ).toBe(throttled);
    await expect(
      failing(() => {
        throw new TypeError('oops');
      }),
    ).rejects.toThrow(TypeError);
  });

  it('says that it was aborted rather than what that broke', async () => {
    const controller = new AbortController();
    const { session } = fakeAirflow(() => {
      controller.abort(new Error('left'));
      throw new Failure('unreachable', 'socket hang up');
    });
    await expect(invoke(session, 'e', request, controller.signal)).rejects.toThrow('left');
  });
});

describe('what Airflow said', () => {
  it.each([
    [{ detail: { reason: 'conflict', message: 'Unique constraint violation' } }, 'conflict'],
    [['a', { msg: 'b' }], 'a; b'],
    ['<html>x</html>', ''],
    ['plain text.', 'plain text'],
    [7, ''],
    [null, ''],
  ])('of %j is %j', (response, expected) => {
    expect(refusalText(response)).toBe(expected);
  });

  it('is cut where it is a book', () => {
    expect(refusalText({ detail: 'x'.repeat(10_000) }).length).toBeLessThan(500);
  });
});
