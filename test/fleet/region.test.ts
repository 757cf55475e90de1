import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import { scaledClock } from '../../src/aws/clock.ts';
import type { Session } from '../../src/aws/session.ts';
import { ScaledClock } from '../../src/demo/clock.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import { clusters } from '../../src/fleet/clusters.ts';
import { dags } from '../../src/fleet/dags.ts';
import { readDashboard } from '../../src/fleet/dashboard.ts';
import { environmentColumns } from '../../src/fleet/environment-columns.ts';
import { environmentJson, environments, listEnvironmentNames, readEnvironment } from '../../src/fleet/environments.ts';
import { ingestions } from '../../src/fleet/ingestion-rows.ts';
import { logGroups, readLogGroup } from '../../src/fleet/log-groups.ts';
import { databaseEndpoints, readSecurityGroups, readSubnets } from '../../src/fleet/network.ts';
import { services } from '../../src/fleet/services.ts';
import { logTarget, readTaskDefinition, taskDefinitions } from '../../src/fleet/task-definitions.ts';
import { isIngestionTask, tasks } from '../../src/fleet/tasks.ts';
import { serverHealth, serverVersion } from '../../src/openmetadata/server.ts';
import { sessionAt } from '../aws/wire.ts';
import { last, quiet } from './fake-session.ts';

// A busy machine takes its time; nothing here depends on it.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

let running: RunningRegion;
let session: Session;

beforeAll(async () => {
  // A moment at which no run of the world's hourly ingestion is due.
  running = await startRegion({ seed: 7, clock: new ScaledClock(1, Date.UTC(2026, 10, 22, 11, 37)) });
});

beforeEach(async () => {
  // The region's time, but waits of the request budget take next to none of the wall's.
  const { sleep } = scaledClock(1000);
  session = await sessionAt(running.url, { clock: { now: () => running.region.clock.now(), sleep } });
});

afterEach(async () => {
  session.close();
  await fetch(`${running.url}/_demo/faults`, { method: 'DELETE' });
});

afterAll(() => running.close());

