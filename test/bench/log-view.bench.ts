import { setTimeout as delay } from 'node:timers/promises';
import { LogBuffer } from '../../src/logs/buffer.ts';
import { lineMatcher } from '../../src/logs/matcher.ts';
import { logSource } from './log-source.ts';
import { PROGRAM, Started } from './product.ts';
import { median, milliseconds, size, type Table } from './table.ts';
import { UsageReports } from './usage.ts';

const RATE = 10_000;
const HELD = 200_000;
const KEYS = 150;
/** From one key to the next, ms. */
const BETWEEN = 60;
const FRAMES = 2_000;
/** `t` shows times in turn as these, and says so. */
const TIMES = [/UTC/, /age/, /local time/] as const;

/** The log view while lines pour in, and with its buffer full. */
export default async function* logView(): AsyncGenerator<Table, void, void> {
  yield await keys();
  yield await memory();
  yield await scans();
}

/** Opens the log view on a source from the console's first screen. */
async function opened(url: string, env: Readonly<Record<string, string>>): Promise<Started> {
  const console = new Started(['--expose-gc', PROGRAM, '--endpoint-url', url], env);
  await console.sees('Dashboard');
  await console.answers(':tail /bench\r', /since 1h/);
  return console;
}

async function keys(): Promise<Table> {
  const source = await logSource(RATE * 60, RATE, 1);
  const console = await opened(source.url, source.env);
  const took: number[] = [];
  try {
    await console.sees('following');
    for (let key = 0; key < KEYS; key += 1) {
      took.push(await console.answers('t', TIMES[key % TIMES.length] as RegExp));
      await delay(BETWEEN);
    }
  } finally {
    await console.stop();
    source.close();
  }
  const sorted = [...took].sort((a, b) => a - b);
  const percentile = (share: number) => milliseconds(sorted[Math.ceil(sorted.length * share) - 1] ?? Number.NaN);
  return {
    title: `Keys while ${RATE} lines a second come in`,
    head: ['what', 'p50', 'p95', 'p99'],
    rows: [['from key to its answer on the terminal', percentile(0.5), percentile(0.95), percentile(0.99)]],
    note: `${KEYS} keys, each of which lays out all rows anew, on 120 x 40. Aim: p95 under 40 ms.`,
  };
}

async function memory(): Promise<Table> {
  const source = await logSource(HELD + 20_000, 0, 100);
  const reports = new UsageReports();
  const console = await opened(source.url, { ...source.env, ...reports.env });
  try {
    await console.sees('oldest let go');
    await delay(2_000);
    const full = await reports.ask(console);
    for (let frame = 0; frame < FRAMES; frame += 1) await console.answers('t', TIMES[frame % TIMES.length] as RegExp);
    const after = await reports.ask(console);
    return {
      title: `Memory with ${HELD} lines held`,
      head: ['what', 'figure'],
      rows: [
        ['memory (RSS)', size(full.memory.rss)],
        ['heap in use', size(full.memory.heapUsed)],
        [`heap growth over ${FRAMES} frames`, size(Math.max(0, after.memory.heapUsed - full.memory.heapUsed))],
      ],
      note: 'Heap after a collection. Aims: under 250 MB, growth under 2 MB.',
    };
  } finally {
    await console.stop();
    reports.close();
    source.close();
  }
}

async function scans(): Promise<Table> {
  const buffer = new LogBuffer({ maxBytes: Number.POSITIVE_INFINITY });
  const events = Array.from({ length: HELD }, (_, line) => ({
    timestamp: line,
    ingestionTime: line,
    group: '/bench',
    stream: `stream-${line % 7}`,
    eventId: String(line).padStart(56, '0'),
    message: `[2026-11-22 11:04:31] INFO     {metadata.Ingestion:workflow:74} - Processed table ${line} of schema public`,
  }));
  for (let from = 0; from < HELD; from += 10_000) buffer.add(events.slice(from, from + 10_000));
  await buffer.settled();
  const rows: string[][] = [];
  for (const [what, start] of [
    ['filter: table 1234', () => buffer.setFilter(lineMatcher('table 1234'))],
    ['filter: !table 1', () => buffer.setFilter(lineMatcher('!table 1'))],
    ['filter: /table \\d*7 of/', () => buffer.setFilter(lineMatcher('/table \\d*7 of/'))],
    ['all lines again', () => buffer.setFilter(undefined)],
    ['search: processed', () => buffer.setSearch(lineMatcher('processed'))],
  ] as const) {
    rows.push([what, ...(await scanned(buffer, start))]);
  }
  return {
    title: `Filter and search over ${HELD} lines`,
    head: ['what', 'whole', 'longest that anything else waits'],
    rows,
    note: 'It runs in slices of 5 ms between other work; what is found is shown meanwhile.',
  };
}

async function scanned(buffer: LogBuffer, start: () => void): Promise<[string, string]> {
  const times: number[] = [];
  let longest = 0;
  for (let round = 0; round < 5; round += 1) {
    const began = performance.now();
    start();
    let turned = performance.now();
    let done = false;
    void buffer.settled().then(() => {
      done = true;
    });
    while (!done) {
      await new Promise((resolve) => setImmediate(resolve));
      longest = Math.max(longest, performance.now() - turned);
      turned = performance.now();
    }
    times.push(performance.now() - began);
  }
  return [milliseconds(median(times)), milliseconds(longest)];
}
