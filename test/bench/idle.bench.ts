import { setTimeout as delay } from 'node:timers/promises';
import { demoRegion } from '../support/demo-region.ts';
import { PROGRAM, Started } from './product.ts';
import { size, type Table } from './table.ts';
import { UsageReports } from './usage.ts';

/** How long the console is watched, ms. */
const WATCHED = 60_000;
/** What a terminal sends when the user goes to another window. */
const FOCUS_LOST = '\x1b[O';

/** What the console costs while nobody touches it. */
export default async function* idle(): AsyncGenerator<Table, void, void> {
  const region = await demoRegion(PROGRAM);
  try {
    const rows = await Promise.all([
      watched('dashboard, on a region that runs', [], region.env),
      watched('the same, away from the terminal', [], region.env, FOCUS_LOST),
      watched('dashboard, --demo (console and region)', ['--demo'], {}),
    ]);
    yield {
      title: `Idle: ${WATCHED / 1000} s on the dashboard`,
      head: ['what', 'CPU of one core', 'memory (RSS)', 'heap in use'],
      rows,
      note: 'CPU from the first rows on; memory at the end. All run at once.',
    };
  } finally {
    await region.close();
  }
}

async function watched(what: string, args: readonly string[], env: Readonly<Record<string, string>>, typed = '') {
  const reports = new UsageReports();
  const console = new Started([PROGRAM, ...args], { ...env, ...reports.env });
  try {
    await console.sees('data-prod');
    console.types(typed);
    const before = await reports.ask(console);
    await delay(WATCHED);
    const after = await reports.ask(console);
    const cpu = after.cpu.user + after.cpu.system - before.cpu.user - before.cpu.system;
    return [what, `${(cpu / WATCHED / 10).toFixed(1)} %`, size(after.memory.rss), size(after.memory.heapUsed)];
  } finally {
    await console.stop();
    reports.close();
  }
}
