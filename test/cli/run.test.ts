import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { command, type Ended, startCommand } from '../support/command.ts';
import { CANARY, redshiftPipeline } from '../support/pipelines.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { expectSchema } from '../support/schemas.ts';

let region: TestRegion;
let folder: string;
let env: NodeJS.ProcessEnv;
let configuration: string;

beforeAll(async () => {
  region = await testRegion(120);
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-run-'));
  configuration = join(folder, 'own.yaml');
  writeFileSync(configuration, redshiftPipeline(region.url));
  env = {
    XDG_STATE_HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
    AWS_SECRET_ACCESS_KEY: 'demo',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await region.close();
});

function run(...argv: string[]): Promise<Ended> {
  return command(['--endpoint-url', region.url, 'run', ...argv], env);
}

/** Secrets and own revisions that are in the region. */
async function temporary(): Promise<string[]> {
  const session = await region.open();
  const { SecretList = [] } = await session.secretsManager.listSecrets({ MaxResults: 100 }, {});
  const { taskDefinitionArns = [] } = await session.ecs.listTaskDefinitions({ status: 'ACTIVE', maxResults: 100 }, {});
  return [...SecretList.map(({ Name = '' }) => Name), ...taskDefinitionArns].filter((name) =>
    /-run[:-]|-[0-9a-f]{8}$/.test(name),
  );
}

describe('what is asked', () => {
  const network = ['--subnet', 'subnet-1', '--security-group', 'sg-1'];
  test.each([
    [[], 'What should run is not named', 'run ENV DAG'],
    [['data-prod'], 'Which ingestion of data-prod', 'run data-prod DAG'],
    [['data-prod', 'kafka_metadata', '--cluster', 'c'], 'both named', '--cluster'],
    [['--cluster', 'c', ...network], '--task-definition is missing', 'run ENV DAG'],
    [['--cluster', 'c', '--task-definition', 't'], 'needs a subnet', '--subnet'],
    [['data-prod', 'kafka_metadata', '--timeout', '60', '--detach'], '--detach does not follow', 'Leave one'],
    [['data-prod', 'kafka_metadata', '--timeout', 'soon'], 'number above 0', '--help'],
    [
      ['data-prod', 'kafka_metadata', '--config', 'missing.yaml', '--yes'],
      'missing.yaml: there is no such file',
      'YAML',
    ],
  ])('%j is refused with what to do', async (argv, message, advice) => {
    const ended = await run(...argv);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toContain(message);
    expect(ended.stderr).toContain(advice);
  });

  test('by cluster and task definition runs on the capacity asked for, after telling what is sent', async () => {
    const ended = await run(
      ...['--cluster', 'openmetadata-ingestion', '--task-definition', 'data-prod-postgres_usage'],
      ...['--subnet', 'subnet-0a1b2c3d4e5f60011', '--security-group', 'sg-0a1b2c3d4e5f60031'],
      ...['--capacity-provider', 'FARGATE_SPOT', '--pipeline-type', 'usage', '--detach', '-o', 'json'],
    );
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/capacity +FARGATE_SPOT/);
    expect(ended.stderr).toMatch(/overrides +pipelineType usage, pipelineRunId [\da-f-]{36}/);
    const { taskArn } = JSON.parse(ended.stdout) as { taskArn: string };
    const session = await region.open();
    // ECS may not know a task yet that it has just answered with.
    const described = async () =>
      (await session.ecs.describeTasks({ cluster: 'openmetadata-ingestion', tasks: [taskArn] }, {})).tasks?.[0];
    await expect.poll(described, { timeout: 60_000 }).toMatchObject({ capacityProviderName: 'FARGATE_SPOT' });
  });

  test('--timeout stops a task that takes longer, and says that it did', async () => {
    const ended = await run('data-prod', 'postgres_usage', '--timeout', '30');
    expect(ended.code, ended.stderr).toBe(1);
    expect(ended.stdout).toContain('timeout of 30s');
    expect(ended.stderr).toContain('it is being stopped');
  });

  test('interrupted it ends with 130, and says that the task goes on and how to stop it', async () => {
    const running = startCommand(['--endpoint-url', region.url, 'run', 'data-prod', 'postgres_usage'], env);
    await expect.poll(() => running.stderr(), { timeout: 50_000 }).toContain('pending');
    running.signal('SIGINT');
    const ended = await running.ended;
    expect(ended.code).toBe(130);
    expect(ended.stderr).toContain('The task goes on');
    expect(ended.stderr).toMatch(/aws ecs stop-task --cluster openmetadata-ingestion --task [\da-f]{32}$/m);
  });
});

