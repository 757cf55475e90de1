import { setTimeout as delay } from 'node:timers/promises';
import { demoRegion } from '../support/demo-region.ts';
import { PROGRAM, Started } from './product.ts';
import { size, type Table } from './table.ts';
import { UsageReports } from './usage.ts';

/** How fast the region's time runs: a minute of it a second. */
const SPEED = 60;
/** Minutes of use after which memory is looked at. */
const LOOKS = [5, 20, 40, 60];
/** Between two keys, ms: a busy hand. */
const PAUSE = 40;
/** Escape in the form that needs no waiting. */
const ESC = '\x1b[27u';
/** A round through the console's screens; each part comes back to the dashboard. */
const ROUND = [
  ['j', 'j', 'k', '\t', 'j', '\t'],
  // An environment, its tabs, its ingestions' history.
  ['g', '\r', '2', 'j', 'h', ESC, '3', 'j', '4', '5', '6', 'd', ESC],
  // Its log groups followed, searched and paused.
  ['g', 'l', 'j', '\r', '/', 'error', '\r', 'n', ' ', ' ', 'f'],
  // A cluster's tasks, and one of them.
  ['\t', 'g', '\r', 'j', '\r', 'J', ESC],
  // Help, errors and calls.
  ['?', 'G', ESC, '!', ESC, '@', 'G'],
] as const;
const BACK = [ESC, ESC, ESC, ESC, ESC];

/** What the console holds after an hour of use. */
export default async function* hour(): AsyncGenerator<Table, void, void> {
  const region = await demoRegion(PROGRAM, SPEED);
  const reports = new UsageReports();
  const console = new Started(['--expose-gc', PROGRAM], { ...region.env, ...reports.env });
  try {
    await console.sees('data-prod');
    const rows: string[][] = [];
    let keys = 0;
    const began = performance.now();
    for (const minutes of LOOKS) {
      while (performance.now() - began < (minutes * 60_000) / SPEED) {
        for (const part of ROUND) {
          for (const key of [...part, ...BACK]) {
            console.types(key);
            keys += 1;
            await delay(PAUSE);
          }
        }
      }
      const { memory } = await reports.ask(console);
      rows.push([`${minutes} minutes`, String(keys), size(memory.rss), size(memory.heapUsed)]);
    }
    yield {
      title: 'An hour of use',
      head: ['after', 'keys', 'memory (RSS)', 'heap in use'],
      rows,
      note: `On an embedded region whose time runs ${SPEED} times as fast: dashboard, environment, logs, cluster, lists. Heap after a collection.`,
    };
  } finally {
    await console.stop();
    reports.close();
    await region.close();
  }
}
