const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** How far ahead a time is looked for: past every leap year's 29 February. */
const HORIZON = 9 * 366 * 24 * 60 * MINUTE;

const NAMES: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['', 'jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'],
  ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'],
];
const RANGES: readonly (readonly [least: number, most: number])[] = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
];

/** A day that a field tells by its place in the month. */
type PlacedDay = (date: Date) => boolean;

/** A cron expression of five fields, in UTC as MWAA's schedulers run. */
export class Cron {
  readonly #fields: readonly ReadonlySet<number>[];
  readonly #placed: readonly PlacedDay[][];
  readonly #anyDay: boolean;
  readonly #anyWeekday: boolean;

  /** Throws `RangeError` for what is no cron expression. */
  constructor(expression: string) {
    const fields = expression.trim().toLowerCase().split(/\s+/);
    if (fields.length !== 5) throw new RangeError(`not five fields: ${expression}`);
    const parts = fields.map((text) => text.split(','));
    this.#placed = parts.map((texts, index) => texts.flatMap((text) => placedDay(text, index) ?? []));
    this.#fields = parts.map((texts, index) =>
      readField(
        texts.filter((text) => !placedDay(text, index)),
        index,
      ),
    );
    this.#anyDay = fields[2] === '*' || fields[2] === '?';
    this.#anyWeekday = fields[4] === '*' || fields[4] === '?';
  }

  /** The first time after `at`, ms since the epoch; Infinity where there is none. */
  next(at: number): number {
    let time = Math.floor(at / MINUTE) * MINUTE + MINUTE;
    const end = time + HORIZON;
    while (time < end) {
      const date = new Date(time);
      if (!this.#day(date)) time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() + 1);
      else if (!this.#has(1, date.getUTCHours())) time = Math.floor(time / (60 * MINUTE) + 1) * 60 * MINUTE;
      else if (!this.#has(0, date.getUTCMinutes())) time += MINUTE;
      else return time;
    }
    return Number.POSITIVE_INFINITY;
  }

  /** The last time not after `at`; -Infinity where there is none. */
  previous(at: number): number {
    let time = Math.floor(at / MINUTE) * MINUTE;
    const end = time - HORIZON;
    while (time > end) {
      const date = new Date(time);
      if (!this.#day(date)) {
        time = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - MINUTE;
      } else if (!this.#has(1, date.getUTCHours())) time = Math.floor(time / (60 * MINUTE)) * 60 * MINUTE - MINUTE;
      else if (!this.#has(0, date.getUTCMinutes())) time -= MINUTE;
      else return time;
    }
    return Number.NEGATIVE_INFINITY;
  }

  #isPlaced(field: number, date: Date): boolean {
    return this.#placed[field]?.some((isDay) => isDay(date)) === true;
  }

  #has(field: number, value: number): boolean {
    return this.#fields[field]?.has(value) === true;
  }

  /** Day of month and day of week: either of them where both are restricted, as cron has it. */
  #day(date: Date): boolean {
    if (!this.#has(3, date.getUTCMonth() + 1)) return false;
    const day = this.#has(2, date.getUTCDate()) || this.#isPlaced(2, date);
    const weekday = this.#has(4, date.getUTCDay()) || this.#isPlaced(4, date);
    if (this.#anyDay || this.#anyWeekday) return day && weekday;
    return day || weekday;
  }
}

/** `l` among the days of a month is its last; `5#2` among weekdays its second Friday, `l5` its last. */
function placedDay(text: string, index: number): PlacedDay | undefined {
  if (index === 2 && text === 'l') return (date) => new Date(date.getTime() + DAY).getUTCDate() === 1;
  const match = index === 4 ? /^(?:([a-z0-9]+)#([1-5])|l([0-7]))$/.exec(text) : null;
  if (match === null) return undefined;
  const [, named, nth, last] = match;
  const weekday = numberOf(named ?? last ?? '', index) % 7;
  if (Number.isNaN(weekday)) throw new RangeError(`not a weekday: ${text}`);
  return (date) => {
    if (date.getUTCDay() !== weekday) return false;
    if (nth !== undefined) return Math.ceil(date.getUTCDate() / 7) === Number(nth);
    return new Date(date.getTime() + 7 * DAY).getUTCMonth() !== date.getUTCMonth();
  };
}

function readField(parts: readonly string[], index: number): ReadonlySet<number> {
  const [least, most] = RANGES[index] ?? [0, 0];
  const values = new Set<number>();
  for (const part of parts) {
    const match = /^(\*|\?|[a-z0-9]+)(?:-([a-z0-9]+))?(?:\/(\d+))?$/.exec(part);
    if (match === null) throw new RangeError(`not a cron field: ${part}`);
    const [, first = '*', last, stepText] = match;
    const step = Number(stepText ?? 1);
    const any = first === '*' || first === '?';
    const from = any ? least : numberOf(first, index);
    const to = any ? most : last !== undefined ? numberOf(last, index) : stepText === undefined ? from : most;
    if (!(step >= 1 && from >= least && to <= most && from <= to)) throw new RangeError(`not a cron field: ${part}`);
    for (let value = from; value <= to; value += step) values.add(index === 4 ? value % 7 : value);
  }
  return values;
}

function numberOf(text: string, index: number): number {
  const named = NAMES[index]?.indexOf(text) ?? -1;
  return named >= 0 ? named : /^\d+$/.test(text) ? Number(text) : Number.NaN;
}
