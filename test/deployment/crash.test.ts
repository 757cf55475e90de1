import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { type VirtualRegion, virtualRegion } from '../support/virtual-region.ts';
import { apply, plan, resume, settle, undo, undoPlanned, type Wanted, worldOf } from './bench.ts';
import { FAULTS, failing, kill } from './disturb.ts';

const signal = new AbortController().signal;
let region: VirtualRegion;
let session: Session;

beforeAll(async () => {
  region = await virtualRegion();
  session = await region.open();
});
afterAll(() => region.close());

/** Everything new, under names of a run's own: no run meets what another left. */
const fresh = (name: string): Wanted => ({
  options: {
    cluster: `${name}-cluster`,
    logGroup: `/ecs/${name}`,
    executionRole: `${name}-execution`,
    taskRole: `${name}-task`,
    dagId: name,
  },
});

/** What a deployment of nobody's disturbing leaves, and what its undo does. */
async function undisturbed() {
  const before = worldOf(region, 'data-prod');
  expect((await apply(await plan(session, region, fresh('zz-plain')))).outcome.state).toBe('done');
  const deployed = worldOf(region, 'data-prod', ['zz-plain']);
  expect((await undo(session)).outcome.state).toBe('undone');
  await settle(region);
  expect(worldOf(region, 'data-prod')).toBe(before);
  return { before, deployed };
}

describe('by the ECS operator', () => {
  test('stopped before each write and resumed by another, it ends as if nothing had happened; its undo as well', {
    timeout: 300_000,
  }, async () => {
    const { before, deployed } = await undisturbed();
    let most = Number.POSITIVE_INFINITY;
    let notStored = 0;
    for (let at = 0; at < most; at += 1) {
      const name = `zz-c${String(at).padStart(4, '0')}`;
      const planned = await plan(session, region, fresh(name));
      const killed = kill(at);
      const target = { ...planned.target, session: await region.open(killed.interference) };
      const end = await Promise.race([apply({ ...planned, target }), killed.dead]);
      const { outcome } = await resume(await region.open());
      if (end !== 'killed') most = at;
      else if (at <= 1 || outcome?.state === 'undone') {
        // Before its configuration was stored nobody else can go on: nothing is left of it.
        notStored += 1;
        await settle(region);
        expect(worldOf(region, 'data-prod'), `killed before write ${at}`).toBe(before);
        continue;
        // At the very end only the lock was left.
      } else if (outcome !== undefined) expect(outcome.state, `killed before write ${at}`).toBe('done');
      expect(worldOf(region, 'data-prod', [name]), `killed before write ${at}`).toBe(deployed);

      await settle(region);
      const undoing = kill(at);
      const back = await planUndo(await region.open(undoing.interference), 'data-prod', undefined, signal);
      if ((await Promise.race([undoPlanned(back), undoing.dead])) === 'killed') {
        const resumed = await resume(await region.open());
        if (resumed.outcome !== undefined) expect(resumed.outcome.state).toBe('undone');
        // Before its journal says that it is taken back, nothing was; after its end, only the lock was left.
        else if (undoing.borders() <= 2) await settle(region).then(() => undo(session));
      }
      await settle(region);
      expect(worldOf(region, 'data-prod'), `undo killed before write ${at}`).toBe(before);
    }
    expect(most).toBeGreaterThan(25);
    // The lock, the journal twice, and the secret itself.
    expect(notStored).toBe(4);
  });

  test('each request of it failing once, or its answer lost, it goes on and makes nothing twice', {
    timeout: 300_000,
  }, async () => {
    const { before, deployed } = await undisturbed();
    const every = 13;
    for (let offset = 0; offset < every; offset += 1) {
      const name = `zz-f${String(offset).padStart(4, '0')}`;
      const strikes = (request: number) =>
        request % every === offset ? FAULTS[Math.floor(request / every) % FAULTS.length] : undefined;
      const planned = await plan(session, region, fresh(name));
      const faulty = failing(strikes);
      const target = { ...planned.target, session: await region.open(faulty) };
      const { outcome } = await apply({ ...planned, target });
      expect(outcome, `offset ${offset}: ${outcome.failure?.stack}`).toMatchObject({ state: 'done' });
      expect(worldOf(region, 'data-prod', [name]), `offset ${offset}`).toBe(deployed);
      const back = await planUndo(session, 'data-prod', undefined, signal);
      const undoing = await region.open(failing(strikes));
      expect((await undoPlanned({ ...back, target: { ...back.target, session: undoing } })).outcome.state).toBe(
        'undone',
      );
      await settle(region);
      expect(worldOf(region, 'data-prod'), `undo, offset ${offset}`).toBe(before);
    }
  });
});
