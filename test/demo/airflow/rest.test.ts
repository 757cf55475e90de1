import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateCliTokenCommand, CreateWebLoginTokenCommand, MWAAClient } from '@aws-sdk/client-mwaa';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { InvokeRestApiCommand } from '../../../src/aws/mwaa-commands.ts';
import { type RunningRegion, startRegion } from '../../../src/demo/region.ts';
import { HandClock } from '../../support/hand-clock.ts';
import { clientOptions, NOON, regionOfFile, send, signed } from '../core/bench.ts';

vi.setConfig({ testTimeout: 60_000 });
const bench = regionOfFile();
type Json = Record<string, unknown>;
interface Call {
  readonly Method?: 'GET' | 'PUT' | 'POST' | 'PATCH' | 'DELETE';
  readonly QueryParameters?: object;
  readonly Body?: unknown;
}
const invoke = (Name: string, Path: string, { Method = 'GET', ...more }: Call = {}, key = 'test') =>
  new MWAAClient(clientOptions(bench.running, key)).send(
    new InvokeRestApiCommand({ Name, Path, Method, ...(more as object) }),
  );
const rest = async (name: string, path: string, call?: Call) =>
  (await invoke(name, path, call)).RestApiResponse as Json;

describe('REST v1', () => {
  it('lists DAGs with the fields of Airflow 2, by pages and patterns', async () => {
    const all = await rest('data-prod', '/dags');
    const ids = (all.dags as { dag_id: string }[]).map(({ dag_id }) => dag_id);
    expect(ids).toEqual([
      'finance_close',
      'kafka_metadata',
      'looker_metadata',
      'orders_hourly',
      'postgres_usage',
      'sessions_quarter_hourly',
      'snowflake_metadata',
    ]);
    const page = await rest('data-prod', '/dags', {
      QueryParameters: { limit: '2', offset: '1', order_by: '-dag_id' },
    });
    expect(page).toMatchObject({
      total_entries: 7,
      dags: [{ dag_id: 'sessions_quarter_hourly' }, { dag_id: 'postgres_usage' }],
    });
    const pattern = await rest('data-prod', '/dags', { QueryParameters: { dag_id_pattern: 'METADATA' } });
    expect(pattern.total_entries).toBe(3);
    const dag = await rest('data-prod', '/dags/snowflake_metadata');
    expect(dag).toMatchObject({
      is_active: true,
      is_paused: false,
      schedule_interval: { __type: 'CronExpression', value: '0 4 * * *' },
      next_dagrun: '2026-11-22T04:00:00+00:00',
      next_dagrun_create_after: '2026-11-23T04:00:00+00:00',
      tags: [{ name: 'openmetadata' }, { name: 'metadata' }, { name: 'snowflake' }],
    });
    expect(dag).not.toHaveProperty('is_stale');
    expect(dag).not.toHaveProperty('timetable_summary');
    const bad = invoke('data-prod', '/dags', { QueryParameters: { order_by: 'colour' } });
    await expect(bad).rejects.toMatchObject({ name: 'RestApiClientException', RestApiStatusCode: 400 });
  });

  it('tells runs and tasks of the past', async () => {
    const runs = await rest('data-prod', '/dags/kafka_metadata/dagRuns', {
      QueryParameters: { order_by: '-start_date', limit: '1', state: 'failed' },
    });
    const [run] = runs.dag_runs as Json[];
    expect(run).toMatchObject({ state: 'failed', run_type: 'scheduled', external_trigger: false, conf: {} });
    expect(run?.execution_date).toBe(run?.logical_date);
    const found = await rest('data-prod', '/dags/~/dagRuns/list', {
      Method: 'POST',
      Body: { dag_ids: ['kafka_metadata'], states: ['failed'], page_limit: 3, order_by: '-execution_date' },
    });
    expect((found.dag_runs as Json[]).map(({ state }) => state)).toEqual(['failed', 'failed', 'failed']);
    const tasks = await rest('data-prod', '/dags/~/dagRuns/~/taskInstances/list', {
      Method: 'POST',
      Body: { dag_ids: ['kafka_metadata'], dag_run_ids: [run?.dag_run_id], state: ['failed'] },
    });
    expect(tasks).toMatchObject({
      total_entries: 1,
      task_instances: [{ task_id: 'ingest', try_number: 2, max_tries: 1, operator: 'EcsRunTaskOperator' }],
    });
    expect(await rest('data-prod', '/dags/orders_hourly/tasks')).toMatchObject({
      total_entries: 3,
      tasks: [{ task_id: 'extract_orders', downstream_task_ids: ['load_orders'] }, {}, {}],
    });
  });

  it('answers errors as problems', async () => {
    const failing = async (path: string, call?: Call) =>
      invoke('data-prod', path, call).catch((error: unknown) => error);
    expect(await failing('/dags/none')).toMatchObject({
      name: 'RestApiClientException',
      $metadata: { httpStatusCode: 400 },
      RestApiStatusCode: 404,
      RestApiResponse: {
        title: 'DAG not found',
        status: 404,
        type: expect.stringContaining('/2.10.3/stable-rest-api-ref.html#section/Errors/NotFound'),
      },
    });
    const run = { Method: 'POST', Body: { dag_run_id: 'twice' } } as const;
    expect(await rest('data-prod', '/dags/finance_close/dagRuns', run)).toMatchObject({ state: 'queued' });
    expect(await failing('/dags/finance_close/dagRuns', run)).toMatchObject({
      RestApiStatusCode: 409,
      RestApiResponse: { detail: expect.stringContaining('already exists'), title: 'Conflict' },
    });
    const unknown = await failing('/dags/finance_close/dagRuns', { Method: 'POST', Body: { color: 1 } });
    expect(unknown).toMatchObject({
      RestApiStatusCode: 400,
      RestApiResponse: { detail: "{'color': ['Unknown field.']}" },
    });
    const mask = { Method: 'PATCH', Body: { is_paused: true }, QueryParameters: { update_mask: 'tags' } } as const;
    expect(await failing('/dags/finance_close', mask)).toMatchObject({ RestApiStatusCode: 400 });
    expect(await failing('/dags', { Method: 'PUT' })).toMatchObject({ RestApiStatusCode: 405 });
    expect(await failing('/flights')).toMatchObject({ RestApiStatusCode: 404 });
    // Text instead of JSON is refused without a word.
    const text = {
      Method: 'POST',
      path: '/restapi/data-prod',
      body: { Path: '/dags/finance_close/dagRuns', Method: 'POST', Body: '{}' },
    };
    const raw = await send(bench.running, text.path, {
      method: text.Method,
      headers: { authorization: signed('airflow'), 'content-type': 'application/json' },
      body: JSON.stringify(text.body),
    });
    expect(raw).toMatchObject({ status: 400, headers: { 'x-amzn-errortype': 'RestApiClientException' } });
  });

  it('deletes a DAG only while nothing of it runs; its file brings it back', async () => {
    await rest('data-prod', '/dags/sessions_quarter_hourly/dagRuns', { Method: 'POST', Body: { dag_run_id: 'r' } });
    bench.clock.move(15_000);
    const gone = () => invoke('data-prod', '/dags/sessions_quarter_hourly', { Method: 'DELETE' });
    await expect(gone()).rejects.toMatchObject({ RestApiStatusCode: 409 });
    await rest('data-prod', '/dags/sessions_quarter_hourly/dagRuns/r', { Method: 'PATCH', Body: { state: 'failed' } });
    await rest('data-prod', '/dags/sessions_quarter_hourly', { Method: 'PATCH', Body: { is_paused: true } });
    expect(await gone()).toMatchObject({ RestApiStatusCode: 204 });
    await expect(invoke('data-prod', '/dags/sessions_quarter_hourly')).rejects.toMatchObject({
      RestApiStatusCode: 404,
    });
    bench.clock.move(40_000);
    const back = await rest('data-prod', '/dags/sessions_quarter_hourly/dagRuns');
    // Unpaused as its file says, it runs its latest interval; the runs of before are gone.
    expect((back.dag_runs as Json[]).map(({ run_type }) => run_type)).toEqual(['scheduled']);
  });

  it('clears tasks, so that they run again', async () => {
    const runs = { QueryParameters: { limit: '1', order_by: '-start_date', state: 'success' } };
    const [run] = (await rest('data-prod', '/dags/orders_hourly/dagRuns', runs)).dag_runs as { dag_run_id: string }[];
    const clear = (dry_run: boolean) =>
      rest('data-prod', '/dags/orders_hourly/clearTaskInstances', {
        Method: 'POST',
        Body: { dry_run, dag_run_id: run?.dag_run_id, task_ids: ['check_orders'], only_failed: false },
      });
    expect((await clear(true)).task_instances).toMatchObject([
      { task_id: 'check_orders', dag_run_id: run?.dag_run_id },
    ]);
    await clear(false);
    bench.clock.move(60_000);
    const tasks = await rest('data-prod', '/dags/~/dagRuns/~/taskInstances/list', {
      Method: 'POST',
      Body: { dag_ids: ['orders_hourly'], dag_run_ids: [run?.dag_run_id], task_ids: ['check_orders'] },
    });
    expect(tasks.task_instances).toMatchObject([{ state: 'success', try_number: 2 }]);
  });

  it('tells health, version and pool', async () => {
    expect(await rest('data-prod', '/health')).toMatchObject({
      scheduler: { status: 'healthy' },
      dag_processor: { status: null },
    });
    expect(await rest('data-prod', '/version')).toEqual({ version: '2.10.3', git_version: null });
    expect(await rest('data-prod', '/pools')).toMatchObject({ pools: [{ name: 'default_pool' }] });
  });
});

