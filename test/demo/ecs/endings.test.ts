import { describe, expect, it } from 'vitest';
import {
  ECS_TASK_ROLE,
  INGESTION_SECURITY_GROUP,
  PUBLIC_SUBNETS,
  roleArn,
  secretArn,
} from '../../../src/demo/world/names.ts';
import { AWSLOGS, definition, EcsBench, overridesOf } from './bench.ts';

const bench = new EcsBench();

/** Runs a definition of one container to its end. */
async function ending(
  family: string,
  container: Record<string, unknown>,
  more: Parameters<typeof definition>[2] = {},
  run = {},
) {
  const arn = await bench.run(await bench.register(definition(family, container, more)), {
    overrides: overridesOf({ pipelineType: 'usage' }),
    ...run,
  });
  return bench.until(arn, 'STOPPED');
}

/** What the log group has of a task. */
function output(arn: string | undefined, group = '/ecs/openmetadata-ingestion'): string[] {
  const stream = bench.running.region.logs
    .group(group)
    ?.written.get(`ecs/openmetadata-ingestion/${arn?.split('/').at(-1)}`);
  return stream?.between(0, Number.MAX_SAFE_INTEGER).map(({ message }) => message) ?? [];
}

describe('a task that cannot start', () => {
  it('says so of an image that the registry does not have', async () => {
    const task = await ending('no-image', { image: 'docker.io/openmetadata/ingestion-base:99.9.9' });
    expect(task).toMatchObject({ stopCode: 'TaskFailedToStart', containers: [{ lastStatus: 'STOPPED' }] });
    expect(task.stoppedReason).toBe(
      'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/openmetadata/ingestion-base:99.9.9: docker.io/openmetadata/ingestion-base:99.9.9: not found',
    );
    expect(task.containers?.[0]?.reason).toBe(task.stoppedReason);
    expect(task.containers?.[0]?.exitCode).toBeUndefined();
    expect(task.startedAt).toBeUndefined();
    expect(task.pullStoppedAt).toBeDefined();
  });

  it('says so of a subnet without a way to the registry', async () => {
    const networkConfiguration = {
      awsvpcConfiguration: { subnets: [PUBLIC_SUBNETS[0]], securityGroups: [INGESTION_SECURITY_GROUP] },
    };
    const task = await ending('no-route', { secrets: [], logConfiguration: undefined }, {}, { networkConfiguration });
    expect(task.stoppedReason).toMatch(/^CannotPullContainerError: .*i\/o timeout$/);
    const open = {
      awsvpcConfiguration: { ...networkConfiguration.awsvpcConfiguration, assignPublicIp: 'ENABLED' as const },
    };
    const arn = await bench.run('no-route', { networkConfiguration: open });
    expect((await bench.until(arn, 'RUNNING')).lastStatus).toBe('RUNNING');
  });

  it('says so of a secret that the execution role may not read, that is gone, or that lacks a key', async () => {
    const denied = await ending('denied-secret', {}, { executionRoleArn: roleArn(ECS_TASK_ROLE) });
    expect(denied.stoppedReason).toMatch(
      /^ResourceInitializationError: unable to pull secrets or registry auth: .*AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role\/openmetadata-ingestion-task\/[\da-f]{32} is not authorized to perform: secretsmanager:GetSecretValue on resource: /,
    );
    expect(denied.pullStartedAt).toBeUndefined();
    const gone = secretArn('data-prod', 'looker_metadata');
    const { secrets } = bench.running.region;
    const looker = secrets.find(gone);
    if (looker !== undefined) secrets.delete(looker, undefined);
    const absent = await ending('absent-secret', { secrets: [{ name: 'config', valueFrom: gone }] });
    expect(absent.stoppedReason).toMatch(/ResourceNotFoundException: Secrets Manager can't find the specified secret/);
    const keyed = `${secretArn('data-prod', 'postgres_usage')}:nokey::`;
    const lacking = await ending('keyed-secret', { secrets: [{ name: 'config', valueFrom: keyed }] });
    expect(lacking.stoppedReason).toMatch(/did not contain json key nokey/);
  });

  it('says so of a log group that is missing, unless it may be made', async () => {
    const missing = await ending('no-group', { logConfiguration: AWSLOGS('/ecs/nowhere') });
    expect(missing).toMatchObject({ stopCode: 'TaskFailedToStart' });
    expect(missing.stoppedReason).toBe(
      'ResourceInitializationError: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    );
    const create = { 'awslogs-create-group': 'true' };
    const refused = await ending('no-group-right', { logConfiguration: AWSLOGS('/ecs/nowhere', create) });
    expect(refused.stoppedReason).toMatch(/AccessDeniedException: .*logs:CreateLogGroup/);
    bench.running.region.logs.deleteGroup('/ecs/openmetadata-ingestion');
    const made = await ending('made-group', { logConfiguration: AWSLOGS('/ecs/openmetadata-ingestion', create) });
    expect(made.containers?.[0]?.exitCode).toBe(0);
    expect(bench.running.region.logs.group('/ecs/openmetadata-ingestion')).toBeDefined();
  });

  it('says so of an environment file that is not there', async () => {
    const file = { type: 's3', value: 'arn:aws:s3:::mwaa-data-prod-123456789012/none.env' };
    const task = await ending('no-file', { environmentFiles: [file] });
    expect(task.stoppedReason).toMatch(/^ResourceInitializationError: failed to download env files: .*AccessDenied/);
  });

  it('says so of a command that the image does not have', async () => {
    const task = await ending('no-command', { command: ['metadata-cli', 'ingest'] });
    expect(task.stopCode).toBe('TaskFailedToStart');
    expect(task.stoppedReason).toMatch(/^CannotStartContainerError: .*exec: "metadata-cli": executable file not found/);
  });
});

describe('a container that ends', () => {
  it('is killed when its memory is not enough', async () => {
    const task = await ending('small', {}, { cpu: '256', memory: '512' });
    expect(task).toMatchObject({
      stopCode: 'EssentialContainerExited',
      stoppedReason: 'Essential container in task exited',
      containers: [{ exitCode: 137, reason: 'OutOfMemoryError: Container killed due to memory usage' }],
    });
    expect(output(task.taskArn).length).toBeGreaterThan(3);
    expect(output(task.taskArn).join('\n')).not.toContain('Summary');
  });

  it('ends with 1 and a traceback when its source refuses connections', async () => {
    const secrets = [{ name: 'config', valueFrom: secretArn('data-prod', 'kafka_metadata') }];
    const task = await ending('refused', { secrets }, {}, { overrides: overridesOf({ pipelineType: 'metadata' }) });
    expect(task.containers?.[0]?.exitCode).toBe(1);
    const lines = output(task.taskArn);
    expect(lines).toContain('Traceback (most recent call last):');
    expect(lines.at(-1)).toBe(
      'metadata.ingestion.connections.test_connections.SourceConnectionException: Failed to run the test connection step: GetTopics',
    );
    expect(lines.some((line) => line.includes('Broker transport failure'))).toBe(true);
  });

  it.each([
    [
      'no pipelineType',
      {},
      'RuntimeError: Missing environment variable `pipelineType`. This is needed to load the Workflow class.',
    ],
    [
      'one of a newer version',
      { pipelineType: 'autoClassification' },
      'ValueError: Missing workflow_class loaded from autoClassification',
    ],
    ['an unknown one', { pipelineType: 'Metadata' }, 'ValueError: Missing workflow_class loaded from Metadata'],
    [
      'a run id that is no UUID',
      { pipelineType: 'usage', pipelineRunId: 'scheduled__1' },
      expect.stringContaining('Input should be a valid UUID'),
    ],
    [
      'a configuration that is no YAML',
      { pipelineType: 'usage', config: '{ a: [' },
      expect.stringContaining('yaml.scanner.ScannerError'),
    ],
    [
      'a configuration without a source',
      { pipelineType: 'usage', config: '{}' },
      expect.stringContaining("Missing parameter in 'source'"),
    ],
  ])('ends with 1 as main.py does for %s', async (_, environment, last) => {
    const task = await ending('environment', {}, {}, { overrides: overridesOf(environment) });
    expect(task.containers?.[0]?.exitCode).toBe(1);
    const lines = output(task.taskArn);
    expect(lines[0]).toBe('Traceback (most recent call last):');
    expect(lines).toContainEqual(last);
  });

  it.each([
    [['sh', '-c', 'echo hello; sleep 3; exit 7'], 7, ['hello']],
    [['sh', '-c', 'false || echo "a b" && nothing'], 127, ['a b', 'sh: 1: nothing: not found']],
    [['echo', 'one', 'two'], 0, ['one two']],
    [['printenv', 'pipelineType'], 0, ['usage']],
    [['false'], 1, []],
  ])('does as %j says', async (command, exitCode, lines) => {
    const task = await ending('commands', { command, image: 'public.ecr.aws/docker/library/busybox:1.36' });
    expect(task.containers?.[0]?.exitCode).toBe(exitCode);
    expect(output(task.taskArn)).toEqual(lines);
  });

  it('leaves the task alone when it is not essential', async () => {
    const [main] = definition('sidecar').containerDefinitions ?? [];
    const sidecar = { name: 'init', image: 'busybox', essential: false, command: ['true'] };
    const arn = await bench.run(
      await bench.register(definition('sidecar', {}, { containerDefinitions: [main ?? {}, sidecar] })),
      {
        overrides: overridesOf({ pipelineType: 'usage' }),
      },
    );
    await bench.until(arn, 'RUNNING');
    bench.clock.move(5_000);
    const task = await bench.task(arn);
    expect(task.lastStatus).toBe('RUNNING');
    expect(task.containers?.find(({ name }) => name === 'init')).toMatchObject({ lastStatus: 'STOPPED', exitCode: 0 });
  });

  it('is interrupted on Spot when it is tagged to be', async () => {
    const capacityProviderStrategy = [{ capacityProvider: 'FARGATE_SPOT', weight: 1 }];
    const tags = [{ key: 'demo:spot', value: 'interrupted' }];
    const task = await ending(
      'spot',
      { linuxParameters: { initProcessEnabled: true } },
      {},
      { capacityProviderStrategy, tags },
    );
    expect(task).toMatchObject({
      capacityProviderName: 'FARGATE_SPOT',
      stopCode: 'SpotInterruption',
      stoppedReason: 'Your Spot Task was interrupted.',
      containers: [{ exitCode: 143 }],
    });
  });
});
