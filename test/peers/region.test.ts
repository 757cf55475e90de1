import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { AwsClient } from './aws-client.ts';

let region: RunningRegion;
let aws: AwsClient;

beforeAll(async () => {
  region = await startRegion({ speed: 20 });
  aws = new AwsClient(region.url);
});

afterAll(async () => {
  aws.dispose();
  await region.close();
});

afterEach(() => {
  expect(aws.problems(), 'answers that the service models do not allow').toEqual([]);
});

/** Runs a command that has to fail, and gives what the client says of it. */
async function refused(...args: string[]): Promise<string> {
  const { code, stderr } = await aws.run(...args);
  expect(code, args.join(' ')).not.toBe(0);
  return stderr;
}

describe('sts', () => {
  test('says who is calling', async () => {
    expect(await aws.json('sts', 'get-caller-identity')).toMatchObject({ Account: '123456789012' });
  });

  test('lends a role', async () => {
    const answer = await aws.json<{ AssumedRoleUser: { Arn: string } }>(
      ...['sts', 'assume-role', '--role-arn', 'arn:aws:iam::123456789012:role/ReadOnly', '--role-session-name', 'me'],
    );
    expect(answer.AssumedRoleUser.Arn).toBe('arn:aws:sts::123456789012:assumed-role/ReadOnly/me');
  });
});

describe('mwaa', () => {
  test('lists and describes environments', async () => {
    const { Environments } = await aws.json<{ Environments: string[] }>('mwaa', 'list-environments');
    expect(Environments).toEqual(expect.arrayContaining(['analytics', 'data-prod', 'legacy', 'sandbox']));
    for (const name of Environments) {
      const { Environment } = await aws.json<{ Environment: { Name: string } }>(
        'mwaa',
        'get-environment',
        '--name',
        name,
      );
      expect(Environment.Name).toBe(name);
    }
    const paged = await aws.json<{ Environments: string[] }>('mwaa', 'list-environments', '--page-size', '1');
    expect(paged.Environments).toEqual(Environments);
    expect(await refused('mwaa', 'get-environment', '--name', 'none')).toContain('ResourceNotFoundException');
  });

  test('hands out tokens', async () => {
    expect(await aws.json('mwaa', 'create-cli-token', '--name', 'data-prod')).toMatchObject({
      CliToken: expect.any(String),
    });
    expect(await aws.json('mwaa', 'create-web-login-token', '--name', 'data-prod')).toMatchObject({
      WebToken: expect.any(String),
    });
    expect(await refused('mwaa', 'create-cli-token', '--name', 'none')).toContain('ResourceNotFoundException');
  });

  test.each(['data-prod', 'sandbox'])('reaches the Airflow of %s', async (name) => {
    const invoke = (...args: string[]) =>
      aws.json<{ RestApiStatusCode: number; RestApiResponse: unknown }>(
        'mwaa',
        'invoke-rest-api',
        '--name',
        name,
        ...args,
      );
    expect((await invoke('--path', '/dags', '--method', 'GET')).RestApiStatusCode).toBe(200);
    expect(
      (await invoke('--path', '/dags', '--method', 'GET', '--query-parameters', '{"limit":"1"}')).RestApiStatusCode,
    ).toBe(200);
    const missing = await refused('mwaa', 'invoke-rest-api', '--name', name, '--path', '/dags/none', '--method', 'GET');
    expect(missing).toContain('RestApiClientException');
    const long = await refused(
      'mwaa',
      'invoke-rest-api',
      '--name',
      name,
      '--path',
      `/dags/${'x'.repeat(64)}`,
      '--method',
      'GET',
    );
    expect(long).toContain('ValidationException');
  });

  test('takes an update, and one at a time', async () => {
    const answer = await aws.json(
      'mwaa',
      'update-environment',
      '--name',
      'sandbox',
      '--airflow-configuration-options',
      'core.parallelism=8',
    );
    expect(answer).toMatchObject({ Arn: expect.stringContaining('environment/sandbox') });
    expect(await refused('mwaa', 'update-environment', '--name', 'sandbox', '--max-workers', '1')).toContain(
      'ValidationException',
    );
  });
});

