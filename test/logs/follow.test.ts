import { describe, expect, test, vi } from 'vitest';
import type { LogEvent } from '../../src/logs/event.ts';
import { type FollowRequest, openFollower } from '../../src/logs/follow.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';
import { FakeLogService, seeded } from './fake-log-service.ts';
import { hostileFollow } from './hostile-follow.ts';

// Long stretches of virtual time: a busy machine must not fail them.
vi.setConfig({ testTimeout: 120_000 });

const START = Date.UTC(2026, 10, 22, 11, 0, 0);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

function world(seed = 1) {
  const clock = new HandClock(START);
  const service = new FakeLogService(clock, seeded(seed));
  const follow = (request: Partial<FollowRequest> & { groups: readonly string[] }) =>
    openFollower(service.session, { since: START, follow: true, ...request });
  return { clock, service, follow };
}

/** Collects a follower's events until it ends or fails. */
function collect(follower: ReturnType<typeof openFollower>, signal = new AbortController().signal) {
  const events: LogEvent[] = [];
  const done = (async () => {
    for await (const batch of follower.batches(signal)) events.push(...batch);
    return events;
  })();
  done.catch(() => {});
  return { events, done };
}

function ids(events: readonly { eventId: string }[]): string[] {
  return events.map((event) => event.eventId).sort();
}

