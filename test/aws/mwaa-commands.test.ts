import { expect, test } from 'vitest';
import { restApiError } from '../../src/aws/errors.ts';
import { Failure } from '../../src/text/failure.ts';
import { rejection, sessionAt, startWire } from './wire.ts';

const ENVIRONMENT = {
  Name: 'data-prod',
  Status: 'AVAILABLE',
  CreatedAt: 1_700_000_000,
  WebserverAccessMode: 'PUBLIC_AND_PRIVATE',
  MinWebservers: 2,
  MaxWebservers: 4,
  LastUpdate: { Status: 'SUCCESS', CreatedAt: 1_700_000_100.5, WorkerReplacementStrategy: 'GRACEFUL' },
  Tags: { team: 'data' },
};

test('InvokeRestApi goes out signed as airflow and brings back what Airflow answered', async () => {
  const wire = await startWire(() => ({
    body: JSON.stringify({ RestApiStatusCode: 200, RestApiResponse: { dags: [] } }),
  }));
  const session = await sessionAt(wire.url);
  const answer = await session.mwaa.invokeRestApi({
    Name: 'data-prod',
    Path: '/dags',
    Method: 'GET',
    QueryParameters: { limit: '5' },
  });
  expect(answer).toMatchObject({ RestApiStatusCode: 200, RestApiResponse: { dags: [] } });
  const [request] = wire.requests;
  expect(request).toMatchObject({ method: 'POST', url: '/restapi/data-prod' });
  expect(JSON.parse(request?.body ?? '')).toEqual({ Path: '/dags', Method: 'GET', QueryParameters: { limit: '5' } });
  expect(request?.headers.authorization).toMatch(
    /Credential=AKIADEMOADMIN0000000\/\d+\/eu-west-1\/airflow\/aws4_request/,
  );
  await wire.close();
});

test('an environment keeps the members that are newer than the SDK', async () => {
  const wire = await startWire(() => ({ body: JSON.stringify({ Environment: ENVIRONMENT }) }));
  const session = await sessionAt(wire.url);
  const { Environment: environment } = await session.mwaa.getEnvironment({ Name: 'data-prod' });
  expect(wire.requests[0]).toMatchObject({ method: 'GET', url: '/environments/data-prod', body: '' });
  expect(environment).toEqual({
    ...ENVIRONMENT,
    CreatedAt: new Date(1_700_000_000_000),
    LastUpdate: { ...ENVIRONMENT.LastUpdate, CreatedAt: new Date(1_700_000_100_500) },
  });
  await wire.close();
});

test('UpdateEnvironment sends only what is given, the newer members included', async () => {
  const wire = await startWire(() => ({
    body: JSON.stringify({ Arn: 'arn:aws:airflow:eu-west-1:1:environment/data-prod' }),
  }));
  const session = await sessionAt(wire.url);
  const { Arn: arn } = await session.mwaa.updateEnvironment({
    Name: 'data-prod',
    WorkerReplacementStrategy: 'GRACEFUL',
    RequirementsS3ObjectVersion: 'v2',
  });
  expect(arn).toBe('arn:aws:airflow:eu-west-1:1:environment/data-prod');
  expect(wire.requests[0]).toMatchObject({ method: 'PATCH', url: '/environments/data-prod' });
  expect(JSON.parse(wire.requests[0]?.body ?? '')).toEqual({
    WorkerReplacementStrategy: 'GRACEFUL',
    RequirementsS3ObjectVersion: 'v2',
  });
  await wire.close();
});

test("Airflow's own refusal comes through with its status and text", async () => {
  const wire = await startWire(() => ({
    status: 400,
    headers: { 'x-amzn-errortype': 'RestApiClientException' },
    body: JSON.stringify({
      RestApiStatusCode: 404,
      RestApiResponse: { title: 'DAG not found', detail: 'no such DAG: x' },
    }),
  }));
  const session = await sessionAt(wire.url);
  const error = await rejection(session.mwaa.invokeRestApi({ Name: 'data-prod', Path: '/dags/x', Method: 'GET' }));
  expect(error).toBeInstanceOf(Failure);
  expect(error).toMatchObject({
    kind: 'not-found',
    message: 'Airflow answered 404 to GET /dags/x: DAG not found: no such DAG: x',
    code: 'RestApiClientException',
  });
  expect(restApiError(error)).toEqual({ status: 404, response: { title: 'DAG not found', detail: 'no such DAG: x' } });
  await wire.close();
});

test('an environment name is one segment of the path', async () => {
  const wire = await startWire(() => ({ status: 404, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' } }));
  const session = await sessionAt(wire.url);
  const error = await rejection(session.mwaa.getEnvironment({ Name: '../clitoken/x y' }));
  expect(error).toMatchObject({ kind: 'not-found' });
  expect(wire.requests[0]?.url).toBe('/environments/..%2Fclitoken%2Fx%20y');
  await wire.close();
});
