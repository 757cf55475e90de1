import { describe, expect, test, vi } from 'vitest';
import type { LogEvent } from '../../src/logs/event.ts';
import { GroupFollower } from '../../src/logs/group-follower.ts';
import { SeenEvents } from '../../src/logs/seen-events.ts';
import { HandClock } from '../support/hand-clock.ts';
import { FakeLogService, type HeldEvent, seeded } from './fake-log-service.ts';

vi.setConfig({ testTimeout: 120_000 });

const START = Date.UTC(2026, 10, 22, 11, 0, 0);
const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Follows one group with room for few ids only. */
async function followWith(maxIds: number, write: (service: FakeLogService) => HeldEvent[], minutes: number) {
  const clock = new HandClock(START);
  const service = new FakeLogService(clock);
  service.pageSize = 50;
  const written = write(service);
  const found: LogEvent[] = [];
  const follower = new GroupFollower(
    service.session,
    { groups: ['g'], since: START - 10 * MINUTE, follow: true },
    'g',
    { deliver: async (events) => void found.push(...events), changed: () => {}, answered: () => true },
    maxIds,
  );
  const done = follower.run(new AbortController().signal);
  await clock.run(clock.sleep(minutes * MINUTE));
  follower.finish();
  await clock.run(done);
  return { written, found: found.map((event) => event.eventId), follower };
}

describe('with room for few ids', () => {
  test('a long backlog is read whole, each line once', async () => {
    const { written, found } = await followWith(
      300,
      (service) =>
        Array.from({ length: 3000 }, (_, line) => service.write('g', { timestamp: START - 10 * MINUTE + line * 200 })),
      1,
    );
    expect(found.sort()).toEqual(written.map((event) => event.eventId).sort());
  });

  test.each([1, 2, 3])(
    'seed %i: what late lines it misses lie in the gap that it tells, and none comes twice',
    async (seed) => {
      const random = seeded(seed);
      const { written, found, follower } = await followWith(
        200,
        (service) =>
          Array.from({ length: 2400 }, (_, line) => {
            const timestamp = START + line * 250;
            const late = random() < 0.05 ? random() * 8 * MINUTE : random() * 5 * SECOND;
            return service.write('g', { timestamp, visibleAt: Math.floor(timestamp + late) });
          }),
        20,
      );
      expect(new Set(found).size).toBe(found.length);
      const known = new Set(found);
      const lost = written.filter((event) => !known.has(event.eventId));
      const { gap } = follower;
      expect(gap).toBeDefined();
      for (const event of lost) {
        expect(event.timestamp).toBeGreaterThanOrEqual(gap?.from ?? Number.POSITIVE_INFINITY);
        expect(event.timestamp).toBeLessThanOrEqual(gap?.to ?? 0);
        // Whatever came within some seconds was there before its ids had to go.
        expect(event.visibleAt - event.timestamp).toBeGreaterThan(5 * SECOND);
      }
    },
  );
});

describe('ids', () => {
  test('go only with what may not be asked for again', () => {
    const seen = new SeenEvents(0);
    for (let time = 0; time < 10_000; time += 100) expect(seen.add(time, `${time}`)).toBe(true);
    expect(seen.add(5000, '5000')).toBe(false);
    expect(seen.size).toBe(100);
    const time = seen.timeFor(40);
    expect(time).toBe(6000);
    seen.forgetBefore(time);
    expect([seen.size, seen.floor]).toEqual([40, 6000]);
    expect(seen.add(6000, '6000')).toBe(false);
    expect(seen.add(5999, 'from a query that was given up')).toBe(false);
    seen.forgetBefore(3000);
    expect(seen.floor).toBe(6000);
  });
});