describe('a follow', () => {
  test('finds each line once, late, future-dated and same-millisecond ones included', async () => {
    const { clock, service, follow } = world();
    const truth = [
      service.write('g', { timestamp: START }),
      service.write('g', { timestamp: START }),
      service.write('g', { timestamp: START + 2 * HOUR, visibleAt: START + SECOND }),
      service.write('g', { timestamp: START + 10 * SECOND, visibleAt: START + 11 * SECOND }),
      service.write('g', { timestamp: START + 5 * SECOND, visibleAt: START + 30 * SECOND }),
      service.write('g', { timestamp: START + 20 * SECOND, visibleAt: START + 4 * MINUTE }),
      service.write('g', { timestamp: START + 30 * SECOND, visibleAt: START + HOUR }),
      service.write('g', { timestamp: START + 65 * MINUTE, visibleAt: START + 65 * MINUTE }),
    ];
    const follower = follow({ groups: ['g'] });
    const { events, done } = collect(follower);
    await clock.run(clock.sleep(66 * MINUTE));
    expect(ids(events)).toEqual(ids(truth));
    follower.finish();
    await clock.run(done);
    expect(ids(events)).toEqual(ids(truth));
    expect(follower.state()).toMatchObject({ condition: 'ended', late: 3, gaps: [] });
  });

  test('waits for a missing group and finds its first line at once', async () => {
    const { clock, service, follow } = world();
    const follower = follow({ groups: ['later'] });
    const { events, done } = collect(follower);
    await clock.run(clock.sleep(10 * MINUTE));
    expect(follower.state()).toMatchObject({ condition: 'waiting', groups: [{ missing: true }] });
    service.createGroup('later');
    await clock.run(clock.sleep(10 * SECOND));
    expect(follower.state()).toMatchObject({ condition: 'waiting', groups: [{ missing: false }] });
    service.write('later', { timestamp: clock.now() });
    await clock.run(clock.sleep(10 * SECOND));
    expect(events).toHaveLength(1);
    expect(follower.state().condition).toBe('following');
    follower.finish();
    await clock.run(done);
  });

  test('goes on after throttles, an outage, expired credentials and a sleep of the machine', async () => {
    const { clock, service, follow } = world();
    const follower = follow({ groups: ['g'] });
    const truth = [service.write('g', { timestamp: START })];
    const { events, done } = collect(follower);
    await clock.run(clock.sleep(10 * SECOND));
    const troubles = [
      [new Failure('throttled', 'Rate exceeded'), 'throttled'],
      [new Failure('unreachable', 'getaddrinfo ENOTFOUND'), 'unreachable'],
      [new Failure('expired', 'The security token included in the request is expired'), 'signed-out'],
    ] as const;
    for (const [failure, condition] of troubles) {
      service.outage = failure;
      await clock.run(clock.sleep(5 * MINUTE));
      expect(follower.state().condition).toBe(condition);
      truth.push(service.write('g', { timestamp: clock.now() }));
      service.outage = undefined;
      await clock.run(clock.sleep(MINUTE));
      expect(follower.state().condition).toBe('following');
      expect(ids(events)).toEqual(ids(truth));
    }
    truth.push(service.write('g', { timestamp: clock.now() + MINUTE, visibleAt: clock.now() + 2 * MINUTE }));
    await clock.skip(HOUR);
    truth.push(service.write('g', { timestamp: clock.now() }));
    await clock.run(clock.sleep(MINUTE));
    expect(ids(events)).toEqual(ids(truth));
    follower.finish();
    await clock.run(done);
  });

  test('finds what is an hour late whenever it comes: between two deep sweeps, in an outage or a sleep of hours', async () => {
    const { clock, service, follow } = world();
    service.pageSize = 500;
    const truth = Array.from({ length: (7 * HOUR) / SECOND }, (_, line) => {
      const timestamp = START + line * SECOND;
      return service.write('g', { timestamp, visibleAt: timestamp + (line % 2) * HOUR });
    });
    const follower = follow({ groups: ['g'] });
    const { events, done } = collect(follower);
    await clock.run(clock.sleep(3 * HOUR - 10 * MINUTE));
    service.outage = new Failure('expired', 'The security token included in the request is expired');
    await clock.run(clock.sleep(2 * HOUR));
    service.outage = undefined;
    await clock.run(clock.sleep(10 * MINUTE));
    await clock.skip(2 * HOUR);
    await clock.run(clock.sleep(90 * MINUTE));
    const found = new Set(ids(events));
    const lost = truth.filter(({ eventId }) => !found.has(eventId));
    expect([...new Set(lost.map(({ timestamp }) => Math.floor((timestamp - START) / MINUTE)))]).toEqual([]);
    expect(events).toHaveLength(truth.length);
    follower.finish();
    await clock.run(done);
  });

  test('fails at once when the very first request says that it will not work, and not when told to be patient', async () => {
    const { clock, service, follow } = world();
    service.createGroup('g');
    service.outage = new Failure('expired', 'expired');
    await expect(clock.run(collect(follow({ groups: ['g'] })).done)).rejects.toMatchObject({ kind: 'expired' });
    const patient = follow({ groups: ['g'], patient: true });
    const { done } = collect(patient);
    await clock.run(clock.sleep(MINUTE));
    expect(patient.state().condition).toBe('signed-out');
    service.outage = undefined;
    patient.finish();
    await clock.run(done);
  });

  test('follows the other groups when one is INFREQUENT_ACCESS, and says what reads that one', async () => {
    const { clock, service, follow } = world();
    service.refused.set(
      'cold',
      new Failure('invalid-request', 'class INFREQUENT_ACCESS', { code: 'InvalidOperationException' }),
    );
    service.write('warm', { timestamp: START });
    const follower = follow({ groups: ['cold', 'warm'] });
    const { events, done } = collect(follower);
    await clock.run(clock.sleep(MINUTE));
    expect(events).toHaveLength(1);
    expect(follower.state().groups[0]).toMatchObject({ condition: 'failed' });
    follower.finish();
    await expect(clock.run(done)).rejects.toMatchObject({
      advice: expect.stringContaining(`aws logs start-query --log-group-name 'cold' --start-time ${START / 1000}`),
    });
  });

  test('a filter pattern that the service refuses fails, a bad token does not', async () => {
    const { clock, service, follow } = world();
    service.refused.set(
      'g',
      new Failure('invalid-request', 'Invalid filter pattern', { code: 'InvalidParameterException' }),
    );
    await expect(clock.run(collect(follow({ groups: ['g'], filter: '{' })).done)).rejects.toMatchObject({
      kind: 'invalid-request',
    });
  });

  test('an abort delivers what was found, tells what was not swept, and stops all requests', async () => {
    const { clock, service, follow } = world();
    for (let line = 0; line < 100; line += 1)
      service.write('g', { timestamp: START + line * SECOND, visibleAt: START + line * SECOND });
    const follower = follow({ groups: ['g'] });
    const abort = new AbortController();
    const { events, done } = collect(follower, abort.signal);
    await clock.run(clock.sleep(30 * SECOND));
    const reason = new Failure('interrupted', 'Interrupted');
    abort.abort(reason);
    await expect(clock.run(done)).rejects.toBe(reason);
    expect(events.length).toBeGreaterThan(25);
    expect(follower.state().unswept).toEqual({ from: START, to: expect.any(Number) });
    const requests = service.requests.length;
    await clock.run(clock.sleep(MINUTE));
    expect(service.requests).toHaveLength(requests);
  });

  test('keeps within its part of the request budget and owns up to a shortened window', async () => {
    const { clock, service, follow } = world();
    service.message = 'x'.repeat(100_000);
    for (let line = 0; line < 4 * 60 * 10; line += 1) {
      service.write('g', { timestamp: START + line * 250, visibleAt: START + line * 250 + 500 });
    }
    const follower = follow({ groups: ['g'] });
    const { done } = collect(follower);
    await clock.run(clock.sleep(5 * MINUTE));
    const before = service.requests.length;
    await clock.run(clock.sleep(4 * MINUTE));
    expect((service.requests.length - before) / 240).toBeLessThan(2.5);
    const { condition, groups } = follower.state();
    expect(condition).toBe('following');
    expect(groups[0]).toMatchObject({ windowShortened: true });
    follower.finish();
    await clock.run(done);
  });

  test('a clock of ours that is hours off loses nothing', async () => {
    for (const ahead of [-2 * HOUR, 2 * HOUR]) {
      const { clock, service, follow } = world();
      service.ahead = ahead;
      const truth = [service.write('g', { timestamp: service.now() + 2 * HOUR })];
      for (let line = 0; line < 200; line += 1) {
        const timestamp = service.now() + line * SECOND;
        truth.push(service.write('g', { timestamp, visibleAt: timestamp + (line % 20) * SECOND }));
      }
      const follower = follow({ groups: ['g'], since: START + Math.min(0, ahead) });
      const { events, done } = collect(follower);
      await clock.run(clock.sleep(5 * MINUTE));
      expect(ids(events)).toEqual(ids(truth));
      expect(follower.state().lag).toBeLessThan(30 * SECOND);
      follower.finish();
      await clock.run(done);
    }
  });
});

