import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { regionForAll } from '../support/given-region.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, plan, resume, undo, worldOf } from './bench.ts';
import { expectSaid, tracesIn } from './remains.ts';

const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
});

/** Everything new, so that every step has something to make. */
const FRESH = {
  cluster: 'fresh',
  logGroup: '/ecs/fresh',
  executionRole: 'fresh-execution',
  taskRole: 'fresh-task',
  dagId: 'fresh',
};

describe('by the ECS operator', () => {
  test('deployed, planned again, changed, deployed, undone and deployed again', async () => {
    const untouched = worldOf(region);
    const first = await plan(session, region, { options: FRESH });
    expect(first.plan.steps).toHaveLength(11);
    expect((await apply(first)).outcome.state).toBe('done');
    const deployed = worldOf(region);
    expect((await plan(session, region, { options: FRESH })).plan.steps).toEqual([]);
    expect((await resume(session)).outcome).toBeUndefined();

    const text = redshiftPipeline(region.url, { excludes: '^tmp_.*' });
    const changed = await plan(session, region, { text, options: { ...FRESH, memory: 8192 } });
    expect(changed.plan.steps.map(({ id }) => id)).toEqual(['secret', 'task-definition', 'dag', 'airflow']);
    const second = await apply(changed);
    expect(second.outcome.state).toBe('done');
    expect(worldOf(region)).not.toBe(deployed);

    const traces = tracesIn(region);
    const back = await planUndo(session, 'data-prod', undefined, signal);
    await expect(planUndo(session, 'data-prod', first.plan.dagId, signal)).rejects.toMatchObject({ kind: 'not-found' });
    expect((await undo(session)).outcome.state).toBe('undone');
    await region.time.clock(0).sleep(400_000);
    expect(worldOf(region)).toBe(deployed);
    const later = tracesIn(region);
    expectSaid(back.plan.remains, traces, later);

    const whole = await planUndo(session, 'data-prod', undefined, signal);
    expect((await undo(session)).outcome.state).toBe('undone');
    await region.time.clock(0).sleep(400_000);
    expect(worldOf(region)).toBe(untouched);
    expectSaid(whole.plan.remains, later, tracesIn(region));
    const none = undo(session, 'data-prod', whole.plan.deployment);
    await expect(none).rejects.toMatchObject({
      kind: 'refused',
      message: expect.stringContaining('taken back already'),
    });
    await expect(undo(session, 'sandbox')).rejects.toMatchObject({ kind: 'not-found' });

    const again = await plan(session, region, { options: FRESH });
    expect(again.plan.steps.find(({ id }) => id === 'secret')?.reason).toContain('scheduled for deletion');
    expect((await apply(again)).outcome.state).toBe('done');
    expect(worldOf(region)).toBe(deployed);
    expect((await undo(session)).outcome.state).toBe('undone');
    await region.time.clock(0).sleep(400_000);
    expect(worldOf(region)).toBe(untouched);
  });
});
