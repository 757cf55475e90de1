import type { Expression } from './syntax.ts';
import { PythonError } from './tokens.ts';
import { Callable, Dictionary, Instance, Reference, UNKNOWN, Unknown, type Value } from './values.ts';

/** Names and what they stand for. */
export class Scope {
  readonly #names = new Map<string, Value>();
  readonly #outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.#outer = outer;
  }

  get(name: string): Value | undefined {
    return this.#names.get(name) ?? this.#outer?.get(name);
  }

  set(name: string, value: Value): void {
    this.#names.set(name, value);
  }
}

/** What the evaluator leaves to whoever knows Airflow: making instances, calling the file's functions, `a >> b`. */
export interface Meaning {
  call(callee: Reference | Callable, positional: readonly Value[], keywords: Map<string, Value>, line: number): Value;
  combine(operator: string, left: Value, right: Value): Value | undefined;
}

const BUILT_IN = new Set(
  'str int float bool dict list tuple set frozenset len range print open isinstance getattr sorted min max sum any all zip enumerate map filter repr type object super Exception ValueError RuntimeError KeyError __name__ __file__ property staticmethod classmethod abs round iter next hasattr setattr vars id input format'.split(
    ' ',
  ),
);

/** Evaluates an expression of a module; throws `PythonError` for a name that is not defined. */
export function evaluate(expression: Expression, scope: Scope, meaning: Meaning): Value {
  const value = (part: Expression): Value => evaluate(part, scope, meaning);
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'fstring': {
      const parts = expression.parts.map((part) => (typeof part === 'string' ? part : value(part)));
      return parts.every(isScalar) ? parts.map(text).join('') : UNKNOWN;
    }
    case 'name': {
      const found = scope.get(expression.name);
      if (found !== undefined) return found;
      if (BUILT_IN.has(expression.name) || expression.name.startsWith('__')) return new Reference(expression.name);
      throw new PythonError('NameError', `name '${expression.name}' is not defined`, expression.line);
    }
    case 'attribute': {
      const object = value(expression.object);
      if (object instanceof Reference) return new Reference(`${object.name}.${expression.name}`);
      return object instanceof Instance ? new Unknown() : UNKNOWN;
    }
    case 'subscript':
      return member(value(expression.object), value(expression.index));
    case 'list':
      return expression.items.map(value);
    case 'dict':
      return dictionary(expression.entries.map(([key, entry]) => [key && value(key), value(entry)]));
    case 'negative': {
      const operand = value(expression.operand);
      return typeof operand === 'number' ? -operand : UNKNOWN;
    }
    case 'not': {
      const operand = value(expression.operand);
      return operand instanceof Unknown ? UNKNOWN : !truthy(operand);
    }
    case 'conditional': {
      const test = value(expression.test);
      if (test instanceof Unknown) return UNKNOWN;
      return value(truthy(test) ? expression.yes : expression.no);
    }
    case 'binary':
      return binary(expression.operator, value(expression.left), value(expression.right), meaning);
    case 'call':
      return call(expression, scope, meaning);
    case 'opaque':
      return UNKNOWN;
  }
}

function isScalar(value: Value): boolean {
  return value === null || typeof value !== 'object';
}

function text(value: Value): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  return String(value);
}

/** Python's truth of a value. */
export function truthy(value: Value): boolean {
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Dictionary) return value.entries.size > 0;
  return Boolean(value);
}

function member(object: Value, index: Value): Value {
  if (object instanceof Dictionary && isScalar(index)) return object.entries.get(text(index)) ?? UNKNOWN;
  if (Array.isArray(object) && typeof index === 'number') return object.at(index) ?? UNKNOWN;
  return UNKNOWN;
}

function dictionary(entries: readonly (readonly [Value | undefined, Value])[]): Value {
  const result = new Dictionary();
  for (const [key, entry] of entries) {
    if (key === undefined) {
      if (!(entry instanceof Dictionary)) return UNKNOWN;
      for (const [name, each] of entry.entries) result.entries.set(name, each);
    } else if (isScalar(key)) result.entries.set(text(key), entry);
  }
  return result;
}

function binary(operator: string, left: Value, right: Value, meaning: Meaning): Value {
  const combined = meaning.combine(operator, left, right);
  if (combined !== undefined) return combined;
  if (left instanceof Unknown || right instanceof Unknown) return UNKNOWN;
  if (operator === 'and') return truthy(left) ? right : left;
  if (operator === 'or') return truthy(left) ? left : right;
  if (operator === '==' || operator === 'is') return isScalar(left) && isScalar(right) ? left === right : UNKNOWN;
  if (operator === '!=') return isScalar(left) && isScalar(right) ? left !== right : UNKNOWN;
  if (operator === 'in') return contains(right, left);
  if (operator === '+' && Array.isArray(left) && Array.isArray(right)) return [...left, ...right];
  if (operator === '|' && left instanceof Dictionary && right instanceof Dictionary) {
    return new Dictionary([...left.entries, ...right.entries]);
  }
  if (operator === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
  if (operator === '%' && typeof left === 'string') return percent(left, Array.isArray(right) ? right : [right]);
  if (typeof left === 'number' && typeof right === 'number') return arithmetic(operator, left, right);
  return UNKNOWN;
}

function contains(container: Value, item: Value): Value {
  if (typeof container === 'string' && typeof item === 'string') return container.includes(item);
  if (Array.isArray(container)) return container.includes(item);
  return container instanceof Dictionary && isScalar(item) ? container.entries.has(text(item)) : UNKNOWN;
}

function percent(format: string, values: readonly Value[]): Value {
  let index = 0;
  if (!values.every(isScalar)) return UNKNOWN;
  return format.replace(/%[sd]/g, () => text(values[index++] ?? null));
}

function arithmetic(operator: string, left: number, right: number): Value {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '//':
      return Math.floor(left / right);
    case '%':
      return left % right;
    case '**':
      return left ** right;
    case '<':
      return left < right;
    case '>':
      return left > right;
    case '<=':
      return left <= right;
    case '>=':
      return left >= right;
    default:
      return UNKNOWN;
  }
}

