import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { AwsClient } from './aws-client.ts';
import { product, type Running, startDemo } from './product.ts';

let demo: Running;
let aws: AwsClient;
/** What the tour printed, by the titles of its parts. */
let parts: Map<string, string>;

beforeAll(async () => {
  const started = await startDemo(20);
  demo = started.demo;
  aws = new AwsClient(started.url);
  const { code, stdout, stderr } = await product(['tour', '--endpoint-url', started.url]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  parts = new Map(
    stdout.split(/^\d {2}(?=The )/m).map((part) => {
      const end = part.indexOf('\n');
      return [part.slice(0, end), part.slice(end + 1)];
    }),
  );
});

afterEach(() => {
  expect(aws.problems(), 'answers that the service models do not allow').toEqual([]);
});

afterAll(async () => {
  aws?.dispose();
  await demo?.stop();
});

/** The part of the tour whose title begins so. */
function part(title: string): string {
  for (const [key, text] of parts) if (key.startsWith(title)) return text;
  throw new Error(`The tour has no part ${title}: ${[...parts.keys()].join(', ')}`);
}

/** What a pattern's groups caught in a part of the tour. */
function told(title: string, pattern: RegExp): string[] {
  const found = pattern.exec(part(title));
  if (found === null) throw new Error(`${pattern} is not in the tour: ${part(title)}`);
  return found.slice(1);
}

/** The lines of `text` that are log lines: time of day in UTC, then the message. */
function logLines(text: string): string[] {
  return text.split('\n').filter((line) => /^\d\d:\d\d:\d\d /.test(line));
}

interface Event {
  readonly timestamp: number;
  readonly message: string;
  readonly logStreamName: string;
}

/** An event as the tour tells it. */
const asTold = (time: number, text: string) => `${new Date(time).toISOString().slice(11, 19)} ${text}`.trimEnd();

const theRun = () => {
  const [task = ''] = told('The run', /^task +(arn:\S+)$/m);
  const [, cluster = '', id = ''] = task.split('/');
  return { task, cluster, id };
};
const theDefinition = () => told('The deployment', /^task definition +(arn:\S+)$/m)[0] ?? '';
const theSecret = () => told('The deployment', /^secret +(arn:\S+)$/m)[0] ?? '';

describe('what the tour tells is there', () => {
  test('the estate', async () => {
    const { Environments } = await aws.json<{ Environments: string[] }>('mwaa', 'list-environments');
    const { clusterArns } = await aws.json<{ clusterArns: string[] }>('ecs', 'list-clusters');
    const [environments = '', clusters = ''] = part('The estate').split(/^ECS clusters/m);
    expect(environments).toContain(`MWAA environments ${Environments.length}\n`);
    for (const name of Environments) expect(environments).toMatch(new RegExp(`^${name} `, 'm'));
    expect(clusters).toMatch(new RegExp(`^ ${clusterArns.length}\n`));
    for (const arn of clusterArns) expect(clusters).toMatch(new RegExp(`^${arn.split('/').at(-1)} `, 'm'));
  });

  test('the policies of the plan', async () => {
    const planned = [...part('The plan').matchAll(/^\+ role-policy +(\S+) \/ (\S+) /gm)];
    expect(planned.length).toBeGreaterThan(0);
    for (const [, role = '', policy = ''] of planned) {
      const read = await aws.json<{ PolicyDocument: object }>(
        ...['iam', 'get-role-policy', '--role-name', role, '--policy-name', policy],
      );
      expect(read.PolicyDocument).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) });
    }
  });

  test('the secret, whose value it does not tell', async () => {
    const described = await aws.json('secretsmanager', 'describe-secret', '--secret-id', theSecret());
    expect(described).toMatchObject({ ARN: theSecret(), Name: 'mwaa-console/data-prod/redshift_ingestion' });
    const { SecretString } = await aws.json<{ SecretString: string }>(
      ...['secretsmanager', 'get-secret-value', '--secret-id', theSecret()],
    );
    expect(SecretString).toContain('redshift_prod');
    const [token = ''] = /demo-token/.exec(SecretString) ?? [];
    expect(token).not.toBe('');
    expect([...parts.values()].join()).not.toContain(token);
  });

  test('the revision of the task definition, which takes its configuration from the secret', async () => {
    const [revision] = /\d+$/.exec(theDefinition()) ?? [];
    const { taskDefinition } = await aws.json<{
      taskDefinition: { containerDefinitions: { secrets: { name: string; valueFrom: string }[] }[] };
    }>('ecs', 'describe-task-definition', '--task-definition', theDefinition());
    expect(taskDefinition).toMatchObject({ taskDefinitionArn: theDefinition(), revision: Number(revision) });
    const secrets = taskDefinition.containerDefinitions[0]?.secrets ?? [];
    expect(secrets).toEqual([{ name: 'config', valueFrom: expect.stringContaining(theSecret()) }]);
  });

  test('the object of the DAG in the version that it names, and the DAG in Airflow', async () => {
    const pattern = /^DAG +s3:\/\/([^/]+)\/(\S+) version (\S+)$/m;
    const [bucket = '', key = '', version = ''] = told('The deployment', pattern);
    const object = ['--bucket', bucket, '--key', key, '--version-id', version];
    expect(await aws.json('s3api', 'head-object', ...object)).toMatchObject({ VersionId: version });
    const file = aws.file('dag.py', '');
    await aws.json('s3api', 'get-object', ...object, file);
    expect(readFileSync(file, 'utf8')).toContain(theDefinition());
    const dag = await aws.json(
      ...['mwaa', 'invoke-rest-api', '--name', 'data-prod', '--method', 'GET', '--path', '/dags/redshift_ingestion'],
    );
    expect(dag).toMatchObject({ RestApiResponse: { is_paused: false } });
  });

  test('the journal of the deployment, without its secret', async () => {
    const [id = ''] = told('The deployment', /^deployment +(\S+)$/m);
    const { bucket, key } = { bucket: 'mwaa-data-prod-123456789012', key: `deployments/${id}.json` };
    const journal = await aws.run('s3', 'cp', `s3://${bucket}/mwaa-console/data-prod/${key}`, '-');
    expect(JSON.parse(journal.stdout)).toMatchObject({ id });
    expect(journal.stdout).not.toContain('demo-token');
  });

  test('the task, stopped with exit code 0', async () => {
    const { task, cluster } = theRun();
    const { tasks } = await aws.json<{ tasks: object[] }>(
      ...['ecs', 'describe-tasks', '--cluster', cluster, '--tasks', task],
    );
    const [exitCode] = told('The run', /^Succeeded: exit code (\d+)$/m);
    expect(tasks).toEqual([
      expect.objectContaining({
        taskArn: task,
        taskDefinitionArn: theDefinition(),
        lastStatus: 'STOPPED',
        stopCode: 'EssentialContainerExited',
        containers: [expect.objectContaining({ exitCode: Number(exitCode) })],
      }),
    ]);
    expect(exitCode).toBe('0');
  });

  test('each log line of the run, no more and no fewer, by both ways to read a stream', async () => {
    const { id } = theRun();
    const group = ['--log-group-name', '/ecs/openmetadata-ingestion'];
    const stream = `ecs/openmetadata-ingestion/${id}`;
    const lines = logLines(part('The run')).map((line) => line.trimEnd());
    const [count] = told('The run', /^(\d+) log lines$/m);
    expect(lines).toHaveLength(Number(count));

    const filtered = await aws.paged<{ events: Event[] }>(
      ...['logs', 'filter-log-events', ...group, '--log-stream-names', stream, '--page-size', '50'],
    );
    expect(filtered.requests).toBeGreaterThan(2);
    const events = filtered.answer.events.map(({ timestamp, message }) => asTold(timestamp, message));
    // Lines arrive late: they are told as they come, the service sorts them by their time.
    expect([...lines].sort()).toEqual([...events].sort());

    const got: string[] = [];
    let token = '';
    for (;;) {
      const page = await aws.json<{ events: Event[]; nextForwardToken: string }>(
        ...['logs', 'get-log-events', ...group, '--log-stream-name', stream, '--start-from-head', '--limit', '50'],
        ...(token === '' ? [] : ['--next-token', token]),
      );
      got.push(...page.events.map(({ timestamp, message }) => asTold(timestamp, message)));
      if (page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
    expect([...got].sort()).toEqual([...events].sort());
  });

  test('the last lines of the whole log group', async () => {
    const lines = logLines(part('The log group')).map((line) => line.trimEnd());
    expect(lines).toHaveLength(15);
    const streams = [...new Set(lines.map((line) => line.split(' ')[1] ?? ''))];
    const { events } = await aws.json<{ events: Event[] }>(
      ...['logs', 'filter-log-events', '--log-group-name', '/ecs/openmetadata-ingestion'],
      ...['--log-stream-names', ...streams],
    );
    const known = new Set(
      events.map(({ timestamp, message, logStreamName }) => asTold(timestamp, `${logStreamName} ${message}`)),
    );
    expect(lines.filter((line) => !known.has(line))).toEqual([]);
  });

  test('the endpoint of the database', async () => {
    const title = 'The metadata database';
    const [host, port] = told(title, /^host +(\S+) : (\d+)$/m);
    const [endpoint = '', state = ''] = told(title, /^endpoint +(\S+), (\w+)/m);
    const { VpcEndpoints } = await aws.json<{
      VpcEndpoints: { State: string; ServiceName: string; DnsEntries: { DnsName: string }[] }[];
    }>('ec2', 'describe-vpc-endpoints', '--vpc-endpoint-ids', endpoint);
    const { Environment } = await aws.json<{ Environment: { DatabaseVpcEndpointService: string } }>(
      ...['mwaa', 'get-environment', '--name', 'data-prod'],
    );
    expect(VpcEndpoints).toHaveLength(1);
    expect(VpcEndpoints[0]).toMatchObject({ State: state, ServiceName: Environment.DatabaseVpcEndpointService });
    expect(VpcEndpoints[0]?.DnsEntries.map(({ DnsName }) => DnsName)).toContain(host);
    expect(port).toBe('5432');
  });
});
