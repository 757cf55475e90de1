import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

// FilterLogEvents over loopback, as fast as bytes can be copied: `log-server.ts EVENTS RATE SPEED THOUGHT`. With a RATE its
// events come so many a second from the start on, else all are there. SPEED is what it tells of its time, as an embedded
// region does. Each page is answered THOUGHT ms after it was asked for.
const [events = 0, rate = 0, speed = 1, thought = 0] = process.argv.slice(2).map(Number);

/** FilterLogEvents: events of a page at most; with messages of some 100 bytes they are 1 MB too. */
const PAGE = 10_000;
const STREAMS = 7;
/** What the service takes before it has an event, ms. */
const INGESTION = 400;

const started = Date.now();
const origin = rate > 0 ? started : started - 600_000;
const step = rate > 0 ? 1000 / rate : 600_000 / events;
const timeOf = (index: number) => Math.floor(origin + index * step);
/** The first event at or after a time. */
const indexOf = (time: number) => {
  let index = Math.max(0, Math.min(events, Math.ceil((time - origin) / step)));
  while (index > 0 && timeOf(index - 1) >= time) index -= 1;
  return index;
};
const streamOf = (index: number) => `ecs/openmetadata-ingestion/${String(index % STREAMS).repeat(32)}`;
const levelOf = (index: number) => (index % 1000 === 0 ? 'ERROR   ' : index % 97 === 0 ? 'WARNING ' : 'INFO    ');

const { body, ends } = written();
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', async () => {
    const operation = String(request.headers['x-amz-target'] ?? '').split('.')[1];
    response.setHeader('content-type', 'application/x-amz-json-1.1');
    if (request.url === '/_demo/clock') {
      response.end(JSON.stringify({ now: Date.now(), speed }));
    } else if (operation === 'FilterLogEvents') {
      const { from, to, more } = pageOf(JSON.parse(Buffer.concat(chunks).toString('utf8')) as PageInput);
      if (thought > 0) await delay(thought);
      response.write('{"events":[');
      if (to > from) response.write(body.subarray(startOf(from), startOf(to) - 1));
      response.end(`],"searchedLogStreams":[]${more ? `,"nextToken":"${to}"` : ''}}`);
    } else if (operation === 'DescribeLogStreams') {
      const logStreams = Array.from({ length: STREAMS }, (_, index) => ({
        logStreamName: streamOf(index),
        creationTime: origin,
        firstEventTimestamp: origin,
        lastEventTimestamp: Date.now(),
        lastIngestionTime: Date.now(),
      }));
      response.end(JSON.stringify({ logStreams }));
    } else {
      response.statusCode = 404;
      response.end('{}');
    }
  });
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
});

interface PageInput {
  readonly startTime?: number;
  readonly endTime?: number;
  readonly nextToken?: string;
  readonly limit?: number;
}

function pageOf({ startTime = 0, endTime, nextToken, limit = PAGE }: PageInput) {
  const from = nextToken === undefined ? indexOf(startTime) : Number(nextToken);
  const there = rate > 0 ? indexOf(Date.now() - INGESTION) : events;
  const end = endTime === undefined ? there : Math.min(there, indexOf(endTime + 1));
  const to = Math.max(from, Math.min(end, from + Math.min(PAGE, limit)));
  return { from, to, more: to < end };
}

/** Where an event's JSON begins in the body. */
function startOf(index: number): number {
  return index === 0 ? 0 : (ends[index - 1] ?? 0);
}

/** All events as JSON, each with a comma after it, and where each ends. */
function written(): { body: Buffer; ends: Float64Array } {
  const all = new Float64Array(events);
  const parts: Buffer[] = [];
  let length = 0;
  for (let index = 0; index < events; index += 1) {
    const timestamp = timeOf(index);
    const part = Buffer.from(
      `${JSON.stringify({
        logStreamName: streamOf(index),
        timestamp,
        message: `[2026-11-22 11:04:31] ${levelOf(index)} {metadata.Ingestion:workflow:74} - Processed table ${index} of schema public`,
        ingestionTime: timestamp + INGESTION,
        eventId: String(index).padStart(56, '0'),
      })},`,
    );
    parts.push(part);
    length += part.length;
    all[index] = length;
  }
  return { body: Buffer.concat(parts), ends: all };
}
