import { expect, test } from 'vitest';
import type { Session } from '../../src/aws/session.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { regionForEach } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, resume, undo, undoPlanned, worldOf } from './bench.ts';
import { kill } from './disturb.ts';

const signal = new AbortController().signal;
const OUTDATED = { kind: 'refused', message: 'A deployment of data-prod has gone on since this was planned.' };

let region: VirtualRegion;
let session: Session;

regionForEach((given) => {
  ({ region, session } = given);
});

const named = (dagId: string) => plan(session, region, { options: { dagId } });
const previewed = () => planUndo(session, 'data-prod', undefined, signal);

/** Starts a deployment, kills it at one of its writes, and waits until its lock has run out. */
async function left(at: number): Promise<void> {
  const killed = kill(at);
  const planned = await named('left');
  const target = { ...planned.target, session: await region.open(killed.interference) };
  await Promise.race([apply({ ...planned, target }), killed.dead]);
  await region.time.clock(0).sleep(120_000);
}

test('a plan is not applied once another deployment has gone on: what it would write knows nothing of it', async () => {
  const planned = await named('second');
  await apply(await named('first'));
  const world = worldOf(region);
  await expect(apply(planned)).rejects.toMatchObject(OUTDATED);
  expect(worldOf(region)).toBe(world);
  expect((await apply(await named('second'))).outcome.state).toBe('done');
});

test('what an undo has said before is what it does: after another deployment it does nothing', async () => {
  await apply(await named('first'));
  const preview = await previewed();
  await apply(await named('another'));
  const world = worldOf(region);
  await expect(undoPlanned(preview)).rejects.toMatchObject(OUTDATED);
  expect(worldOf(region)).toBe(world);
});

test('one that was resumed, or taken back, since the preview is looked at anew', async () => {
  await left(8);
  const half = await previewed();
  expect((await resume(session)).outcome?.state).toBe('done');
  const whole = await previewed();
  expect(whole.plan.steps.length).toBeGreaterThan(half.plan.steps.length);
  await expect(undoPlanned(half)).rejects.toMatchObject(OUTDATED);
  expect((await undo(session)).outcome.state).toBe('undone');
  await expect(undoPlanned(whole)).rejects.toMatchObject(OUTDATED);
});

test('what a newer version of the console has begun is left to it', async () => {
  await left(8);
  const [journal] = await journals(session);
  const Key = `mwaa-console/data-prod/deployments/${journal?.id}.json`;
  const Body = JSON.stringify({ ...journal, schema: 2 });
  await session.s3.putObject({ Bucket: 'mwaa-data-prod-123456789012', Key, Body });
  const world = worldOf(region);
  const newer = { kind: 'refused', message: expect.stringContaining('was written by a newer mwaa-console') };
  await expect(resume(session)).rejects.toMatchObject(newer);
  await expect(previewed()).rejects.toMatchObject(newer);
  expect(worldOf(region)).toBe(world);
});
