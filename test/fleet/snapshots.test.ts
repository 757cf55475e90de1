import { describe, expect, it } from 'vitest';
import { Pool } from '../../src/fleet/pool.ts';
import { snapshots } from '../../src/fleet/snapshots.ts';
import { every, quiet } from './fake-session.ts';

describe('snapshots', () => {
  it('are one for changes that come together, and one at least', async () => {
    let count = 0;
    const read = async (changed: () => void) => {
      for (; count < 3; count++) changed();
      await Promise.resolve();
      count++;
      changed();
    };
    expect(await every(snapshots(() => count, read, quiet()))).toEqual([3, 4]);
    expect(
      await every(
        snapshots(
          () => 'nothing',
          async () => {},
          quiet(),
        ),
      ),
    ).toEqual(['nothing']);
  });

  it('throw what the reading threw, after it', async () => {
    const seen: number[] = [];
    const reading = (async () => {
      const failing = async (changed: () => void) => {
        changed();
        await new Promise((resolve) => setImmediate(resolve));
        throw new Error('no more');
      };
      for await (const value of snapshots(() => 1, failing, quiet())) seen.push(value);
    })();
    await expect(reading).rejects.toThrow('no more');
    expect(seen).toEqual([1]);
  });

  it('abort the reading when the consumer leaves', async () => {
    let reading: AbortSignal | undefined;
    const endless = (changed: () => void, signal: AbortSignal) => {
      reading = signal;
      changed();
      return new Promise<void>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    for await (const _ of snapshots(() => 1, endless, quiet())) break;
    expect(reading?.aborted).toBe(true);
  });

  it('do not begin when it is too late', async () => {
    const reading = every(
      snapshots(
        () => 1,
        async () => {},
        AbortSignal.abort(new Error('gone')),
      ),
    );
    await expect(reading).rejects.toThrow('gone');
  });
});

describe('a pool', () => {
  it('holds its limit, keeps the order and goes on after a failure', async () => {
    const pool = new Pool(2);
    const log: string[] = [];
    let most = 0;
    let running = 0;
    const work = (name: string) => async () => {
      most = Math.max(most, ++running);
      log.push(name);
      await Promise.resolve();
      running--;
      if (name === 'b') throw new Error('b');
    };
    const all = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map((name) => pool.run(work(name), quiet())));
    expect(all.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled', 'fulfilled']);
    expect([log, most]).toEqual([['a', 'b', 'c', 'd', 'e'], 2]);
  });

  it('never begins what was aborted while it waited', async () => {
    const pool = new Pool(1);
    const controller = new AbortController();
    let began = false;
    const first = pool.run(() => new Promise<void>((resolve) => setImmediate(resolve)), quiet());
    const second = pool.run(async () => {
      began = true;
    }, controller.signal);
    controller.abort(new Error('gone'));
    await first;
    await expect(second).rejects.toThrow('gone');
    expect(began).toBe(false);
  });
});
