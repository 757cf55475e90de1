import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended, startCommand } from '../support/command.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { expectSchema } from '../support/schemas.ts';

let region: TestRegion;
let folder: string;
let pipeline: string;

beforeAll(async () => {
  region = await testRegion(120);
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-cli-'));
  pipeline = join(folder, 'redshift.yaml');
  writeFileSync(pipeline, redshiftPipeline(region.url));
}, 60_000);

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await region.close();
});

function environment(accessKeyId = 'AKIADEMOADMIN0000000'): NodeJS.ProcessEnv {
  return {
    HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'demo',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

function console(...argv: string[]): Promise<Ended> {
  return command(['--endpoint-url', region.url, ...argv], environment());
}

/** A command's JSON, held against its schema. */
async function json<T>(schema: string, ...argv: string[]): Promise<T> {
  const ended = await console(...argv, '-o', 'json');
  expect(ended.code, ended.stderr).toBe(0);
  const value = JSON.parse(ended.stdout) as T;
  expectSchema(schema, value);
  return value;
}

describe('reading the estate', () => {
  test('dashboard', async () => {
    const found = await json<{
      account: string;
      environments: { name: string; ingestions: unknown[] }[];
      clusters: unknown[];
    }>('dashboard', 'dashboard');
    expect(found.account).toBe('123456789012');
    expect(found.environments.map(({ name }) => name).sort()).toEqual(['analytics', 'data-prod', 'legacy', 'sandbox']);
    expect(found.environments.find(({ name }) => name === 'data-prod')?.ingestions).toHaveLength(4);
    expect(found.clusters).toHaveLength(3);
  });

  test('lists and single ones, as JSON, YAML and text', async () => {
    await json('environments', 'envs');
    await json('clusters', 'clusters');
    expect((await json<unknown[]>('tasks', 'tasks', 'platform')).length).toBeGreaterThan(5);
    expect((await console('envs', 'data-prod', '-o', 'yaml')).stdout).toContain('airflowVersion: 2.10.3');
    const text = await console('envs');
    expect(text.stdout).toMatch(/^NAME +STATUS/);
    expect(text.stderr).toBe('');
  });

  test('one environment that is refused, broken or garbled never hides the others', async ({ onTestFinished }) => {
    onTestFinished(async () => void (await fetch(`${region.url}/_demo/faults`, { method: 'DELETE' })));
    for (const [name, fault] of [
      ['legacy', 'denied'],
      ['sandbox', 'error'],
      ['analytics', 'garbage'],
    ]) {
      await region.fault({ service: 'airflow', operation: 'GetEnvironment', input: { Name: name }, times: 9, fault });
    }
    const found = await json<{
      environments: { name: string; error: unknown }[];
      errors: { resource: string; advice: string }[];
    }>('dashboard', 'dashboard');
    expect(found.environments.filter(({ error }) => error === null).map(({ name }) => name)).toEqual(['data-prod']);
    expect(found.errors.map(({ resource }) => resource).sort()).toEqual(['analytics', 'legacy', 'sandbox']);
    expect(found.errors.every(({ advice }) => advice)).toBe(true);
  });

  test.each(['dashboard', 'envs', 'clusters'])('%s in the wrong region says so, and prints no data', async (verb) => {
    const ended = await console('--region', 'us-east-1', verb, '-o', 'json');
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toContain(`${region.url} does not serve us-east-1.\n  Give the region that it serves`);
  });

  test.each([
    ['denied', /airflow:ListEnvironments/],
    ['error', /failed inside AWS \(HTTP 5\d\d\).*\n {2}Try again/],
    ['garbage', /\n {2}\S/],
  ])('a service that answers %s is one error with advice; the other panel has its rows', async (fault, said) => {
    await region.fault({ service: 'airflow', operation: 'ListEnvironments', times: 0, fault });
    try {
      const ended = await console('dashboard');
      expect(ended.code).toBe(0);
      expect(ended.stdout).toContain('openmetadata-ingestion');
      expect(ended.stdout).not.toContain('Error');
      expect(ended.stderr).toMatch(said);
      expect(await console('envs')).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(said) });
    } finally {
      await fetch(`${region.url}/_demo/faults`, { method: 'DELETE' });
    }
  });

  test('an unknown environment and an unknown cluster say what there is', async () => {
    expect(await console('envs', 'nowhere')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('data-prod'),
    });
    expect(await console('tasks', 'nowhere')).toMatchObject({ code: 1, stdout: '' });
  });

  test('connection, doctor and modes', async () => {
    const connection = await json<{ host: string; password: null }>('connection', 'connection', 'data-prod');
    expect(connection.host).toMatch(/^vpce-/);
    expect(connection.password).toBeNull();
    expect((await console('connection', 'sandbox', '-o', 'openmetadata')).stdout).toContain(
      'mwaaEnvironmentName: sandbox',
    );
    await json('doctor', 'doctor');
    await json('modes', 'modes', 'data-prod', '--pipeline', pipeline);
  });
});

