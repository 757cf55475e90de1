import { execute } from './executors/execute.ts';
import { isReplayed } from './history.ts';
import type { AirflowHost } from './host.ts';
import { type DagRecord, type DagRun, DONE, newInstance, runIdOf, type TaskInstance } from './runs.ts';
import { type TaskError, timeoutError } from './task-error.ts';
import { ORIGINS, TaskLog } from './task-log.ts';
import { type PlannedRun, timetableOf } from './timetable.ts';
import { atLeast } from './versions.ts';

/** How long the scheduler's loop and the Celery queue take, in ms of the region's time. */
const LOOP = 1_000;
const PICK_UP = { least: 2_000, most: 5_000 } as const;
/** Runs of a DAG that are kept. */
const KEPT = 1_000;

/** What a new run is asked for with. */
export interface NewRun {
  readonly runId?: string | undefined;
  readonly conf?: Readonly<Record<string, unknown>> | undefined;
  readonly logicalDate?: number | null | undefined;
  readonly note?: string | undefined;
}

/** Makes runs as their timetables ask for, and carries runs and tasks from state to state. */
export class Scheduler {
  readonly #host: AirflowHost;
  readonly #dags: ReadonlyMap<string, DagRecord>;
  readonly #timers = new Map<string, () => void>();
  /** Tasks that workers have taken; those that have ended are let go of when the next one comes. */
  readonly #taken = new Set<TaskInstance>();
  #numbers = 0;

  constructor(host: AirflowHost, dags: ReadonlyMap<string, DagRecord>) {
    this.#host = host;
    this.#dags = dags;
  }