describe('ecs', () => {
  test('lists and describes clusters and services', async () => {
    const { clusterArns } = await aws.json<{ clusterArns: string[] }>('ecs', 'list-clusters');
    expect(clusterArns).toHaveLength(3);
    const described = await aws.json<{ clusters: unknown[] }>(
      ...[
        'ecs',
        'describe-clusters',
        '--include',
        'STATISTICS',
        'SETTINGS',
        'TAGS',
        'CONFIGURATIONS',
        '--clusters',
        ...clusterArns,
      ],
    );
    expect(described.clusters).toHaveLength(3);
    const { serviceArns } = await aws.json<{ serviceArns: string[] }>('ecs', 'list-services', '--cluster', 'platform');
    expect(serviceArns.length).toBeGreaterThan(0);
    const services = await aws.json<{ services: unknown[] }>(
      ...[
        'ecs',
        'describe-services',
        '--cluster',
        'platform',
        '--include',
        'TAGS',
        '--services',
        ...serviceArns.slice(0, 10),
      ],
    );
    expect(services.services.length).toBeGreaterThan(0);
    expect(await refused('ecs', 'list-services', '--cluster', 'none')).toContain('ClusterNotFoundException');
  });

  test('registers a task definition, runs a task to its end, and stops another', async () => {
    const { taskDefinitionArns } = await aws.json<{ taskDefinitionArns: string[] }>('ecs', 'list-task-definitions');
    const existing = taskDefinitionArns.find((arn) => arn.includes('snowflake_metadata')) ?? '';
    const { taskDefinition } = await aws.json<{ taskDefinition: Record<string, unknown> }>(
      ...['ecs', 'describe-task-definition', '--task-definition', existing, '--include', 'TAGS'],
    );
    const { containerDefinitions, cpu, memory, executionRoleArn, taskRoleArn } = taskDefinition;
    const input = {
      family: 'from-the-client',
      networkMode: 'awsvpc',
      requiresCompatibilities: ['FARGATE'],
      ...{ containerDefinitions, cpu, memory, executionRoleArn, taskRoleArn },
    };
    const registered = await aws.json<{ taskDefinition: { revision: number } }>(
      ...['ecs', 'register-task-definition', '--cli-input-json', JSON.stringify(input)],
    );
    expect(registered.taskDefinition.revision).toBe(1);
    const network = 'awsvpcConfiguration={subnets=[subnet-0a1b2c3d4e5f60011],securityGroups=[sg-0a1b2c3d4e5f60031]}';
    const place = [
      '--cluster',
      'openmetadata-ingestion',
      '--launch-type',
      'FARGATE',
      '--network-configuration',
      network,
    ];
    const run = async () => {
      const { tasks } = await aws.json<{ tasks: { taskArn: string }[] }>(
        'ecs',
        'run-task',
        '--task-definition',
        'from-the-client',
        ...place,
      );
      return tasks[0]?.taskArn ?? '';
    };
    const [ends, stopped] = [await run(), await run()];
    const describeTask = async (arn: string) => {
      const { tasks } = await aws.json<{ tasks: { lastStatus: string; stopCode?: string }[] }>(
        ...['ecs', 'describe-tasks', '--cluster', 'openmetadata-ingestion', '--include', 'TAGS', '--tasks', arn],
      );
      return tasks[0];
    };
    await aws.json(
      'ecs',
      'stop-task',
      '--cluster',
      'openmetadata-ingestion',
      '--task',
      stopped,
      '--reason',
      'not needed',
    );
    await expect.poll(async () => (await describeTask(ends))?.lastStatus, { timeout: 90_000 }).toBe('STOPPED');
    await expect.poll(async () => (await describeTask(stopped))?.stopCode, { timeout: 90_000 }).toBe('UserInitiated');
    const { taskArns } = await aws.json<{ taskArns: string[] }>(
      ...['ecs', 'list-tasks', '--cluster', 'openmetadata-ingestion', '--desired-status', 'STOPPED'],
    );
    expect(taskArns).toContain(ends);
    expect(await refused('ecs', 'run-task', '--task-definition', 'none', ...place)).toMatch(
      /ClientException|InvalidParameterException/,
    );
  });
});

describe('logs', () => {
  test('describes groups and streams', async () => {
    const { logGroups } = await aws.json<{ logGroups: { logGroupName: string }[] }>('logs', 'describe-log-groups');
    expect(logGroups.map((group) => group.logGroupName)).toContain('/ecs/openmetadata-ingestion');
    const { logStreams } = await aws.json<{ logStreams: unknown[] }>(
      ...[
        'logs',
        'describe-log-streams',
        '--log-group-name',
        '/ecs/openmetadata-ingestion',
        '--order-by',
        'LastEventTime',
        '--descending',
      ],
    );
    expect(logStreams.length).toBeGreaterThan(0);
    expect(await refused('logs', 'describe-log-streams', '--log-group-name', '/none')).toContain(
      'ResourceNotFoundException',
    );
  });

  test('filters and reads events by pages', async () => {
    const group = ['--log-group-name', 'airflow-data-prod-Scheduler'];
    const first = await aws.json<{ events: { eventId: string; logStreamName: string }[]; nextToken?: string }>(
      ...['logs', 'filter-log-events', ...group, '--limit', '5', '--no-paginate'],
    );
    expect(first.nextToken).toBeTypeOf('string');
    const all = await aws.json<{ events: { eventId: string }[] }>(
      ...['logs', 'filter-log-events', ...group, '--filter-pattern', 'INFO', '--max-items', '200'],
    );
    expect(new Set(all.events.map((event) => event.eventId)).size).toBe(all.events.length);
    const stream = first.events[0]?.logStreamName ?? '';
    const read = ['logs', 'get-log-events', ...group, '--log-stream-name', stream, '--limit', '3'];
    const head = await aws.json<{ events: unknown[]; nextForwardToken: string }>(...read, '--start-from-head');
    expect(head.events.length).toBeGreaterThan(0);
    await aws.json(...read, '--next-token', head.nextForwardToken);
  });
});

