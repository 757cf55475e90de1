import { GetLogEventsCommand, type GetLogEventsCommandInput } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { LogsBench } from './bench.ts';

const bench = new LogsBench();
const HOUR = 3_600_000;

const get = (more: Partial<GetLogEventsCommandInput> = {}) =>
  bench.logs.send(new GetLogEventsCommand({ logGroupName: '/get', logStreamName: 'one', ...more }));
const texts = (answer: Awaited<ReturnType<typeof get>>) => answer.events?.map(({ message }) => message);

describe('GetLogEvents', () => {
  it('gives the newest page first, oldest first within it, and goes back', async () => {
    bench.filled('/get', 7);
    const newest = await get({ limit: 3 });
    expect(texts(newest)).toEqual(['line 4', 'line 5', 'line 6']);
    const before = await get({ limit: 3, nextToken: newest.nextBackwardToken });
    expect(texts(before)).toEqual(['line 1', 'line 2', 'line 3']);
    const oldest = await get({ limit: 3, nextToken: before.nextBackwardToken });
    expect(texts(oldest)).toEqual(['line 0']);
    const end = await get({ limit: 3, nextToken: oldest.nextBackwardToken });
    expect(end.events).toEqual([]);
    expect(end.nextBackwardToken).toBe(oldest.nextBackwardToken);
  });

  it('goes forward from the head until the token stays, and on when lines come', async () => {
    const pages: (string | undefined)[] = [];
    let token: string | undefined;
    for (;;) {
      const page = await get({ startFromHead: true, limit: 3, ...(token === undefined ? {} : { nextToken: token }) });
      pages.push(...(texts(page) ?? []));
      expect(page.nextBackwardToken).toMatch(/^b\/\d{66}\/s$/);
      if (page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
    expect(pages).toEqual(Array.from({ length: 7 }, (_, index) => `line ${index}`));
    bench.service.write('/get', 'one', [{ timestamp: bench.clock.now(), message: 'more' }]);
    expect((await get({ nextToken: token, startFromHead: true })).events).toEqual([]);
    bench.clock.move(12_000);
    const more = await get({ nextToken: token, startFromHead: true });
    expect(texts(more)).toEqual(['more']);
    expect(more.nextForwardToken).not.toBe(token);
  });

  it('excludes the end of a time span', async () => {
    const first = bench.filled('/span', 5);
    const answer = await get({
      logGroupName: '/span',
      startTime: first + 1_000,
      endTime: first + 3_000,
      startFromHead: true,
    });
    expect(texts(answer)).toEqual(['line 1', 'line 2']);
  });

  it('finds in both directions what FilterLogEvents finds', async () => {
    const now = bench.clock.now();
    const group = 'airflow-analytics-WebServer';
    const span = { startTime: now - 2 * HOUR, endTime: now - HOUR };
    const [stream] = bench.service.group(group)?.streams(0, now) ?? [];
    const all = await bench.search({
      logGroupName: group,
      ...span,
      endTime: span.endTime - 1,
      logStreamNames: [stream?.name ?? ''],
    });
    for (const direction of ['nextForwardToken', 'nextBackwardToken'] as const) {
      const found: number[] = [];
      let token: string | undefined;
      for (;;) {
        const page = await get({
          logGroupName: group,
          logStreamName: stream?.name ?? '',
          ...span,
          limit: 100,
          startFromHead: direction === 'nextForwardToken',
          ...(token === undefined ? {} : { nextToken: token }),
        });
        found.push(...(page.events ?? []).map(({ timestamp = 0 }) => timestamp));
        if (page[direction] === token) break;
        token = page[direction];
      }
      expect(found.toSorted((a, b) => a - b)).toEqual(all.events.map(({ timestamp }) => timestamp));
    }
  });

  it('answers an empty page with a moved token when there is nothing for a day', async () => {
    bench.service.createGroup('/sparse');
    const now = bench.clock.now();
    const lines = [
      { timestamp: now - 100 * HOUR, message: 'old' },
      { timestamp: now, message: 'new' },
    ];
    bench.service.write('/sparse', 'one', lines, { delay: 0 });
    const found: (string | undefined)[] = [];
    let pages = 0;
    let token: string | undefined;
    for (;;) {
      const page = await get({
        logGroupName: '/sparse',
        startFromHead: true,
        ...(token === undefined ? {} : { nextToken: token }),
      });
      pages++;
      found.push(...(texts(page) ?? []));
      if (page.nextForwardToken === token) break;
      token = page.nextForwardToken;
    }
    expect(found).toEqual(['old', 'new']);
    expect(pages).toBeGreaterThan(4);
  });

  it('refuses unknown streams and forged or old tokens', async () => {
    await expect(get({ logStreamName: 'none' })).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(get({ nextToken: 'f/1/s' })).rejects.toThrow('The specified nextToken is invalid.');
    const { nextForwardToken = '' } = await get({ startFromHead: true });
    const minutes = Number(nextForwardToken.slice(58, 68));
    const old = nextForwardToken.replace(/\d{10}\/s$/, `${String(minutes - 25 * 60).padStart(10, '0')}/s`);
    await expect(get({ nextToken: old })).rejects.toThrow(/expired/);
  });
});
