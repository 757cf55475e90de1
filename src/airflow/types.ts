import type { Json } from '../aws/mwaa-commands.ts';

/** A DAG as its Airflow knows it, the same for REST v1 (Airflow 2) and v2 (Airflow 3). */
export interface Dag {
  readonly dagId: string;
  readonly paused: boolean;
  /** False once its file is gone (v1 `is_active`, v2 `is_stale`). */
  readonly active: boolean;
  /** Whether its file had errors when it was last parsed. */
  readonly importErrors: boolean;
  /** In words or cron, as Airflow tells it; undefined when it has none. */
  readonly schedule: string | undefined;
  readonly fileloc: string;
  readonly lastParsed?: number | undefined;
  readonly nextRun?: number | undefined;
  readonly description?: string | undefined;
  readonly owners: readonly string[];
  readonly tags: readonly string[];
}

/** One run of a DAG; states raw (queued, running, success, failed, or what Airflow adds). */
export interface DagRun {
  readonly dagId: string;
  readonly runId: string;
  readonly state: string;
  readonly queuedAt?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly logicalDate?: number | undefined;
  /** manual, scheduled, backfill, asset_triggered, raw. */
  readonly runType: string;
  readonly conf?: unknown;
  readonly note?: string | undefined;
}

/** One task of a DAG run; state undefined before the scheduler has looked at it. */
export interface TaskInstance {
  readonly dagId: string;
  readonly runId: string;
  readonly taskId: string;
  /** -1 when the task is not mapped. */
  readonly mapIndex: number;
  readonly state: string | undefined;
  readonly tryNumber: number;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly operator?: string | undefined;
}

/** Why a file of the DAGs folder could not be parsed. */
export interface ImportError {
  readonly file: string;
  readonly stackTrace: string;
  /** Ms since the epoch; undefined when not told. */
  readonly at: number | undefined;
}

/** How Airflow's own components are, raw (`healthy`, `unhealthy`); undefined where one is not reported. */
export interface AirflowHealth {
  readonly metadatabase: string | undefined;
  readonly scheduler: string | undefined;
  readonly dagProcessor: string | undefined;
  readonly triggerer: string | undefined;
  readonly schedulerHeartbeat?: number | undefined;
}

/** What the console asks of an environment's Airflow. */
export interface Airflow {
  readonly environment: string;
  readonly airflowVersion: string;
  /** The REST API's version behind InvokeRestApi. */
  readonly apiVersion: 'v1' | 'v2';
  /** All active DAGs, by id. */
  dags(signal: AbortSignal): Promise<Dag[]>;
  /** One DAG; undefined when Airflow does not know it (yet), or its file is gone. */
  dag(id: string, signal: AbortSignal): Promise<Dag | undefined>;
  /** One DAG as Airflow keeps it, also after its file is gone; undefined once it is forgotten. */
  record(id: string, signal: AbortSignal): Promise<Dag | undefined>;
  importErrors(signal: AbortSignal): Promise<ImportError[]>;
  setPaused(id: string, paused: boolean, signal: AbortSignal): Promise<void>;
  /** Starts a run under the id given; asked again with the same id it answers the run that is there. */
  trigger(
    id: string,
    run: { readonly runId: string; readonly conf?: { readonly [key: string]: Json } },
    signal: AbortSignal,
  ): Promise<DagRun>;
  /** The newest runs of a DAG, newest first. */
  dagRuns(id: string, options: { readonly limit: number }, signal: AbortSignal): Promise<DagRun[]>;
  /** The newest runs of several DAGs in one call, newest first. */
  dagRunsOf(ids: readonly string[], options: { readonly limit: number }, signal: AbortSignal): Promise<DagRun[]>;
  /** One run; undefined when Airflow does not know it. */
  dagRun(id: string, runId: string, signal: AbortSignal): Promise<DagRun | undefined>;
  taskInstances(dagId: string, runId: string, signal: AbortSignal): Promise<TaskInstance[]>;
  /** The task instances that run now, of all DAGs; at most so many as one page holds, with how many there are. */
  runningTasks(signal: AbortSignal): Promise<{ readonly tasks: readonly TaskInstance[]; readonly total: number }>;
  /**
   * What a task pushed under a key: a text in v1, any JSON in v2. Failure `not-found` where there is nothing. The ids
   * and the key together have room for 21 characters in InvokeRestApi's path.
   */
  xcom(dagId: string, runId: string, taskId: string, key: string, signal: AbortSignal): Promise<unknown>;
  /** Marks a run failed; its tasks are killed. False when Airflow does not know it. */
  failRun(id: string, runId: string, signal: AbortSignal): Promise<boolean>;
  /** Lets failed tasks of a run, and what waits for them, run again. Failure `not-found` where there is no such run. */
  clearFailed(id: string, runId: string, taskIds: readonly string[], signal: AbortSignal): Promise<void>;
  /** Forgets a DAG and its runs; true when it was known. Its file must be gone, else it comes back. */
  deleteDag(id: string, signal: AbortSignal): Promise<boolean>;
  health(signal: AbortSignal): Promise<AirflowHealth>;
}
