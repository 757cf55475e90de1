import {
  CreateLogStreamCommand,
  DeleteLogStreamCommand,
  GetLogEventsCommand,
  type InputLogEvent,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { beforeAll, describe, expect, it } from 'vitest';
import { LogsBench } from './bench.ts';

const bench = new LogsBench();
const STREAM = { logGroupName: '/put', logStreamName: 'stream' };
const put = (logEvents: InputLogEvent[]) => bench.logs.send(new PutLogEventsCommand({ ...STREAM, logEvents }));

describe('PutLogEvents', () => {
  beforeAll(async () => {
    bench.service.createGroup(STREAM.logGroupName, { retentionInDays: 7 });
    await bench.logs.send(new CreateLogStreamCommand(STREAM));
  });

  it('makes events readable some seconds later, with the time of their ingestion', async () => {
    const timestamp = bench.clock.now() - 60_000;
    await put([{ timestamp, message: 'hello' }]);
    const early = await bench.logs.send(new GetLogEventsCommand({ ...STREAM, startFromHead: true }));
    expect(early.events).toEqual([]);
    bench.clock.move(12_000);
    const late = await bench.logs.send(new GetLogEventsCommand({ ...STREAM, startFromHead: true }));
    expect(late.events).toEqual([{ timestamp, message: 'hello', ingestionTime: expect.any(Number) }]);
    const lag = (late.events?.[0]?.ingestionTime ?? 0) - timestamp - 60_000;
    expect(lag).toBeGreaterThanOrEqual(500);
    expect(lag).toBeLessThanOrEqual(12_000);
  });

  it('rejects events by index that are too old, too new or past the retention', async () => {
    const now = bench.clock.now();
    const day = 86_400_000;
    const old = await put([
      { timestamp: now - 20 * day, message: 'a' },
      { timestamp: now - 20 * day + 1, message: 'b' },
    ]);
    expect(old.rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 2, expiredLogEventEndIndex: 2 });
    const expired = await put([{ timestamp: now - 8 * day, message: 'c' }]);
    expect(expired.rejectedLogEventsInfo).toEqual({ expiredLogEventEndIndex: 1 });
    const future = await put([
      { timestamp: now, message: 'd' },
      { timestamp: now + 7_200_001, message: 'e' },
    ]);
    expect(future.rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect(
      (await put([{ timestamp: now + 3_600_000, message: 'an hour ahead' }])).rejectedLogEventsInfo,
    ).toBeUndefined();
  });

  it.each([
    ['out of order', [2, 1].map((timestamp) => ({ timestamp, message: 'x' })), /chronological order/],
    [
      'over 24 hours',
      [0, 86_400_001].map((timestamp) => ({ timestamp, message: 'x' })),
      /cannot span more than 24 hours/,
    ],
    ['over 1 MB', [{ timestamp: 1, message: 'x'.repeat(1_048_576) }], /Upload too large/],
    ['empty', [], /length greater than or equal to 1/],
    ['with an empty message', [{ timestamp: 1, message: '' }], /length greater than or equal to 1/],
    [
      'of more than 10,000',
      Array.from({ length: 10_001 }, () => ({ timestamp: 1, message: 'x' })),
      /less than or equal to 10000/,
    ],
  ])('refuses a batch %s', async (_, events, message) => {
    await expect(put(events)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringMatching(message),
    });
  });

  it('needs a stream that is there', async () => {
    await expect(bench.logs.send(new CreateLogStreamCommand(STREAM))).rejects.toMatchObject({
      name: 'ResourceAlreadyExistsException',
    });
    const other = { ...STREAM, logStreamName: 'other' };
    const events = [{ timestamp: bench.clock.now(), message: 'x' }];
    await expect(bench.logs.send(new PutLogEventsCommand({ ...other, logEvents: events }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'The specified log stream does not exist.',
    });
    await bench.logs.send(new CreateLogStreamCommand(other));
    await bench.logs.send(new DeleteLogStreamCommand(other));
    await expect(bench.logs.send(new GetLogEventsCommand(other))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});

describe('what is kept', () => {
  it('is bounded: the longest stream loses its older half', () => {
    bench.service.createGroup('/flood');
    const lines = Array.from({ length: 4_096 }, (_, index) => ({
      timestamp: bench.clock.now(),
      message: `line ${index}`,
    }));
    for (let batch = 0; batch < 100; batch++) bench.service.write('/flood', 'stream', lines);
    const kept = bench.service.group('/flood')?.written.get('stream')?.length ?? 0;
    expect(kept).toBeGreaterThan(100_000);
    expect(kept).toBeLessThanOrEqual(301_000);
    bench.service.deleteGroup('/flood');
  });
});