/** Makes requests of the region fail from now on. */
async function fault(plan: object): Promise<void> {
  const answer = await fetch(`${running.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(plan) });
  expect(answer.status).toBe(200);
}

async function environment(name: string) {
  return readEnvironment(session, name, quiet());
}

describe('the whole dashboard', () => {
  it('shows every environment with its ingestions and their last runs, and every cluster', async () => {
    const dashboard = await last(readDashboard(session, quiet()));
    expect(dashboard).toMatchObject({ account: '123456789012', region: 'eu-west-1', errors: [], complete: true });
    const now = session.clock.now();
    const rows = dashboard.environments.map((row) =>
      Object.fromEntries(environmentColumns.map((column) => [column.id, column.cell(row, now).text])),
    );
    expect(rows).toMatchObject([
      {
        name: 'analytics',
        status: expect.stringMatching(/^updating \d+/),
        airflow: '3.2.1',
        ingestions: 'paused at 4 of 6',
      },
      {
        name: 'data-prod',
        status: 'available',
        airflow: '2.10.3',
        ingestions: '4, 1 failed',
        lastRun: expect.stringMatching(/^(ok|failed|running|queued)/),
      },
      { name: 'legacy', status: 'update failed', airflow: '2.7.2', ingestions: expect.stringMatching(/^1/) },
      {
        name: 'sandbox',
        status: 'available',
        airflow: '3.3.1',
        class: 'mw1.micro',
        workers: '1',
        ingestions: 'none',
        lastRun: '-',
      },
    ]);
    expect(dashboard.clusters.map(({ name, status }) => [name, status])).toEqual(
      expect.arrayContaining([
        ['openmetadata-ingestion', 'ACTIVE'],
        ['platform', 'ACTIVE'],
        ['batch', 'ACTIVE'],
      ]),
    );
    const attention = new Map(dashboard.environments.map((row) => [row.name, environments.attention?.(row, now)]));
    expect(attention.get('legacy')).toMatch(/^legacy: update failed .* ago: /);
    expect(attention.get('data-prod')).toMatch(/^data-prod: kafka_metadata failed/);
    expect(attention.get('sandbox')).toBeUndefined();
    for (const row of dashboard.environments) {
      const json = environmentJson(row);
      expect(JSON.parse(JSON.stringify(json))).toEqual(json);
      expect(row.notes).toEqual([]);
    }
  });

  it.each([
    ['denied', { kind: 'denied' }, 'denied'],
    ['garbage', { kind: 'garbage' }, 'service'],
    [
      'an error of the service',
      { kind: 'error', status: 500, code: 'InternalServerException', message: 'oops' },
      'service',
    ],
  ])('keeps the other rows when an environment answers %s', async (_, kind, expected) => {
    await fault({ service: 'airflow', operation: 'GetEnvironment', input: { Name: 'legacy' }, times: 0, fault: kind });
    const dashboard = await last(readDashboard(session, quiet()));
    expect(dashboard.environments.map((row) => [row.name, row.environment !== undefined])).toEqual([
      ['analytics', true],
      ['data-prod', true],
      ['legacy', false],
      ['sandbox', true],
    ]);
    expect(dashboard.errors).toMatchObject([
      { resource: 'legacy', kind: expected, advice: expect.stringMatching(/./) },
    ]);
    expect(dashboard.clusters).toHaveLength(3);
  });

  it('notes what a role may not read and shows the rest', async () => {
    await fault({ service: 'airflow', operation: 'InvokeRestApi', times: 0, fault: 'denied' });
    await fault({
      service: 's3',
      operation: 'ListObjectsV2',
      input: { Bucket: 'mwaa-legacy-123456789012' },
      times: 0,
      fault: 'denied',
    });
    const dashboard = await last(readDashboard(session, quiet()));
    const rows = new Map(dashboard.environments.map((row) => [row.name, row]));
    expect(rows.get('data-prod')?.notes).toEqual([
      expect.stringMatching(/^DAG runs of data-prod can't be read: Not allowed/),
    ]);
    expect(rows.get('data-prod')?.ingestions).toHaveLength(4);
    expect(rows.get('legacy')?.notes).toEqual([expect.stringMatching(/^Ingestions of legacy can't be read/)]);
    expect(dashboard.errors).toEqual([]);
  });

  it('survives throttling', async () => {
    await fault({ service: 'airflow', operation: 'GetEnvironment', times: 2, fault: 'throttle' });
    const dashboard = await last(readDashboard(session, quiet()));
    expect(dashboard.environments.every((row) => row.environment !== undefined)).toBe(true);
  });

  it('is refused as a whole to one who may do nothing', async () => {
    const nobody = await sessionAt(running.url, {
      clock: session.clock,
      credentials: { accessKeyId: 'AKIADEMONOACCESS0000', secretAccessKey: 'test' },
    });
    const dashboard = await last(readDashboard(nobody, quiet()));
    nobody.close();
    expect(dashboard.errors.map(({ resource, kind }) => [resource, kind]).sort()).toEqual([
      ['clusters', 'denied'],
      ['environments', 'denied'],
    ]);
  });
});

describe('the estate, piece by piece', () => {
  it('has ingestions with families, log targets and runs', async () => {
    const place = await environment('data-prod');
    const rows = await last(ingestions.list(session, { environment: place }, quiet()));
    expect(rows.map((row) => [row.ingestion.dagId, row.lastRun?.state])).toEqual([
      ['kafka_metadata', 'failed'],
      ['looker_metadata', expect.stringMatching(/success|running|queued|stopped/)],
      ['postgres_usage', expect.stringMatching(/success|running|queued|stopped/)],
      ['snowflake_metadata', expect.stringMatching(/success|running|queued|stopped/)],
    ]);
    const { taskDefinitionArn, container } = rows[0]?.ingestion ?? {};
    const definition = await readTaskDefinition(session, taskDefinitionArn ?? '', quiet());
    expect(definition.family).toBe('data-prod-kafka_metadata');
    expect(logTarget(definition, container)).toMatchObject({
      group: '/ecs/openmetadata-ingestion',
      streamPrefix: 'ecs',
      mode: 'blocking',
    });
  });

  it('has clusters with services and tasks', async () => {
    const found = await last(clusters.list(session, undefined, quiet()));
    expect(found.map(({ name }) => name).sort()).toEqual(['batch', 'openmetadata-ingestion', 'platform']);
    const of = await last(services.list(session, { cluster: 'platform' }, quiet()));
    expect(of.length).toBeGreaterThan(0);
    const held = await last(tasks.list(session, { cluster: 'openmetadata-ingestion' }, quiet()));
    expect(held.some((task) => isIngestionTask(task))).toBe(true);
    for (const task of held.slice(0, 2))
      expect(await tasks.describe(session, task, quiet())).toMatchObject({ arn: task.arn });
    for (const service of of.slice(0, 1))
      expect(await services.describe(session, service, quiet())).toMatchObject({ arn: service.arn });
    await expect(last(tasks.list(session, { cluster: 'nowhere' }, quiet()))).rejects.toMatchObject({
      kind: 'not-found',
    });
    await expect(readTaskDefinition(session, 'nowhere', quiet())).rejects.toMatchObject({ kind: 'not-found' });
  });

  it('has task definitions and log groups', async () => {
    const families = await last(taskDefinitions.list(session, undefined, quiet()));
    expect(families.map(({ family }) => family)).toContain('data-prod-snowflake_metadata');
    expect(await taskDefinitions.describe(session, { family: 'data-prod-snowflake_metadata' }, quiet())).toMatchObject({
      revisions: expect.arrayContaining([expect.stringContaining(':task-definition/')]),
    });
    expect((await last(logGroups.list(session, {}, quiet()))).map(({ name }) => name)).toContain(
      '/ecs/openmetadata-ingestion',
    );
    expect(await readLogGroup(session, 'airflow-data-prod-Task', quiet())).toMatchObject({ logGroupClass: 'STANDARD' });
  });

  it('has a network with an endpoint for each metadata database', async () => {
    const place = await environment('data-prod');
    const subnets = await readSubnets(session, place.subnetIds, quiet());
    expect(subnets.map(({ id, internet }) => [id, internet])).toEqual(place.subnetIds.map((id) => [id, 'nat']));
    expect(await readSecurityGroups(session, place.securityGroupIds, quiet())).toHaveLength(
      place.securityGroupIds.length,
    );
    for (const name of await listEnvironmentNames(session, quiet())) {
      const [endpoint] = await databaseEndpoints(session, await environment(name), quiet());
      expect(endpoint?.dnsNames[0]).toMatch(/^vpce-0.*\.vpce-svc-0.*\.eu-west-1\.vpce\.amazonaws\.com$/);
    }
  });

  it('has an OpenMetadata server', async () => {
    const api = `${running.url}/openmetadata/api`;
    expect(await serverVersion(api, { signal: quiet() })).toBe('1.12.8');
    expect(await serverHealth(api, { signal: quiet() })).toMatchObject({ healthy: true });
  });
});

describe.each(['data-prod', 'analytics'])('the Airflow of %s', (name) => {
  it('knows DAGs, runs and tasks', async () => {
    const place = await environment(name);
    const airflow = openAirflow(session, place);
    const rows = await last(dags.list(session, { environment: place }, quiet()));
    const [first] = rows.flatMap(({ dag }) => dag ?? []);
    expect(first).toMatchObject({ active: true, paused: false });
    const id = first?.dagId ?? '';
    expect(await airflow.dag(id, quiet())).toMatchObject({ dagId: id });
    expect(await airflow.dag('no_such_dag', quiet())).toBeUndefined();
    expect(await airflow.health(quiet())).toMatchObject({ metadatabase: 'healthy', scheduler: 'healthy' });
    const [newest] = await airflow.dagRuns(id, { limit: 1 }, quiet());
    expect(newest).toMatchObject({ dagId: id, runId: expect.stringMatching(/./) });
    expect(await airflow.dagRun(id, newest?.runId ?? '', quiet())).toMatchObject({ runId: newest?.runId });
    const instances = await airflow.taskInstances(id, newest?.runId ?? '', quiet());
    expect(instances.length).toBeGreaterThan(0);
    expect(await airflow.dagRuns('no_such_dag', { limit: 1 }, quiet()).catch((error: unknown) => error)).toMatchObject({
      kind: 'not-found',
    });
  });

  it('pauses, unpauses and triggers, the same run once', async () => {
    const airflow = openAirflow(session, await environment(name));
    const [dag] = await airflow.dags(quiet());
    const id = dag?.dagId ?? '';
    await airflow.setPaused(id, true, quiet());
    expect(await airflow.dag(id, quiet())).toMatchObject({ paused: true });
    await airflow.setPaused(id, false, quiet());
    expect(await airflow.dag(id, quiet())).toMatchObject({ paused: false });
    const run = await airflow.trigger(id, { runId: 'by_hand' }, quiet());
    expect(run).toMatchObject({ dagId: id, runId: 'by_hand', runType: 'manual' });
    expect(await airflow.trigger(id, { runId: 'by_hand' }, quiet())).toMatchObject({ runId: 'by_hand' });
  });
});
