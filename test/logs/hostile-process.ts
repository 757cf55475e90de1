import { expect } from 'vitest';
import { families } from '../../src/reference/api-families.ts';
import { Failure } from '../../src/text/failure.ts';
import { testRegion } from '../support/region.ts';
import { startFakeLogServer } from './fake-log-server.ts';
import { seeded } from './fake-log-service.ts';
import { beyondBudget, hostileLines } from './hostile-lines.ts';
import { type ProcessFollow, processFollow } from './process-follow.ts';
import { EXPIRED, faultOfReads, heldIds } from './region-truth.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** How much faster than the wall's the time of server and product runs. */
const SPEED = 20;
const GROUPS = ['/one', '/two', '/three'] as const;
/** Requests that may be sent closer together than they were let go: signing takes some ms of the wall, at SPEED. */
const JITTER = 3;
const DEADLINE = 240_000;

/** What a process printed, what there was, both sorted, and how far its requests went beyond the budget. */
export interface ProcessOutcome {
  readonly printed: readonly string[];
  readonly truth: readonly string[];
  readonly beyondBudget: number;
  readonly ended: { readonly code: number | null; readonly took: number };
  readonly stderr: string;
}

/**
 * The product as a process against the fake service: lines up to a minute late or two hours ahead, repeated and empty
 * pages, bad tokens, throttles, cut connections, a later group, a clock that is minutes off, credentials that expire.
 */
export async function againstServer(program: string, seed: number): Promise<ProcessOutcome> {
  const { url, service, clock, close } = await startFakeLogServer(seed, SPEED);
  const random = seeded(seed * 104_729);
  service.faults = { throttle: 0.02, cut: 0.05, expiredToken: 0.05, emptyPage: 0.2, duplicatePage: 0.1 };
  service.limit = 5;
  service.pageSize = 60;
  service.ahead = Math.round((random() - 0.5) * 10 * MINUTE);
  const from = service.now() - 2 * MINUTE;
  service.createdAt.set('/three', service.now() + 30 * SECOND);
  const early = { groups: GROUPS.slice(0, 2), lines: 350, from, span: 4 * MINUTE, latest: MINUTE };
  const late = { groups: GROUPS.slice(2), lines: 100, from: service.now() + 40 * SECOND, span: MINUTE, latest: MINUTE };
  const lines = [...hostileLines(random, early), ...hostileLines(random, late)];
  const written = lines.map(({ group, ...line }) => service.write(group, line));
  const follow = processFollow(program, url, [...GROUPS, '--since', new Date(from).toISOString()]);
  try {
    await begun(follow);
    await clock.sleep(MINUTE);
    service.outage = new Failure('expired', 'The security token included in the request is expired');
    await clock.sleep(20 * SECOND);
    service.outage = undefined;
    const last = Math.max(...written.map((event) => event.visibleAt));
    await clock.sleep(Math.max(0, last - service.now()));
    await complete(follow, written.length);
    return await outcome(
      follow,
      written.map((event) => event.eventId),
    );
  } finally {
    follow.kill();
    await close();
  }
}

/** The same on the embedded region, with its own faults and quotas; the truth is what the SDK reads there at the end. */
export async function againstRegion(program: string, seed: number): Promise<ProcessOutcome> {
  const region = await testRegion(SPEED, seed);
  const { logs, clock } = region.running.region;
  const random = seeded(seed * 15_485_863);
  for (const group of GROUPS.slice(0, 2)) logs.createGroup(group);
  for (const [nth, fault] of [
    [3, 'throttle'],
    [7, 'cut'],
    [11, 'garbage'],
    [16, 'error'],
    [22, 'throttle'],
  ] as const) {
    const about = nth + Math.floor(random() * 4);
    await faultOfReads(region.url, { nth: about, times: 1 + (seed % 2), fault });
  }
  const from = clock.now() - 2 * MINUTE;
  const put = (groups: readonly string[], lines: number, start: number) => {
    for (const line of hostileLines(random, { groups, lines, from: start, span: 3 * MINUTE, latest: MINUTE })) {
      const { group, stream, timestamp, visibleAt, message } = line;
      logs.write(group, stream, [{ timestamp, message }], { receivedAt: visibleAt, delay: 0 });
    }
  };
  put(GROUPS.slice(0, 2), 350, from);
  const follow = processFollow(program, region.url, [...GROUPS, '--since', new Date(from).toISOString()]);
  try {
    await begun(follow);
    await region.clock.sleep(40 * SECOND);
    logs.createGroup(GROUPS[2]);
    put(GROUPS.slice(2), 100, clock.now());
    await region.clock.sleep(30 * SECOND);
    await faultOfReads(region.url, { times: 4, fault: EXPIRED });
    await region.clock.sleep(4.5 * MINUTE);
    const truth = await heldIds(region.url, GROUPS);
    await complete(follow, truth.length);
    return await outcome(follow, truth);
  } finally {
    follow.kill();
    await region.close();
  }
}

/** Waits for the first lines: credentials that have expired before the first answer are no outage but the answer. */
async function begun(follow: ProcessFollow): Promise<void> {
  await expect.poll(() => follow.events().length, { timeout: DEADLINE, interval: 100 }).toBeGreaterThan(0);
}

/** Waits for all lines, asking for a deep sweep from time to time. */
async function complete(follow: ProcessFollow, lines: number): Promise<void> {
  await expect
    .poll(
      () => {
        if (follow.events().length < lines) follow.signal('SIGUSR1');
        return follow.events().length;
      },
      { timeout: DEADLINE, interval: 500 },
    )
    .toBeGreaterThanOrEqual(lines);
}

async function outcome(follow: ProcessFollow, truth: readonly string[]): Promise<ProcessOutcome> {
  const ended = await follow.interrupt();
  const sent = follow.sentReads().map((at) => at * SPEED);
  expect(sent).not.toEqual([]);
  return {
    printed: follow
      .events()
      .map((event) => event.eventId)
      .sort(),
    truth: [...truth].sort(),
    beyondBudget: Math.max(0, beyondBudget(sent, families['logs-filter']) - JITTER),
    ended,
    stderr: follow.stderr(),
  };
}
