import type { Airflow, ImportErrorRecord } from '../airflow.ts';
import type { Schedule, TaskDefinition } from '../python/definition.ts';
import { plain } from '../python/values.ts';
import type { DagRecord, DagRun, TaskInstance } from '../runs.ts';
import { restTime } from './answer.ts';

const DESCRIPTIONS: Readonly<Record<string, string>> = {
  '@hourly': 'Every hour',
  '@daily': 'At 00:00',
};

function timetableDescription(schedule: Schedule): string {
  switch (schedule.kind) {
    case 'none':
      return 'Never, external triggers only';
    case 'once':
      return 'Once, as soon as possible';
    case 'continuous':
      return 'As frequently as possible, but only one run at a time.';
    case 'cron': {
      const [minute = '', hour = '', day, month, weekday] = schedule.expression.split(' ');
      const daily = day === '*' && month === '*' && weekday === '*';
      if (daily && /^\d+$/.test(minute) && /^\d+$/.test(hour))
        return `At ${hour.padStart(2, '0')}:${minute.padStart(2, '0')}`;
      return DESCRIPTIONS[schedule.text] ?? '';
    }
    default:
      return '';
  }
}

function timetableSummary(schedule: Schedule): string | null {
  switch (schedule.kind) {
    case 'none':
      return null;
    case 'once':
      return '@once';
    case 'continuous':
      return '@continuous';
    case 'cron':
      return schedule.expression;
    case 'interval':
      return duration(schedule.seconds);
    case 'other':
      return schedule.text;
  }
}

function duration(seconds: number): string {
  const days = Math.floor(seconds / 86_400);
  const rest = new Date((seconds % 86_400) * 1000).toISOString().slice(11, 19);
  return days === 0 ? rest.replace(/^0/, '') : `${days} day${days === 1 ? '' : 's'}, ${rest.replace(/^0/, '')}`;
}

/** v1's `schedule_interval`: a tagged value. */
function scheduleInterval(schedule: Schedule): unknown {
  switch (schedule.kind) {
    case 'none':
      return null;
    case 'interval':
      return {
        __type: 'TimeDelta',
        days: Math.floor(schedule.seconds / 86_400),
        seconds: schedule.seconds % 86_400,
        microseconds: 0,
      };
    case 'cron':
      return { __type: 'CronExpression', value: schedule.text };
    case 'other':
      return { __type: 'CronExpression', value: 'Dataset' };
    default:
      return { __type: 'CronExpression', value: `@${schedule.kind}` };
  }
}

const fileToken = (airflow: Airflow, dag: DagRecord): string =>
  Buffer.from(`"${airflow.pathOf(dag.file)}"`).toString('base64url');

/** A DAG as GET /dags lists it. */
export function dagShape(airflow: Airflow, dag: DagRecord): Record<string, unknown> {
  const { definition } = dag;
  const time = (at: number | undefined) => restTime(airflow, at);
  const next = airflow.scheduler.planned(dag);
  const shared = {
    dag_id: definition.dagId,
    dag_display_name: definition.dagId,
    is_paused: dag.paused,
    last_parsed_time: time(dag.lastParsedAt),
    last_expired: null,
    fileloc: airflow.pathOf(dag.file),
    file_token: fileToken(airflow, dag),
    description: definition.description ?? null,
    timetable_description: timetableDescription(definition.schedule),
    max_active_tasks: definition.maxActiveTasks,
    max_active_runs: definition.maxActiveRuns,
    max_consecutive_failed_dag_runs: 0,
    has_task_concurrency_limits: false,
    has_import_errors: dag.hasImportErrors,
    owners: definition.owners,
    next_dagrun_data_interval_start: time(next?.intervalStart),
    next_dagrun_data_interval_end: time(next?.intervalEnd),
  };
  if (!airflow.third) {
    return {
      ...shared,
      root_dag_id: null,
      is_active: dag.active,
      is_subdag: false,
      last_pickled: null,
      scheduler_lock: null,
      pickle_id: null,
      default_view: 'grid',
      schedule_interval: scheduleInterval(definition.schedule),
      tags: definition.tags.map((name) => ({ name })),
      next_dagrun: time(next?.logicalDate),
      next_dagrun_create_after: time(next?.runAfter),
    };
  }
  return {
    ...shared,
    is_stale: !dag.active,
    last_parse_duration: 0.21,
    bundle_name: 'dags-folder',
    bundle_version: null,
    relative_fileloc: dag.file,
    timetable_summary: timetableSummary(definition.schedule),
    tags: definition.tags.map((name) => ({ name, dag_id: definition.dagId, dag_display_name: definition.dagId })),
    next_dagrun_logical_date: time(next?.logicalDate),
    next_dagrun_run_after: time(next?.runAfter),
  };
}

/** What GET /dags/{id}/details adds. */
export function dagDetails(airflow: Airflow, dag: DagRecord): Record<string, unknown> {
  const { definition } = dag;
  return {
    ...dagShape(airflow, dag),
    catchup: definition.catchup,
    dag_run_timeout: null,
    doc_md: null,
    start_date: restTime(airflow, definition.startDate),
    end_date: null,
    is_paused_upon_creation: definition.pausedUponCreation ?? null,
    params: {},
    render_template_as_native_obj: false,
    template_searchpath: null,
    timezone: 'UTC',
    last_parsed: restTime(airflow, dag.lastParsedAt),
    ...(airflow.third
      ? { concurrency: definition.maxActiveTasks, default_args: {}, latest_dag_version: null }
      : { orientation: 'LR', dataset_expression: null }),
  };
}

