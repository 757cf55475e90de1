import { atLeast } from '../versions.ts';
import type { DagDefinition, TaskDefinition } from './definition.ts';
import { checkEcsArguments, ECS_OPERATORS } from './ecs-arguments.ts';
import { evaluate, type Meaning, Scope, truthy } from './evaluate.ts';
import { checkImport, type PythonEnvironment } from './modules.ts';
import { readSchedule } from './schedule-argument.ts';
import { parseModule } from './statements.ts';
import type { Expression, Statement } from './syntax.ts';
import { PythonError } from './tokens.ts';
import { Callable, Dictionary, Instance, moment, Reference, seconds, UNKNOWN, Unknown, type Value } from './values.ts';

/** What a DAG file comes to: its DAGs, or the error that keeps Airflow from importing it. */
export interface DagFile {
  readonly dags: readonly DagDefinition[];
  readonly error: PythonError | undefined;
  /** Every string constant of the module, by name, for what an operator's own Python would read. */
  readonly constants: ReadonlyMap<string, Value>;
}

/** Reads a DAG file as the DAG processor of that environment would. Never throws for what the file holds. */
export function readDagFile(source: string, environment: PythonEnvironment): DagFile {
  const module = new Module(environment);
  try {
    module.run(parseModule(source));
    return { dags: module.dags, error: undefined, constants: module.constants };
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    return { dags: [], error, constants: module.constants };
  }
}

interface OpenDag {
  readonly definition: DagDefinition;
  readonly defaults: ReadonlyMap<string, Value>;
}

/** Arguments of DAG() that Airflow 3 no longer takes. */
const REMOVED_DAG_ARGUMENTS = [
  'schedule_interval',
  'timetable',
  'concurrency',
  'default_view',
  'orientation',
  'full_filepath',
  'sla_miss_callback',
];

/** How often a loop of a module is followed; dynamic DAGs above it are cut. */
const LOOP_LIMIT = 500;

class Module implements Meaning {
  readonly dags: DagDefinition[] = [];
  readonly #environment: PythonEnvironment;
  readonly #scope = new Scope();
  readonly #constants = new Map<string, Value>();
  readonly #open: OpenDag[] = [];
  readonly #groups: string[] = [];
  readonly #opened = new WeakMap<object, OpenDag>();

  constructor(environment: PythonEnvironment) {
    this.#environment = environment;
  }

  get constants(): ReadonlyMap<string, Value> {
    return this.#constants;
  }

  run(statements: readonly Statement[], scope: Scope = this.#scope): void {
    for (const statement of statements) this.#statement(statement, scope);
  }

