import { createHash } from 'node:crypto';
import type { TaskContext } from './executors/execute.ts';
import { ExpressionReader } from './python/expressions.ts';
import type { Expression } from './python/syntax.ts';
import { PythonError, tokenize } from './python/tokens.ts';

type Bag = { readonly [name: string]: unknown };

/** Namespaces of RFC 9562, as Python's uuid module has them. */
const NAMESPACES: Readonly<Record<string, string>> = {
  NAMESPACE_DNS: '6ba7b810-9dad-11d1-80b4-00c04fd430c8',
  NAMESPACE_URL: '6ba7b811-9dad-11d1-80b4-00c04fd430c8',
  NAMESPACE_OID: '6ba7b812-9dad-11d1-80b4-00c04fd430c8',
  NAMESPACE_X500: '6ba7b814-9dad-11d1-80b4-00c04fd430c8',
};

/** Fills in an operator argument's Jinja templates, in every text it holds. */
export function render(value: unknown, context: TaskContext): unknown {
  if (typeof value === 'string') return value.includes('{{') ? renderText(value, variables(context)) : value;
  if (Array.isArray(value)) return value.map((each) => render(each, context));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, render(each, context)]));
}

function renderText(text: string, names: Bag): string {
  return text.replace(/\{\{([\s\S]*?)\}\}/g, (_, source: string) => {
    try {
      const value = resolve(new ExpressionReader(tokenize(source.replaceAll('~', '+').trim())).expression(), names);
      return value === undefined || value === null ? '' : String(value);
    } catch (error) {
      if (error instanceof PythonError) return '';
      throw error;
    }
  });
}

/** What templates may name: the run, its DAG, its task, and `macros`. */
function variables({ host, dag, run, instance }: TaskContext): Bag {
  const at = run.logicalDate ?? run.runAfter;
  const iso = new Date(at).toISOString();
  const ti = { try_number: instance.tryNumber, task_id: instance.taskId, dag_id: run.dagId, run_id: run.runId };
  return {
    run_id: run.runId,
    ds: iso.slice(0, 10),
    ds_nodash: iso.slice(0, 10).replaceAll('-', ''),
    ts: iso.replace('.000Z', '+00:00'),
    logical_date: iso.replace('.000Z', '+00:00'),
    dag: { dag_id: dag.definition.dagId },
    dag_run: { run_id: run.runId, dag_id: run.dagId, conf: run.conf, run_type: run.runType },
    params: run.conf,
    ti,
    task_instance: ti,
    task: { task_id: instance.taskId },
    macros: { uuid: { ...NAMESPACES, uuid5: namedUuid, uuid4: () => host.region.uuid() } },
  };
}

/** A UUID that stays the same for the same text. */
export function stableUuid(text: string): string {
  return namedUuid(NAMESPACES.NAMESPACE_URL, text);
}

/** UUID version 5: SHA-1 of a namespace and a name. */
function namedUuid(namespace: unknown, name: unknown): string {
  const bytes = Buffer.from(String(namespace).replaceAll('-', ''), 'hex');
  const digest = createHash('sha1').update(bytes).update(String(name)).digest().subarray(0, 16);
  digest[6] = ((digest[6] ?? 0) & 0x0f) | 0x50;
  digest[8] = ((digest[8] ?? 0) & 0x3f) | 0x80;
  const hex = digest.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

function resolve(expression: Expression, names: Bag): unknown {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'name':
      return own(names, expression.name);
    case 'attribute':
      return own(resolve(expression.object, names), expression.name);
    case 'subscript':
      return own(resolve(expression.object, names), String(resolve(expression.index, names)));
    case 'binary': {
      const left = resolve(expression.left, names);
      const right = resolve(expression.right, names);
      if (expression.operator === '+') return `${left ?? ''}${right ?? ''}`;
      return expression.operator === 'or' ? left || right : undefined;
    }
    case 'call': {
      const { callee } = expression;
      const values = expression.positional.map((each) => resolve(each, names));
      const target = resolve(callee, names);
      if (typeof target === 'function') return target(...values);
      if (callee.kind !== 'attribute') return undefined;
      const object = resolve(callee.object, names);
      if (callee.name === 'get') return own(object, String(values[0])) ?? values[1];
      return callee.name === 'replace' && typeof object === 'string'
        ? object.replaceAll(String(values[0]), String(values[1]))
        : undefined;
    }
    default:
      return undefined;
  }
}

function own(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null || !Object.hasOwn(object, name)) return undefined;
  return (object as Bag)[name];
}
