import { openFollower } from '../../src/logs/follow.ts';
import { Failure } from '../../src/text/failure.ts';
import { FakeLogService, type HeldEvent, seeded } from './fake-log-service.ts';
import { VirtualClock } from './virtual-clock.ts';

const START = Date.UTC(2026, 10, 22, 11, 0, 0);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const GROUPS = ['one', 'two', 'three'] as const;

/**
 * A follow on virtual time against everything that the service is known to do to its readers: lines up to an hour late,
 * in the same millisecond, two hours ahead of their time; repeated and empty pages, bad tokens, throttles, cut
 * connections, a group and streams that come later, clocks minutes apart, credentials that expire. The answer has the
 * ids found and the ids written, both sorted.
 */
export async function hostileFollow(
  seed: number,
): Promise<{ found: string[]; written: string[]; requestsPerSecond: number }> {
  const clock = new VirtualClock(START);
  const service = new FakeLogService(clock, seeded(seed));
  const random = seeded(seed * 7919);
  service.faults = { throttle: 0.05, cut: 0.05, expiredToken: 0.05, emptyPage: 0.2, duplicatePage: 0.1 };
  service.pageSize = 40;
  service.ahead = Math.round((random() - 0.5) * 10 * MINUTE);
  service.createdAt.set('three', service.now() + 3 * MINUTE);
  const since = service.now() - 10 * MINUTE;
  const written = writeLines(service, random, since);
  const follower = openFollower(service.session, { groups: GROUPS, since, follow: true, patient: true });
  const found: string[] = [];
  const done = (async () => {
    for await (const batch of follower.batches(new AbortController().signal)) {
      found.push(...batch.map((event) => event.eventId));
    }
  })();
  done.catch(() => {});
  await clock.run(clock.sleep(10 * MINUTE));
  service.outage = new Failure('expired', 'The security token included in the request is expired');
  await clock.run(clock.sleep(5 * MINUTE));
  service.outage = undefined;
  const last = Math.max(...written.map((event) => event.visibleAt));
  await clock.run(clock.sleep(Math.max(0, last - service.now()) + SECOND));
  follower.finish();
  await clock.run(done);
  const requestsPerSecond = service.requests.length / ((clock.now() - START) / SECOND);
  return { found: found.sort(), written: written.map((event) => event.eventId).sort(), requestsPerSecond };
}

function writeLines(service: FakeLogService, random: () => number, since: number): HeldEvent[] {
  return Array.from({ length: 400 }, () => {
    const group = GROUPS[Math.floor(random() * GROUPS.length)] ?? 'one';
    const earliest = group === 'three' ? service.now() + 4 * MINUTE : since;
    const exact = earliest + random() * 30 * MINUTE;
    const timestamp = Math.ceil(random() < 0.3 ? Math.ceil(exact / 10_000) * 10_000 : exact);
    const dice = random();
    const late = dice < 0.6 ? random() * 10 * SECOND : dice < 0.9 ? random() * 4 * MINUTE : random() * HOUR;
    const ahead = random() < 0.02 ? 2 * HOUR : 0;
    return service.write(group, {
      timestamp: timestamp + ahead,
      visibleAt: Math.floor(timestamp + late),
      stream: `stream-${Math.floor(timestamp / (5 * MINUTE))}`,
    });
  });
}