describe('a hostile service', () => {
  test.each([1, 2, 3, 4])(
    'seed %i: what is printed is what was written, each line once, within the budget',
    async (seed) => {
      const { printed, written, beyondBudget } = await hostileFollow(seed);
      expect(printed).toEqual(written);
      expect(beyondBudget).toBe(0);
    },
    30_000,
  );
});

describe('a bounded read', () => {
  test('merges groups in time order, each line once, through every fault that waiting cures', async () => {
    const { clock, service, follow } = world(3);
    const random = seeded(11);
    service.pageSize = 7;
    service.faults = { throttle: 0.1, emptyPage: 0.2, duplicatePage: 0.2, expiredToken: 0.1 };
    const truth = Array.from({ length: 300 }, () =>
      service.write(random() < 0.5 ? 'a' : 'b', { timestamp: START - Math.floor(random() * HOUR) }),
    );
    const { events, done } = collect(follow({ groups: ['a', 'b'], since: START - HOUR, follow: false }));
    await clock.run(done);
    expect(ids(events)).toEqual(ids(truth));
    const times = events.map((event) => event.timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  test('gives the other groups and then fails for a missing one', async () => {
    const { clock, service, follow } = world();
    service.write('here', { timestamp: START });
    const follower = follow({ groups: ['gone', 'here'], follow: false });
    const { events, done } = collect(follower);
    await expect(clock.run(done)).rejects.toMatchObject({ kind: 'not-found', resource: 'gone' });
    expect(events).toHaveLength(1);
  });

  test('honours since, until, streams and prefix', async () => {
    const { clock, service, follow } = world();
    for (let line = 0; line < 10; line += 1) service.write('g', { timestamp: START + line, stream: `s/${line}` });
    const read = async (request: Partial<FollowRequest>) =>
      (await clock.run(collect(follow({ groups: ['g'], follow: false, ...request })).done)).map(
        (event) => event.stream,
      );
    expect(await read({ since: START + 2, until: START + 4 })).toEqual(['s/2', 's/3', 's/4']);
    expect(await read({ streams: ['s/1', 's/7'] })).toEqual(['s/1', 's/7']);
    expect(await read({ streamPrefix: 's/3' })).toEqual(['s/3']);
  });
});
