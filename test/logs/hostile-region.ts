import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { startRegion } from '../../src/demo/region.ts';
import { families } from '../../src/reference/api-families.ts';
import { sessionAt } from '../aws/wire.ts';
import { HandClock } from '../support/hand-clock.ts';
import { seeded } from './fake-log-service.ts';
import type { HostileOutcome } from './hostile-follow.ts';
import { beyondBudget, hostileLines } from './hostile-lines.ts';
import { printedFollow } from './printed-follow.ts';
import { EXPIRED, faultOfReads, heldIds, readTimes } from './region-truth.ts';

const START = Date.UTC(2026, 10, 22, 11, 0, 0);
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const GROUPS = ['/one', '/two', '/three'] as const;
const FAULTS = ['throttle', 'cut', 'garbage', 'error'] as const;

/** Requests under way in this process, so that virtual time stands still meanwhile. */
function requestsUnderWay(): { settle(): Promise<void>; stop(): void } {
  let underWay = 0;
  const began = (message: unknown) => {
    underWay += 1;
    (message as { request: ClientRequest }).request.once('close', () => {
      underWay -= 1;
    });
  };
  subscribe('http.client.request.start', began);
  return {
    settle: async () => {
      // Some turns of rest: an answer is read, a request is signed.
      for (let rest = 0; rest < 10; rest += 1) {
        await turn();
        if (underWay > 0) rest = 0;
      }
    },
    stop: () => unsubscribe('http.client.request.start', began),
  };
}

/**
 * `logs -f -o json` against the embedded region over the wire, on virtual time: lines up to an hour late or two hours ahead
 * of their time, throttles, cut and garbled answers, errors, empty pages, clocks minutes apart, credentials that expire, a
 * group and streams that come later.
 */
export async function hostileRegion(seed: number): Promise<HostileOutcome> {
  const wire = requestsUnderWay();
  const clock = new HandClock(START);
  const running = await startRegion({ seed, clock, throttling: true });
  const skew = Math.round((seeded(seed)() - 0.5) * 10 * MINUTE);
  const ours = { now: () => clock.now() + skew, sleep: clock.sleep.bind(clock) };
  const session = await sessionAt(running.url, { clock: ours });
  const fault = (plan: object) => faultOfReads(running.url, plan);
  try {
    const random = seeded(seed * 32_452_843);
    const { logs } = running.region;
    const put = (groups: readonly string[], lines: number, from: number) => {
      for (const group of groups) logs.createGroup(group);
      const world = { groups, lines, from, span: 25 * MINUTE, latest: HOUR };
      for (const { group, stream, timestamp, visibleAt, message } of hostileLines(random, world)) {
        logs.write(group, stream, [{ timestamp, message }], { receivedAt: visibleAt, delay: 0 });
      }
    };
    put(GROUPS.slice(0, 2), 300, START - 10 * MINUTE);
    for (let nth = 5; nth < 400; nth += 10 + Math.floor(random() * 40)) {
      const kind = FAULTS[Math.floor(random() * FAULTS.length)] ?? 'cut';
      await fault({ nth, times: 1 + Math.floor(random() * 3), fault: kind });
    }
    // The client is loaded before: while it is, no request is under way, and hours of virtual time would pass.
    await session.logs.describeLogGroups({});
    // A search over hours may begin with an empty page.
    const follow = printedFollow(session, GROUPS, new Date(START - 4 * HOUR).toISOString());
    await clock.run(clock.sleep(5 * MINUTE), wire.settle);
    put(GROUPS.slice(2), 100, clock.now());
    await clock.run(clock.sleep(5 * MINUTE), wire.settle);
    await fault({ times: 30, fault: EXPIRED });
    // Until an hour after the last line's own time: what comes after a deep sweep would wait for the next one.
    await clock.run(clock.sleep(82 * MINUTE), wire.settle);
    follow.sweep();
    await clock.run(clock.sleep(10 * MINUTE), wire.settle);
    await clock.run(follow.interrupt(), wire.settle);
    const made = await readTimes(running.url);
    const written = await heldIds(running.url, GROUPS);
    return {
      printed: follow.ids().sort(),
      written: written.sort(),
      beyondBudget: beyondBudget(made, families['logs-filter']),
      stderr: follow.stderr(),
    };
  } finally {
    wire.stop();
    session.close();
    await running.close();
  }
}