describe('REST v2', () => {
  it('has the fields of Airflow 3', async () => {
    const dag = await rest('analytics', '/dags/dbt_metadata');
    expect(dag).toMatchObject({
      is_stale: false,
      timetable_summary: '0 6 * * *',
      bundle_name: 'dags-folder',
      relative_fileloc: 'dbt_metadata.py',
      next_dagrun_run_after: '2026-11-23T06:00:00Z',
    });
    expect(dag).not.toHaveProperty('is_active');
    const runs = await rest('analytics', '/dags/dbt_metadata/dagRuns', {
      QueryParameters: { order_by: '-run_after', limit: '1' },
    });
    expect(runs.dag_runs).toMatchObject([
      {
        dag_run_id: 'scheduled__2026-11-22T06:00:00+00:00',
        logical_date: '2026-11-22T06:00:00Z',
        run_type: 'scheduled',
      },
    ]);
    expect(await rest('analytics', '/monitor/health')).toMatchObject({ dag_processor: { status: 'healthy' } });
    await expect(invoke('analytics', '/health')).rejects.toMatchObject({ RestApiStatusCode: 404 });
  });

  it('wants the logical date and nothing it does not know', async () => {
    const trigger = (Body: object) => invoke('analytics', '/dags/events_rollup/dagRuns', { Method: 'POST', Body });
    await expect(trigger({ dag_run_id: 'a' })).rejects.toMatchObject({
      RestApiStatusCode: 422,
      RestApiResponse: { detail: [{ type: 'missing', loc: ['body', 'logical_date'] }] },
    });
    await expect(trigger({ logical_date: null, color: 1 })).rejects.toMatchObject({ RestApiStatusCode: 422 });
    const body = { dag_run_id: 'a', logical_date: null, conf: { x: 1 } };
    expect((await trigger(body)).RestApiResponse).toMatchObject({
      logical_date: null,
      conf: { x: 1 },
      triggered_by: 'rest_api',
    });
    await expect(trigger(body)).rejects.toMatchObject({ RestApiStatusCode: 409 });
    await expect(invoke('analytics', '/dags/none')).rejects.toMatchObject({
      RestApiResponse: { detail: 'The DAG with ID: `none` was not found' },
    });
  });
});

