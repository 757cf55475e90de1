import type { AirflowHealth, Dag, DagRun, ImportError, TaskInstance } from './types.ts';

/** An answer's members: remote, so each is checked where it is used. */
export type Members = Readonly<Record<string, unknown>>;

/** The members of an object; none where there is something else. */
export function members(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {};
}

/** The objects of a list member. */
export function objects(value: unknown): Members[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function optionalText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Airflow's times are ISO with microseconds and a zone; one without is UTC. */
function time(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(ms) ? undefined : ms;
}

/** A DAG of `GET /dags`. */
export function dagFrom(dag: Members): Dag {
  return {
    dagId: text(dag.dag_id),
    paused: dag.is_paused === true,
    active: typeof dag.is_active === 'boolean' ? dag.is_active : dag.is_stale !== true,
    importErrors: dag.has_import_errors === true,
    schedule: schedule(dag),
    fileloc: text(dag.fileloc),
    lastParsed: time(dag.last_parsed_time) ?? time(dag.last_parsed),
    nextRun: time(dag.next_dagrun_run_after) ?? time(dag.next_dagrun_create_after) ?? time(dag.next_dagrun),
    description: optionalText(dag.description),
    owners: Array.isArray(dag.owners) ? dag.owners.filter((owner) => typeof owner === 'string') : [],
    tags: objects(dag.tags).map((tag) => text(tag.name)),
  };
}

/** v1 has `schedule_interval` as `{__type, value}` (cron) or `{__type, days, seconds}`; v2 a summary in text. */
function schedule(dag: Members): string | undefined {
  const summary = optionalText(dag.timetable_summary);
  if (summary !== undefined) return summary === 'None' ? undefined : summary;
  const interval = dag.schedule_interval;
  if (typeof interval === 'string') return interval === 'None' ? undefined : interval;
  const parts = members(interval);
  if (typeof parts.value === 'string') return parts.value;
  const spans = ['years', 'months', 'days', 'hours', 'minutes', 'seconds'].flatMap((unit) => {
    const count = parts[unit];
    return typeof count === 'number' && count !== 0 ? [`${count} ${unit}`] : [];
  });
  if (spans.length > 0) return `every ${spans.join(' ')}`;
  return undefined;
}

/** A run; v1 writes `execution_date` where v2 has `logical_date`. */
export function dagRunFrom(run: Members): DagRun {
  return {
    dagId: text(run.dag_id),
    runId: text(run.dag_run_id) || text(run.run_id),
    state: text(run.state),
    queuedAt: time(run.queued_at),
    startedAt: time(run.start_date),
    endedAt: time(run.end_date),
    logicalDate: time(run.logical_date) ?? time(run.execution_date),
    runType: text(run.run_type),
    conf: run.conf ?? undefined,
    note: optionalText(run.note),
  };
}

/** A task of a run. */
export function taskInstanceFrom(task: Members): TaskInstance {
  return {
    dagId: text(task.dag_id),
    runId: text(task.dag_run_id) || text(task.run_id),
    taskId: text(task.task_id),
    mapIndex: typeof task.map_index === 'number' ? task.map_index : -1,
    state: optionalText(task.state),
    tryNumber: typeof task.try_number === 'number' ? task.try_number : 0,
    startedAt: time(task.start_date),
    endedAt: time(task.end_date),
    operator: optionalText(task.operator) ?? optionalText(task.operator_name),
  };
}

/** A file that could not be parsed. */
export function importErrorFrom(error: Members): ImportError {
  return { file: text(error.filename), stackTrace: text(error.stack_trace), at: time(error.timestamp) };
}

/** The health document, the same in both versions but for the processors it names. */
export function healthFrom(health: Members): AirflowHealth {
  const scheduler = members(health.scheduler);
  return {
    metadatabase: optionalText(members(health.metadatabase).status),
    scheduler: optionalText(scheduler.status),
    dagProcessor: optionalText(members(health.dag_processor).status),
    triggerer: optionalText(members(health.triggerer).status),
    schedulerHeartbeat: time(scheduler.latest_scheduler_heartbeat),
  };
}
