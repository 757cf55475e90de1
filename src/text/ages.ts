import { Failure } from './failure.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const UNITS: Readonly<Record<string, number>> = { s: SECOND, m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };

/** A length of time in ms as `12s`, `3m12s`, `4h05m` or `3d`; below zero is `0s`. */
export function age(ms: number): string {
  if (!(ms > 0)) return '0s';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m${two(((ms % HOUR) % MINUTE) / SECOND)}s`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h${two((ms % HOUR) / MINUTE)}m`;
  return `${Math.floor(ms / DAY)}d`;
}

/** A length of time in ms by its largest unit alone: `12s`, `3m`, `4h`, `3d`. */
export function shortAge(ms: number): string {
  if (!(ms > 0)) return '0s';
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)}m`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)}h`;
  return `${Math.floor(ms / DAY)}d`;
}

/** Whose wall clock a time is shown by. */
export type Zone = 'utc' | 'local';

/** The time of day of `ms` (since the epoch): `11:04`, `11:04:31` or `11:04:31.120`; `-` for no valid time. */
export function clockTime(
  ms: number,
  zone: Zone = 'local',
  precision: 'minutes' | 'seconds' | 'milliseconds' = 'seconds',
): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '-';
  const utc = zone === 'utc';
  const minutes = `${two(utc ? date.getUTCHours() : date.getHours())}:${two(utc ? date.getUTCMinutes() : date.getMinutes())}`;
  if (precision === 'minutes') return minutes;
  const seconds = `${minutes}:${two(date.getUTCSeconds())}`;
  return precision === 'seconds' ? seconds : `${seconds}.${String(date.getUTCMilliseconds()).padStart(3, '0')}`;
}

/** Day and time of `ms` (since the epoch), `2026-11-22 11:04:31`; `-` for no valid time. */
export function dayTime(ms: number, zone: Zone = 'local'): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) return '-';
  const day =
    zone === 'utc'
      ? date.toISOString().slice(0, 10)
      : `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${clockTime(ms, zone)}`;
}

/** `ms` since the epoch as ISO 8601 in UTC; `-` for no valid time. */
export function isoTime(ms: number): string {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? '-' : date.toISOString();
}

/**
 * The moment (ms since the epoch) that a user means: a length of time before `now` (`90s`, `30m`, `1h30m`,
 * `2d`, `1w`), a time of day (`11:04`, `11:04:31`: the last one before `now`), or an ISO date or time. Without a zone
 * it is the time of `zone`. Throws a usage failure otherwise.
 */
export function parseSince(text: string, now: number, zone: Zone = 'local'): number {
  const wanted = text.trim();
  if (/^(?:\d+(?:\.\d+)?[smhdw])+$/i.test(wanted)) {
    let before = 0;
    for (const [, count, unit] of wanted.matchAll(/(\d+(?:\.\d+)?)([smhdw])/gi)) {
      before += Number(count) * (UNITS[(unit ?? '').toLowerCase()] ?? 0);
    }
    return Math.max(0, now - before);
  }
  const timeOfDay = /^(\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)(Z?)$/i.exec(wanted);
  if (timeOfDay !== null) {
    const today = lastTimeOfDay((timeOfDay[1] ?? '').padStart(5, '0'), now, timeOfDay[2] === '' ? zone : 'utc');
    if (today !== undefined) return today;
  }
  if (/^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(wanted)) {
    // A date alone would be UTC midnight by the language's rule, a date with a time local: make both local.
    const dated = wanted.length === 10 ? `${wanted}T00:00` : wanted.replace(' ', 'T');
    const parsed = Date.parse(zone === 'utc' && !/(?:Z|[+-]\d{2}:?\d{2})$/.test(dated) ? `${dated}Z` : dated);
    if (!Number.isNaN(parsed)) return parsed;
  }
  throw new Failure('usage', `Not a time: ${text}`, {
    advice: 'Give a length of time such as 30m, 1h or 2d, or a time such as 11:04 or 2026-11-22T11:00Z.',
  });
}

/** The last moment up to `now` at which the clock of the wall showed a time; undefined when it never shows it. */
function lastTimeOfDay(time: string, now: number, zone: Zone): number | undefined {
  for (const before of [0, DAY, 2 * DAY]) {
    const day = dayTime(now - before, zone).slice(0, 10);
    const moment = Date.parse(`${day}T${time}${zone === 'utc' ? 'Z' : ''}`);
    if (moment <= now) return moment;
  }
  return undefined;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}
