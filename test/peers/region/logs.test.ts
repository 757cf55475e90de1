import { describe, expect, test } from 'vitest';
import { regionOfFile } from './bench.ts';

const bench = regionOfFile();

const GROUP = '/ecs/openmetadata-ingestion';
interface Event {
  timestamp: number;
  ingestionTime: number;
  message: string;
  eventId: string;
  logStreamName: string;
}

/** A group of its own with so many events, one a second until now, in two streams by turns. */
async function groupOf(name: string, events: number): Promise<{ group: string; messages: string[] }> {
  const { region } = bench.region;
  region.logs.createGroup(name);
  const now = region.clock.now();
  const messages = Array.from({ length: events }, (_, index) => `line ${index} of ${events}`);
  for (const [index, message] of messages.entries()) {
    region.logs.write(name, `stream/${index % 2}`, [{ timestamp: now - (events - index) * 1000, message }]);
  }
  // Lines arrive late.
  bench.clock.move(60_000);
  return { group: name, messages };
}

describe('describe-log-groups', () => {
  test('by pages and by prefix', async () => {
    const read = (...more: string[]) =>
      bench.aws.paged<{ logGroups: { logGroupName: string }[] }>('logs', 'describe-log-groups', ...more);
    const names = (groups: { logGroupName: string }[]) => groups.map(({ logGroupName }) => logGroupName);
    const all = names((await read()).answer.logGroups);
    expect(all).toContain(GROUP);
    const paged = await read('--page-size', '5');
    expect(names(paged.answer.logGroups)).toEqual(all);
    expect(paged.requests).toBe(Math.ceil(all.length / 5));
    const some = names((await read('--log-group-name-prefix', 'airflow-data-prod-')).answer.logGroups);
    expect(some).toEqual(all.filter((name) => name.startsWith('airflow-data-prod-')));
  });

  test('refuses what it does not take', async () => {
    const both = ['--log-group-name-prefix', 'a', '--log-group-name-pattern', 'b'];
    expect(await bench.aws.refusal('logs', 'describe-log-groups', ...both)).toContain('InvalidParameterException');
    const nobody = bench.aws.as('AKIADEMONOACCESS0000');
    expect(await nobody.refusal('logs', 'describe-log-groups')).toContain('AccessDeniedException');
  });
});

