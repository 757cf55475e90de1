import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import type { Ended } from '../support/command.ts';
import { regionForEach } from '../support/given-region.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, settle, undo, worldOf } from './bench.ts';
import { commanded } from './commanded.ts';
import { toldFailure } from './told.ts';

const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;

regionForEach((given) => {
  ({ region, session } = given);
});

interface Deploying {
  readonly mode?: 'ecs' | 'python';
  readonly dagId?: string;
  readonly extra?: string;
  /** The session that it is deployed on, where something comes in between. */
  readonly on?: Session;
}

const ANSWERS = ['--yes', '--confirm', 'data-prod'];

/** Deploys by the command, from a pipeline on standard input. */
function deploy({ mode = 'python', dagId = 'by_python', extra, on = session }: Deploying = {}) {
  const wanted = ['--mode', mode, '--pipeline', '-', '--dag-id', dagId, '--openmetadata-version', '1.12.8'];
  const extras = extra === undefined ? [] : ['--extra', extra];
  return commanded(on, ['deploy', 'data-prod', ...wanted, ...extras, ...ANSWERS], redshiftPipeline(region.url));
}

const failedStep = async (ended: Ended | Promise<Ended>) => toldFailure(region, await ended);

async function undone(untouched: string): Promise<void> {
  const { code, stderr } = await commanded(session, ['undo', 'data-prod', ...ANSWERS]);
  expect(code, stderr).toBe(0);
  await settle(region);
  expect(worldOf(region)).toBe(untouched);
}

