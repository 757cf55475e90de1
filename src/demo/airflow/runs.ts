import type { DagDefinition, TaskDefinition } from './python/definition.ts';
import type { Value } from './python/values.ts';

export type RunState = 'queued' | 'running' | 'success' | 'failed';

/** States of a task instance; undefined before the scheduler has looked at it. */
export type TaskState =
  | 'scheduled'
  | 'queued'
  | 'running'
  | 'success'
  | 'failed'
  | 'up_for_retry'
  | 'upstream_failed'
  | 'skipped'
  | 'removed';

/** A task of a run. Times are ms since the epoch. */
export interface TaskInstance {
  readonly taskId: string;
  readonly definition: TaskDefinition;
  state: TaskState | undefined;
  tryNumber: number;
  scheduledAt: number | undefined;
  queuedAt: number | undefined;
  startedAt: number | undefined;
  endedAt: number | undefined;
  hostname: string;
  pid: number | undefined;
  /** XComs by key, as Airflow stores them. */
  readonly xcoms: Map<string, { readonly value: unknown; readonly at: number }>;
  note: string | undefined;
  /** Stops what the task is doing, as `on_kill` does; set while it runs or waits. */
  cancel: (() => void) | undefined;
}

/** A run of a DAG. Times are ms since the epoch. */
export interface DagRun {
  readonly dagId: string;
  readonly runId: string;
  readonly runType: 'scheduled' | 'manual';
  readonly conf: Readonly<Record<string, unknown>>;
  readonly logicalDate: number | undefined;
  readonly intervalStart: number | undefined;
  readonly intervalEnd: number | undefined;
  readonly runAfter: number;
  readonly externalTrigger: boolean;
  readonly number: number;
  /** A run of before the region's start, whose tasks are not the scheduler's. */
  historic: boolean;
  state: RunState;
  queuedAt: number;
  startedAt: number | undefined;
  endedAt: number | undefined;
  lastDecisionAt: number | undefined;
  note: string | undefined;
  readonly tasks: Map<string, TaskInstance>;
}

/** A DAG as an environment's Airflow has it. */
export interface DagRecord {
  definition: DagDefinition;
  /** Path below the DAGs folder. */
  readonly file: string;
  /** Module constants and text of the file, for the stand-ins of Python tasks. */
  constants: ReadonlyMap<string, Value>;
  source: string;
  paused: boolean;
  active: boolean;
  hasImportErrors: boolean;
  lastParsedAt: number;
  /** Oldest first. */
  readonly runs: DagRun[];
}

/** States in which a task instance is done with. */
export const DONE: ReadonlySet<TaskState | undefined> = new Set([
  'success',
  'failed',
  'upstream_failed',
  'skipped',
  'removed',
]);

/** A run's id as Airflow makes it: the type and a moment, `+00:00` at its end. */
export function runIdOf(runType: 'scheduled' | 'manual', at: number): string {
  const iso = new Date(at).toISOString();
  const time = runType === 'scheduled' && iso.endsWith('.000Z') ? iso.slice(0, 19) : `${iso.slice(0, 23)}000`;
  return `${runType}__${time}+00:00`;
}

/** A task instance that nothing has happened to yet. */
export function newInstance(definition: TaskDefinition): TaskInstance {
  return {
    taskId: definition.taskId,
    definition,
    state: undefined,
    tryNumber: 0,
    scheduledAt: undefined,
    queuedAt: undefined,
    startedAt: undefined,
    endedAt: undefined,
    hostname: '',
    pid: undefined,
    xcoms: new Map(),
    note: undefined,
    cancel: undefined,
  };
}
