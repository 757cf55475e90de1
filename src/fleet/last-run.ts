/** The newest run of an ingestion, whether Airflow or an ECS task tells of it. */
export interface LastRun {
  readonly source: 'ecs' | 'airflow';
  readonly dagId: string;
  readonly state: 'queued' | 'running' | 'success' | 'failed' | 'unknown';
  /** The state in the source's own words. */
  readonly rawState: string;
  /** When it began, or was asked for while it waits (ms since the epoch). */
  readonly startedAt: number | undefined;
  readonly endedAt?: number | undefined;
  /** The task's ARN or the DAG run's id. */
  readonly id: string;
  /** Why it ended badly, as far as known. */
  readonly reason?: string | undefined;
}