describe('an update of the environment', () => {
  test('whose requirements pip can not install ends AVAILABLE: the first failing line tells why', async () => {
    const untouched = worldOf(region);
    const ended = await deploy({ extra: 'does-not-exist' });
    const { id, why, code, advice } = await failedStep(ended);
    expect({ id, code }).toEqual({ id: 'environment-update', code: 1 });
    expect(why).toMatch(/AVAILABLE, but pip installed nothing: ERROR: Could not find a version .*does-not-exist/);
    expect(advice).toContain('Take the deployment back');
    expect(ended.stderr).toMatch(/ {3}\w+: (Collecting|Looking)/);
    await undone(untouched);
  });

  test('that leaves no line anywhere is proven by the probe, not assumed', async () => {
    const settings = region.running.region.mwaa.environment('data-prod')?.settings;
    for (const log of Object.values(settings?.logging ?? {})) Object.assign(log, { Enabled: false });
    const untouched = worldOf(region);
    const { id, why, code, advice } = await failedStep(deploy({ extra: 'does-not-exist' }));
    expect({ id, code }).toEqual({ id: 'probe', code: 1 });
    expect(advice).toMatch(/requirements|log/i);
    expect(why).toMatch(/can't import OpenMetadata's package: no log group tells of an installation/);
    const { s3 } = region.running.region;
    expect(s3.keys('mwaa-data-prod-123456789012', 'dags/mwaa_console_')).toEqual([]);
    await undone(untouched);
  });

  test('that installs another version than was asked for is found out by the probe', async () => {
    const untouched = worldOf(region);
    const environment = region.running.region.mwaa.environment('data-prod');
    const meanwhile = await region.open({
      before: ({ operation, input }) => {
        // As where something else in the file holds it.
        if (operation !== 'PutObject' || !/dags\/mwaa_console_/.test(JSON.stringify(input))) return;
        if (environment === undefined) throw new Error('no environment');
        const versions = new Map(environment.installed.versions).set('openmetadata-ingestion', '1.11.4.0');
        environment.installed = { ...environment.installed, versions };
      },
    });
    const { id, why, code, advice } = await failedStep(deploy({ on: meanwhile }));
    expect({ id, code }).toEqual({ id: 'probe', code: 1 });
    expect(why).toBe('A worker has openmetadata-ingestion 1.11.4.0, not 1.12.8.');
    expect(advice).toContain('requirements.txt');
    await undone(untouched);
  });

  test('that is rolled back says so with the line, and may be tried again', async () => {
    const untouched = worldOf(region);
    const { id, why, code, advice } = await failedStep(deploy({ extra: 'all' }));
    expect({ id, code }).toEqual({ id: 'environment-update', code: 1 });
    expect(advice).toContain('mwaa-console undo data-prod');
    expect(why).toMatch(/failed and was rolled back: .*within 10 minutes/);
    expect(why).toContain('pip: ERROR: pip installation timed out');
    expect(await failedStep(commanded(session, ['resume', 'data-prod']))).toEqual({ id, why, advice, code });
    await undone(untouched);
  });

  test("of somebody else's, before or meanwhile, stops with exit 3 and asks nothing", async () => {
    const untouched = worldOf(region);
    let begun = false;
    const meanwhile = await region.open({
      before: async ({ operation }) => {
        if (begun || operation !== 'PutObject') return;
        begun = true;
        await session.mwaa.updateEnvironment({ Name: 'data-prod', MaxWorkers: 9 });
      },
    });
    const { id, why, code, advice } = await failedStep(deploy({ on: meanwhile }));
    expect({ id, code }).toEqual({ id: 'environment-update', code: 3 });
    expect(advice).toMatch(/`resume` goes on .* `undo` takes back/);
    expect(why).toMatch(/UPDATING by somebody else's update/);
    await region.time.clock(0).sleep(40 * 60_000);
    expect(await commanded(session, ['resume', 'data-prod'])).toMatchObject({ code: 0 });
    expect(await commanded(session, ['undo', 'data-prod', ...ANSWERS])).toMatchObject({ code: 0 });
    await settle(region);
    const workers = /"maxWorkers": \d+/;
    expect(workers.exec(worldOf(region))?.[0]).toBe('"maxWorkers": 9');
    expect(worldOf(region).replace(workers, '')).toBe(untouched.replace(workers, ''));
  });

  test("of somebody else's that replaced ours is told from ours, which is not asked for again unasked", async () => {
    const untouched = worldOf(region);
    const before = region.running.region.mwaa.environment('data-prod')?.settings.requirements;
    const earlier = { RequirementsS3Path: before?.path ?? '', RequirementsS3ObjectVersion: before?.version ?? '' };
    let requests = 0;
    const meanwhile = await region.open({
      after: async ({ operation }) => {
        if (operation !== 'UpdateEnvironment') return;
        requests += 1;
        await region.time.clock(0).sleep(40 * 60_000);
        await session.mwaa.updateEnvironment({ Name: 'data-prod', ...earlier });
        await region.time.clock(0).sleep(40 * 60_000);
      },
    });
    const { id, why, code, advice } = await failedStep(deploy({ on: meanwhile }));
    expect({ id, code, requests }).toEqual({ id: 'environment-update', code: 3, requests: 1 });
    expect(why).toContain("Somebody else's update of data-prod has ended since");
    expect(advice).toContain('`resume` asks for it again');
    await undone(untouched);
  });

  test('that AWS refuses, or that finds the environment unavailable, names the step and the reason', async () => {
    const untouched = worldOf(region);
    const refusal = {
      kind: 'error',
      status: 400,
      code: 'ValidationException',
      message: 'Nothing of the kind is possible.',
    };
    await fault({ service: 'airflow', operation: 'UpdateEnvironment', fault: refusal });
    const { id, why, code } = await failedStep(deploy());
    expect({ id, code }).toEqual({ id: 'environment-update', code: 1 });
    expect(why).toContain('Nothing of the kind is possible');
    const environment = region.running.region.mwaa.environment('data-prod');
    if (environment) environment.status = 'UNAVAILABLE';
    expect(await failedStep(commanded(session, ['resume', 'data-prod']))).toEqual({
      id: 'environment-update',
      why: "data-prod is UNAVAILABLE: it can't be updated.",
      advice: expect.stringContaining('`resume` goes on once it is AVAILABLE'),
      code: 1,
    });
    if (environment) environment.status = 'AVAILABLE';
    await undone(untouched);
  });
});

test('an update whose version of a file is gone from the bucket names the file; undo works from there', async () => {
  const untouched = worldOf(region);
  const meddled = await region.open({
    before: async ({ operation, input }) => {
      if (operation !== 'UpdateEnvironment') return;
      const { RequirementsS3ObjectVersion: VersionId = '' } = input as { RequirementsS3ObjectVersion?: string };
      await session.s3.deleteObject({ Bucket: 'mwaa-data-prod-123456789012', Key: 'requirements.txt', VersionId });
    },
  });
  const { id, why, code, advice } = await failedStep(deploy({ on: meddled }));
  expect({ id, code }).toEqual({ id: 'environment-update', code: 1 });
  expect(why).toContain('requirements.txt');
  expect(advice).toContain('undo');
  await undone(untouched);
});

describe('a step', () => {
  test('that may not hand its roles on says so; undo works from there', async () => {
    const untouched = worldOf(region);
    const denied = {
      kind: 'error',
      status: 400,
      code: 'AccessDeniedException',
      message: 'User is not authorized to perform: iam:PassRole on resource: x',
    };
    await fault({ service: 'ecs', operation: 'RegisterTaskDefinition', fault: denied });
    const { id, why, code, advice } = await failedStep(deploy({ mode: 'ecs' }));
    expect({ id, code }).toEqual({ id: 'task-definition', code: 1 });
    expect(why).toContain('iam:PassRole');
    expect(advice).toContain('Ask for this permission');
    await undone(untouched);
  });

  test('whose earlier version is gone from the bucket is said before and left', async () => {
    await apply(await plan(session, region, { options: { dagId: 'dag' } }));
    await apply(await plan(session, region, { options: { dagId: 'dag', schedule: '@daily' } }));
    const [newest] = await journals(session);
    const before = newest?.steps.find(({ id }) => id === 'dag')?.before as { versionId: string };
    await session.s3.deleteObject({
      Bucket: 'mwaa-data-prod-123456789012',
      Key: 'dags/dag.py',
      VersionId: before.versionId,
    });
    const { plan: preview } = await planUndo(session, 'data-prod', undefined, signal);
    expect(preview.remains[0]).toContain(`its version ${before.versionId} is gone`);
    expect((await undo(session)).outcome.state).toBe('undone');
  });

  test('whose DAG has an import error names it', async () => {
    const untouched = worldOf(region);
    let put = false;
    const meddled = await region.open({
      before: async ({ operation, input }) => {
        if (put && operation === 'InvokeRestApi') {
          put = false;
          const object = { Bucket: 'mwaa-data-prod-123456789012', Key: 'dags/broken.py' };
          await session.s3.putObject({ ...object, Body: 'from airflow import DAG\nimport nothing_of_the_kind\n' });
        }
        if (operation === 'PutObject' && (input as { Key?: string }).Key === 'dags/broken.py') put = true;
      },
    });
    const { id, why, code } = await failedStep(deploy({ mode: 'ecs', dagId: 'broken', on: meddled }));
    expect({ id, code }).toEqual({ id: 'airflow', code: 1 });
    expect(why).toMatch(/can't import broken.py: ModuleNotFoundError/);
    await undone(untouched);
  });

  test('of a later deployment keeps an earlier one from being taken back', async () => {
    const first = await apply(await plan(session, region));
    const text = redshiftPipeline(region.url, { excludes: '^tmp_.*' });
    const second = await apply(await plan(session, region, { text }));
    await expect(undo(session, 'data-prod', first.outcome.deployment)).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining(second.outcome.deployment),
    });
  });
});

async function fault(body: object): Promise<void> {
  await fetch(`${region.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(body) });
}
