import { FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from 'vitest';
import { openToken, sealToken } from '../../../src/demo/logs/tokens.ts';
import { LogsBench } from './bench.ts';

const bench = new LogsBench();
const HOUR = 3_600_000;

describe('FilterLogEvents', () => {
  it('orders by timestamp, then ingestion, then put, each event once with a 56-digit id', async () => {
    const { events } = await bench.search({
      logGroupName: 'airflow-data-prod-Scheduler',
      startTime: bench.clock.now() - HOUR,
    });
    expect(events.length).toBeGreaterThan(500);
    const keys = events.map(({ timestamp = 0, ingestionTime = 0 }) => timestamp * 1e6 + (ingestionTime - timestamp));
    expect(keys).toEqual(keys.toSorted((a, b) => a - b));
    const ids = events.map(({ eventId = '' }) => eventId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^\d{56}$/.test(id))).toBe(true);
    expect(new Set(events.map(({ logStreamName }) => logStreamName)).size).toBe(2);
  });

  it('gives an event the same id each time, whatever the search', async () => {
    const startTime = bench.clock.now() - HOUR / 4;
    const group = { logGroupName: 'airflow-data-prod-Worker', startTime };
    const all = new Map((await bench.search(group)).events.map((event) => [event.eventId, event.message]));
    const some = await bench.search({ ...group, filterPattern: 'succeeded', limit: 30 });
    expect(some.events.length).toBeGreaterThan(30);
    for (const { eventId, message } of some.events) expect(all.get(eventId)).toBe(message);
  });

  it('lets events become visible late and out of order', async () => {
    const seen = new Set<string>();
    const startTime = bench.clock.now();
    let late = 0;
    let newest = 0;
    for (let round = 0; round < 20; round++) {
      bench.clock.move(3_000);
      const { events } = await bench.search({ logGroupName: '/ecs/platform-gateway', startTime });
      for (const { eventId = '', timestamp = 0, ingestionTime = 0 } of events) {
        if (seen.has(eventId)) continue;
        seen.add(eventId);
        expect(ingestionTime).toBeLessThanOrEqual(bench.clock.now());
        expect(ingestionTime - timestamp).toBeGreaterThanOrEqual(500);
        if (timestamp < newest) late++;
        newest = Math.max(newest, timestamp);
      }
    }
    expect(seen.size).toBeGreaterThan(15);
    expect(late).toBeGreaterThan(0);
  });

  it('includes the end, finds by pattern, by stream and by prefix', async () => {
    const first = bench.filled('/small', 10);
    bench.service.write('/small', 'two', [{ timestamp: first, message: 'other 5' }], { delay: 0 });
    const group = { logGroupName: '/small' };
    const texts = async (more: object) =>
      (await bench.search({ ...group, ...more })).events.map(({ message }) => message);
    expect(await texts({ startTime: first + 8_000, endTime: first + 9_000 })).toEqual(['line 8', 'line 9']);
    expect(await texts({ filterPattern: '5' })).toEqual(['other 5', 'line 5']);
    expect(await texts({ filterPattern: '5', logStreamNames: ['one'] })).toEqual(['line 5']);
    expect(await texts({ logStreamNamePrefix: 'tw' })).toEqual(['other 5']);
    expect(await texts({ startTime: first, startFromHead: false, limit: 3 })).toHaveLength(11);
    const newest = await bench.logs.send(
      new FilterLogEventsCommand({ ...group, startTime: first, startFromHead: false, limit: 2 }),
    );
    expect(newest.events?.map(({ message }) => message)).toEqual(['line 9', 'line 8']);
  });

  it('ends a page at the limit and at 1 MB', async () => {
    const startTime = bench.filled('/paged', 1_200);
    expect((await bench.search({ logGroupName: '/paged', startTime, limit: 500 })).pages).toEqual([500, 500, 200]);
    const wide = bench.filled('/wide', 24, () => 'x'.repeat(100_000));
    expect((await bench.search({ logGroupName: '/wide', startTime: wide })).pages).toEqual([10, 10, 4]);
  });

  it('ends a page after 10,000 events looked at, whether they match or not', async () => {
    const startTime = bench.filled('/hay', 12_000, (index) => (index === 11_000 ? 'needle' : `hay ${index}`));
    const group = { logGroupName: '/hay', startTime };
    const needle = await bench.search({ ...group, filterPattern: 'needle' });
    expect(needle.events).toHaveLength(1);
    expect(needle.pages.at(-1)).toBe(1);
    expect(needle.pages.slice(0, -1).every((count) => count === 0)).toBe(true);
    expect(needle.pages.length).toBeGreaterThan(1);
  });

  it('sometimes begins with an empty page that has a token', async () => {
    bench.filled('/searched', 3);
    const searches = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        bench.search({ logGroupName: '/searched', startTime: bench.clock.now() - 5 * HOUR - index * 60_000 }),
      ),
    );
    expect(searches.some(({ pages }) => pages.length === 2 && pages[0] === 0)).toBe(true);
    expect(searches.some(({ pages }) => pages.length === 1)).toBe(true);
    expect(searches.every(({ events }) => events.length === 3)).toBe(true);
  });

  it('checks its tokens: of this search, and not older than a day', async () => {
    const startTime = bench.filled('/tokens', 5);
    const input = { logGroupName: '/tokens', startTime, limit: 2 };
    const { nextToken } = await bench.logs.send(new FilterLogEventsCommand(input));
    const again = (more: object) => bench.logs.send(new FilterLogEventsCommand({ ...input, nextToken, ...more }));
    expect((await again({})).events?.[0]?.message).toBe('line 2');
    await expect(again({ filterPattern: 'line' })).rejects.toThrow('The specified nextToken is invalid.');
    await expect(again({ nextToken: 'forged' })).rejects.toThrow('The specified nextToken is invalid.');
    const sealed = sealToken([1], 'query', 0);
    expect(openToken(sealed, 'query', 24 * HOUR)).toEqual([1]);
    expect(() => openToken(sealed, 'query', 24 * HOUR + 1)).toThrow('The specified nextToken has expired.');
  });

  it.each([
    [{ logGroupName: '/nothing' }, 'ResourceNotFoundException'],
    [{ logGroupName: '/ecs/batch-archive' }, 'InvalidOperationException'],
    [{ logGroupName: 'airflow-legacy-Task', filterPattern: '{ $.a = ' }, 'InvalidParameterException'],
    [{ logGroupName: 'airflow-legacy-Task', startTime: 2, endTime: 1 }, 'InvalidParameterException'],
    [{ logGroupName: 'airflow-legacy-Task', limit: 10_001 }, 'InvalidParameterException'],
    [
      { logGroupName: 'airflow-legacy-Task', logStreamNames: ['a'], logStreamNamePrefix: 'b' },
      'InvalidParameterException',
    ],
    [{ logGroupName: 'airflow-legacy-Task', logStreamNames: ['a'] }, 'ResourceNotFoundException'],
    [{ logGroupName: 'airflow-legacy-Task', startFromHead: false }, 'InvalidParameterException'],
    [{}, 'InvalidParameterException'],
  ])('refuses %j with %s', async (input, name) => {
    await expect(bench.logs.send(new FilterLogEventsCommand(input))).rejects.toMatchObject({ name });
  });

  it('takes a group by its ARN', async () => {
    bench.filled('/by-arn', 3);
    const logGroupIdentifier = 'arn:aws:logs:eu-west-1:123456789012:log-group:/by-arn';
    expect((await bench.search({ logGroupIdentifier })).events).toHaveLength(3);
  });
});
