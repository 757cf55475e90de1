import type { StreamSource } from '../event.ts';
import { hash, Random } from '../random.ts';
import { GeneratedStream, type Line, type SlotCache } from '../streams.ts';
import type { LineFormat, Origin } from './airflow-lines.ts';
import { type HistoryDag, type HistoryTask, runTimes } from './dags.ts';
import { runTime } from './time.ts';

const DAY = 86_400_000;
/** How long a run may take at the most. */
const LONGEST = 3_600_000;

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
  /** The lines of an ingestion's run, which names the ECS task that it started. */
  readonly ingestionLines?: (dagId: string, runAt: number) => readonly string[];
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
    const { dags, origin, from: oldest } = this.#history;
    const found: GeneratedStream[] = [];
    for (const dag of dags) {
      const end = dag.ingestion ? Math.min(to, origin) : to;
      for (const at of runTimes(dag, Math.max(oldest, from - LONGEST, to - 2 * DAY), end)) {
        for (const stream of this.#run(dag, at)) if (stream.last >= from && stream.first <= to) found.push(stream);
      }
    }
    return found;
  }

  *#run(dag: HistoryDag, runAt: number): Generator<GeneratedStream> {
    const { group, airflowVersion, seed, format, ingestionLines } = this.#history;
    const random = new Random(hash(seed, group, dag.dagId, runAt));
    const logical = airflowVersion.startsWith('2.') ? runAt - dag.period * 60_000 : runAt;
    const run = `scheduled__${runTime(logical)}`;
    let at = runAt + random.between(4_000, 30_000);
    for (const task of dag.tasks) {
      const tries = task.failing === true ? 2 : 1;
      for (let attempt = 1; attempt <= tries; attempt++) {
        const begin = Math.floor(at);
        const end = begin + Math.floor(task.seconds * random.between(700, 1400));
        const name = `dag_id=${dag.dagId}/run_id=${run}/task_id=${task.taskId}/attempt=${attempt}.log`.replaceAll(
          ':',
          '_',
        );
        const instance = { dag, task, run, attempt, begin, end };
        const extra = dag.ingestion ? (ingestionLines?.(dag.dagId, runAt) ?? []) : undefined;
        yield new GeneratedStream(
          {
            group,
            name,
            from: begin,
            to: end,
            seed,
            whole: true,
            lines: (_from, _to, lineRandom) => taskLines(instance, format, lineRandom, extra),
          },
          this.#slots,
        );
        at = end + random.between(3_000, 20_000) + (attempt < tries ? 300_000 : 0);
      }
    }
  }
}

interface Instance {
  readonly dag: HistoryDag;
  readonly task: HistoryTask;
  readonly run: string;
  readonly attempt: number;
  readonly begin: number;
  readonly end: number;
}

const origin = (file: string, line: number, logger: string): Origin => ({ file, line, logger });
const INSTANCE = origin('taskinstance.py', 2613, 'airflow.models.taskinstance');
const LOCAL = origin('local_task_job_runner.py', 123, 'airflow.jobs.local_task_job_runner');
const OPERATOR = origin('base.py', 84, 'airflow.task.operators');

function* taskLines(
  { dag, task, run, attempt, begin, end }: Instance,
  format: LineFormat,
  random: Random,
  extra: readonly string[] | undefined,
): Generator<Line> {
  const name = `${dag.dagId}.${task.taskId} ${run}`;
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
  yield say(
    begin + 66,
    'info',
    { ...INSTANCE, line: 2866 },
    `Starting attempt ${attempt} of ${task.failing === true ? 2 : 1}`,
  );
  yield say(
    begin + 95,
    'info',
    { ...INSTANCE, line: 2889 },
    `Executing <Task(${task.operator}): ${task.taskId}> on ${run.slice(11)}`,
  );
  yield say(
    begin + 140,
    'info',
    origin('standard_task_runner.py', 72, 'airflow.task.task_runner'),
    `Started process ${random.integer(900, 32000)} to run task`,
  );
  yield say(begin + 151, 'info', LOCAL, '::endgroup::');
  const body = extra ?? bodyOf(task, random);
  const step = (end - begin - 1200) / Math.max(1, body.length);
  for (const [index, text] of body.entries()) {
    yield say(Math.floor(begin + 400 + index * step), text.startsWith('WARN') ? 'warning' : 'info', OPERATOR, text);
  }
  if (task.failing === true) {
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
  const state = task.failing === true ? (attempt === 1 ? 'UP_FOR_RETRY' : 'FAILED') : 'SUCCESS';
  yield say(
    end - 120,
    'info',
    { ...INSTANCE, line: 1225 },
    `Marking task as ${state}. dag_id=${dag.dagId}, task_id=${task.taskId}, run_id=${run}`,
  );
  yield say(end, 'info', { ...LOCAL, line: 266 }, `Task exited with return code ${task.failing === true ? 1 : 0}`);
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