describe('s3', () => {
  const bucket = 'mwaa-data-prod-123456789012';

  test('copies, lists, keeps versions, and writes on condition', async () => {
    const file = aws.file('hello.txt', 'hello');
    expect((await aws.run('s3', 'cp', file, `s3://${bucket}/try/hello.txt`)).code).toBe(0);
    expect((await aws.run('s3', 'ls', `s3://${bucket}/try/`)).stdout).toContain('hello.txt');
    expect((await aws.run('s3', 'cp', `s3://${bucket}/try/hello.txt`, '-')).stdout).toBe('hello');
    const { Versions } = await aws.json<{ Versions: unknown[] }>(
      ...['s3api', 'list-object-versions', '--bucket', bucket, '--prefix', 'try/'],
    );
    expect(Versions).toHaveLength(1);
    const put = ['s3api', 'put-object', '--bucket', bucket, '--body', file, '--if-none-match', '*'];
    await aws.json(...put, '--key', 'try/once.txt');
    expect(await refused(...put, '--key', 'try/once.txt')).toContain('PreconditionFailed');
    expect((await aws.run('s3', 'rm', `s3://${bucket}/try/hello.txt`)).code).toBe(0);
    expect(await refused('s3api', 'get-object', '--bucket', bucket, '--key', 'try/hello.txt', '/dev/null')).toContain(
      'NoSuchKey',
    );
  });
});

describe('iam', () => {
  const role = ['--role-name', 'mwaa-data-prod-role'];

  test('reads and writes a role and its policies', async () => {
    expect(await aws.json('iam', 'get-role', ...role)).toMatchObject({ Role: { RoleName: 'mwaa-data-prod-role' } });
    const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }] };
    await aws.json(
      'iam',
      'put-role-policy',
      ...role,
      '--policy-name',
      'tried',
      '--policy-document',
      JSON.stringify(document),
    );
    const { PolicyNames } = await aws.json<{ PolicyNames: string[] }>('iam', 'list-role-policies', ...role);
    expect(PolicyNames).toContain('tried');
    const read = await aws.json<{ PolicyDocument: unknown }>(
      'iam',
      'get-role-policy',
      ...role,
      '--policy-name',
      'tried',
    );
    expect(read.PolicyDocument).toEqual(document);
    expect(await refused('iam', 'get-role', '--role-name', 'none')).toContain('NoSuchEntity');
  });

  test('predicts', async () => {
    const { EvaluationResults } = await aws.json<{ EvaluationResults: { EvalDecision: string }[] }>(
      'iam',
      'simulate-principal-policy',
      ...['--policy-source-arn', 'arn:aws:iam::123456789012:role/ReadOnly'],
      ...['--action-names', 'ecs:ListClusters', 'ecs:RunTask'],
    );
    expect(EvaluationResults.map((result) => result.EvalDecision)).toEqual(['allowed', 'implicitDeny']);
  });
});

describe('ec2', () => {
  test.each([
    ['describe-subnets', 'Subnets'],
    ['describe-security-groups', 'SecurityGroups'],
    ['describe-vpc-endpoints', 'VpcEndpoints'],
    ['describe-route-tables', 'RouteTables'],
    ['describe-vpcs', 'Vpcs'],
  ])('%s', async (operation, member) => {
    const answer = await aws.json<Record<string, unknown[]>>('ec2', operation);
    expect(answer[member]?.length).toBeGreaterThan(0);
  });

  test('says which subnet it does not know', async () => {
    expect(await refused('ec2', 'describe-subnets', '--subnet-ids', 'subnet-0123456789abcdef0')).toContain(
      'InvalidSubnetID.NotFound',
    );
  });
});

describe('secretsmanager', () => {
  test('creates, reads and changes a secret', async () => {
    await aws.json('secretsmanager', 'create-secret', '--name', 'tried', '--secret-string', 'one');
    const read = () => aws.json<{ SecretString: string }>('secretsmanager', 'get-secret-value', '--secret-id', 'tried');
    expect((await read()).SecretString).toBe('one');
    await aws.json('secretsmanager', 'put-secret-value', '--secret-id', 'tried', '--secret-string', 'two');
    expect((await read()).SecretString).toBe('two');
    expect(await refused('secretsmanager', 'get-secret-value', '--secret-id', 'none')).toContain(
      'ResourceNotFoundException',
    );
    expect(await refused('secretsmanager', 'create-secret', '--name', 'tried', '--secret-string', 'x')).toContain(
      'ResourceExistsException',
    );
  });
});
