import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { demoRegion } from '../support/demo-region.ts';
import { PROGRAM, Started } from './product.ts';
import { size, type Table } from './table.ts';

/** How long the console is watched, ms. */
const WATCHED = 60_000;
const HOOK = new URL('usage.mjs', import.meta.url).href;

interface Usage {
  /** Microseconds. */
  readonly cpu: NodeJS.CpuUsage;
  readonly memory: NodeJS.MemoryUsage;
}

/** What the console costs while nobody touches it. */
export default async function* idle(): AsyncGenerator<Table, void, void> {
  const region = await demoRegion(PROGRAM);
  try {
    const rows = await Promise.all([
      watched('dashboard, on a region that runs', [], region.env),
      watched('dashboard, --demo (console and region)', ['--demo'], {}),
    ]);
    yield {
      title: `Idle: ${WATCHED / 1000} s on the dashboard`,
      head: ['what', 'CPU of one core', 'memory (RSS)', 'heap in use'],
      rows,
      note: 'CPU from the first rows on; memory at the end. Both run at once.',
    };
  } finally {
    await region.close();
  }
}

async function watched(what: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-usage-'));
  const told = join(folder, 'usage');
  const console = new Started([PROGRAM, ...args], { ...env, NODE_OPTIONS: `--import=${HOOK}`, USAGE: told });
  try {
    await console.sees('data-prod');
    const before = await usage(console, told, 1);
    await delay(WATCHED);
    const after = await usage(console, told, 2);
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
    return [what, `${(cpu / WATCHED / 10).toFixed(1)} %`, size(after.memory.rss), size(after.memory.heapUsed)];
  } finally {
    await console.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Asks the console for its `nth` report. */
async function usage(console: Started, told: string, nth: number): Promise<Usage> {
  console.signal('SIGUSR2');
  for (;;) {
    const lines = existing(told).split('\n');
    if (lines.length > nth) return JSON.parse(lines[nth - 1] ?? '') as Usage;
    await delay(10);
  }
}

function existing(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