  get #now(): number {
    return this.#host.region.clock.now();
  }

  /** Stops everything: the environment is going. */
  stop(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    for (const dag of this.#dags.values()) {
      for (const run of dag.runs) for (const task of run.tasks.values()) this.#drop(task);
    }
  }

  /** The next run that the timetable has for a DAG, whether it is paused or not. */
  planned(dag: DagRecord): PlannedRun | undefined {
    const last = dag.runs.findLast((run) => run.runType === 'scheduled');
    const { logicalDate, intervalStart, intervalEnd, runAfter } = last ?? {};
    const known =
      logicalDate === undefined || intervalStart === undefined || intervalEnd === undefined || runAfter === undefined
        ? undefined
        : { logicalDate, intervalStart, intervalEnd, runAfter };
    return timetableOf(dag.definition, this.#host.airflowVersion)?.next(known, this.#now);
  }

  /** Looks at a DAG anew: after it was parsed, paused, unpaused, or a run of it ended. */
  consider(dag: DagRecord): void {
    const { dagId } = dag.definition;
    this.#timers.get(dagId)?.();
    this.#timers.delete(dagId);
    if (!this.#schedulable(dag)) return;
    for (const run of dag.runs) if (run.state === 'running') this.#advance(dag, run);
    this.#startQueued(dag);
    const next = this.planned(dag);
    if (next === undefined || this.#full(dag, next)) return;
    // A clock's timers take at most 2^31 ms: a run that is further away is looked at again before.
    const wait = Math.min(Math.max(LOOP, next.runAfter - this.#now), 86_400_000);
    const cancel = this.#host.region.clock.after(wait, () => {
      if (next.runAfter <= this.#now && this.#schedulable(dag)) this.#create(dag, 'scheduled', next, {});
      this.consider(dag);
    });
    this.#timers.set(dagId, cancel);
  }

  /** Catching up is held back while as many runs are active as the DAG allows. */
  #full(dag: DagRecord, next: PlannedRun): boolean {
    const active = dag.runs.filter((run) => run.state === 'running' || run.state === 'queued').length;
    return next.runAfter <= this.#now && active >= dag.definition.maxActiveRuns;
  }

  #schedulable(dag: DagRecord): boolean {
    return dag.active && !dag.paused && this.#dags.get(dag.definition.dagId) === dag;
  }

  /** A run that somebody asked for. It stays queued while its DAG is paused (seen on 2.10.3 and 3.2.1). */
  trigger(dag: DagRecord, wanted: NewRun): DagRun {
    const now = this.#now;
    const third = atLeast(this.#host.airflowVersion, '3.0.0');
    const given = wanted.logicalDate;
    const logical = given === null ? undefined : (given ?? (third ? undefined : now));
    const planned = {
      runAfter: logical ?? now,
      logicalDate: logical ?? now,
      intervalStart: logical ?? now,
      intervalEnd: logical ?? now,
    };
    const run = this.#create(
      dag,
      'manual',
      logical === undefined ? { ...planned, withoutDate: true } : planned,
      wanted,
    );
    this.#host.region.clock.after(LOOP, () => this.#startQueued(dag));
    return run;
  }

  #create(
    dag: DagRecord,
    runType: 'scheduled' | 'manual',
    { runAfter, logicalDate, intervalStart, intervalEnd, withoutDate = false }: PlannedRun & { withoutDate?: boolean },
    { runId, conf = {}, note }: NewRun,
  ): DagRun {
    const third = atLeast(this.#host.airflowVersion, '3.0.0');
    const run: DagRun = {
      dagId: dag.definition.dagId,
      runId: runId ?? runIdOf(runType, runType === 'manual' || third ? runAfter : logicalDate),
      runType,
      conf,
      logicalDate: withoutDate ? undefined : logicalDate,
      intervalStart: withoutDate ? undefined : intervalStart,
      intervalEnd: withoutDate ? undefined : intervalEnd,
      runAfter,
      externalTrigger: runType === 'manual',
      number: ++this.#numbers,
      historic: false,
      state: 'queued',
      queuedAt: this.#now,
      startedAt: undefined,
      endedAt: undefined,
      lastDecisionAt: undefined,
      note,
      tasks: new Map(),
    };
    dag.runs.push(run);
    if (dag.runs.length > KEPT) dag.runs.splice(0, dag.runs.length - KEPT);
    if (runType === 'scheduled') this.#startQueued(dag);
    return run;
  }

  #startQueued(dag: DagRecord): void {
    if (!this.#schedulable(dag)) return;
    let running = dag.runs.filter((run) => run.state === 'running').length;
    for (const run of dag.runs) {
      if (run.state !== 'queued' || running >= dag.definition.maxActiveRuns) continue;
      running++;
      run.state = 'running';
      run.startedAt = this.#now;
      this.#addTasks(dag, run);
      this.#limit(dag, run);
      this.#advance(dag, run);
    }
  }

  /** `dagrun_timeout`: a run that takes longer fails, with what it is doing. */
  #limit(dag: DagRecord, run: DagRun): void {
    const { runTimeoutSeconds: limit } = dag.definition;
    const { startedAt } = run;
    if (limit === undefined) return;
    this.#host.region.clock.after(limit * 1000, () => {
      if (run.state === 'running' && run.startedAt === startedAt) this.mark(dag, run, 'failed');
    });
  }

  #addTasks(dag: DagRecord, run: DagRun): void {
    for (const definition of dag.definition.tasks.values()) {
      if (!run.tasks.has(definition.taskId)) run.tasks.set(definition.taskId, newInstance(definition));
    }
  }

  /** Schedules what has become ready, and ends the run once nothing is left. */
  #advance(dag: DagRecord, run: DagRun): void {
    if (run.state !== 'running' || run.historic || !this.#schedulable(dag)) return;
    run.lastDecisionAt = this.#now;
    let active = [...run.tasks.values()].filter(({ state }) => state !== undefined && !DONE.has(state)).length;
    for (let changed = true; changed; ) {
      changed = false;
      for (const instance of run.tasks.values()) {
        if (instance.state !== undefined) continue;
        const verdict = ready(run, instance);
        if (verdict === 'wait') continue;
        changed = true;
        if (verdict !== 'run') instance.state = verdict;
        else if (active < dag.definition.maxActiveTasks) {
          active++;
          this.#queue(dag, run, instance);
        } else changed = false;
      }
    }
    const tasks = [...run.tasks.values()];
    if (tasks.every(({ state }) => DONE.has(state))) this.#end(dag, run, tasks);
  }

  #end(dag: DagRecord, run: DagRun, tasks: readonly TaskInstance[]): void {
    const upstream = new Set(tasks.flatMap(({ definition }) => [...definition.upstream]));
    const leaves = tasks.filter(({ taskId }) => !upstream.has(taskId));
    const failed = leaves.some(({ state }) => state === 'failed' || state === 'upstream_failed');
    run.state = failed ? 'failed' : 'success';
    run.endedAt = this.#now;
    this.#host.region.clock.after(LOOP, () => this.consider(dag));
  }

  #queue(dag: DagRecord, run: DagRun, instance: TaskInstance): void {
    const { region } = this.#host;
    instance.state = 'scheduled';
    instance.scheduledAt = this.#now;
    instance.endedAt = undefined;
    const wait = Math.round(PICK_UP.least + region.random() * (PICK_UP.most - PICK_UP.least));
    const first = region.clock.after(LOOP, () => {
      instance.state = 'queued';
      instance.queuedAt = this.#now;
      instance.cancel = region.clock.after(wait, () => this.#begin(dag, run, instance));
    });
    instance.cancel = first;
  }

  /** Whether every worker has all the tasks that it takes. */
  #busy(): boolean {
    for (const task of this.#taken) if (task.state !== 'running') this.#taken.delete(task);
    return this.#taken.size >= this.#host.slots;
  }

  #begin(dag: DagRecord, run: DagRun, instance: TaskInstance): void {
    const { region } = this.#host;
    if (this.#busy()) {
      instance.cancel = region.clock.after(PICK_UP.most, () => this.#begin(dag, run, instance));
      return;
    }
    this.#taken.add(instance);
    instance.state = 'running';
    instance.tryNumber++;
    instance.startedAt = this.#now;
    instance.pid = 100 + Math.floor(region.random() * 32_000);
    instance.hostname = `ip-10-192-20-${4 + Math.floor(region.random() * 240)}.${region.name}.compute.internal`;
    const log = new TaskLog(this.#host, run, instance, isReplayed(this.#host, run));
    let over = false;
    const timers: (() => void)[] = [];
    const finish = (error: TaskError | undefined): void => {
      if (over) return;
      over = true;
      for (const cancel of timers) cancel();
      instance.cancel = undefined;
      this.#finished(dag, run, instance, log, error);
    };
    const stop = execute({ host: this.#host, dag, run, instance, log, finish });
    const { executionTimeoutSeconds: limit } = instance.definition;
    if (limit !== undefined && !over) {
      timers.push(
        region.clock.after(limit * 1000, () => {
          stop();
          finish(timeoutError(instance.taskId, limit));
        }),
      );
    }
    if (over) return;
    instance.cancel = () => {
      if (over) return;
      over = true;
      for (const cancel of timers) cancel();
      stop();
      log.write('error', ORIGINS.job, 'Received SIGTERM. Terminating subprocesses.');
      log.write('info', ORIGINS.job, 'Task exited with return code -15');
    };
  }

  #finished(dag: DagRecord, run: DagRun, instance: TaskInstance, log: TaskLog, error: TaskError | undefined): void {
    const { definition } = instance;
    instance.endedAt = this.#now;
    if (error !== undefined) log.exception(error);
    const again = error?.retried === true && instance.tryNumber <= definition.retries;
    instance.state = error === undefined ? 'success' : again ? 'up_for_retry' : 'failed';
    const stamp = (at: number) => new Date(at).toISOString().replace(/[-:]/g, '').slice(0, 15);
    log.write(
      'info',
      { ...ORIGINS.instance, line: 1225 },
      `Marking task as ${instance.state.toUpperCase()}. dag_id=${run.dagId}, task_id=${instance.taskId}, run_id=${run.runId}, execution_date=${stamp(run.logicalDate ?? run.runAfter)}, start_date=${stamp(instance.startedAt ?? this.#now)}, end_date=${stamp(this.#now)}`,
    );
    log.write('info', { ...ORIGINS.job, line: 266 }, `Task exited with return code ${error === undefined ? 0 : 1}`);
    if (again) {
      this.retryAt(dag, run, instance, this.#now + definition.retryDelaySeconds * 1000);
    }
    this.#host.region.clock.after(LOOP, () => this.#advance(dag, run));
  }

  /** Tries a task of a run again at a time that its last try left, ms since the epoch. */
  retryAt(dag: DagRecord, run: DagRun, instance: TaskInstance, at: number): void {
    instance.cancel = this.#host.region.clock.after(Math.max(0, at - this.#now), () => this.#queue(dag, run, instance));
  }

  /** Clears tasks of a run, so that they run again; their downstream is the caller's choice. */
  clear(dag: DagRecord, run: DagRun, taskIds: ReadonlySet<string>): void {
    run.historic = false;
    this.#addTasks(dag, run);
    for (const instance of run.tasks.values()) {
      if (!taskIds.has(instance.taskId)) continue;
      this.#drop(instance);
      instance.state = undefined;
      instance.endedAt = undefined;
      instance.xcoms.clear();
    }
    if (run.state !== 'running') {
      run.state = 'queued';
      run.queuedAt = this.#now;
      run.endedAt = undefined;
    }
    this.#host.region.clock.after(LOOP, () => {
      this.#startQueued(dag);
      this.#advance(dag, run);
    });
  }

  /** Ends a run in a state that somebody chose; running tasks are killed. */
  mark(dag: DagRecord, run: DagRun, state: 'success' | 'failed' | 'queued'): void {
    if (state === 'queued') {
      this.clear(dag, run, new Set(run.tasks.keys()));
      return;
    }
    for (const instance of run.tasks.values()) {
      const unfinished = !DONE.has(instance.state);
      this.#drop(instance);
      if (unfinished) {
        instance.endedAt = this.#now;
        instance.state = state === 'success' ? 'success' : instance.startedAt === undefined ? 'skipped' : 'failed';
      }
    }
    run.state = state;
    run.endedAt = this.#now;
    this.#host.region.clock.after(LOOP, () => this.consider(dag));
  }

  /** Takes a run away with all that it is doing. */
  remove(dag: DagRecord, run: DagRun): void {
    for (const instance of run.tasks.values()) this.#drop(instance);
    dag.runs.splice(dag.runs.indexOf(run), 1);
    this.#host.region.clock.after(LOOP, () => this.consider(dag));
  }

  #drop(instance: TaskInstance): void {
    const { cancel } = instance;
    instance.cancel = undefined;
    cancel?.();
  }
}

/** What a task's trigger rule makes of the tasks that it waits for. */
function ready(run: DagRun, instance: TaskInstance): 'run' | 'wait' | 'upstream_failed' | 'skipped' {
  const { upstream, triggerRule } = instance.definition;
  const states = [...upstream].map((taskId) => run.tasks.get(taskId)?.state);
  const failed = states.some((state) => state === 'failed' || state === 'upstream_failed');
  if (triggerRule === 'one_failed' && failed) return 'run';
  if (!states.every((state) => DONE.has(state)))
    return failed && triggerRule === 'all_success' ? 'upstream_failed' : 'wait';
  switch (triggerRule) {
    case 'all_done':
    case 'always':
      return 'run';
    case 'one_failed':
      return 'skipped';
    case 'all_failed':
      return states.every((state) => state === 'failed' || state === 'upstream_failed') ? 'run' : 'skipped';
    default:
      if (failed) return 'upstream_failed';
      return states.includes('skipped') && triggerRule === 'all_success' ? 'skipped' : 'run';
  }
}
