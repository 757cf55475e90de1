import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { callsOf } from '../../src/deployment/checks/caller.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { readIngestionState } from '../../src/fleet/ingestion-state.ts';
import { readIngestion } from '../../src/fleet/ingestions.ts';
import type { IngestionMode } from '../../src/ingestion/request.ts';
import { findOperation } from '../../src/reference/operations.ts';
import { regionForAll } from '../support/given-region.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, settle, undo, undoPlanned, type Wanted, worldOf } from './bench.ts';
import { changes } from './disturb.ts';

const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;

const FRESH = {
  dagId: 'moved',
  cluster: 'moved-cluster',
  logGroup: '/ecs/moved',
  executionRole: 'moved-execution',
  taskRole: 'moved-task',
};
const by = (mode: IngestionMode): Wanted => ({ mode, options: mode === 'ecs' ? FRESH : { dagId: 'moved' } });
/** Files that are put back are versions of their own. */
const world = (environment: string) =>
  worldOf(region, environment).replace(
    /("path": "(?:requirements\.txt|plugins\.zip)",\s*"version": )"[^"]*"/g,
    '$1"…"',
  );

/** What differs from the record of an ingestion, as the dashboard would tell. */
async function standing(environmentName: string) {
  const environment = await readEnvironment(session, environmentName, signal);
  const ingestion = await readIngestion(session, environment, 'moved', signal);
  if (ingestion === undefined) throw new Error('there is no record');
  const { file, policy, taskDefinition } = await readIngestionState(session, environment, ingestion, signal);
  return [file, policy, taskDefinition ?? 'as-deployed'];
}
const AS_DEPLOYED = ['as-deployed', 'as-deployed', 'as-deployed'];

const LEFT_BY = {
  ecs: ['policy-execution-left', 'task-definition-left'],
  python: ['environment-update-left', 'constraints-left'],
  virtualenv: [],
} as const satisfies Record<IngestionMode, readonly string[]>;

const UNUSED =
  'moved leaves the cluster moved-cluster, the log group /ecs/moved, the role moved-execution, the role moved-task: no ingestion uses them any more';

regionForAll((given) => {
  ({ region, session } = given);
});

test('a DAG id that serves another source is told before it is replaced: whose, since when, by whom', async () => {
  const options = { dagId: 'taken' };
  await apply(await plan(session, region, { options }));
  const told = async (text: string) =>
    (await plan(session, region, { options, text })).plan.checks.filter(({ id }) => id === 'replaces-ingestion');
  expect(await told(redshiftPipeline(region.url, { excludes: '^tmp_.*' }))).toEqual([]);
  const [check] = await told(redshiftPipeline(region.url).replace('serviceName: redshift_prod', 'serviceName: other'));
  expect(check).toMatchObject({ verdict: 'warning', advice: expect.stringContaining('--dag-id') });
  expect(check?.evidence).toMatch(
    /^taken serves metadata of redshift redshift_prod now, deployed by \S+user\/test \S+ ago: metadata of redshift other/,
  );
  const elsewhere = await plan(session, region, { options: { ...options, secret: 'elsewhere' } });
  expect(elsewhere.plan.checks.find(({ id }) => id === 'leaves-behind')?.evidence).toBe(
    'taken leaves the secret mwaa-console/data-prod/taken: no ingestion uses it any more',
  );
  expect((await undo(session)).outcome.state).toBe('undone');
  await settle(region);
});

describe('an ingestion that changes its mode', () => {
  test('leaves nothing of the old one, and goes back mode by mode to what was there', {
    timeout: 240_000,
  }, async () => {
    // Each of the six changes once.
    const way = ['ecs', 'virtualenv', 'python', 'ecs', 'python', 'virtualenv', 'ecs'] as const;
    const worlds = [world('data-prod')];
    const written = new Set<string>();
    const watched = await region.open({
      before: (border) => {
        if (changes(border)) written.add(`${border.service}.${border.operation}`);
      },
    });
    for (const [at, mode] of way.entries()) {
      const change = await plan(watched, region, by(mode));
      expect([...written], 'by planning').toEqual([]);
      const left = change.plan.steps.filter(({ id }) => id.endsWith('-left'));
      expect(left.map(({ diff }) => diff)).not.toContain('');
      const from = way[at - 1];
      expect(left.map(({ id }) => id)).toEqual(from === undefined ? [] : LEFT_BY[from]);
      const unused = change.plan.checks.find(({ id }) => id === 'leaves-behind')?.evidence;
      expect(unused).toBe(from === 'ecs' ? UNUSED : undefined);
      expect((await apply(change)).outcome.failure?.stack).toBeUndefined();
      // The caller is asked for all of it beforehand, and docs/PERMISSIONS.md has it for deploying.
      const asked = new Set<string>(change.plan.steps.flatMap(callsOf));
      for (const name of asked) {
        const [service = '', operation = ''] = name.split('.');
        expect(findOperation(service, operation)?.features, name).toContain('deploy');
      }
      expect(
        [...written].filter((name) => !asked.has(name)),
        mode,
      ).toEqual([]);
      written.clear();
      await settle(region);
      expect((await plan(session, region, by(mode))).plan.steps).toEqual([]);
      expect(await standing('data-prod')).toEqual(AS_DEPLOYED);
      const now = world('data-prod');
      if (mode !== 'ecs') expect(now).not.toMatch(/"data-prod-moved"|mwaa-console-moved-execution/);
      if (mode !== 'python') expect(now).not.toMatch(/moved needs|constraints-airflow/);
      worlds.push(now);
    }
    for (const [back, mode] of [...way].reverse().entries()) {
      const before = way[way.length - 2 - back];
      const preview = await planUndo(session, 'data-prod', undefined, signal);
      if (before === 'ecs') expect(preview.plan.remains.join()).toContain('data-prod-moved under new revision numbers');
      expect((await undoPlanned(preview)).outcome.failure?.stack).toBeUndefined();
      await settle(region);
      expect(world('data-prod'), `${mode} taken back`).toBe(worlds[way.length - 1 - back]);
      if (before === undefined) continue;
      expect(await standing('data-prod')).toEqual(AS_DEPLOYED);
      expect((await plan(session, region, by(before))).plan.steps, `${before} again`).toEqual([]);
    }
  });
});
