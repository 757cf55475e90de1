import type { ConditionContext } from '../service.ts';
import type { Condition } from './document.ts';

/** Whether `*` (any run) and `?` (one character) of a pattern cover a text; linear in practice, no backtracking regex. */
export function glob(pattern: string, text: string): boolean {
  let at = 0;
  let position = 0;
  let star = -1;
  let resume = 0;
  while (position < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at++;
      resume = position;
    } else if (wanted !== undefined && (wanted === '?' || wanted === text[position])) {
      at++;
      position++;
    } else if (star >= 0) {
      at = star + 1;
      position = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[at] === '*') at++;
  return at === pattern.length;
}

/** ARN patterns match part by part: a `*` does not reach over a colon before the resource. */
export function arnLike(pattern: string, arn: string): boolean {
  const wanted = parts(pattern);
  const given = parts(arn);
  return wanted.length === given.length && wanted.every((part, index) => glob(part, given[index] ?? ''));
}

function parts(arn: string): string[] {
  const all = arn.split(':');
  return all.length <= 6 ? all : [...all.slice(0, 5), all.slice(5).join(':')];
}

/** Replaces policy variables such as `${aws:PrincipalAccount}`; undefined when one has no value. */
export function substitute(text: string, context: ReadonlyMap<string, readonly string[]>): string | undefined {
  let missing = false;
  const replaced = text.replace(/\$\{([^}]*)\}/g, (_, name: string) => {
    if (name === '*' || name === '?' || name === '$') return name;
    const [key = '', fallback] = name.split(',').map((part) => part.trim());
    const value = context.get(key.toLowerCase())?.[0] ?? fallback?.replace(/^'|'$/g, '');
    if (value === undefined) missing = true;
    return value ?? '';
  });
  return missing ? undefined : replaced;
}

/** A context with its keys in small letters, as condition keys are compared. */
export function contextOf(context: ConditionContext): Map<string, readonly string[]> {
  return new Map(
    Object.entries(context).map(([key, value]) => [key.toLowerCase(), typeof value === 'string' ? [value] : value]),
  );
}

type Compare = (given: string, wanted: string) => boolean;

const numeric =
  (test: (given: number, wanted: number) => boolean): Compare =>
  (given, wanted) =>
    test(Number(given), Number(wanted));
const moment = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));
const dated =
  (test: (given: number, wanted: number) => boolean): Compare =>
  (given, wanted) =>
    test(moment(given), moment(wanted));

/** Comparisons of the positive operators; the negated ones are these, negated. */
const COMPARE: Readonly<Record<string, Compare>> = {
  stringequals: (given, wanted) => given === wanted,
  stringequalsignorecase: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  stringlike: (given, wanted) => glob(wanted, given),
  numericequals: numeric((given, wanted) => given === wanted),
  numericlessthan: numeric((given, wanted) => given < wanted),
  numericlessthanequals: numeric((given, wanted) => given <= wanted),
  numericgreaterthan: numeric((given, wanted) => given > wanted),
  numericgreaterthanequals: numeric((given, wanted) => given >= wanted),
  dateequals: dated((given, wanted) => given === wanted),
  datelessthan: dated((given, wanted) => given < wanted),
  datelessthanequals: dated((given, wanted) => given <= wanted),
  dategreaterthan: dated((given, wanted) => given > wanted),
  dategreaterthanequals: dated((given, wanted) => given >= wanted),
  bool: (given, wanted) => given.toLowerCase() === wanted.toLowerCase(),
  binaryequals: (given, wanted) => given === wanted,
  ipaddress: (given, wanted) => inNetwork(given, wanted),
  arnequals: (given, wanted) => arnLike(wanted, given),
  arnlike: (given, wanted) => arnLike(wanted, given),
};

/**
 * Whether one condition holds (IAM user guide, "IAM JSON policy elements: Condition"). Several values are
 * alternatives, but none may match for a negated operator; a missing key fails, save for negated operators,
 * `IfExists`, `ForAllValues` and `Null`.
 */
export function holds(condition: Condition, context: ReadonlyMap<string, readonly string[]>): boolean {
  const given = context.get(condition.key);
  if (condition.operator === 'null') {
    const absent = given === undefined || given.length === 0;
    return condition.values.some((value) => (value.toLowerCase() === 'true') === absent);
  }
  const negated = condition.operator.includes('not');
  const compare = COMPARE[condition.operator.replace('not', '')];
  if (compare === undefined) return false;
  if (given === undefined || given.length === 0) {
    return negated ? condition.set !== 'ForAnyValue' : condition.ifExists || condition.set === 'ForAllValues';
  }
  const wanted = condition.values.flatMap((value) => substitute(value, context) ?? []);
  const one = (value: string): boolean => wanted.some((candidate) => compare(value, candidate)) !== negated;
  if (condition.set === 'ForAllValues') return given.every(one);
  // Without a set operator a key of several values is compared as if by ForAnyValue.
  return negated && condition.set === undefined ? given.every(one) : given.some(one);
}

function inNetwork(address: string, network: string): boolean {
  const [base = '', bits = '32'] = network.split('/');
  const number = (text: string): number | undefined => {
    const octets = text.split('.').map(Number);
    if (octets.length !== 4 || octets.some((octet) => !(octet >= 0 && octet <= 255))) return undefined;
    return octets.reduce((sum, octet) => sum * 256 + octet, 0);
  };
  const left = number(address);
  const right = number(base);
  if (left === undefined || right === undefined) return address === base;
  const size = 2 ** (32 - Number(bits));
  return Math.floor(left / size) === Math.floor(right / size);
}
