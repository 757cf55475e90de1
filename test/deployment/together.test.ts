import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { listIngestions } from '../../src/fleet/ingestions.ts';
import type { IngestionMode } from '../../src/ingestion/request.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { reachAnyState } from './any-state.ts';
import { apply, journals, plan, settle, undo, type Wanted, worldOf } from './bench.ts';
import { inOrder } from './orders.ts';

const signal = new AbortController().signal;
const BUCKET = 'mwaa-data-prod-123456789012';
let region: VirtualRegion;
let session: Session;

regionForEach((given) => {
  ({ region, session } = given);
});

describe('three ingestions in one environment', () => {
  test('of three modes, deployed and undone in another order each, never touch each other', {
    timeout: 300_000,
  }, async () => {
    await inOrder(region, [2, 0, 1], [1, 2, 0]);
    await inOrder(region, [0, 1, 2], [0, 2, 1]);
  });

  test('share requirements.txt and let go of it in any order', { timeout: 300_000 }, async () => {
    const untouched = worldOf(region);
    const wanted = (dagId: string, ...extras: string[]): Wanted => ({ mode: 'python', options: { dagId, extras } });
    const first = await apply(await plan(session, region, wanted('one', 'datalake-s3')));
    const second = await apply(await plan(session, region, wanted('two', 'snowflake')));
    expect([first, second].map(({ outcome }) => outcome.failure?.stack)).toEqual([undefined, undefined]);
    const { plan: preview } = await planUndo(session, 'data-prod', first.outcome.deployment, signal);
    const [shared = ''] = preview.remains.flatMap((text) => /^dags\/constraints\S+\.txt/.exec(text) ?? []);
    const back = await undo(session, 'data-prod', first.outcome.deployment);
    expect(back.outcome.failure?.stack).toBeUndefined();
    await settle(region);
    const { s3, mwaa } = region.running.region;
    const inForce = mwaa.environment('data-prod')?.settings.requirements;
    const text = s3.object(BUCKET, 'requirements.txt', inForce?.version)?.body.toString('utf8');
    expect(text).toContain('snowflake');
    expect(text).not.toContain('datalake');
    expect((await plan(session, region, wanted('two', 'snowflake'))).plan.steps).toEqual([]);
    expect((await undo(session, 'data-prod', second.outcome.deployment)).outcome.state).toBe('undone');
    await settle(region);
    // Still named when its maker was taken back, the constraint file went with the last that needed it.
    expect(s3.object(BUCKET, shared)).toBeUndefined();
    const pin = /("path": "requirements.txt",\s*"version": )"[^"]*"/;
    expect(worldOf(region).replace(pin, '')).toBe(untouched.replace(pin, ''));
  });
});

/** A region as it was, but for the versions of files that MWAA can't do without again. */
function withoutFiles(environment: string): string {
  return worldOf(region, environment)
    .replace(/"(requirements|plugins)": \{[^}]*\},?\s*/g, '')
    .replace(/"(requirements\.txt|plugins\.zip)": \[[^\]]*\],?\s*/g, '');
}