describe('--config', () => {
  test('shows what is made, asks, runs with it, and leaves nothing', async () => {
    const refused = await run('data-prod', 'kafka_metadata', '--config', configuration);
    expect(refused).toMatchObject({ code: 3, stdout: '', stderr: expect.stringContaining('--yes') });
    expect(await temporary()).toEqual([]);

    // Its own configuration would fail: this one ends well.
    const ended = await run('data-prod', 'kafka_metadata', '--config', configuration, '--yes', '-o', 'json');
    expect(ended.code, ended.stderr).toBe(0);
    const result: unknown = JSON.parse(ended.stdout);
    expectSchema('run', result);
    expect(ended.stderr).toContain('hostPort: redshift.example.com:5439');
    expect(ended.stderr).toContain('The temporary secret and task definition are removed');
    expect(ended.stdout + ended.stderr).not.toContain(CANARY);
    expect(await temporary()).toEqual([]);
    expect(readdirSync(join(folder, 'mwaa-console', 'temporary'))).toEqual([]);
  });

  test('detached, it waits until the task has read it', async () => {
    const ended = await run('data-prod', 'kafka_metadata', '--config', configuration, '--yes', '--detach');
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stdout).toMatch(/^arn:aws:ecs:\S+\n$/);
    expect(await temporary()).toEqual([]);
  });

  test('what a run that was killed left behind is told by the next one, and removed where that is said', async () => {
    const session = await region.open();
    const secretName = 'mwaa-console/data-prod/data-prod-kafka_metadata-0badcafe';
    await session.secretsManager.createSecret({ Name: secretName, SecretString: CANARY }, {});
    const place = join(folder, 'mwaa-console', 'temporary');
    mkdirSync(place, { recursive: true });
    const parts = {
      schema: 1,
      id: '0badcafe-0000-4000-8000-000000000000',
      endpoint: new URL(region.url).host,
      account: '123456789012',
      region: 'eu-west-1',
      cluster: 'openmetadata-ingestion',
      secretName,
      family: 'data-prod-kafka_metadata-run',
      startedAt: session.clock.now(),
      host: hostname(),
      pid: 99_999_999,
    };
    writeFileSync(join(place, `${parts.id}.json`), JSON.stringify(parts));

    const next = await run('data-prod', 'snowflake_metadata', '--detach');
    expect(next.code, next.stderr).toBe(0);
    expect(next.stderr).toContain(`left a secret and a task definition behind: ${secretName}`);
    expect(next.stderr).toContain('run --clean-up');
    expect(await temporary()).toEqual([secretName]);

    const removed = await run('--clean-up');
    expect(removed).toMatchObject({ code: 0, stderr: expect.stringContaining(`Removed ${secretName}`) });
    expect(await temporary()).toEqual([]);
    expect((await run('--clean-up')).stderr).toContain('No run has left anything behind');
  });
});

test('a run is in the list of tasks with how it went, and its record holds no secret', async () => {
  const ended = await command(['--endpoint-url', region.url, 'tasks', 'openmetadata-ingestion', '-o', 'json'], env);
  expect(ended.code, ended.stderr).toBe(0);
  const tasks = JSON.parse(ended.stdout) as { source: string; run: { exitCode: number } | null }[];
  expectSchema('tasks', tasks);
  expect(tasks.some(({ run: went }) => went?.exitCode === 0)).toBe(true);
  const kept = join(folder, 'mwaa-console', 'tasks');
  for (const name of readdirSync(kept, { recursive: true, encoding: 'utf8' })) {
    if (name.endsWith('.json')) expect(readFileSync(join(kept, name), 'utf8')).not.toContain(CANARY);
  }
});

test("a DAG's runs lead to their ECS tasks and logs", async () => {
  const argv = ['--endpoint-url', region.url, 'runs', 'data-prod', 'kafka_metadata'];
  const ended = await command([...argv, '-o', 'json'], env);
  expect(ended.code, ended.stderr).toBe(0);
  const runs = JSON.parse(ended.stdout) as { runId: string; logStreamPrefix: string; tasks: { arn: string }[] }[];
  expectSchema('runs', runs);
  const led = runs.filter(({ tasks }) => tasks.length > 0);
  expect(led.length).toBeGreaterThan(0);
  expect(led[0]?.logStreamPrefix).toMatch(/^dag_id=kafka_metadata\/run_id=scheduled__[^:]+\/$/);
  expect((await command(argv, env)).stdout).toMatch(/^RUN +STATE +ECS TASK/);
  expect(await command(['--endpoint-url', region.url, 'runs', 'nowhere', 'x'], env)).toMatchObject({ code: 1 });
});
