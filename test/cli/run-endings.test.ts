import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { command, startCommand } from '../support/command.ts';
import { type TestRegion, testRegion } from '../support/region.ts';
import { expectSchema } from '../support/schemas.ts';

const CLUSTER = 'openmetadata-ingestion';
const GROUP = '/ecs/openmetadata-ingestion';
const PRIVATE = 'subnet-0a1b2c3d4e5f60011';
const PUBLIC = 'subnet-0a1b2c3d4e5f60021';

let region: TestRegion;
let session: Session;
let folder: string;

beforeAll(async () => {
  region = await testRegion(120);
  session = await region.open();
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-endings-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await region.close();
});

interface Container {
  readonly name?: string;
  readonly secrets?: unknown;
  readonly image?: string;
  readonly command?: readonly string[];
  readonly logConfiguration?: unknown;
}

/** A definition of the world with something changed, in a family of its own; its ARN. */
async function define(family: string, change: { readonly container?: Container; readonly [member: string]: unknown }) {
  const { taskDefinition } = await session.ecs.describeTaskDefinition(
    { taskDefinition: 'data-prod-postgres_usage' },
    {},
  );
  const { executionRoleArn, taskRoleArn, containerDefinitions, cpu, memory, networkMode } = taskDefinition ?? {};
  const { container, ...rest } = change;
  const answer = await session.ecs.registerTaskDefinition(
    {
      family,
      ...{ executionRoleArn, taskRoleArn, cpu, memory, networkMode },
      requiresCompatibilities: ['FARGATE'],
      ...rest,
      containerDefinitions: [{ ...containerDefinitions?.[0], ...container }],
    } as never,
    {},
  );
  return answer.taskDefinition?.taskDefinitionArn ?? '';
}