describe('deploying and running', () => {
  test('plan, deploy, plan again, deployments, run and logs', { timeout: 300_000 }, async () => {
    const arguments_ = ['data-prod', '--mode', 'ecs', '--pipeline', pipeline];
    const planned = await json<{ steps: { kind: string }[] }>('plan', 'plan', ...arguments_);
    expect(planned.steps.length).toBeGreaterThan(4);
    expect(await console('plan', ...arguments_, '--detailed-exitcode')).toMatchObject({ code: 10 });

    expect(await console('deploy', ...arguments_)).toMatchObject({ code: 3, stderr: expect.stringContaining('--yes') });
    const debug = join(folder, 'debug.jsonl');
    const deployed = await json<{ state: string; deployment: string }>(
      'deploy',
      'deploy',
      ...arguments_,
      '--yes',
      '--debug',
      debug,
    );
    expect(deployed.state).toBe('done');
    expect(readFileSync(debug, 'utf8')).toContain('PutRolePolicy');
    expect(readFileSync(debug, 'utf8')).not.toContain(CANARY);
    expect(await console('plan', ...arguments_, '--detailed-exitcode')).toMatchObject({ code: 0 });
    await json('deployments', 'deployments', 'data-prod');
    await json('deployment', 'deployments', 'data-prod', deployed.deployment);

    const ended = await console('run', 'data-prod', 'redshift_ingestion', '-o', 'json');
    expect(ended.code, ended.stderr).toBe(0);
    const result = JSON.parse(ended.stdout) as { taskArn: string; exitCode: number; logEvents: number };
    expectSchema('run', result);
    expect(result.exitCode).toBe(0);

    const stream = `ecs/openmetadata-ingestion/${result.taskArn.split('/').at(-1)}`;
    const lines = await console(
      'logs',
      '/ecs/openmetadata-ingestion',
      '--stream-prefix',
      stream,
      '--since',
      '6h',
      '-o',
      'json',
    );
    const events = lines.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { eventId: string });
    for (const event of events) expectSchema('log-event', event);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(result.logEvents);
  });

  test('begun without waiting, resumed, told for the ticket and taken back', { timeout: 300_000 }, async () => {
    const wanted = ['data-prod', '--mode', 'ecs', '--pipeline', pipeline, '--dag-id', 'by_steps'];
    const begun = await json<{ state: string; deployment: string }>(
      'deploy',
      'deploy',
      ...wanted,
      '--yes',
      '--no-wait',
    );
    expect(begun.state).toBe('waiting');
    const ended = await console('resume', 'data-prod', '-o', 'json');
    expect(ended.stderr).toMatch(/ done +airflow by_steps$/m);
    const resumed = JSON.parse(ended.stdout) as unknown;
    expectSchema('resume', resumed);
    expect(resumed).toEqual({ environment: 'data-prod', deployment: begun.deployment, state: 'done' });
    expect(await json('resume', 'resume', 'data-prod')).toMatchObject({ state: 'nothing-to-resume' });
    expect(await console('resume', 'data-prod', begun.deployment)).toMatchObject({
      code: 0,
      stdout: 'Nothing to resume in data-prod.\n',
    });

    const ticket = await console('deployments', 'data-prod', begun.deployment, '-o', 'markdown');
    expect(ticket.code, ticket.stderr).toBe(0);
    expect(ticket.stdout).toContain(`## Deployment \`${begun.deployment}\`: done`);
    expect(ticket.stdout).toMatch(/^\| dag \| create \| `dags\/by_steps\.py` \| done \| \S+ \|$/m);

    expect(await console('undo', 'data-prod', begun.deployment)).toMatchObject({
      code: 3,
      stdout: expect.stringContaining('Remains:'),
      stderr: expect.stringContaining('--yes'),
    });
    const undone = await json<{ state: string; remains: string[] }>(
      'undo',
      'undo',
      'data-prod',
      begun.deployment,
      '--yes',
    );
    expect(undone.state).toBe('undone');
    expect(undone.remains.join()).toContain('scheduled for deletion');
    await json('deployment', 'deployments', 'data-prod', begun.deployment);
    expect(await console('undo', 'data-prod', begun.deployment, '--yes')).toMatchObject({ code: 3 });
    expect(await console('undo', 'data-prod', 'nothing')).toMatchObject({ code: 1 });
  });

  test("what restarts workers is confirmed by the environment's name, which --yes does not answer", async () => {
    const wanted = ['data-prod', '--mode', 'python', '--pipeline', pipeline, '--dag-id', 'by_python'];
    for (const answer of [['--yes'], ['--yes', '--confirm', 'legacy']]) {
      expect(await console('deploy', ...wanted, ...answer)).toMatchObject({
        code: 3,
        stderr: expect.stringMatching(/restarts the workers of data-prod/),
      });
    }
    expect(
      (await json<{ steps: { kind: string }[] }>('plan', 'plan', ...wanted)).steps.map(({ kind }) => kind),
    ).toContain('environment-update');
  });

  test('a task that fails ends with 1, its reason and advice', { timeout: 120_000 }, async () => {
    const ended = await console('run', 'data-prod', 'kafka_metadata', '-o', 'json');
    expect(ended.code, ended.stderr).toBe(1);
    const result = JSON.parse(ended.stdout) as { exitCode: number; advice: string };
    expectSchema('run', result);
    expect(result.exitCode).toBe(1);
    expect(result.advice).not.toBe('');
  });

  test('detached, it answers the ARN at once', async () => {
    const { taskArn } = await json<{ taskArn: string }>(
      'run-detached',
      'run',
      'data-prod',
      'snowflake_metadata',
      '--detach',
    );
    expect(taskArn).toContain(':task/openmetadata-ingestion/');
  });

  test('read-only refuses before anything is sent', async () => {
    const before = (await region.requests()).filter(({ operation }) => operation === 'RunTask').length;
    const ended = await console('--read-only', 'run', 'data-prod', 'snowflake_metadata');
    expect(ended).toMatchObject({ code: 3, stdout: '' });
    expect((await region.requests()).filter(({ operation }) => operation === 'RunTask')).toHaveLength(before);
  });

  test('a role without the right says which action it lacks', async () => {
    const ended = await command(
      ['--endpoint-url', region.url, 'run', 'data-prod', 'snowflake_metadata'],
      environment('AKIADEMOREADONLY0000'),
    );
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain('ecs:RunTask');
  });
});

