import { families } from '../../src/reference/api-families.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';
import { FakeLogService, seeded } from './fake-log-service.ts';
import { beyondBudget, hostileLines } from './hostile-lines.ts';
import { printedFollow } from './printed-follow.ts';

const START = Date.UTC(2026, 10, 22, 11, 0, 0);
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** What a follow through a hostile world came to. */
export interface HostileOutcome {
  /** Ids printed and ids written, both sorted. */
  readonly printed: readonly string[];
  readonly written: readonly string[];
  /** Requests made above what the budget allows at the time. */
  readonly beyondBudget: number;
  readonly stderr: string;
}

/**
 * `logs -f -o json` on virtual time against everything that the service is known to do to its readers: lines up to an hour
 * late, in the same millisecond, two hours ahead of their time; repeated and empty pages, bad tokens, throttles at 5/s and
 * at random, cut connections, a group and streams that come later, clocks minutes apart, credentials that expire.
 */
export async function hostileFollow(seed: number): Promise<HostileOutcome> {
  const clock = new HandClock(START);
  const service = new FakeLogService(clock, seeded(seed));
  const random = seeded(seed * 7919);
  service.faults = { throttle: 0.02, cut: 0.05, expiredToken: 0.05, emptyPage: 0.2, duplicatePage: 0.1 };
  service.limit = 5;
  service.pageSize = 40;
  service.ahead = Math.round((random() - 0.5) * 10 * MINUTE);
  const since = service.now() - 10 * MINUTE;
  const later = service.now() + 4 * MINUTE;
  service.createdAt.set('three', later - MINUTE);
  const early = hostileLines(random, {
    groups: ['one', 'two'],
    lines: 300,
    from: since,
    span: 30 * MINUTE,
    latest: HOUR,
  });
  const late = hostileLines(random, { groups: ['three'], lines: 100, from: later, span: 20 * MINUTE, latest: HOUR });
  const written = [...early, ...late].map(({ group, ...line }) => service.write(group, line));
  const follow = printedFollow(service.budgetedSession, ['one', 'two', 'three'], new Date(since).toISOString());
  await clock.run(clock.sleep(10 * MINUTE));
  service.outage = new Failure('expired', 'The security token included in the request is expired');
  await clock.run(clock.sleep(5 * MINUTE));
  service.outage = undefined;
  const last = Math.max(...written.map((event) => event.visibleAt));
  await clock.run(clock.sleep(Math.max(0, last - service.now()) + SECOND));
  follow.sweep();
  await clock.run(clock.sleep(15 * MINUTE));
  await clock.run(follow.interrupt());
  return {
    printed: follow.ids().sort(),
    written: written.map((event) => event.eventId).sort(),
    beyondBudget: beyondBudget(
      service.requests.map(({ at }) => at),
      families['logs-filter'],
    ),
    stderr: follow.stderr(),
  };
}