function call(expression: Expression & { kind: 'call' }, scope: Scope, meaning: Meaning): Value {
  const value = (part: Expression): Value => evaluate(part, scope, meaning);
  const { callee } = expression;
  if (callee.kind === 'attribute') {
    const object = value(callee.object);
    const result = method(object, callee.name, expression.positional.map(value));
    if (result !== undefined) return result;
  }
  const target = value(callee);
  const positional = expression.positional.map(value);
  const keywords = new Map<string, Value>();
  for (const keyword of expression.keywords) {
    const given = value(keyword.value);
    if (keyword.name !== '**') keywords.set(keyword.name, given);
    else if (given instanceof Dictionary) for (const [name, each] of given.entries) keywords.set(name, each);
  }
  if (target instanceof Reference) {
    const built = builtIn(target.name, positional, keywords);
    if (built !== undefined) return built;
  }
  if (target instanceof Reference || target instanceof Callable) {
    return meaning.call(target, positional, keywords, expression.line);
  }
  return UNKNOWN;
}

/** Methods of strings, lists and dictionaries that constants are made with. */
function method(object: Value, name: string, positional: readonly Value[]): Value | undefined {
  const [first] = positional;
  if (typeof object === 'string') {
    switch (name) {
      case 'strip':
        return object.trim();
      case 'lower':
        return object.toLowerCase();
      case 'upper':
        return object.toUpperCase();
      case 'split':
        return typeof first === 'string' ? object.split(first) : object.trim().split(/\s+/);
      case 'replace':
        return typeof first === 'string' && typeof positional[1] === 'string'
          ? object.replaceAll(first, positional[1])
          : UNKNOWN;
      case 'join':
        return Array.isArray(first) && first.every(isScalar) ? first.map(text).join(object) : UNKNOWN;
      case 'format': {
        let index = 0;
        return positional.every(isScalar)
          ? object.replace(/\{(\d*)\}/g, (_, at: string) => text(positional[at === '' ? index++ : Number(at)] ?? null))
          : UNKNOWN;
      }
      default:
        return UNKNOWN;
    }
  }
  if (object instanceof Dictionary) {
    if (name === 'get')
      return isScalar(first ?? null) ? (object.entries.get(text(first ?? null)) ?? positional[1] ?? null) : UNKNOWN;
    if (name === 'items') return [...object.entries].map(([key, each]) => [key, each]);
    if (name === 'keys') return [...object.entries.keys()];
    if (name === 'values') return [...object.entries.values()];
    return UNKNOWN;
  }
  return undefined;
}

function builtIn(name: string, positional: readonly Value[], keywords: ReadonlyMap<string, Value>): Value | undefined {
  const [first] = positional;
  switch (name) {
    case 'str':
      return first !== undefined && isScalar(first) ? text(first) : UNKNOWN;
    case 'int':
      return typeof first === 'string' || typeof first === 'number' ? Math.trunc(Number(first)) : UNKNOWN;
    case 'len':
      return typeof first === 'string' || Array.isArray(first) ? first.length : UNKNOWN;
    case 'dict':
      return new Dictionary([...(first instanceof Dictionary ? first.entries : []), ...keywords]);
    case 'list':
    case 'tuple':
    case 'set':
    case 'sorted':
      return Array.isArray(first) ? first : first === undefined ? [] : UNKNOWN;
    case 'enumerate':
      return Array.isArray(first) ? first.map((each, index) => [index, each]) : UNKNOWN;
    case 'range': {
      const [from, to] = positional.length > 1 ? positional : [0, first];
      if (typeof from !== 'number' || typeof to !== 'number' || to - from > 1000) return UNKNOWN;
      return Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
    }
    case 'json.loads':
      return typeof first === 'string' ? fromJson(first) : UNKNOWN;
    case 'textwrap.dedent':
      return typeof first === 'string' ? dedented(first) : UNKNOWN;
    case 'os.environ.get':
    case 'os.getenv':
      return positional[1] ?? UNKNOWN;
    default:
      return undefined;
  }
}

function fromJson(source: string): Value {
  try {
    return fromPlain(JSON.parse(source));
  } catch (error) {
    if (error instanceof SyntaxError) {
      throw new PythonError('json.decoder.JSONDecodeError', 'Expecting value: line 1 column 1 (char 0)', 0);
    }
    throw error;
  }
}

function fromPlain(value: unknown): Value {
  if (Array.isArray(value)) return value.map(fromPlain);
  if (typeof value === 'object' && value !== null) {
    return new Dictionary(Object.entries(value).map(([key, each]) => [key, fromPlain(each)]));
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}

function dedented(source: string): string {
  const lines = source.split('\n');
  const margins = lines.filter((line) => line.trim() !== '').map((line) => /^\s*/.exec(line)?.[0].length ?? 0);
  const margin = margins.length === 0 ? 0 : Math.min(...margins);
  return lines.map((line) => line.slice(margin)).join('\n');
}
