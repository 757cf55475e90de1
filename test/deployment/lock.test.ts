import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { scaledClock } from '../../src/aws/clock.ts';
import type { Session } from '../../src/aws/session.ts';
import { guardedSession } from '../../src/deployment/guarded-session.ts';
import type { Lock } from '../../src/deployment/lock.ts';
import { thisMachine } from '../../src/deployment/machine.ts';
import { planUndo } from '../../src/deployment/undo.ts';
import { Failure } from '../../src/text/failure.ts';
import { jsonError, sessionAt, startWire } from '../aws/wire.ts';
import { regionForEach } from '../support/given-region.ts';
import { redshiftPipeline } from '../support/pipelines.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';
import { apply, journals, plan, resume, undo, undoPlanned } from './bench.ts';
import { changes, kill } from './disturb.ts';

const signal = new AbortController().signal;
const HOUR = 3_600_000;
const LOCK = { Bucket: 'mwaa-data-prod-123456789012', Key: 'mwaa-console/data-prod/lock.json' };
let region: VirtualRegion;
let session: Session;

regionForEach((given) => {
  ({ region, session } = given);
});

const named = (dagId: string, of: Session = session) => plan(of, region, { options: { dagId } });

/** Starts a deployment and kills it at one of its writes. */
async function left(at: number): Promise<void> {
  const killed = kill(at);
  const planned = await named('left');
  const target = { ...planned.target, session: await region.open(killed.interference) };
  await Promise.race([apply({ ...planned, target }), killed.dead]);
}

describe('two deployments that are started at the same time', () => {
  test('one goes on, the other says who holds the lock, since when, and is refused', async () => {
    const [one, other] = [await named('one'), await named('other')];
    const ends = await Promise.allSettled([apply(one), apply(other)]);
    const [refused] = ends.flatMap((end) => (end.status === 'rejected' ? [end.reason as Failure] : []));
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(refused).toBeInstanceOf(Failure);
    expect(refused?.exitCode).toBe(3);
    expect(refused?.message).toMatch(/user\/test on \S+ \(deployment \S+\) has been working on data-prod for \ds/);
  });
});

test('a clock that is wrong by hours changes nothing of what a plan says', async () => {
  await left(3);
  const checks = async (offset: number) => {
    const planned = await named('other', await region.open({ offset }));
    return planned.plan.checks.map(({ id, verdict, evidence }) => [id, verdict, evidence.replace(/for \d+s/, 'for …')]);
  };
  const told = await checks(0);
  expect(told.find(([id]) => id === 'lock')).toEqual(['lock', 'fail', expect.stringContaining('deploying for …')]);
  expect(await checks(9 * HOUR)).toEqual(told);
  expect(await checks(-9 * HOUR)).toEqual(told);
});

describe('a holder that slept past its expiry', () => {
  /** A session whose machine sleeps once for two minutes after an operation, and what it has written since. */
  async function sleeperAfter(operation: string) {
    let asleep = false;
    const written: string[] = [];
    const sleeper = await region.open({
      before: (border) => {
        if (asleep && changes(border)) written.push(border.operation);
      },
      after: (border) => {
        if (border.operation !== operation || asleep) return;
        asleep = true;
        region.time.region.leap(2 * 60_000);
      },
    });
    return { sleeper, written };
  }
  const lost = { kind: 'refused', message: expect.stringContaining('no longer holds the lock') };

  test('writes nothing more, wherever in a step it wakes up', async () => {
    for (const operation of ['DescribeSecret', 'GetRolePolicy', 'DescribeTaskDefinition']) {
      const { sleeper, written } = await sleeperAfter(operation);
      const planned = await named(operation.toLowerCase());
      const run = apply({ ...planned, target: { ...planned.target, session: sleeper } });
      await expect(run).rejects.toMatchObject(lost);
      expect(written).toEqual([]);
      expect((await journals(session))[0]?.state).toBe('applying');
    }
  });

  test('nor does one that takes back or resumes', async () => {
    await apply(await named('whole'));
    for (const operation of ['GetRolePolicy', 'DeleteRolePolicy']) {
      const { sleeper, written } = await sleeperAfter(operation);
      const back = await planUndo(session, 'data-prod', undefined, signal);
      await expect(undoPlanned({ ...back, target: { ...back.target, session: sleeper } })).rejects.toMatchObject(lost);
      expect(written).toEqual([]);
      expect((await journals(session))[0]?.state).toBe('undoing');
      await region.time.clock(0).sleep(120_000);
      const resuming = await sleeperAfter(operation);
      await expect(resume(resuming.sleeper)).rejects.toMatchObject(lost);
      expect(resuming.written).toEqual([]);
      expect((await resume(session)).outcome?.state).toBe('undone');
      await apply(await named('whole'));
    }
    await left(4);
    const { sleeper, written } = await sleeperAfter('DescribeTaskDefinition');
    await expect(resume(sleeper)).rejects.toMatchObject(lost);
    expect(written).toEqual([]);
  });
});