describe('InvokeRestApi', () => {
  it('takes no path above 64 characters and no unknown method', async () => {
    await expect(invoke('data-prod', `/${'x'.repeat(64)}`)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(invoke('data-prod', '/dags', { Method: 'HEAD' as 'GET' })).rejects.toMatchObject({
      name: 'ValidationException',
    });
    await expect(invoke('nowhere', '/dags')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('acts as the Airflow role that the policy allows', async () => {
    const pause = { Method: 'PATCH', Body: { is_paused: false } } as const;
    await invoke('data-prod', '/dags/finance_close', pause, 'AKIADEMOOPERATOR0000');
    await expect(invoke('data-prod', '/dags', {}, 'AKIADEMONOACCESS0000')).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('arn:aws:airflow:eu-west-1:123456789012:role/data-prod/Admin'),
    });
    const { iam, sts } = bench.running.region;
    expect(sts).toBeDefined();
    const statement = {
      Effect: 'Allow',
      Action: 'airflow:InvokeRestApi',
      Resource: 'arn:aws:airflow:eu-west-1:123456789012:role/*/Viewer',
    };
    iam.role('NoAccess')?.inline.set('view', JSON.stringify({ Version: '2012-10-17', Statement: [statement] }));
    await invoke('data-prod', '/dags', {}, 'AKIADEMONOACCESS0000');
    const list = { Method: 'POST', Body: { dag_ids: ['finance_close'] } } as const;
    await invoke('data-prod', '/dags/~/dagRuns/list', list, 'AKIADEMONOACCESS0000');
    await expect(invoke('data-prod', '/dags/finance_close', pause, 'AKIADEMONOACCESS0000')).rejects.toMatchObject({
      RestApiStatusCode: 403,
    });
  });
});

describe('the web server', () => {
  const cli = async (token: string, body: string) => {
    const answer = await send(bench.running, '/aws_mwaa/cli', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'text/plain' },
      body,
    });
    if (answer.status !== 200) return { status: answer.status, stdout: '', stderr: '' };
    const { stdout, stderr } = JSON.parse(answer.body);
    const text = (encoded: string) => Buffer.from(encoded, 'base64').toString();
    return { status: 200, stdout: text(stdout), stderr: text(stderr) };
  };

  it('runs command lines for a token of a minute', async () => {
    const client = new MWAAClient(clientOptions(bench.running));
    const { CliToken = '', WebServerHostname } = await client.send(new CreateCliTokenCommand({ Name: 'data-prod' }));
    expect(WebServerHostname).toMatch(/\.airflow\.eu-west-1\.on\.aws$/);
    expect(await cli(CliToken, 'version')).toMatchObject({ stdout: '2.10.3\n', stderr: '' });
    const list = JSON.parse((await cli(CliToken, 'dags list -o json')).stdout);
    expect(list).toContainEqual(expect.objectContaining({ dag_id: 'snowflake_metadata', is_paused: 'False' }));
    expect((await cli(CliToken, 'dags list')).stdout).toMatch(/^dag_id +\| fileloc/);
    const trigger = await cli(CliToken, `dags trigger orders_hourly --run-id mine --conf '{"a": 1}' -o json`);
    expect(JSON.parse(trigger.stdout)).toMatchObject([{ run_id: 'mine', state: 'queued' }]);
    expect((await cli(CliToken, 'dags trigger nothing')).stderr).toContain('could not be found');
    expect((await cli(CliToken, 'config list')).stderr).toContain('sub command not allowed');
    expect((await cli('wrong', 'version')).status).toBe(403);
    bench.clock.move(61_000);
    expect((await cli(CliToken, 'version')).status).toBe(403);
  });

  it.each([
    ['data-prod', '/aws_mwaa/login', 'session', '/api/v1/dags/kafka_metadata'],
    ['analytics', '/pluginsv2/aws_mwaa/login', '_token', '/api/v2/dags/dbt_metadata'],
  ])('opens a session of %s', async (Name, path, cookie, api) => {
    const client = new MWAAClient(clientOptions(bench.running));
    const answer = await client.send(new CreateWebLoginTokenCommand({ Name }));
    expect(answer).toMatchObject({
      IamIdentity: 'assumed-role/OnCall/demo',
      AirflowIdentity: 'assumed-role/OnCall/demo',
    });
    const form = { method: 'POST', headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const login = await send(bench.running, path, { ...form, body: `token=${answer.WebToken}` });
    expect(login.status).toBe(302);
    const value = new RegExp(`^${cookie}=([^;]+)`).exec(String(login.headers['set-cookie']))?.[1] ?? '';
    const headers: Record<string, string> =
      cookie === 'session' ? { cookie: `session=${value}` } : { authorization: `Bearer ${value}` };
    expect(await send(bench.running, api, { headers })).toMatchObject({ status: 200 });
    expect(await send(bench.running, api)).toMatchObject({ status: 401 });
    bench.clock.leap(13 * 3_600_000);
    expect(await send(bench.running, api, { headers })).toMatchObject({ status: 401 });
  });
});

describe('an environment with a real Airflow behind it', () => {
  const seen: { method: string; url: string; type: string | undefined; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const { method = '', url = '' } = request;
      seen.push({ method, url, type: request.headers['content-type'], body });
      const missing = url.includes('/missing');
      response.writeHead(missing ? 404 : method === 'DELETE' ? 204 : 200, { 'content-type': 'application/json' });
      response.end(method === 'DELETE' ? '' : JSON.stringify(missing ? { title: 'Not Found' } : { real: true }));
    });
  });
  let running: RunningRegion;
  beforeAll(async () => {
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    running = await startRegion({ clock: new HandClock(NOON), airflow: { 'data-prod': base, analytics: base } });
  });
  afterAll(async () => {
    await running.close();
    server.closeAllConnections();
    server.close();
  });

  it('hands requests to it, with the API of its version', async () => {
    const call = (Name: string, Path: string, more: Call) =>
      new MWAAClient(clientOptions(running)).send(
        new InvokeRestApiCommand({ Name, Path, Method: 'GET', ...(more as object) }),
      );
    const listed = await call('data-prod', '/dags', { QueryParameters: { limit: '5' } });
    expect(listed).toMatchObject({ RestApiStatusCode: 200, RestApiResponse: { real: true } });
    await call('analytics', '/dags/x', { Method: 'PATCH', Body: { is_paused: true } });
    expect(await call('data-prod', '/dags/x', { Method: 'DELETE' })).toMatchObject({ RestApiStatusCode: 204 });
    await expect(call('data-prod', '/missing', {})).rejects.toMatchObject({
      name: 'RestApiClientException',
      RestApiStatusCode: 404,
      RestApiResponse: { title: 'Not Found' },
    });
    expect(seen).toMatchObject([
      { method: 'GET', url: '/api/v1/dags?limit=5', type: undefined },
      { method: 'PATCH', url: '/api/v2/dags/x', type: 'application/json', body: '{"is_paused":true}' },
      { method: 'DELETE', url: '/api/v1/dags/x', type: undefined, body: '' },
      { url: '/api/v1/missing' },
    ]);
  });

  it('answers 504 when it is not there', async () => {
    server.closeAllConnections();
    await new Promise((resolve) => {
      server.close(resolve);
    });
    const client = new MWAAClient(clientOptions(running));
    const call = client.send(new InvokeRestApiCommand({ Name: 'data-prod', Path: '/dags', Method: 'GET' }));
    await expect(call).rejects.toMatchObject({ name: 'RestApiServerException', RestApiStatusCode: 504 });
  });
});
