import { NAMESPACES, namedUuid } from '../world/named-uuid.ts';
import type { TaskContext } from './executors/execute.ts';
import { ExpressionReader } from './python/expressions.ts';
import type { Expression } from './python/syntax.ts';
import { PythonError, tokenize } from './python/tokens.ts';

type Bag = { readonly [name: string]: unknown };

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