test('nor is a call sent again once the lock was lost between two of its attempts', async () => {
  const wire = await startWire((_, index) => (index < 2 ? jsonError('ServerException', 'oops', 500) : {}));
  const held = [true, true, false];
  const lock = {
    ensureHeld: async () => {
      if (held.shift() !== true) throw new Failure('refused', 'lost');
      return 0;
    },
  } as unknown as Lock;
  const guarded = guardedSession(await sessionAt(wire.url, { clock: scaledClock(1_000) }), lock);
  await expect(guarded.ecs.runTask({ taskDefinition: 'x' })).rejects.toMatchObject({
    kind: 'refused',
    message: 'lost',
  });
  expect(wire.requests).toHaveLength(2);
  await wire.close();
});

describe('clocks that are wrong by hours', () => {
  test('change nothing: neither who may write, nor which deployment is the later one', async () => {
    const fast = await region.open({ offset: 5 * HOUR });
    const slow = await region.open({ offset: -7 * HOUR });
    const first = await apply(await named('dag', fast));
    expect(first.outcome.state).toBe('done');
    const running = apply(await named('other', fast));
    await region.time.clock(0).sleep(1_000);
    await expect(apply(await named('third', slow))).rejects.toMatchObject({ message: /for \ds/ });
    expect((await running).outcome.state).toBe('done');
    const text = redshiftPipeline(region.url, { excludes: '^tmp_.*' });
    const second = await apply(await plan(slow, region, { text, options: { dagId: 'dag' } }));
    expect((await journals(session)).map(({ id }) => id)[0]).toBe(second.outcome.deployment);
    expect((await undo(fast)).outcome.deployment).toBe(second.outcome.deployment);
    await expect(undo(slow, 'data-prod', second.outcome.deployment)).rejects.toMatchObject({ kind: 'refused' });
    await left(8);
    const began = region.time.region.now();
    expect((await resume(slow)).outcome?.state).toBe('done');
    expect(region.time.region.now() - began).toBeLessThan(10 * 60_000);
  });
});

describe('resuming', () => {
  test('waits for a dead holder with a countdown, and does not where it is told not to', async () => {
    await left(8);
    await expect(resume(session, 'data-prod', undefined, false)).rejects.toMatchObject({ kind: 'refused' });
    const { events, outcome } = await resume(session);
    const waits = events.flatMap((event) => (event.type === 'waiting' ? [event.text] : []));
    expect(waits[0]).toMatch(/runs out in \d+ s/);
    expect(waits.length).toBeGreaterThan(5);
    expect(outcome?.state).toBe('done');
  });

  test('goes on with the one that a later deployment had replaced, once that was taken back', async () => {
    await left(8);
    await region.time.clock(0).sleep(120_000);
    const [first] = await journals(session);
    await apply(await named('left'));
    expect((await resume(session)).outcome).toBeUndefined();
    await undo(session);
    expect((await resume(session)).outcome).toMatchObject({ deployment: first?.id, state: 'done' });
  });

  test('is refused while the holder lives, as soon as it is seen to', async () => {
    const running = apply(await named('alive'));
    await region.time.clock(0).sleep(5_000);
    await expect(resume(session)).rejects.toMatchObject({ kind: 'refused', message: /user\/test/ });
    expect((await running).outcome.state).toBe('done');
  });

  test('takes the lock at once when its holder was a process of this machine that is gone', async () => {
    await left(8);
    const lock = await session.s3.getObject(LOCK);
    const document = JSON.parse((await lock.Body?.transformToString()) ?? '{}');
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    Object.assign(document.holder, { pid: gone, machine: thisMachine() });
    await session.s3.putObject({ ...LOCK, Body: JSON.stringify(document) });
    const { events, outcome } = await resume(session, 'data-prod', undefined, false);
    expect(events.some(({ type }) => type === 'waiting')).toBe(false);
    expect(outcome?.state).toBe('done');
  });
});
