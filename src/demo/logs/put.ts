import { optionalBoolean, optionalNumber, optionalString, optionalStructures } from '../members.ts';
import { AwsError, type Call, type Input, type Operation } from '../service.ts';
import type { EventStream } from './event.ts';
import type { LogGroup } from './groups.ts';
import {
  checkedGroupName,
  checkedStreamName,
  groupArn,
  invalidParameter,
  limit,
  namedGroup,
  required,
  violated,
} from './input.ts';
import { WrittenStream } from './streams.ts';
import { openToken, sealToken } from './tokens.ts';

const DAY = 86_400_000;
/** A batch's bytes, counting 26 for each event beside its message (PutLogEvents in the API reference). */
const BATCH_BYTES = 1_048_576;

/** DescribeLogStreams: by name or by the last event, at most 50 a page. */
export const describeLogStreams: Operation = (input, call) => {
  const name = namedGroup(input);
  call.authorize('logs:DescribeLogStreams', call.region.logs.policyArn(name));
  const group = call.region.logs.required(name);
  const prefix = optionalString(input, 'logStreamNamePrefix');
  const orderBy = optionalString(input, 'orderBy') ?? 'LogStreamName';
  const descending = optionalBoolean(input, 'descending') ?? false;
  if (orderBy !== 'LogStreamName' && orderBy !== 'LastEventTime') {
    throw violated(orderBy, 'orderBy', 'Member must satisfy enum value set: [LogStreamName, LastEventTime]');
  }
  if (orderBy === 'LastEventTime' && prefix !== undefined) {
    throw invalidParameter('Cannot order by LastEventTime with a logStreamNamePrefix.');
  }
  const size = limit(input, 50);
  const now = call.region.clock.now();
  const query = `streams ${name} ${prefix} ${orderBy} ${descending}`;
  const streams = group
    .streams(0, now)
    .filter((stream) => stream.createdAt <= now && stream.name.startsWith(prefix ?? ''))
    .map((stream) => ({ stream, seen: lastSeen(stream, now) }))
    .sort((a, b) =>
      orderBy === 'LastEventTime' && (a.seen ?? 0) !== (b.seen ?? 0)
        ? (a.seen ?? 0) - (b.seen ?? 0)
        : a.stream.name < b.stream.name
          ? -1
          : 1,
    );
  if (descending) streams.reverse();
  const token = optionalString(input, 'nextToken');
  const start = token === undefined ? 0 : Number(openToken(token, query, now)[0]);
  const page = streams.slice(start, start + size);
  return {
    logStreams: page.map(({ stream, seen }) => describeStream(group, stream, seen, call)),
    ...(start + size < streams.length ? { nextToken: sealToken([start + size], query, now) } : {}),
  };
};

/** A stream's last event as the service knows it: it looks again only once in ten minutes. */
function lastSeen(stream: EventStream, now: number): number | undefined {
  if (stream.last === undefined || stream.first === undefined) return undefined;
  const looked = Math.max(stream.createdAt, Math.floor(now / 600_000) * 600_000);
  return Math.max(stream.first, Math.min(stream.last, looked, now));
}

function describeStream(group: LogGroup, stream: EventStream, seen: number | undefined, call: Call): unknown {
  const ingestion =
    stream instanceof WrittenStream ? stream.lastIngestion : seen === undefined ? undefined : seen + 3000;
  return {
    logStreamName: stream.name,
    creationTime: Math.floor(stream.createdAt),
    ...(stream.first === undefined ? {} : { firstEventTimestamp: Math.floor(stream.first) }),
    ...(seen === undefined ? {} : { lastEventTimestamp: Math.floor(seen) }),
    ...(ingestion === undefined ? {} : { lastIngestionTime: Math.floor(ingestion) }),
    uploadSequenceToken: `${stream.number}${stream.number}`.padEnd(32, '0'),
    arn: `${groupArn(call.region, group)}:log-stream:${stream.name}`,
    storedBytes: 0,
  };
}

function streamArn(call: Call, group: string, stream: string): string {
  return `arn:aws:logs:${call.region.name}:${call.region.account}:log-group:${group}:log-stream:${stream}`;
}