describe('what two ingestions share', () => {
  const pair = async (environment: string, wanted: (dagId: string) => Wanted, check: (left: string) => void) => {
    const untouched = withoutFiles(environment);
    const ids: string[] = [];
    for (const dagId of ['one', 'two']) {
      const { outcome } = await apply(await plan(session, region, { environment, ...wanted(dagId) }));
      expect(outcome.failure?.stack).toBeUndefined();
      ids.push(outcome.deployment);
    }
    // The one that made it all goes first.
    expect((await undo(session, environment, ids[0])).outcome.failure?.stack).toBeUndefined();
    await settle(region);
    check(worldOf(region, environment));
    expect((await plan(session, region, { environment, ...wanted('two') })).plan.steps).toEqual([]);
    const { plan: preview } = await planUndo(session, environment, ids[1], signal);
    expect((await undo(session, environment, ids[1])).outcome.failure?.stack).toBeUndefined();
    await settle(region);
    expect(withoutFiles(environment)).toBe(untouched);
    return preview.steps.map(({ id }) => id);
  };

  test('stays for the second when its maker is taken back, and goes with the second: cluster, log group, roles', async () => {
    const fresh = { cluster: 'ours', logGroup: '/ecs/ours', executionRole: 'our-execution', taskRole: 'our-task' };
    const steps = await pair(
      'data-prod',
      (dagId) => ({ options: { ...fresh, dagId } }),
      (left) => expect(left).toContain('our-task'),
    );
    expect(steps).toEqual(expect.arrayContaining(['cluster', 'log-group', 'role-execution']));
  });

  test('of one kind by several names, each goes with its last user', async () => {
    const untouched = worldOf(region);
    const deploy = async (dagId: string) => {
      const wanted = await plan(session, region, { options: { dagId, executionRole: `${dagId}-execution` } });
      expect((await apply(wanted)).outcome.failure?.stack).toBeUndefined();
    };
    const policy = (dagId: string) => ({ RoleName: `${dagId}-execution`, PolicyName: 'of-somebody' });
    for (const dagId of ['one', 'two']) {
      await deploy(dagId);
      const statement = { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' };
      const document = JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
      await session.iam.putRolePolicy({ ...policy(dagId), PolicyDocument: document });
      expect((await undo(session)).outcome.state).toBe('undone');
    }
    for (const dagId of ['one', 'two']) await session.iam.deleteRolePolicy(policy(dagId));
    await deploy('three');
    const { plan: preview } = await planUndo(session, 'data-prod', undefined, signal);
    const roles = preview.steps.filter(({ kind }) => kind === 'role').map(({ id, action }) => [id, action]);
    expect(roles.sort()).toEqual([
      ['role-execution', 'remove'],
      ['role-execution@one-execution', 'remove'],
      ['role-execution@two-execution', 'remove'],
    ]);
    const { outcome, events } = await undo(session);
    expect(outcome.failure?.stack).toBeUndefined();
    const ended = events.flatMap((event) => (event.type === 'step' && event.state === 'undone' ? [event.id] : []));
    expect(new Set(ended).size).toBe(ended.length);
    await settle(region);
    expect(worldOf(region)).toBe(untouched);
  });

  test('also what the second has left, while it may be taken back to it', async () => {
    const untouched = worldOf(region);
    const fresh = (name: string) => ({ cluster: name, logGroup: `/ecs/${name}`, taskRole: `${name}-task` });
    const wanted = (dagId: string, name: string): Wanted => ({ options: { ...fresh(name), dagId } });
    const deploy = async (dagId: string, name: string) => {
      const { outcome } = await apply(await plan(session, region, wanted(dagId, name)));
      expect(outcome.failure?.stack).toBeUndefined();
      return outcome.deployment;
    };
    const first = await deploy('one', 'ours');
    await deploy('two', 'ours');
    const moved = await deploy('two', 'theirs');
    const { plan: preview } = await planUndo(session, 'data-prod', first, signal);
    const kept = preview.steps.filter(({ action }) => action === 'keep');
    expect(kept.map(({ kind, text }) => [kind, text])).toEqual([
      ['cluster', 'two runs in it again if its later deployment is taken back'],
      ['role', 'two acts as it again if its later deployment is taken back'],
      ['log-group', 'two writes to it again if its later deployment is taken back'],
    ]);
    for (const id of [first, moved]) expect((await undo(session, 'data-prod', id)).outcome.state).toBe('undone');
    await settle(region);
    expect((await plan(session, region, wanted('two', 'ours'))).plan.steps).toEqual([]);
    expect((await undo(session)).outcome.failure?.stack).toBeUndefined();
    await settle(region);
    expect(worldOf(region)).toBe(untouched);
  });

  test('and is told to remain where only an update would bring it again', async () => {
    const deploy = async (dagId: string, mode: IngestionMode) => {
      const { outcome } = await apply(await plan(session, region, { mode, options: { dagId } }));
      expect(outcome.failure?.stack).toBeUndefined();
      return outcome.deployment;
    };
    const first = await deploy('one', 'python');
    await deploy('two', 'python');
    const moved = await deploy('two', 'ecs');
    expect((await undo(session, 'data-prod', first)).outcome.state).toBe('undone');
    await settle(region);
    const { plan: preview } = await planUndo(session, 'data-prod', moved, signal);
    expect(preview.remains.join()).toContain('requirements.txt as before in the bucket alone');
    expect((await undo(session, 'data-prod', moved)).outcome.state).toBe('undone');
    await settle(region);
    const again = await plan(session, region, { mode: 'python', options: { dagId: 'two' } });
    expect(again.plan.steps.map(({ id }) => id)).toEqual(['environment-update', 'probe']);
  });

  test('also one and the same line of requirements.txt', async () => {
    const steps = await pair(
      'data-prod',
      (dagId) => ({ mode: 'python', options: { dagId } }),
      (left) => expect(left).toContain('# two needs ['),
    );
    expect(steps).toEqual(expect.arrayContaining(['environment-update', 'requirements', 'constraints']));
  });

  test('also the plugin and the option of the virtualenv operator, which then go by an update', async () => {
    const settings = region.running.region.mwaa.environment('legacy')?.settings;
    if (settings !== undefined) Object.assign(settings, { airflowVersion: '2.5.1' });
    // The region's own one by this operator would need them too, or again if its last deployment was taken back.
    const environment = await readEnvironment(session, 'legacy', signal);
    for (const { dagId } of await listIngestions(session, environment, signal)) {
      const Key = `mwaa-console/legacy/ingestions/${dagId}.json`;
      await session.s3.deleteObject({ Bucket: environment.sourceBucket, Key });
    }
    for (const { id } of await journals(session, 'legacy')) {
      const Key = `mwaa-console/legacy/deployments/${id}.json`;
      await session.s3.deleteObject({ Bucket: environment.sourceBucket, Key });
    }
    const steps = await pair(
      'legacy',
      (dagId) => ({ mode: 'virtualenv', options: { dagId } }),
      (left) => expect(left).toContain('core.lazy_load_plugins'),
    );
    expect(steps).toEqual(expect.arrayContaining(['environment-update', 'plugins']));
  });
});

test(
  'whatever is there and whatever is wanted, applying the plan reaches it, and its second plan is empty',
  {
    timeout: 300_000,
  },
  () => reachAnyState(region, { numRuns: 5, seed: 7 }),
);
