import { stableUuid } from '../../world/named-uuid.ts';
import { ACCOUNT, INGESTION_CLUSTER, INGESTION_CONTAINER, REGION } from '../../world/names.ts';
import type { StreamSource } from '../event.ts';
import { hash, Random } from '../random.ts';
import { GeneratedStream, type Line, type SlotCache } from '../streams.ts';
import type { LineFormat, Origin } from './airflow-lines.ts';
import { type HistoryDag, type HistoryTask, runTimes } from './dags.ts';
import { runTime } from './time.ts';

const DAY = 86_400_000;
/** How long a run may take at the most. */
const LONGEST = 3_600_000;

/** One try of an ingestion's task that started an ECS task. */
export interface EcsRun {
  readonly dagId: string;
  readonly runId: string;
  readonly attempt: number;
  /** When Airflow began it, and when the ECS task's container ended; ms since the epoch. */
  readonly dueAt: number;
  readonly endedAt: number | undefined;
  readonly exitCode: number | undefined;
  readonly stopped: boolean;
  readonly taskId: string;
}

/** What the history of one environment's task logs is made from. */
export interface TaskHistory {
  readonly group: string;
  readonly airflowVersion: string;
  readonly dags: readonly HistoryDag[];
  /** The first run is not older, ms since the epoch. */
  readonly from: number;
  /** Runs of ingestions are not newer: later ones are made by the environment itself. */
  readonly origin: number;
  readonly seed: number;
  readonly format: LineFormat;
  /** The tries of the environment's ECS ingestions before `origin`. */
  readonly ecsRuns: () => readonly EcsRun[];
}

/** The streams of an environment's task log group: one for each try of each task of each run. */
export class TaskStreams implements StreamSource {
  readonly #history: TaskHistory;
  readonly #slots: SlotCache;

  constructor(history: TaskHistory, slots: SlotCache) {
    this.#history = history;
    this.#slots = slots;
  }

  streams(from: number, to: number): readonly GeneratedStream[] {
    const found: GeneratedStream[] = [];
    for (const instance of this.#instances(from, to)) {
      if (instance.end >= from && instance.begin <= to) found.push(this.#stream(instance));
    }
    return found;
  }

  *#instances(from: number, to: number): Generator<Instance> {
    const { dags, origin, from: oldest, ecsRuns } = this.#history;
    for (const dag of dags) {
      if (dag.ecs) {
        for (const run of ecsRuns()) if (run.dagId === dag.dagId) yield ecsInstance(dag, run, origin);
        continue;
      }
      const end = dag.ingestion ? Math.min(to, origin) : to;
      for (const at of runTimes(dag, Math.max(oldest, from - LONGEST, to - 2 * DAY), end))
        yield* this.#scheduled(dag, at);
    }
  }

  *#scheduled(dag: HistoryDag, runAt: number): Generator<Instance> {
    const { group, airflowVersion, seed } = this.#history;
    const random = new Random(hash(seed, group, dag.dagId, runAt));
    const runId = `scheduled__${runTime(airflowVersion.startsWith('2.') ? runAt - dag.period * 60_000 : runAt)}`;
    let at = runAt + random.between(4_000, 30_000);
    for (const task of dag.tasks) {
      const begin = Math.floor(at);
      const end = begin + Math.floor(task.seconds * random.between(700, 1400));
      yield { dag, task, runId, attempt: 1, begin, end, failed: false, body: undefined };
      at = end + random.between(3_000, 20_000);
    }
  }

  #stream(instance: Instance): GeneratedStream {
    const { group, seed, format } = this.#history;
    const { dag, task, runId, attempt, begin, end } = instance;
    const name = `dag_id=${dag.dagId}/run_id=${runId}/task_id=${task.taskId}/attempt=${attempt}.log`;
    return new GeneratedStream(
      {
        group,
        name: name.replaceAll(':', '_'),
        from: begin,
        to: end,
        seed,
        whole: true,
        lines: (_from, _to, random) => taskLines(instance, format, random),
      },
      this.#slots,
    );
  }
}

/** The try of an Airflow task that waited for an ECS task. */
function ecsInstance(dag: HistoryDag, run: EcsRun, origin: number): Instance {
  const arn = `arn:aws:ecs:${REGION}:${ACCOUNT}:task/${INGESTION_CLUSTER}/${run.taskId}`;
  const task = dag.tasks[0] ?? { taskId: 'ingest', operator: 'EcsRunTaskOperator', seconds: 0 };
  return {
    dag,
    task,
    runId: run.runId,
    attempt: run.attempt,
    begin: run.dueAt + 6_000,
    // One that still runs has written what it writes before it waits.
    end: run.endedAt === undefined ? Math.min(run.dueAt + 16_000, origin) : run.endedAt + 21_000,
    failed: run.exitCode !== 0,
    running: run.endedAt === undefined,
    body: [
      `Running ECS Task - Task definition: ${dag.environment}-${dag.dagId} - on cluster ${INGESTION_CLUSTER}`,
      `EcsOperator overrides: {'containerOverrides': [{'name': '${INGESTION_CONTAINER}', 'environment': [{'name': 'pipelineType', 'value': 'metadata'}, {'name': 'pipelineRunId', 'value': '${stableUuid(`${dag.dagId}/${run.runId}`)}'}]}]}`,
      `ECS task ID is: ${run.taskId}`,
      `ECS Task started: ${arn}`,
      ...(run.exitCode === 0 ? ['ECS Task has been successfully executed'] : []),
    ],
  };
}

