import { age } from '../../text/ages.ts';
import { type CheckDefinition, restartsWorkers } from './check.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const WEEK = 7 * DAY;
const DAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];

/** A window within this time of an update's start meets the update: it takes 20 to 30 minutes, up to 2 hours. */
const NEAR_FOR_UPDATE = 120 * MINUTE;
/** How long a window lasts (maintenance-window). */
const WINDOW = 120 * MINUTE;
/** A DAG is picked up within minutes; more can't be in the way of it. */
const NEAR_FOR_DAG = 20 * MINUTE;

/**
 * When a weekly window (`DAY:HH:MM`, UTC) next begins after `now`, ms since the epoch; undefined for a text of
 * another form.
 */
export function nextWindow(window: string, now: number): number | undefined {
  const [, name = '', hours, minutes] = /^([A-Z]{3}):(\d\d):(\d\d)$/.exec(window) ?? [];
  const day = DAYS.indexOf(name);
  if (day === -1) return undefined;
  // The epoch was a Thursday.
  const weekStart = Math.floor((now + 4 * DAY) / WEEK) * WEEK - 4 * DAY;
  const start = weekStart + day * DAY + Number(hours) * 60 * MINUTE + Number(minutes) * MINUTE;
  return start > now ? start : start + WEEK;
}

/** MWAA's weekly maintenance, in which updates wait and workers are replaced. */
export const maintenanceWindow: CheckDefinition = {
  id: 'maintenance-window',
  source: 'https://docs.aws.amazon.com/mwaa/latest/userguide/maintenance-window.html',
  look: async (preflight) => {
    const { environment, surroundings } = preflight;
    const window = environment.maintenanceWindow;
    if (window === undefined) return undefined;
    const now = await surroundings.serverTime(environment.sourceBucket);
    const next = nextWindow(window, now);
    if (next === undefined) return undefined;
    const restarts = await restartsWorkers(preflight);
    const left = next - now;
    const since = WEEK - left;
    const isOpen = since < WINDOW;
    const evidence = isOpen
      ? `The weekly maintenance may begin at any moment: its window opened ${age(since)} ago (${window} UTC) and lasts two hours`
      : `The weekly maintenance begins in ${age(left)} (${window} UTC)`;
    if (!isOpen && left > (restarts ? NEAR_FOR_UPDATE : NEAR_FOR_DAG)) return { verdict: 'pass', evidence };
    return {
      verdict: 'warning',
      evidence,
      advice: restarts
        ? 'An update that meets it waits for its end, and a graceful one becomes a forced one: deploy afterwards.'
        : 'Airflow may be restarted meanwhile: the DAG is then picked up afterwards.',
    };
  },
};
