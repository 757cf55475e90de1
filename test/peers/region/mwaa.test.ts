import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();
/** Longer than any update of an environment takes, ms. */
const HOUR = 3_600_000;

describe('list-environments', () => {
  test('lists them all, by pages too', async () => {
    const { Environments } = await bench.aws.json<{ Environments: string[] }>('mwaa', 'list-environments');
    expect(Environments).toEqual(['analytics', 'data-prod', 'legacy', 'sandbox']);
    const paged = await bench.aws.paged<{ Environments: string[] }>('mwaa', 'list-environments', '--page-size', '1');
    expect(paged.answer.Environments).toEqual(Environments);
    expect(paged.requests).toBe(4);
  });

  test('is refused to whom it is not allowed', async () => {
    expect(await bench.aws.as('AKIADEMONOACCESS0000').refusal('mwaa', 'list-environments')).toContain(
      'AccessDeniedException',
    );
  });

  test('refuses a token of its own making', async () => {
    const refusal = await bench.aws.refusal('mwaa', 'list-environments', '--no-paginate', '--next-token', 'abc');
    expect(refusal).toContain('ValidationException');
  });
});

describe('get-environment', () => {
  test.each([
    ['data-prod', '2.10.3', 'AVAILABLE'],
    ['analytics', '3.2.1', 'UPDATING'],
    ['legacy', '2.7.2', 'UPDATE_FAILED'],
    ['sandbox', '3.3.1', 'AVAILABLE'],
  ])('describes %s', async (name, version, status) => {
    const { Environment } = await bench.aws.json<{ Environment: Record<string, unknown> }>(
      ...['mwaa', 'get-environment', '--name', name],
    );
    expect(Environment).toMatchObject({
      Name: name,
      AirflowVersion: version,
      Arn: `arn:aws:airflow:eu-west-1:123456789012:environment/${name}`,
      NetworkConfiguration: { SubnetIds: [expect.any(String), expect.any(String)] },
    });
    // The update of analytics ends after a while.
    expect([status, 'AVAILABLE']).toContain(Environment.Status);
  });

  test('knows no other', async () => {
    expect(await bench.aws.refusal('mwaa', 'get-environment', '--name', 'none')).toContain('ResourceNotFoundException');
  });
});

describe('update-environment', () => {
  const update = ['mwaa', 'update-environment', '--name'];

  test('takes an update, one at a time, and ends it', async () => {
    const options = ['--airflow-configuration-options', 'core.parallelism=8'];
    const replacing = ['--worker-replacement-strategy', 'GRACEFUL'];
    expect(await bench.aws.json(...update, 'sandbox', ...options, ...replacing)).toEqual({
      Arn: 'arn:aws:airflow:eu-west-1:123456789012:environment/sandbox',
    });
    expect(await bench.aws.refusal(...update, 'sandbox', '--max-workers', '1')).toContain('ValidationException');
    const read = async () => {
      const { Environment } = await bench.aws.json<{ Environment: Record<string, unknown> }>(
        ...['mwaa', 'get-environment', '--name', 'sandbox'],
      );
      return Environment;
    };
    expect(await read()).toMatchObject({ Status: 'UPDATING' });
    bench.clock.move(HOUR);
    expect(await read()).toMatchObject({
      Status: 'AVAILABLE',
      AirflowConfigurationOptions: { 'core.parallelism': '8' },
      LastUpdate: { Status: 'SUCCESS', WorkerReplacementStrategy: 'GRACEFUL' },
    });
  });

  test.each([
    ['more workers at least than at most', 'data-prod', ['--min-workers', '10', '--max-workers', '5']],
    ['an object that is not there', 'data-prod', ['--requirements-s3-path', 'none.txt']],
    ['a class that does not exist', 'data-prod', ['--environment-class', 'mw1.none']],
    ['an Airflow older than it has', 'data-prod', ['--airflow-version', '2.4.3']],
  ])('refuses %s', async (_, name, options) => {
    expect(await bench.aws.refusal(...update, name, ...options)).toContain('ValidationException');
  });

  test('knows no other environment', async () => {
    expect(await bench.aws.refusal(...update, 'none', '--max-workers', '5')).toContain('ResourceNotFoundException');
  });
});

describe('tokens', () => {
  test.each([
    ['create-cli-token', 'CliToken'],
    ['create-web-login-token', 'WebToken'],
  ])('%s', async (operation, member) => {
    const answer = await bench.aws.json('mwaa', operation, '--name', 'data-prod');
    expect(answer).toMatchObject({ [member]: expect.any(String), WebServerHostname: expect.any(String) });
    expect(await bench.aws.refusal('mwaa', operation, '--name', 'none')).toContain('ResourceNotFoundException');
    const denied = await bench.aws.as('AKIADEMONOACCESS0000').refusal('mwaa', operation, '--name', 'data-prod');
    expect(denied).toContain('AccessDeniedException');
  });
});

describe.each(['data-prod', 'sandbox'])('invoke-rest-api of %s', (name) => {
  const invoke = (method: string, path: string, ...more: string[]) => [
    ...['mwaa', 'invoke-rest-api', '--name', name, '--method', method, '--path', path, ...more],
  ];
  interface Invoked {
    RestApiStatusCode: number;
    RestApiResponse: Record<string, unknown>;
  }

  test('reads', async () => {
    const all = await bench.aws.json<Invoked>(...invoke('GET', '/dags'));
    expect(all.RestApiStatusCode).toBe(200);
    expect(all.RestApiResponse.dags).toBeInstanceOf(Array);
    const one = await bench.aws.json<Invoked>(...invoke('GET', '/dags', '--query-parameters', '{"limit":"1"}'));
    expect(one.RestApiResponse.total_entries).toBe(all.RestApiResponse.total_entries);
    expect((one.RestApiResponse.dags as unknown[]).length).toBeLessThanOrEqual(1);
  });

  test('writes', async () => {
    const { RestApiResponse } = await bench.aws.json<Invoked>(...invoke('GET', '/dags'));
    const [dag] = RestApiResponse.dags as { dag_id: string; is_paused: boolean }[];
    const change = async (is_paused: boolean | undefined) => {
      const call = invoke('PATCH', `/dags/${dag?.dag_id}`, '--body', JSON.stringify({ is_paused }));
      return (await bench.aws.json<Invoked>(...call)).RestApiResponse;
    };
    expect(await change(dag?.is_paused !== true)).toMatchObject({ ...dag, is_paused: dag?.is_paused !== true });
    expect(await change(dag?.is_paused)).toMatchObject({ is_paused: dag?.is_paused });
  });

  test("hands on Airflow's refusals", async () => {
    expect(await bench.aws.refusal(...invoke('GET', '/dags/none'))).toContain('RestApiClientException');
  });

  test('takes 64 characters of path, not more', async () => {
    const refusal = await bench.aws.refusal(...invoke('GET', `/dags/${'x'.repeat(59)}`));
    expect(refusal).toContain('ValidationException');
    expect(await bench.aws.refusal(...invoke('GET', `/dags/${'x'.repeat(58)}`))).toContain('RestApiClientException');
  });
});

test('invoke-rest-api knows no other environment', async () => {
  const call = ['mwaa', 'invoke-rest-api', '--name', 'none', '--method', 'GET', '--path', '/dags'];
  expect(await bench.aws.refusal(...call)).toContain('ResourceNotFoundException');
});