/** One try of one task of one run. */
interface Instance {
  readonly dag: HistoryDag;
  readonly task: HistoryTask;
  readonly runId: string;
  readonly attempt: number;
  readonly begin: number;
  readonly end: number;
  readonly failed: boolean;
  readonly running?: boolean;
  /** What the operator says; by its kind when undefined. */
  readonly body: readonly string[] | undefined;
}

const origin = (file: string, line: number, logger: string): Origin => ({ file, line, logger });
const INSTANCE = origin('taskinstance.py', 2613, 'airflow.models.taskinstance');
const LOCAL = origin('local_task_job_runner.py', 123, 'airflow.jobs.local_task_job_runner');
const OPERATOR = origin('base.py', 84, 'airflow.task.operators');

function* taskLines(instance: Instance, format: LineFormat, random: Random): Generator<Line> {
  const { dag, task, runId, attempt, begin, end, failed } = instance;
  const tries = dag.ecs ? 2 : 1;
  const name = `${dag.dagId}.${task.taskId} ${runId}`;
  const say = (at: number, level: 'info' | 'warning' | 'error', from: Origin, text: string): Line => ({
    at,
    message: format(at, level, from, text),
  });
  yield say(begin, 'info', LOCAL, '::group::Pre task execution logs');
  yield say(
    begin + 40,
    'info',
    INSTANCE,
    `Dependencies all met for dep_context=non-requeueable deps ti=<TaskInstance: ${name} [queued]>`,
  );
  yield say(begin + 66, 'info', { ...INSTANCE, line: 2866 }, `Starting attempt ${attempt} of ${tries}`);
  yield say(
    begin + 95,
    'info',
    { ...INSTANCE, line: 2889 },
    `Executing <Task(${task.operator}): ${task.taskId}> on ${runId.replace(/^\w+?__/, '')}`,
  );
  yield say(
    begin + 140,
    'info',
    origin('standard_task_runner.py', 72, 'airflow.task.task_runner'),
    `Started process ${random.integer(900, 32000)} to run task`,
  );
  yield say(begin + 151, 'info', LOCAL, '::endgroup::');
  const body = instance.body ?? bodyOf(task, random);
  const step = (end - begin - 1200) / Math.max(1, body.length);
  for (const [index, text] of body.entries()) {
    yield say(Math.floor(begin + 400 + index * step), text.startsWith('WARN') ? 'warning' : 'info', OPERATOR, text);
  }
  if (instance.running === true) return;
  if (failed) {
    const trace = [
      'Task failed with exception',
      'Traceback (most recent call last):',
      '  File "/usr/local/airflow/.local/lib/python3.11/site-packages/airflow/models/taskinstance.py", line 767, in _execute_task',
      '    result = _execute_callable(context=context, **execute_callable_kwargs)',
      '  File "/usr/local/airflow/.local/lib/python3.11/site-packages/airflow/providers/amazon/aws/operators/ecs.py", line 546, in execute',
      '    self._check_success_task()',
      '  File "/usr/local/airflow/.local/lib/python3.11/site-packages/airflow/providers/amazon/aws/operators/ecs.py", line 692, in _check_success_task',
      '    raise AirflowException(',
      'airflow.exceptions.AirflowException: This task is not in success state - last 10 logs from Cloudwatch:',
    ];
    yield say(end - 300, 'error', { ...INSTANCE, line: 3311 }, trace.join('\n'));
  }
  const state = failed ? (attempt < tries ? 'UP_FOR_RETRY' : 'FAILED') : 'SUCCESS';
  yield say(
    end - 120,
    'info',
    { ...INSTANCE, line: 1225 },
    `Marking task as ${state}. dag_id=${dag.dagId}, task_id=${task.taskId}, run_id=${runId}`,
  );
  yield say(end, 'info', { ...LOCAL, line: 266 }, `Task exited with return code ${failed ? 1 : 0}`);
}

function bodyOf(task: HistoryTask, random: Random): readonly string[] {
  const rows = random.integer(2_000, 480_000);
  switch (task.operator) {
    case 'SQLExecuteQueryOperator':
      return [
        `Executing: CALL staging.${task.taskId}(%s)`,
        'Running statement: CALL staging, parameters: None',
        `Rows affected: ${rows}`,
      ];
    case 'S3ToRedshiftOperator':
      return [
        "Using connection ID 'redshift_default' for task execution.",
        'Executing COPY command...',
        `COPY command complete: ${rows} rows`,
      ];
    case 'AthenaOperator':
      return [
        'Templated query: SELECT day, count(*) FROM events GROUP BY 1',
        `Query execution id: ${random.uuid()}`,
        'Query execution completed',
      ];
    case 'S3KeySensor':
      return Array.from({ length: 6 }, () => 'Poking for key : s3://ledger-export/closed/_SUCCESS');
    case 'SQLCheckOperator':
      return ['Executing SQL check: SELECT count(*) > 0 FROM orders', `Record: (True,)`, 'Success.'];
    default:
      return [
        `Loaded ${rows} rows`,
        ...(random.oneIn(6) ? ['WARN: 3 rows had no account and were skipped'] : []),
        `Wrote ${random.integer(3, 90)} partitions`,
        'Done. Returned value was: None',
      ];
  }
}
