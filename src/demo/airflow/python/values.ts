import type { Expression, Statement } from './syntax.ts';

/** Anything a DAG file's expressions can come to, as far as it matters here. */
export type Value = string | number | boolean | null | readonly Value[] | PythonObject;

/** Values that are no JSON scalar or list. */
export type PythonObject = Dictionary | Reference | Instance | Callable | Unknown;

export class Dictionary {
  readonly entries: Map<string, Value>;

  constructor(entries: Iterable<readonly [string, Value]> = []) {
    this.entries = new Map(entries);
  }
}

/** Something imported or built in, by its dotted name, such as `airflow.models.dag.DAG`. */
export class Reference {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** The last part of the dotted name. */
  get last(): string {
    return this.name.slice(this.name.lastIndexOf('.') + 1);
  }
}

/** The result of calling something that was imported: a class's instance, with the arguments it was made of. */
export class Instance {
  readonly of: string;
  readonly positional: readonly Value[];
  readonly keywords: ReadonlyMap<string, Value>;
  /** What a DAG or a task becomes; set by whoever collects them. */
  readonly subject: object | undefined;

  constructor(of: string, positional: readonly Value[], keywords: ReadonlyMap<string, Value>, subject?: object) {
    this.of = of;
    this.positional = positional;
    this.keywords = keywords;
    this.subject = subject;
  }
}

/** A function that the file defines. */
export class Callable {
  readonly name: string;
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
  readonly line: number;

  constructor(name: string, decorators: readonly Expression[], body: readonly Statement[], line: number) {
    this.name = name;
    this.decorators = decorators;
    this.body = body;
    this.line = line;
  }
}

/** A value that only running the file would tell. */
export class Unknown {}

export const UNKNOWN = new Unknown();

/** Seconds of a `timedelta`, undefined for anything else. */
export function seconds(value: Value | undefined): number | undefined {
  if (!(value instanceof Instance) || !/(^|\.)(timedelta|duration)$/.test(value.of)) return undefined;
  const units: readonly (readonly [string, number])[] = [
    ['days', 86_400],
    ['seconds', 1],
    ['microseconds', 1e-6],
    ['milliseconds', 1e-3],
    ['minutes', 60],
    ['hours', 3600],
    ['weeks', 604_800],
  ];
  let total = 0;
  for (const [index, [name, size]] of units.entries()) {
    const amount = value.keywords.get(name) ?? value.positional[index];
    if (typeof amount === 'number') total += amount * size;
  }
  return total;
}

/** Ms since the epoch of a `datetime`, `pendulum.datetime` or ISO text, as UTC; undefined for anything else. */
export function moment(value: Value | undefined): number | undefined {
  if (typeof value === 'string') {
    const parsed = Date.parse(/[Zz]|[+-]\d\d:?\d\d$/.test(value) || !value.includes('T') ? value : `${value}Z`);
    return Number.isNaN(parsed) ? undefined : parsed;
  }
  if (!(value instanceof Instance) || !/(^|\.)(datetime|DateTime)$/.test(value.of)) return undefined;
  const part = (index: number, name: string, fallback: number): number => {
    const given = value.keywords.get(name) ?? value.positional[index];
    return typeof given === 'number' ? given : fallback;
  };
  return Date.UTC(
    part(0, 'year', 1970),
    part(1, 'month', 1) - 1,
    part(2, 'day', 1),
    part(3, 'hour', 0),
    part(4, 'minute', 0),
    part(5, 'second', 0),
  );
}

/** A value as JSON has it, unknown parts as `null`; what an operator's argument becomes in an AWS request. */
export function plain(value: Value | undefined): unknown {
  if (value === undefined || value === null) return null;
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Dictionary) {
    return Object.fromEntries([...value.entries].map(([key, member]) => [key, plain(member)]));
  }
  return typeof value === 'object' ? null : value;
}

/** Whether every part of a value is known. */
export function known(value: Value | undefined): boolean {
  if (Array.isArray(value)) return value.every(known);
  if (value instanceof Dictionary) return [...value.entries.values()].every(known);
  return !(value instanceof Unknown);
}

/** A value as Python's `repr` prints it, for error texts and task logs. */
export function repr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') {
    const text = value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\t', '\\t').replaceAll('\r', '\\r');
    return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replaceAll("'", "\\'")}'`;
  }
  if (Array.isArray(value)) return `[${value.map(repr).join(', ')}]`;
  if (value instanceof Dictionary) return repr(plain(value));
  if (value instanceof Reference) return `<class '${value.name}'>`;
  if (value instanceof Instance) return `<${value.of} object at 0x7f5a3c1d2e50>`;
  if (value instanceof Callable) return `<function ${value.name} at 0x7f5a3c0f6b60>`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, member]) => `${repr(key)}: ${repr(member)}`)
      .join(', ')}}`;
  }
  return String(value);
}
