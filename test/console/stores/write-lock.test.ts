import { describe, expect, test } from 'vitest';
import { createWriteLock } from '../../../src/console/stores/write-lock.ts';
import { fakeSession } from '../../screens/support/fake-session.ts';
import { HandClock } from '../../support/hand-clock.ts';

/** Lets promises that are due go on. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
}

function setUp(options: { readonly relockAfter?: number; readonly readOnly?: boolean } = {}) {
  const clock = new HandClock();
  const session = { ...fakeSession(), clock, guard: { readOnly: options.readOnly ?? false } };
  let busy: PromiseWithResolvers<void> | undefined;
  let relocked = 0;
  const lock = createWriteLock({
    relockAfter: options.relockAfter ?? 900_000,
    idle: async () => busy?.promise,
    onRelock: () => {
      relocked += 1;
    },
  });
  return {
    clock,
    session,
    lock,
    relocked: () => relocked,
    work: () => {
      busy = Promise.withResolvers();
      return busy.resolve;
    },
  };
}

describe('the write lock', () => {
  test('an unlocked session that starts locked locks itself again when its time is over', async () => {
    const { clock, session, lock, relocked } = setUp();
    lock.take(session, true);
    expect(session.guard.readOnly).toBe(true);
    lock.unlock();
    expect(session.guard.readOnly).toBe(false);
    expect(lock.getState()).toEqual({ locked: false, until: clock.now() + 900_000 });
    await clock.advance(899_999);
    expect(session.guard.readOnly).toBe(false);
    await clock.advance(1);
    expect(session.guard.readOnly).toBe(true);
    expect(relocked()).toBe(1);
  });

  test('it does not lock under work that has to write to its end', async () => {
    const { clock, session, lock, work } = setUp();
    lock.take(session, true);
    lock.unlock();
    const done = work();
    await clock.advance(1_000_000);
    expect(session.guard.readOnly).toBe(false);
    done();
    await turns();
    expect(session.guard.readOnly).toBe(true);
  });

  test('where writes start open, an unlocked session stays so', async () => {
    const { clock, session, lock } = setUp();
    lock.take(session, false);
    lock.lock();
    lock.unlock();
    expect(lock.getState()).toEqual({ locked: false, until: undefined });
    expect(clock.waits()).toEqual([]);
  });

  test('the account decides once it is known, but not against the user', () => {
    const { session, lock } = setUp();
    lock.take(session, true);
    lock.judged(false);
    expect(session.guard.readOnly).toBe(false);
    lock.take(session, true);
    lock.unlock();
    lock.judged(true);
    expect(session.guard.readOnly).toBe(false);
  });

  test('a session that was opened read-only is never opened, whatever is asked', () => {
    const { session, lock } = setUp({ readOnly: true });
    lock.take(session, false);
    lock.judged(false);
    lock.unlock();
    expect(session.guard.readOnly).toBe(true);
    expect(lock.getState().locked).toBe(true);
  });

  test('another session has its own lock: nothing of the one before opens it or closes it', async () => {
    const { clock, session, lock } = setUp();
    lock.take(session, true);
    lock.unlock();
    lock.release();
    const next = { ...fakeSession(), clock, guard: { readOnly: false } };
    lock.take(next, false);
    await clock.advance(2_000_000);
    expect(next.guard.readOnly).toBe(false);
  });
});
