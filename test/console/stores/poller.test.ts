import { describe, expect, test, vi } from 'vitest';
import { Pace } from '../../../src/console/stores/pace.ts';
import { Poller, type Read } from '../../../src/console/stores/poller.ts';
import { Failure } from '../../../src/text/failure.ts';
import { HandClock } from '../../support/hand-clock.ts';

function polling<Data>(read: Read<Data>, every = 30_000) {
  const clock = new HandClock();
  const failures: Failure[] = [];
  const poller = new Poller<Data>({
    read,
    clock,
    pace: new Pace(),
    every,
    onFailure: (failure) => failures.push(failure),
    random: () => 0.5,
  });
  const state = () => poller.store.getState();
  return { clock, poller, state, failures };
}

describe('Poller', () => {
  test('reads while somebody watches, at its rate, and stops when nobody does', async () => {
    const read = vi.fn(async () => ['row']);
    const { clock, poller, state } = polling(read);
    const first = poller.watch();
    const second = poller.watch();
    await vi.waitFor(() => expect(state()).toMatchObject({ phase: 'ready', data: ['row'], readAt: clock.now() }));
    expect(clock.waits()).toEqual([30_000]);
    await clock.advance(30_000);
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
    first();
    first();
    await vi.waitFor(() => expect(clock.waits()).toEqual([30_000]));
    second();
    expect(clock.waits()).toEqual([]);
    poller.watch();
    await vi.waitFor(() => expect(clock.waits()).toEqual([30_000]));
    expect(read).toHaveBeenCalledTimes(2);
  });

  test('shows first snapshots as they come, later ones only when they are complete', async () => {
    const gates: (() => void)[] = [];
    const gate = () => new Promise<void>((resolve) => gates.push(resolve));
    let round = 0;
    const { poller, state } = polling(async function* read() {
      round += 1;
      yield [`${round} partly`];
      await gate();
      yield [`${round} wholly`];
    });
    poller.watch();
    await vi.waitFor(() => expect(state().data).toEqual(['1 partly']));
    expect(state().readAt).toBeUndefined();
    gates.shift()?.();
    await vi.waitFor(() => expect(state().data).toEqual(['1 wholly']));
    poller.refresh();
    await vi.waitFor(() => expect(gates).toHaveLength(1));
    await vi.waitFor(() => expect(state().reading).toBe(true));
    expect(state().data).toEqual(['1 wholly']);
    gates.shift()?.();
    await vi.waitFor(() => expect(state().data).toEqual(['2 wholly']));
  });

  test('keeps rows when a read fails, backs off without end, and recovers', async () => {
    let failing = false;
    const read = vi.fn(async () => {
      if (failing) throw new Failure('throttled', 'slow down');
      return 1;
    });
    const { clock, poller, state, failures } = polling(read);
    poller.watch();
    await vi.waitFor(() => expect(clock.waits()).toEqual([30_000]));
    failing = true;
    for (const wait of [30_000, 60_000, 120_000, 240_000, 300_000, 300_000]) {
      await clock.skip(400_000);
      await vi.waitFor(() => expect(clock.waits()).toEqual([wait]));
    }
    const told = { phase: 'stale', data: 1, failure: { message: 'slow down' } };
    await vi.waitFor(() => expect(state()).toMatchObject(told));
    expect(failures).toHaveLength(6);
    failing = false;
    await clock.skip(300_000);
    await vi.waitFor(() => expect(state()).toMatchObject({ phase: 'ready', failure: undefined }));
    expect(clock.waits()).toEqual([30_000]);
  });

  test('a first read that fails is failed, and what is no Failure reads as a bug', async () => {
    const { poller, state, failures } = polling(() => Promise.reject(new TypeError('x is undefined')));
    poller.watch();
    await vi.waitFor(() => expect(state().phase).toBe('failed'));
    expect(failures[0]?.message).toBe('Internal error: x is undefined');
  });

  test('leaving aborts the read, and its answer changes nothing', async () => {
    let signal: AbortSignal | undefined;
    let answer: (rows: string[]) => void = () => {};
    const { poller, state } = polling((given) => {
      signal = given;
      return new Promise<string[]>((resolve) => {
        answer = resolve;
      });
    });
    const stop = poller.watch();
    await vi.waitFor(() => expect(signal).toBeDefined());
    stop();
    expect(signal?.aborted).toBe(true);
    answer(['late']);
    await vi.waitFor(() => expect(state().reading).toBe(false));
    expect(state().data).toBeUndefined();
  });

  test('is away: reads nothing until somebody is back', async () => {
    const read = vi.fn(async () => 1);
    const { clock, poller } = polling(read);
    poller.watch();
    await vi.waitFor(() => expect(clock.waits()).toEqual([30_000]));
    poller.setAway(true);
    await clock.advance(30_000);
    await vi.waitFor(() => expect(clock.waits()).toEqual([]));
    expect(read).toHaveBeenCalledTimes(1);
    await clock.advance(60_000);
    poller.setAway(false);
    await vi.waitFor(() => expect(read).toHaveBeenCalledTimes(2));
  });

  test('hurries after an action, then takes its own rate again', async () => {
    const read = vi.fn(async () => 1);
    const { clock, poller } = polling(read);
    poller.watch();
    await vi.waitFor(() => expect(clock.waits()).toEqual([30_000]));
    poller.hurry();
    for (let times = 0; times < 10; times += 1) {
      await vi.waitFor(() => expect(clock.waits()).toEqual([2000]));
      await clock.advance(2000);
    }
    await vi.waitFor(() => expect(clock.waits()).toEqual([30_000]));
    expect(read).toHaveBeenCalledTimes(12);
  });

  test('a read under way is not doubled: a refresh meanwhile reads once more after it', async () => {
    const answers: ((value: number) => void)[] = [];
    const { poller, state } = polling(() => new Promise<number>((resolve) => answers.push(resolve)));
    poller.watch();
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    poller.refresh();
    poller.refresh();
    expect(answers).toHaveLength(1);
    answers.shift()?.(1);
    await vi.waitFor(() => expect(answers).toHaveLength(1));
    answers.shift()?.(2);
    await vi.waitFor(() => expect(state().data).toBe(2));
    expect(answers).toHaveLength(0);
  });
});
