import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Clock } from '../../src/aws/clock.ts';
import type { Session } from '../../src/aws/session.ts';
import { type RunningRegion, startRegion } from '../../src/demo/region.ts';
import type { LogEvent } from '../../src/logs/event.ts';
import { type FollowRequest, openFollower } from '../../src/logs/follow.ts';
import { sessionAt } from '../aws/wire.ts';
import { HandClock } from '../support/hand-clock.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

const MINUTE = 60_000;
const GROUPS = ['/ecs/openmetadata-ingestion', 'airflow-data-prod-Task'];
const never = new AbortController().signal;

let running: RunningRegion;
let session: Session;
let now: () => number;

beforeEach(async () => {
  const manual = new HandClock(Date.UTC(2026, 10, 22, 12));
  now = () => manual.now();
  // Whoever waits moves the region's time: the follow runs as fast as the wire carries it.
  const clock: Clock = {
    now,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      manual.move(ms);
      await new Promise((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    },
  };
  running = await startRegion({ seed: 7, clock: manual });
  session = await sessionAt(running.url, { clock });
});

afterEach(async () => {
  session.close();
  await running.close();
});

async function fault(plan: object): Promise<void> {
  const answer = await fetch(`${running.url}/_demo/faults`, { method: 'POST', body: JSON.stringify(plan) });
  expect(answer.status).toBe(200);
}

async function read(request: Omit<FollowRequest, 'follow'>): Promise<LogEvent[]> {
  const events: LogEvent[] = [];
  for await (const batch of openFollower(session, { ...request, follow: false }).batches(never)) events.push(...batch);
  return events;
}

function keys(events: readonly LogEvent[]): string[] {
  return events.map((event) => `${event.timestamp} ${event.group} ${event.eventId}`).sort();
}

describe('on the wire', () => {
  test('a follow through throttles, cut and garbled answers finds what a later read finds, each line once', async () => {
    const since = now() - 20 * MINUTE;
    const end = now() + 2 * MINUTE;
    for (const [nth, kind] of [
      [4, 'throttle'],
      [9, 'cut'],
      [14, 'garbage'],
      [20, 'error'],
      [30, 'throttle'],
    ]) {
      await fault({ service: 'logs', operation: 'FilterLogEvents', nth, times: 2, fault: kind });
    }
    const follower = openFollower(session, { groups: GROUPS, since, follow: true, patient: true });
    const followed: LogEvent[] = [];
    for await (const batch of follower.batches(never)) {
      followed.push(...batch);
      // Lines of before `end` have all arrived by then: the latest of the region's are four minutes late.
      if (now() > end + 5 * MINUTE) follower.finish();
    }
    expect(follower.state()).toMatchObject({ condition: 'ended', gaps: [] });
    const within = followed.filter((event) => event.timestamp <= end);
    expect(new Set(keys(within)).size).toBe(within.length);
    expect(within.length).toBeGreaterThan(100);
    expect(new Set(within.map((event) => event.group))).toEqual(new Set(GROUPS));
    expect(keys(within)).toEqual(keys(await read({ groups: GROUPS, since, until: end })));
  });

  test('a bounded read comes in time order and honours pattern and stream prefix', async () => {
    const since = now() - 60 * MINUTE;
    const all = await read({ groups: GROUPS, since, until: now() });
    const times = all.map((event) => event.timestamp);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    const errors = await read({ groups: GROUPS, since, until: now(), filter: 'ERROR' });
    expect(keys(errors)).toEqual(keys(all.filter((event) => /\bERROR\b/.test(event.message))));
    const [first] = all.filter((event) => event.group === GROUPS[0]);
    const streamPrefix = first?.stream.slice(0, -3) ?? '';
    const some = await read({ groups: [GROUPS[0] ?? ''], since, until: now(), streamPrefix });
    expect(keys(some)).toEqual(
      keys(all.filter((event) => event.group === GROUPS[0] && event.stream.startsWith(streamPrefix))),
    );
  });

  test('a bad filter pattern, a missing group and an INFREQUENT_ACCESS group say what they are', async () => {
    await expect(read({ groups: GROUPS, since: now() - MINUTE, filter: '{ $.x = ' })).rejects.toMatchObject({
      kind: 'invalid-request',
    });
    await expect(read({ groups: ['/ecs/nowhere'], since: now() - MINUTE })).rejects.toMatchObject({
      kind: 'not-found',
      resource: '/ecs/nowhere',
    });
    running.region.logs.createGroup('/cold', { logClass: 'INFREQUENT_ACCESS' });
    await expect(read({ groups: ['/cold'], since: now() - MINUTE })).rejects.toMatchObject({
      advice: expect.stringContaining("aws logs start-query --log-group-name '/cold'"),
    });
    const follower = openFollower(session, {
      groups: ['/ecs/openmetadata-ingestion'],
      streams: ['ecs/nothing/yet'],
      since: now(),
      follow: true,
    });
    const batches = follower.batches(never);
    const next = batches.next();
    await vi.waitFor(() => expect(follower.state().requests).toBeGreaterThan(2));
    expect(follower.state()).toMatchObject({ condition: 'waiting', groups: [{ missing: false }] });
    follower.finish();
    await next;
  });
});