const LOGS_NOWHERE = {
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/nowhere', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
};
const FORBIDDEN = [
  { name: 'config', valueFrom: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:platform/api/database-AAAAAA' },
];
const BUSYBOX = 'public.ecr.aws/docker/library/busybox:1.36';

/** Each ending: what is changed of a good run, and what `run` says of it. */
const ENDINGS = [
  ['well', {}, [], 0, null, ''],
  ['oom', { cpu: '256', memory: '512' }, [], 137, 'EssentialContainerExited', 'memory'],
  [
    'image',
    { container: { image: 'docker.io/openmetadata/ingestion-base:9.9.9' } },
    [],
    null,
    'TaskFailedToStart',
    'tag',
  ],
  ['no-route', {}, ['--subnet', PUBLIC], null, 'TaskFailedToStart', 'NAT gateway'],
  ['secret', { container: { secrets: FORBIDDEN } }, [], null, 'TaskFailedToStart', 'secret'],
  ['group', { container: { logConfiguration: LOGS_NOWHERE } }, [], null, 'TaskFailedToStart', 'log group'],
  [
    'short',
    { container: { image: BUSYBOX, command: ['sh', '-c', 'echo over; exit 7'], secrets: [] } },
    [],
    7,
    'EssentialContainerExited',
    'log',
  ],
  [
    'spot',
    { tags: [{ key: 'demo:spot', value: 'interrupted' }] },
    ['--capacity-provider', 'FARGATE_SPOT'],
    undefined,
    'SpotInterruption',
    'FARGATE',
  ],
] as const;

interface Result {
  readonly taskArn: string;
  readonly exitCode: number | null;
  readonly stopCode: string | null;
  readonly advice: string;
  readonly logEvents: number;
}

function argv(taskDefinition: string, more: readonly string[] = []): string[] {
  const subnet = more.includes('--subnet') ? [] : ['--subnet', PRIVATE];
  return [
    ...['--endpoint-url', region.url, 'run', '--cluster', CLUSTER, '--task-definition', taskDefinition],
    ...['--security-group', 'sg-0a1b2c3d4e5f60032', '--pipeline-type', 'usage', ...subnet, ...more, '-o', 'json'],
  ];
}

function env(): NodeJS.ProcessEnv {
  return {
    XDG_STATE_HOME: folder,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
    AWS_SECRET_ACCESS_KEY: 'demo',
    AWS_REGION: 'eu-west-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** Everything that a task wrote, from the region's own memory. */
function written(taskArn: string): string[] {
  const id = taskArn.split('/').at(-1) ?? '';
  const streams = [...(region.running.region.logs.group(GROUP)?.written.values() ?? [])];
  const stream = streams.find(({ name }) => name.endsWith(id));
  return (stream?.between(0, Number.POSITIVE_INFINITY) ?? []).map(({ message }) => message);
}

/** How many tasks ECS has of a family. */
async function tasksOf(family: string): Promise<number> {
  const lists = await Promise.all(
    (['RUNNING', 'STOPPED'] as const).map((desiredStatus) =>
      session.ecs.listTasks({ cluster: CLUSTER, family, desiredStatus }, {}),
    ),
  );
  return new Set(lists.flatMap(({ taskArns = [] }) => taskArns)).size;
}

/** What a run said: its exit code, its result, and every line of the task among what it printed. */
function expectRun({ code, stdout, stderr }: { code: number; stdout: string; stderr: string }, exit: number): Result {
  expect(code, stderr).toBe(exit);
  const result = JSON.parse(stdout) as Result;
  expectSchema('run', result);
  const lines = written(result.taskArn);
  expect(result.logEvents).toBe(lines.length);
  const printed = stderr.split('\n');
  for (const line of lines.flatMap((message) => message.split('\n'))) {
    expect(printed.some((each) => each.includes(line.replaceAll('\t', '').slice(0, 60)))).toBe(true);
  }
  return result;
}

describe('run ends with the exit code, the lines and the advice of', () => {
  test.each(ENDINGS)('%s', async (name, change, more, exitCode, stopCode, advice) => {
    const family = `ending-${name}`;
    const taskDefinition = await define(family, change);
    const result = expectRun(await command(argv(taskDefinition, more), env()), name === 'well' ? 0 : 1);
    if (exitCode !== undefined) expect(result.exitCode).toBe(exitCode);
    if (stopCode !== null) expect(result.stopCode).toBe(stopCode);
    expect(result.advice).toContain(advice);
    expect(result.advice === '').toBe(name === 'well');
    expect(await tasksOf(family)).toBe(1);
  });

  test('a source that refuses: exit 1', async () => {
    const ended = await command(
      ['--endpoint-url', region.url, 'run', 'data-prod', 'kafka_metadata', '-o', 'json'],
      env(),
    );
    expect(expectRun(ended, 1)).toMatchObject({ exitCode: 1, advice: expect.stringContaining('host was not reached') });
  });

  test('somebody who stops it', async () => {
    const taskDefinition = await define('ending-stopped', {});
    const running = startCommand(argv(taskDefinition), env());
    await expect.poll(() => running.stderr(), { timeout: 50_000 }).toContain('running (');
    const [, task = ''] = /(arn:aws:ecs:\S+:task\/\S+)/.exec(running.stderr()) ?? [];
    await session.ecs.stopTask({ cluster: CLUSTER, task, reason: 'enough for today' }, {});
    const result = expectRun(await running.ended, 1);
    expect(result).toMatchObject({ stopCode: 'UserInitiated', reason: expect.stringContaining('enough for today') });
  });

  test('capacity that is not there: no task, and what to try', async () => {
    const taskDefinition = await define('ending-capacity', { tags: [{ key: 'demo:capacity', value: 'unavailable' }] });
    const ended = await command(argv(taskDefinition), env());
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(/capacity.*Capacity is unavailable at this time/);
    expect(ended.stderr).toMatch(/zone/);
    expect(await tasksOf('ending-capacity')).toBe(0);
  });

  test('a RunTask that is answered into a cut connection: one task', async () => {
    const taskDefinition = await define('ending-cut', {});
    await region.fault({ service: 'ecs', operation: 'RunTask', times: 3, fault: 'cut' });
    expectRun(await command(argv(taskDefinition), env()), 0);
    expect(await tasksOf('ending-cut')).toBe(1);
  });
});