/** A run. */
export function runShape(airflow: Airflow, run: DagRun): Record<string, unknown> {
  const time = (at: number | undefined) => restTime(airflow, at);
  const shared = {
    dag_run_id: run.runId,
    dag_id: run.dagId,
    logical_date: time(run.logicalDate),
    start_date: time(run.startedAt),
    end_date: time(run.endedAt),
    data_interval_start: time(run.intervalStart),
    data_interval_end: time(run.intervalEnd),
    last_scheduling_decision: time(run.lastDecisionAt),
    run_type: run.runType,
    state: run.state,
    conf: run.conf,
    note: run.note ?? null,
  };
  if (!airflow.third) {
    return { ...shared, execution_date: time(run.logicalDate), external_trigger: run.externalTrigger };
  }
  return {
    ...shared,
    dag_display_name: run.dagId,
    queued_at: time(run.queuedAt),
    duration: seconds(run.startedAt, run.endedAt),
    run_after: time(run.runAfter),
    triggered_by: run.runType === 'manual' ? 'rest_api' : 'timetable',
    triggering_user_name: run.runType === 'manual' ? 'assumed-role/OnCall' : null,
    dag_versions: [],
    bundle_version: null,
  };
}

function seconds(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : (to - from) / 1000;
}

/** A task instance of a run. */
export function taskInstanceShape(airflow: Airflow, run: DagRun, instance: TaskInstance): Record<string, unknown> {
  const time = (at: number | undefined) => restTime(airflow, at);
  const { definition } = instance;
  const shared = {
    task_id: instance.taskId,
    task_display_name: instance.taskId,
    dag_id: run.dagId,
    dag_run_id: run.runId,
    map_index: -1,
    start_date: time(instance.startedAt),
    end_date: time(instance.endedAt),
    duration: seconds(instance.startedAt, instance.endedAt),
    state: instance.state ?? null,
    try_number: instance.tryNumber,
    max_tries: definition.retries,
    hostname: instance.hostname,
    unixname: 'airflow',
    pool: definition.pool,
    pool_slots: 1,
    queue: 'default',
    priority_weight: 1,
    operator: definition.operator,
    queued_when: time(instance.queuedAt),
    pid: instance.pid ?? null,
    executor: null,
    executor_config: '{}',
    note: instance.note ?? null,
    rendered_map_index: null,
    rendered_fields: renderedFields(definition),
    trigger: null,
    triggerer_job: null,
  };
  if (!airflow.third) return { ...shared, execution_date: time(run.logicalDate), sla_miss: null };
  return {
    id: instanceId(run, instance),
    ...shared,
    dag_display_name: run.dagId,
    logical_date: time(run.logicalDate),
    run_after: time(run.runAfter),
    scheduled_when: time(instance.scheduledAt),
    operator_name: definition.operator,
    dag_version: null,
  };
}

/** A UUID that stays with the instance. */
function instanceId(run: DagRun, instance: TaskInstance): string {
  const text = Buffer.from(`${run.dagId}/${run.runId}/${instance.taskId}`).toString('hex').padEnd(64, '0');
  const digits = text.slice(-32);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `7${digits.slice(13, 16)}`,
    `a${digits.slice(17, 20)}`,
    digits.slice(20),
  ].join('-');
}

function renderedFields(definition: TaskDefinition): Record<string, unknown> {
  const fields = [
    'bash_command',
    'sql',
    'task_definition',
    'cluster',
    'overrides',
    'launch_type',
    'network_configuration',
  ];
  return Object.fromEntries(
    fields.flatMap((name) =>
      definition.keywords.has(name) ? [[name, plain(definition.keywords.get(name))] as const] : [],
    ),
  );
}

/** A task of a DAG, as GET /dags/{id}/tasks lists it. */
export function taskShape(airflow: Airflow, dag: DagRecord, task: TaskDefinition): Record<string, unknown> {
  const downstream = [...dag.definition.tasks.values()]
    .filter(({ upstream }) => upstream.has(task.taskId))
    .map(({ taskId }) => taskId);
  return {
    task_id: task.taskId,
    task_display_name: task.taskId,
    owner: dag.definition.owners[0] ?? 'airflow',
    class_ref: { class_name: task.operator, module_path: task.module },
    operator_name: task.operator,
    depends_on_past: false,
    downstream_task_ids: downstream,
    start_date: restTime(airflow, dag.definition.startDate),
    end_date: null,
    execution_timeout: task.executionTimeoutSeconds === undefined ? null : timeDelta(task.executionTimeoutSeconds),
    extra_links: [],
    is_mapped: false,
    params: {},
    pool: task.pool,
    pool_slots: 1,
    priority_weight: 1,
    queue: 'default',
    retries: task.retries,
    retry_delay: timeDelta(task.retryDelaySeconds),
    retry_exponential_backoff: false,
    template_fields: Object.keys(renderedFields(task)),
    trigger_rule: task.triggerRule,
    ui_color: '#f0ede4',
    ui_fgcolor: '#000',
    wait_for_downstream: false,
    weight_rule: 'downstream',
    doc_md: null,
  };
}

function timeDelta(total: number): object {
  return { __type: 'TimeDelta', days: Math.floor(total / 86_400), seconds: total % 86_400, microseconds: 0 };
}

/** An import error: the whole path before Airflow 3, the bundle and a path below it since. */
export function importErrorShape(airflow: Airflow, error: ImportErrorRecord): Record<string, unknown> {
  const shared = {
    import_error_id: error.id,
    timestamp: restTime(airflow, error.at),
    stack_trace: error.stackTrace,
  };
  return airflow.third
    ? { ...shared, filename: error.file, bundle_name: 'dags-folder' }
    : { ...shared, filename: airflow.pathOf(error.file) };
}
