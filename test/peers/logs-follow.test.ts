import { fileURLToPath } from 'node:url';
import { afterEach, expect, inject, test } from 'vitest';
import { seeded } from '../logs/fake-log-service.ts';
import { type ProcessFollow, processFollow } from '../logs/process-follow.ts';
import { heldIds } from '../logs/region-truth.ts';
import { testRegion } from '../support/region.ts';
import { AwsClient } from './aws-client.ts';
import { startProgram } from './product.ts';

const moto = fileURLToPath(new URL('../../.peers/moto/bin/moto_server', import.meta.url));
const GROUP = '/peers/follow';
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const BATCHES = 10;
const LINES = 40;

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/**
 * The real client puts batches while the follow runs: into two streams, late by up to `latest` ms, many lines in one
 * millisecond, one of each batch two hours ahead. The answer is what was written.
 */
async function writeBatches(aws: AwsClient, now: () => number, latest: number): Promise<string[]> {
  const random = seeded(11);
  const written: string[] = [];
  for (let batch = 0; batch < BATCHES; batch += 1) {
    const stream = `stream-${batch % 2}`;
    if (batch < 2) await aws.run('logs', 'create-log-stream', '--log-group-name', GROUP, '--log-stream-name', stream);
    const at = Math.floor(now());
    const events = Array.from({ length: LINES }, (_, line) => {
      const message = `batch ${batch} line ${line}`;
      written.push(message);
      const late = random() < 0.5 ? 0 : Math.floor(random() * latest);
      return { timestamp: line === 0 ? at + 2 * HOUR - MINUTE : at - late, message };
    }).sort((a, b) => a.timestamp - b.timestamp);
    await aws.json(
      ...['logs', 'put-log-events', '--log-group-name', GROUP, '--log-stream-name', stream],
      ...['--log-events', `file://${aws.file(`events-${batch}.json`, JSON.stringify(events))}`],
    );
  }
  return written;
}

/** Waits for the lines and ends the follow; its messages and ids, sorted. */
async function ended(follow: ProcessFollow, lines: number) {
  await expect.poll(() => follow.events().length, { timeout: 200_000, interval: 250 }).toBeGreaterThanOrEqual(lines);
  follow.signal('SIGUSR1');
  const { code, took } = await follow.interrupt();
  expect(code).toBe(130);
  expect(took).toBeLessThan(1_000);
  const events = follow.events();
  return { messages: events.map((event) => event.message).sort(), ids: events.map((event) => event.eventId).sort() };
}

test('what the aws client puts into the embedded region is printed by logs -f, each event once', async () => {
  const region = await testRegion(20);
  const aws = new AwsClient(region.url);
  closing.push(
    () => region.close(),
    () => aws.dispose(),
  );
  await aws.run('logs', 'create-log-group', '--log-group-name', GROUP);
  const since = new Date(region.clock.now() - 10 * MINUTE).toISOString();
  const follow = processFollow(inject('program'), region.url, [GROUP, '--since', since]);
  closing.push(() => follow.kill());
  const written = await writeBatches(aws, () => region.running.region.clock.now(), MINUTE);
  const { messages, ids } = await ended(follow, written.length);
  expect(messages).toEqual([...written].sort());
  expect(ids).toEqual((await heldIds(region.url, [GROUP])).sort());
});

test("what the aws client puts into moto's server is printed by logs -f, each event once", async () => {
  const server = startProgram(moto, ['-H', '127.0.0.1', '-p', '0'], { PYTHONUNBUFFERED: '1' });
  closing.push(() => server.stop());
  const [, url = ''] = await server.printed(/Running on (http:\/\/127\.0\.0\.1:\d+)/, 'stderr');
  const aws = new AwsClient(url);
  closing.push(() => aws.dispose());
  // The group comes after the follow has begun to wait for it.
  const follow = processFollow(inject('program'), url, [GROUP, '--since', '10m']);
  closing.push(() => follow.kill());
  await expect.poll(() => follow.stderr(), { timeout: 60_000 }).toContain(`waiting for ${GROUP}`);
  await aws.run('logs', 'create-log-group', '--log-group-name', GROUP);
  // In real time: no later than a poll looks back.
  const written = await writeBatches(aws, Date.now, 20 * SECOND);
  const { messages, ids } = await ended(follow, written.length);
  expect(messages).toEqual([...written].sort());
  expect(new Set(ids).size).toBe(written.length);
});
