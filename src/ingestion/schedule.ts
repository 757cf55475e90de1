import { compareVersions } from '../reference/version.ts';

/** A field of a cron expression: its name, its numbers, the words it takes for them (the first stands for the least). */
interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly words?: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day of month', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, words: 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ') },
  { name: 'day of week', least: 0, most: 7, words: 'sun mon tue wed thu fri sat'.split(' ') },
];

const PRESET = /^@(once|hourly|daily|weekly|monthly|quarterly|yearly|continuous)$/;
/** The Airflow that `@continuous` came with (release notes of 2.6.0); the others are older than MWAA's oldest. */
const CONTINUOUS = '2.6.0';

/** `a`, `a-b`, `*`, each with a step: what a part of any field may be. */
const PART = /^(?:\*|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d+))?$/;
/** The last day of a month, and a weekday's nth or last in its month. */
const LAST_DAY = /^l$/;
const NTH_WEEKDAY = /^(?:([a-z0-9]+)#[1-5]|l([0-7]))$/;

/**
 * What is wrong with a DAG's schedule, in words; undefined for a preset that the Airflow knows, and for a cron expression
 * that every Airflow reads. Airflow hands cron to croniter, whose releases differ: ranges that go round (`fri-mon`) and
 * `?` are not for all of them (https://github.com/pallets-eco/croniter). A DAG with another one ends as an import error.
 */
export function scheduleFault(schedule: string, airflowVersion: string): string | undefined {
  if (schedule === '@continuous' && compareVersions(airflowVersion, CONTINUOUS) < 0) {
    return `Airflow ${airflowVersion} does not know it, ${CONTINUOUS} is the first that does`;
  }
  if (schedule.startsWith('@')) return PRESET.test(schedule) ? undefined : 'there is no such preset';
  const texts = schedule.toLowerCase().split(' ');
  if (texts.length !== FIELDS.length) return 'a cron expression has five fields';
  for (const [index, text] of texts.entries()) {
    const field = FIELDS[index] as Field;
    const fault = fieldFault(text, field);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function fieldFault(text: string, field: Field): string | undefined {
  const parts = text.split(',');
  const special = parts.filter((part) => isSpecial(part, field));
  if (field.name === 'day of week' && special.length > 0 && special.length < parts.length) {
    return `weekdays and their places in the month can't stand together in "${text}"`;
  }
  const wrong = parts.find((part) => !special.includes(part) && !isPart(part, field));
  return wrong === undefined ? undefined : `"${wrong}" is no ${field.name}`;
}

function isSpecial(part: string, field: Field): boolean {
  if (field.name === 'day of month') return LAST_DAY.test(part);
  if (field.name !== 'day of week') return false;
  const match = NTH_WEEKDAY.exec(part);
  return match !== null && numberOf(match[1] ?? match[2], field) !== undefined;
}

function isPart(part: string, field: Field): boolean {
  const match = PART.exec(part);
  if (match === null) return false;
  const [, first, last, step] = match;
  if (step !== undefined && Number(step) === 0) return false;
  const from = first === undefined ? field.least : numberOf(first, field);
  const to = last === undefined ? from : numberOf(last, field);
  return from !== undefined && to !== undefined && from <= to;
}

function numberOf(text: string | undefined, { least, most, words = [] }: Field): number | undefined {
  if (text === undefined) return undefined;
  const number = words.includes(text) ? words.indexOf(text) + least : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  return number >= least && number <= most ? number : undefined;
}