describe('logs', () => {
  test('a missing group fails, an unknown form is refused', async () => {
    expect(await console('logs', '/nowhere')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('/nowhere'),
    });
    expect(await console('logs', '/nowhere', '-o', 'yaml')).toMatchObject({ code: 2 });
    expect(await console('logs', '/nowhere', '--since', 'yesterdayish')).toMatchObject({ code: 2 });
    expect(await console('logs', '/nowhere', '--since', '1h', '--until', '2h')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--until 2h is not after --since 1h'),
    });
  });

  test('-f goes on until interrupted, and then says so by its exit code', async () => {
    const running = startCommand(
      ['--endpoint-url', region.url, 'logs', 'airflow-data-prod-Scheduler', '-f', '--since', '5m', '-o', 'json'],
      environment(),
    );
    await expect.poll(() => running.stdout().split('\n').length, { timeout: 60_000 }).toBeGreaterThan(3);
    running.signal('SIGINT');
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { eventId: string }).eventId);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('tour', () => {
  test('runs only where nothing can be harmed', async () => {
    expect(await console('tour', '--endpoint-url', 'https://mwaa.eu-west-1.amazonaws.com')).toMatchObject({
      code: 2,
      stdout: '',
    });
    expect(await console('tour', '--endpoint-url', 'http://127.0.0.1:9')).toMatchObject({ code: 2, stdout: '' });
  });
});
