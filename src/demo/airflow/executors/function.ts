import { evaluate, type Meaning, Scope } from '../python/evaluate.ts';
import { checkImport } from '../python/modules.ts';
import type { Statement } from '../python/syntax.ts';
import { PythonError } from '../python/tokens.ts';
import { plain, Reference, UNKNOWN, type Value } from '../python/values.ts';
import { TaskError } from '../task-error.ts';
import { ORIGINS } from '../task-log.ts';
import type { TaskContext } from './execute.ts';

/** How long such a task takes once its worker has it, in ms. */
const DURATION = 2_500;

/** Whether a task's own Python function pushes XComs by itself: such a one is followed, statement by statement. */
export function isFunction({ instance }: TaskContext): boolean {
  const { operator, callable } = instance.definition;
  return /Python/.test(operator) && !/Virtualenv|External/.test(operator) && (callable?.body ?? []).some(pushes);
}

function pushes(statement: Statement): boolean {
  if (statement.kind !== 'expression' || statement.value.kind !== 'call') return false;
  const { callee } = statement.value;
  return callee.kind === 'attribute' && callee.name === 'xcom_push';
}

/** Runs the function in the worker's Python: imports, versions of what is installed, XComs; an exception is the task's. */
export function executeFunction(context: TaskContext): () => void {
  const { host, dag, instance, log, finish } = context;
  return host.region.clock.after(DURATION, () => {
    const { callable } = instance.definition;
    try {
      follow(context, callable?.body ?? []);
      log.write('info', ORIGINS.python, 'Done. Returned value was: None');
      finish(undefined);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      const source = dag.source.split('\n')[error.line - 1]?.trim() ?? '';
      const filename = `/usr/local/airflow/dags/${dag.file}`;
      finish(
        new TaskError(error.type, error.message, [
          { filename, lineno: error.line, name: callable?.name ?? '', source },
        ]),
      );
    }
  });
}

function follow({ host, dag, instance }: TaskContext, body: readonly Statement[]): void {
  const scope = new Scope();
  for (const [name, value] of dag.constants) scope.set(name, value);
  scope.set('ti', new Reference('ti'));
  const environment = {
    airflowVersion: host.airflowVersion,
    installed: new Set(host.versions.keys()),
    local: host.pluginModules,
  };
  const meaning: Meaning = {
    combine: () => undefined,
    call: (callee, positional, keywords, line): Value => {
      if (!(callee instanceof Reference)) return UNKNOWN;
      if (callee.name === 'ti.xcom_push') {
        const key = keywords.get('key') ?? positional[0];
        const value = plain(keywords.get('value') ?? positional[1]);
        if (typeof key === 'string') instance.xcoms.set(key, { value, at: host.region.clock.now() });
        return null;
      }
      if (callee.name === 'importlib.metadata.version') {
        const [name] = positional;
        const version = typeof name === 'string' ? host.versions.get(name) : undefined;
        if (version !== undefined) return version;
        throw new PythonError('importlib.metadata.PackageNotFoundError', String(plain(name)), line);
      }
      return UNKNOWN;
    },
  };
  for (const statement of body) {
    if (statement.kind === 'import') {
      const { module, names, line, as } = statement;
      checkImport(
        environment,
        module,
        names?.map(({ name }) => name),
        line,
      );
      if (names === undefined) scope.set(as ?? module, new Reference(module));
      for (const { name, as: local } of names ?? []) scope.set(local, new Reference(`${module}.${name}`));
    } else if (statement.kind === 'assign') {
      const value = evaluate(statement.value, scope, meaning);
      for (const target of statement.targets) if (target.kind === 'name') scope.set(target.name, value);
    } else if (statement.kind === 'expression') evaluate(statement.value, scope, meaning);
  }
}
