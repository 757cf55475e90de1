import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AwsClient } from './aws-client.ts';
import { type Ended, product, type Running, startProgram } from './product.ts';

const moto = fileURLToPath(new URL('../../.peers/moto/bin/moto_server', import.meta.url));
const CLUSTERS = ['ingestion', 'platform'];
const FAMILY = 'nightly-metadata';

let server: Running;
let aws: AwsClient;
let url: string;

beforeAll(async () => {
  // Werkzeug tells its port, a free one, on standard error.
  server = startProgram(moto, ['-H', '127.0.0.1', '-p', '0'], { PYTHONUNBUFFERED: '1' });
  [, url = ''] = await server.printed(/Running on (http:\/\/127\.0\.0\.1:\d+)/, 'stderr');
  aws = new AwsClient(url);
  for (const name of CLUSTERS) await aws.json('ecs', 'create-cluster', '--cluster-name', name);
  const containers = [{ name: 'main', image: 'docker.io/openmetadata/ingestion-base:1.12.8', memory: 512 }];
  await aws.json(
    ...['ecs', 'register-task-definition', '--family', FAMILY],
    ...['--container-definitions', JSON.stringify(containers)],
  );
  await aws.json(
    ...['ecs', 'create-service', '--cluster', 'platform', '--service-name', 'catalog', '--desired-count', '2'],
    ...['--task-definition', FAMILY],
  );
  await aws.run('logs', 'create-log-group', '--log-group-name', '/ecs/ingestion');
  await aws.run('logs', 'create-log-stream', '--log-group-name', '/ecs/ingestion', '--log-stream-name', 'a/b/c');
  const now = Date.now();
  const events = ['first', 'second', 'third'].map((message, index) => ({ timestamp: now + index, message }));
  await aws.json(
    ...['logs', 'put-log-events', '--log-group-name', '/ecs/ingestion', '--log-stream-name', 'a/b/c'],
    ...['--log-events', JSON.stringify(events)],
  );
});

afterAll(async () => {
  aws?.dispose();
  await server?.stop();
});

/** Runs the product on moto's server. */
function onMoto(...args: string[]): Promise<Ended> {
  const env = { AWS_ACCESS_KEY_ID: 'testing', AWS_SECRET_ACCESS_KEY: 'testing', AWS_REGION: 'eu-west-1' };
  return product([...args, '--endpoint-url', url], { env });
}

/** The rows of a table, by their first word. */
const rowNames = (text: string) => text.split('\n').map((line) => line.split(' ')[0]);

describe("on moto's server", () => {
  test('clusters lists what was made there', async () => {
    const { code, stdout, stderr } = await onMoto('clusters', '-o', 'json');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const listed = JSON.parse(stdout) as { name: string }[];
    interface Made {
      clusters: Record<string, unknown>[];
    }
    const { clusters } = await aws.json<Made>('ecs', 'describe-clusters', '--clusters', ...CLUSTERS);
    expect(clusters).toHaveLength(CLUSTERS.length);
    expect(listed.sort((one, other) => one.name.localeCompare(other.name))).toEqual(
      clusters.map((made) =>
        expect.objectContaining({
          name: made.clusterName,
          arn: made.clusterArn,
          status: made.status,
          runningTasks: made.runningTasksCount,
          pendingTasks: made.pendingTasksCount,
          activeServices: made.activeServicesCount,
        }),
      ),
    );
  });

  test('dashboard shows the clusters, and one error with advice for the environments', async () => {
    const { code, stdout } = await onMoto('dashboard', '-o', 'json');
    expect(code).toBe(0);
    const dashboard = JSON.parse(stdout) as { environments: []; clusters: { name: string }[]; errors: object[] };
    expect(dashboard.environments).toEqual([]);
    expect(dashboard.clusters.map(({ name }) => name).sort()).toEqual(CLUSTERS);
    expect(dashboard.errors).toEqual([
      { resource: expect.stringMatching(/environments/i), message: expect.any(String), advice: expect.any(String) },
    ]);
  });

  test('dashboard as text keeps the error off standard output', async () => {
    const { code, stdout, stderr } = await onMoto('dashboard');
    expect(code).toBe(0);
    expect(rowNames(stdout)).toEqual(expect.arrayContaining(CLUSTERS));
    expect(stderr).toMatch(/environments: .+\n {2}\S/i);
    expect(stdout).not.toMatch(/\bat .*\.js:\d+/);
    expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
  });

  test('clusters NAME describes one with its service', async () => {
    const { code, stdout } = await onMoto('clusters', 'platform', '-o', 'json');
    expect(code).toBe(0);
    expect(stdout).toContain('arn:aws:ecs:eu-west-1:123456789012:cluster/platform');
  });

  test('logs reads what was written there', async () => {
    const { code, stdout } = await onMoto('logs', '/ecs/ingestion', '-o', 'json');
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { message: string; stream: string });
    expect(lines.map(({ message, stream }) => `${stream} ${message}`)).toEqual([
      'a/b/c first',
      'a/b/c second',
      'a/b/c third',
    ]);
  });

  test('envs, with nothing else to show, fails with advice', async () => {
    const { code, stdout, stderr } = await onMoto('envs');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).not.toMatch(/\bat .*\.js:\d+/);
    expect(stderr.trim().split('\n').length).toBeGreaterThan(1);
  });
});