/** CreateLogStream. Throws ResourceAlreadyExistsException. */
export const createLogStream: Operation = (input, call) => {
  const groupName = checkedGroupName(required(input, 'logGroupName'));
  const name = checkedStreamName(required(input, 'logStreamName'));
  call.authorize('logs:CreateLogStream', streamArn(call, groupName, name));
  const group = call.region.logs.required(groupName);
  if (group.stream(name, call.region.clock.now()) !== undefined) {
    throw new AwsError('ResourceAlreadyExistsException', 'The specified log stream already exists');
  }
  call.region.logs.createStream(group, name);
  return {};
};

/** DeleteLogStream of a stream that was written while the region runs. */
export const deleteLogStream: Operation = (input, call) => {
  const groupName = checkedGroupName(required(input, 'logGroupName'));
  const name = checkedStreamName(required(input, 'logStreamName'));
  call.authorize('logs:DeleteLogStream', streamArn(call, groupName, name));
  if (!call.region.logs.required(groupName).written.delete(name)) throw missingStream();
  return {};
};

/** The refusal of a stream that isn't there. */
export function missingStream(): AwsError {
  return new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
}

/**
 * PutLogEvents: events of up to 24 hours in the order of their time; those that are too old, too new or past
 * the group's retention are rejected by index, the others can be read some seconds later.
 */
export const putLogEvents: Operation = (input, call) => {
  const groupName = checkedGroupName(required(input, 'logGroupName'));
  const streamName = checkedStreamName(required(input, 'logStreamName'));
  call.authorize('logs:PutLogEvents', streamArn(call, groupName, streamName));
  const group = call.region.logs.required(groupName);
  if (!group.written.has(streamName)) throw missingStream();
  const events = checkedBatch(input);
  const now = call.region.clock.now();
  const oldest = now - 14 * DAY;
  const expiry = group.retentionInDays === undefined ? oldest : now - group.retentionInDays * DAY;
  const accepted = events.filter(
    ({ timestamp }) => timestamp >= Math.max(oldest, expiry) && timestamp <= now + 7_200_000,
  );
  call.region.logs.write(groupName, streamName, accepted, { receivedAt: now });
  const tooNew = events.findIndex(({ timestamp }) => timestamp > now + 7_200_000);
  const tooOld = events.findLastIndex(({ timestamp }) => timestamp < oldest);
  const expired = events.findLastIndex(({ timestamp }) => timestamp < expiry);
  const rejected = {
    ...(tooNew < 0 ? {} : { tooNewLogEventStartIndex: tooNew }),
    ...(tooOld < 0 ? {} : { tooOldLogEventEndIndex: tooOld + 1 }),
    ...(expired < 0 || expiry <= oldest ? {} : { expiredLogEventEndIndex: expired + 1 }),
  };
  return {
    nextSequenceToken: `${now}`.padStart(56, '4'),
    ...(Object.keys(rejected).length === 0 ? {} : { rejectedLogEventsInfo: rejected }),
  };
};

function checkedBatch(input: Input): readonly { timestamp: number; message: string }[] {
  const given = optionalStructures(input, 'logEvents');
  if (given === undefined) throw violated(undefined, 'logEvents', 'Member must not be null');
  if (given.length === 0) throw violated('[]', 'logEvents', 'Member must have length greater than or equal to 1');
  if (given.length > 10_000) {
    throw violated(`[${given.length} events]`, 'logEvents', 'Member must have length less than or equal to 10000');
  }
  const events = given.map((event, index) => {
    const timestamp = optionalNumber(event, 'timestamp');
    const message = optionalString(event, 'message');
    if (timestamp === undefined || message === undefined) {
      const member = `logEvents.${index + 1}.member.${timestamp === undefined ? 'timestamp' : 'message'}`;
      throw violated(undefined, member, 'Member must not be null');
    }
    if (message === '') {
      throw violated('', `logEvents.${index + 1}.member.message`, 'Member must have length greater than or equal to 1');
    }
    return { timestamp, message };
  });
  if (events.some(({ timestamp }, index) => timestamp < (events[index - 1]?.timestamp ?? 0))) {
    throw invalidParameter('Log events in a single PutLogEvents request must be in chronological order.');
  }
  if ((events.at(-1)?.timestamp ?? 0) - (events[0]?.timestamp ?? 0) > DAY) {
    throw invalidParameter('The batch of log events in a single PutLogEvents request cannot span more than 24 hours.');
  }
  const bytes = events.reduce((sum, { message }) => sum + Buffer.byteLength(message, 'utf8') + 26, 0);
  if (bytes > BATCH_BYTES) throw invalidParameter(`Upload too large: ${bytes} bytes exceeds limit of ${BATCH_BYTES}`);
  return events;
}