  #value(expression: Expression, scope: Scope): Value {
    return evaluate(expression, scope, this);
  }

  #statement(statement: Statement, scope: Scope): void {
    try {
      this.#execute(statement, scope);
    } catch (error) {
      // Evaluating knows no lines of its own in places: the statement's stands in.
      if (!(error instanceof PythonError) || error.line > 0) throw error;
      throw new PythonError(error.type, error.message, statement.line);
    }
  }

  #execute(statement: Statement, scope: Scope): void {
    switch (statement.kind) {
      case 'import':
        this.#import(statement, scope);
        return;
      case 'assign': {
        const value = this.#value(statement.value, scope);
        for (const target of statement.targets) this.#assign(target, value, scope);
        return;
      }
      case 'expression':
        this.#value(statement.value, scope);
        return;
      case 'with':
        this.#with(statement, scope);
        return;
      case 'function':
        scope.set(statement.name, new Callable(statement.name, statement.decorators, statement.body, statement.line));
        return;
      case 'class':
        scope.set(statement.name, new Reference(statement.name));
        return;
      case 'if': {
        const test = this.#value(statement.test, scope);
        // `if __name__ == "__main__"` is not for Airflow; other unknown tests are taken as met.
        const main = test instanceof Unknown && isMainTest(statement.test);
        this.run(!main && (test instanceof Unknown || truthy(test)) ? statement.yes : statement.no, scope);
        return;
      }
      case 'for':
        this.#for(statement, scope);
        return;
      case 'try':
        this.#try(statement, scope);
        return;
      case 'raise': {
        const raised = this.#value(statement.value, scope);
        const type = raised instanceof Instance ? raised.of : raised instanceof Reference ? raised.name : 'Exception';
        const text = raised instanceof Instance ? raised.positional[0] : undefined;
        throw new PythonError(type, typeof text === 'string' ? text : '', statement.line);
      }
      case 'other':
    }
  }

  #assign(target: Expression, value: Value, scope: Scope): void {
    if (target.kind === 'name') {
      scope.set(target.name, value);
      if (scope === this.#scope) this.#constants.set(target.name, value);
    } else if (target.kind === 'list') {
      for (const [index, each] of target.items.entries()) {
        this.#assign(each, Array.isArray(value) ? (value[index] ?? UNKNOWN) : UNKNOWN, scope);
      }
    } else if (target.kind === 'subscript') {
      const object = this.#value(target.object, scope);
      const key = this.#value(target.index, scope);
      if (object instanceof Dictionary && typeof key === 'string') object.entries.set(key, value);
    }
  }

  #import(statement: Statement & { kind: 'import' }, scope: Scope): void {
    const { module, names, line } = statement;
    checkImport(
      this.#environment,
      module,
      names?.map(({ name }) => name),
      line,
    );
    if (names === undefined) {
      const [top = module] = module.split('.');
      scope.set(statement.as ?? top, new Reference(statement.as === undefined ? top : module));
    } else {
      for (const { name, as } of names) if (name !== '*') scope.set(as, new Reference(`${module}.${name}`));
    }
  }

  #with(statement: Statement & { kind: 'with' }, scope: Scope): void {
    let dags = 0;
    let groups = 0;
    for (const { value: expression, as } of statement.items) {
      const value = this.#value(expression, scope);
      if (as !== undefined) scope.set(as, value);
      if (!(value instanceof Instance)) continue;
      const open = value.subject === undefined ? undefined : this.#opened.get(value.subject);
      if (open !== undefined) {
        this.#open.push(open);
        dags++;
      } else if (/(^|\.)TaskGroup$/.test(value.of)) {
        const id = value.keywords.get('group_id') ?? value.positional[0];
        this.#groups.push(typeof id === 'string' && value.keywords.get('prefix_group_id') !== false ? id : '');
        groups++;
      }
    }
    this.run(statement.body, scope);
    this.#open.splice(this.#open.length - dags, dags);
    this.#groups.splice(this.#groups.length - groups, groups);
  }

  #for(statement: Statement & { kind: 'for' }, scope: Scope): void {
    const over = this.#value(statement.over, scope);
    const items = over instanceof Dictionary ? [...over.entries.keys()] : over;
    if (!Array.isArray(items)) return;
    for (const item of items.slice(0, LOOP_LIMIT)) {
      this.#assign(statement.target, item, scope);
      this.run(statement.body, scope);
    }
  }

  #try(statement: Statement & { kind: 'try' }, scope: Scope): void {
    try {
      this.run(statement.body, scope);
    } catch (error) {
      if (!(error instanceof PythonError)) throw error;
      const handler = statement.handlers.find(
        ({ types }) => types.length === 0 || types.some((type) => catches(type, error.type)),
      );
      if (handler === undefined) throw error;
      this.run(handler.body, scope);
      this.run(statement.finally, scope);
      return;
    }
    this.run(statement.otherwise, scope);
    this.run(statement.finally, scope);
  }

  call(callee: Reference | Callable, positional: readonly Value[], keywords: Map<string, Value>, line: number): Value {
    if (callee instanceof Callable) return this.#callFunction(callee, positional, keywords, line);
    const { name, last } = callee;
    if (last === 'DAG' && (name.startsWith('airflow.') || name === 'DAG'))
      return this.#dag(name, positional, keywords, line);
    if (/^airflow\..*(Operator|Sensor|Async)$/.test(name)) return this.#task(name, positional, keywords, line);
    if (/(^|\.)chain$/.test(name)) {
      for (const [index, each] of positional.slice(1).entries()) this.combine('>>', positional[index] ?? UNKNOWN, each);
    }
    return new Instance(name, positional, keywords);
  }

  #callFunction(callee: Callable, positional: readonly Value[], keywords: Map<string, Value>, line: number): Value {
    for (const decorator of callee.decorators) {
      const value = this.#value(decorator, this.#scope);
      const name = value instanceof Reference ? value.name : value instanceof Instance ? value.of : '';
      const given = value instanceof Instance ? value : undefined;
      if (/^airflow(\.\w+)*\.dag$/.test(name)) {
        const options = new Map(given?.keywords ?? []);
        if (!options.has('dag_id')) options.set('dag_id', callee.name);
        const dag = this.#dag('airflow.models.dag.DAG', given?.positional ?? [], options, line);
        const open = dag instanceof Instance && dag.subject !== undefined ? this.#opened.get(dag.subject) : undefined;
        if (open === undefined) return UNKNOWN;
        this.#open.push(open);
        this.run(callee.body, new Scope(this.#scope));
        this.#open.pop();
        return dag;
      }
      const task = /^airflow(?:\.\w+)*\.task(?:\.(\w+))?$/.exec(name);
      if (task !== null) {
        const options = new Map([...(given?.keywords ?? []), ['python_callable', callee] as const]);
        if (!options.has('task_id')) options.set('task_id', callee.name);
        const kind = task[1] === 'virtualenv' ? '_PythonVirtualenvDecoratedOperator' : '_PythonDecoratedOperator';
        const made = this.#task(`airflow.decorators.python.${kind}`, [], options, line);
        for (const upstream of [...positional, ...keywords.values()]) this.combine('>>', upstream, made);
        return made;
      }
    }
    return UNKNOWN;
  }

  #dag(name: string, positional: readonly Value[], keywords: ReadonlyMap<string, Value>, line: number): Instance {
    const { airflowVersion: version } = this.#environment;
    for (const argument of atLeast(version, '3.0.0')
      ? REMOVED_DAG_ARGUMENTS
      : atLeast(version, '2.4.0')
        ? []
        : ['schedule']) {
      if (keywords.has(argument)) {
        throw new PythonError('TypeError', `DAG.__init__() got an unexpected keyword argument '${argument}'`, line);
      }
    }
    const dagId = keywords.get('dag_id') ?? positional[0];
    if (dagId === undefined) {
      throw new PythonError('TypeError', "DAG.__init__() missing 1 required positional argument: 'dag_id'", line);
    }
    if (typeof dagId !== 'string') return new Instance(name, positional, keywords);
    if (!/^[\w.-]+$/.test(dagId) || dagId.length > 250) {
      throw new PythonError(
        'airflow.exceptions.AirflowException',
        `The key '${dagId}' has to be made of alphanumeric characters, dashes, dots and underscores exclusively`,
        line,
      );
    }
    const given = keywords.get('default_args');
    const defaults = given instanceof Dictionary ? given.entries : new Map<string, Value>();
    const wanted = keywords.has('schedule') ? keywords.get('schedule') : keywords.get('schedule_interval');
    const unscheduled = !keywords.has('schedule') && !keywords.has('schedule_interval');
    const owner = defaults.get('owner');
    const definition: DagDefinition = {
      dagId,
      description: textOf(keywords.get('description')),
      schedule: readSchedule(unscheduled ? (atLeast(version, '3.0.0') ? null : '@daily') : (wanted ?? null), line),
      startDate: moment(keywords.get('start_date') ?? defaults.get('start_date')),
      catchup: boolean(keywords.get('catchup')) ?? !atLeast(version, '3.0.0'),
      pausedUponCreation: boolean(keywords.get('is_paused_upon_creation')),
      maxActiveRuns: number(keywords.get('max_active_runs')) ?? 16,
      maxActiveTasks: number(keywords.get('max_active_tasks')) ?? 16,
      runTimeoutSeconds: seconds(keywords.get('dagrun_timeout')),
      tags: strings(keywords.get('tags')),
      owners: [typeof owner === 'string' ? owner : 'airflow'],
      tasks: new Map(),
    };
    const open: OpenDag = { definition, defaults };
    this.dags.push(definition);
    this.#opened.set(definition, open);
    return new Instance(name, positional, keywords, definition);
  }

  #task(name: string, positional: readonly Value[], keywords: ReadonlyMap<string, Value>, line: number): Instance {
    const explicit = keywords.get('dag');
    const named =
      explicit instanceof Instance && explicit.subject !== undefined ? this.#opened.get(explicit.subject) : undefined;
    const open = named ?? this.#open.at(-1);
    const operator = name.slice(name.lastIndexOf('.') + 1);
    const own = keywords.get('task_id') ?? positional[0];
    if (own === undefined) {
      throw new PythonError('airflow.exceptions.AirflowException', "missing keyword argument 'task_id'", line);
    }
    if (typeof own !== 'string' || open === undefined) return new Instance(name, positional, keywords);
    const taskId = [...this.#groups.filter((group) => group !== ''), own].join('.');
    if (ECS_OPERATORS.has(operator))
      checkEcsArguments(taskId, operator, keywords, this.#environment.airflowVersion, line);
    const { definition, defaults } = open;
    if (definition.tasks.has(taskId)) {
      throw new PythonError(
        'airflow.exceptions.DuplicateTaskIdFound',
        `Task id '${taskId}' has already been added to the DAG`,
        line,
      );
    }
    const startDate = keywords.get('start_date') ?? defaults.get('start_date');
    if (
      definition.startDate === undefined &&
      startDate === undefined &&
      !atLeast(this.#environment.airflowVersion, '3.0.0')
    ) {
      throw new PythonError('airflow.exceptions.AirflowException', 'DAG is missing the start_date parameter', line);
    }
    const setting = (key: string): Value | undefined => keywords.get(key) ?? defaults.get(key);
    const callable = keywords.get('python_callable');
    const task: TaskDefinition = {
      taskId,
      operator,
      module: name.slice(0, name.lastIndexOf('.')),
      keywords: new Map([...defaults, ...keywords]),
      callable: callable instanceof Callable ? callable : undefined,
      retries: number(setting('retries')) ?? 0,
      retryDelaySeconds: seconds(setting('retry_delay')) ?? number(setting('retry_delay')) ?? 300,
      executionTimeoutSeconds: seconds(setting('execution_timeout')),
      pool: textOf(setting('pool')) ?? 'default_pool',
      triggerRule: textOf(setting('trigger_rule')) ?? 'all_success',
      upstream: new Set(),
    };
    definition.tasks.set(taskId, task);
    return new Instance(name, positional, keywords, task);
  }

  /** `a >> b` and `a << b`, lists on either side. */
  combine(operator: string, left: Value, right: Value): Value | undefined {
    if (operator !== '>>' && operator !== '<<') return undefined;
    const [before, after] = operator === '>>' ? [left, right] : [right, left];
    for (const first of tasksOf(before)) for (const second of tasksOf(after)) second.upstream.add(first.taskId);
    return tasksOf(left).length + tasksOf(right).length === 0 ? undefined : right;
  }
}

function tasksOf(value: Value): TaskDefinition[] {
  if (Array.isArray(value)) return value.flatMap(tasksOf);
  const subject = value instanceof Instance ? value.subject : undefined;
  return subject !== undefined && 'taskId' in subject ? [subject as TaskDefinition] : [];
}

function isMainTest(test: Expression): boolean {
  return test.kind === 'binary' && test.left.kind === 'name' && test.left.name === '__name__';
}

/** Whether `except <handler>` catches an exception, as far as the built-in classes tell. */
function catches(handler: string, type: string): boolean {
  if (handler === 'Exception' || handler === 'BaseException' || handler === type.slice(type.lastIndexOf('.') + 1))
    return true;
  return handler === 'ImportError' && type === 'ModuleNotFoundError';
}

function textOf(value: Value | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: Value | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function boolean(value: Value | undefined): boolean | undefined {
  return typeof value === 'boolean' ? value : undefined;
}

function strings(value: Value | undefined): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
