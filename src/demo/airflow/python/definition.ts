import type { Callable, Value } from './values.ts';

/** When a DAG runs, as its file says. */
export type Schedule =
  | { readonly kind: 'none' }
  | { readonly kind: 'once' }
  | { readonly kind: 'continuous' }
  /** A cron expression, presets already replaced; `text` as it was written. */
  | { readonly kind: 'cron'; readonly expression: string; readonly text: string }
  | { readonly kind: 'interval'; readonly seconds: number }
  /** Assets, timetables and what else is not followed: never runs by itself. */
  | { readonly kind: 'other'; readonly text: string };

/** A task as its DAG file defines it. */
export interface TaskDefinition {
  readonly taskId: string;
  /** Class of its operator, such as `EcsRunTaskOperator`. */
  readonly operator: string;
  /** Module that the class was imported from. */
  readonly module: string;
  readonly keywords: ReadonlyMap<string, Value>;
  /** The file's own function that a Python task runs. */
  readonly callable: Callable | undefined;
  readonly retries: number;
  readonly retryDelaySeconds: number;
  readonly executionTimeoutSeconds: number | undefined;
  readonly pool: string;
  readonly triggerRule: string;
  /** Ids of the tasks that it waits for. */
  readonly upstream: Set<string>;
}

/** A DAG as its file defines it. */
export interface DagDefinition {
  readonly dagId: string;
  readonly description: string | undefined;
  readonly schedule: Schedule;
  /** Ms since the epoch. */
  readonly startDate: number | undefined;
  readonly catchup: boolean;
  readonly pausedUponCreation: boolean | undefined;
  readonly maxActiveRuns: number;
  readonly maxActiveTasks: number;
  readonly runTimeoutSeconds: number | undefined;
  readonly tags: readonly string[];
  readonly owners: readonly string[];
  readonly tasks: Map<string, TaskDefinition>;
}