describe('describe-log-streams', () => {
  const read = ['logs', 'describe-log-streams', '--log-group-name'];

  test('by pages, by name and by time', async () => {
    const { logStreams } = await bench.aws.json<{ logStreams: { logStreamName: string }[] }>(...read, GROUP);
    expect(logStreams.length).toBeGreaterThan(2);
    const size = Math.ceil(logStreams.length / 3);
    const paged = await bench.aws.paged<{ logStreams: unknown[] }>(...read, GROUP, '--page-size', String(size));
    expect(paged.answer.logStreams).toHaveLength(logStreams.length);
    expect(paged.requests).toBeGreaterThanOrEqual(2);
    const latest = await bench.aws.json<{ logStreams: { lastEventTimestamp?: number }[] }>(
      ...[...read, GROUP, '--order-by', 'LastEventTime', '--descending', '--max-items', '10'],
    );
    const times = latest.logStreams.map(({ lastEventTimestamp }) => lastEventTimestamp ?? 0);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('refuses what it does not take', async () => {
    expect(await bench.aws.refusal(...read, '/none')).toContain('ResourceNotFoundException');
    const both = ['--order-by', 'LastEventTime', '--log-stream-name-prefix', 'a'];
    expect(await bench.aws.refusal(...read, GROUP, ...both)).toContain('InvalidParameterException');
  });
});

describe('filter-log-events', () => {
  const filter = ['logs', 'filter-log-events', '--log-group-name'];

  test('puts its pages together without a gap or a repetition', async () => {
    const { group, messages } = await groupOf('/peers/filter', 95);
    const { answer, requests } = await bench.aws.paged<{ events: Event[] }>(...filter, group, '--page-size', '10');
    expect(answer.events.map(({ message }) => message)).toEqual(messages);
    expect(new Set(answer.events.map(({ eventId }) => eventId)).size).toBe(messages.length);
    expect(requests).toBeGreaterThanOrEqual(10);
  });

  test('by token, pattern, stream and time', async () => {
    const { group, messages } = await groupOf('/peers/filtered', 30);
    const first = await bench.aws.json<{ events: Event[]; nextToken?: string }>(
      ...[...filter, group, '--limit', '7', '--no-paginate'],
    );
    expect(first.nextToken).toBeTypeOf('string');
    const second = await bench.aws.json<{ events: Event[] }>(
      ...[...filter, group, '--limit', '7', '--no-paginate', '--next-token', first.nextToken ?? ''],
    );
    expect([...first.events, ...second.events].map(({ message }) => message)).toEqual(messages.slice(0, 14));
    const matching = await bench.aws.json<{ events: Event[] }>(...filter, group, '--filter-pattern', '"line 1"');
    expect(matching.events.map(({ message }) => message)).toEqual(messages.filter((line) => line.includes('line 1')));
    const stream = await bench.aws.json<{ events: Event[] }>(...filter, group, '--log-stream-names', 'stream/1');
    expect(stream.events.map(({ message }) => message)).toEqual(messages.filter((_, index) => index % 2 === 1));
    const [start, end] = [first.events[2]?.timestamp, first.events[5]?.timestamp];
    const between = await bench.aws.json<{ events: Event[] }>(
      ...[...filter, group, '--start-time', String(start), '--end-time', String(end)],
    );
    expect(between.events.map(({ message }) => message)).toEqual(messages.slice(2, 6));
  });

  test('the history of an environment', async () => {
    const { events } = await bench.aws.json<{ events: Event[] }>(
      ...[...filter, 'airflow-data-prod-Scheduler', '--filter-pattern', 'INFO', '--max-items', '300'],
    );
    expect(events.length).toBeGreaterThan(0);
    expect(new Set(events.map(({ eventId }) => eventId)).size).toBe(events.length);
  });

  test('refuses what it does not take', async () => {
    expect(await bench.aws.refusal(...filter, '/none')).toContain('ResourceNotFoundException');
    expect(await bench.aws.refusal(...filter, GROUP, '--filter-pattern', '{ $.a = ')).toContain(
      'InvalidParameterException',
    );
    expect(await bench.aws.refusal(...filter, GROUP, '--no-paginate', '--next-token', 'abc')).toContain(
      'InvalidParameterException',
    );
    const both = ['--log-stream-names', 'a', '--log-stream-name-prefix', 'b'];
    expect(await bench.aws.refusal(...filter, GROUP, ...both)).toContain('InvalidParameterException');
  });
});

describe('get-log-events', () => {
  const get = ['logs', 'get-log-events', '--log-group-name'];

  test.each(['forward', 'backward'] as const)('reads a stream %s to its end', async (direction) => {
    const { group, messages } = await groupOf(`/peers/read/${direction}`, 25);
    const expected = messages.filter((_, index) => index % 2 === 0);
    const read: string[] = [];
    let token: string | undefined;
    for (let page = 0; page < 20; page += 1) {
      const answer = await bench.aws.json<{ events: Event[]; nextForwardToken: string; nextBackwardToken: string }>(
        ...[...get, group, '--log-stream-name', 'stream/0', '--limit', '4'],
        ...(direction === 'forward' ? ['--start-from-head'] : []),
        ...(token === undefined ? [] : ['--next-token', token]),
      );
      const lines = answer.events.map(({ message }) => message);
      if (direction === 'forward') read.push(...lines);
      else read.unshift(...lines);
      const next = direction === 'forward' ? answer.nextForwardToken : answer.nextBackwardToken;
      if (next === token) break;
      token = next;
    }
    expect(read).toEqual(expected);
  });

  test('refuses what it does not take', async () => {
    expect(await bench.aws.refusal(...get, '/none', '--log-stream-name', 'a')).toContain('ResourceNotFoundException');
    expect(await bench.aws.refusal(...get, GROUP, '--log-stream-name', 'none')).toContain('ResourceNotFoundException');
    const { group } = await groupOf('/peers/refused', 1);
    const token = ['--log-stream-name', 'stream/0', '--next-token', 'abc'];
    expect(await bench.aws.refusal(...get, group, ...token)).toContain('InvalidParameterException');
  });
});
