import { age, clockTime, shortAge } from '../text/ages.ts';
import type { Cell } from '../text/columns.ts';
import type { LastRun } from './last-run.ts';

/** A run older than this is told by its age, a younger one by its time of day. */
const TIME_OF_DAY = 20 * 60 * 60 * 1000;

/** `04:02` while it is a day's work, `3d ago` later. */
function moment(at: number, now: number): string {
  return now - at < TIME_OF_DAY ? clockTime(at, 'local', 'minutes') : `${shortAge(now - at)} ago`;
}

/** A run in a few words: `ok 04:02 in 12m31s`, `failed 11:02`, `running 4m12s`. */
export function runCell(run: LastRun, now: number): Cell {
  const { startedAt, endedAt } = run;
  const took = startedAt === undefined || endedAt === undefined ? '' : ` in ${age(endedAt - startedAt)}`;
  const at = endedAt ?? startedAt;
  switch (run.state) {
    case 'success':
      return { text: `ok${startedAt === undefined ? '' : ` ${moment(startedAt, now)}`}${took}`, tone: 'ok' };
    case 'failed':
      return { text: `failed${at === undefined ? '' : ` ${moment(at, now)}`}`, tone: 'error' };
    case 'stopped':
      return { text: `stopped${at === undefined ? '' : ` ${moment(at, now)}`}`, tone: 'warn' };
    case 'running':
      return { text: `running${startedAt === undefined ? '' : ` ${age(now - startedAt)}`}`, tone: 'running' };
    case 'queued':
      return { text: `queued${startedAt === undefined ? '' : ` ${age(now - startedAt)}`}`, tone: 'running' };
    case 'unknown':
      return { text: run.rawState || '?', tone: 'warn' };
  }
}
