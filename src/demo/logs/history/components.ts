import type { Random } from '../random.ts';
import type { Line } from '../streams.ts';
import type { LineFormat, Origin } from './airflow-lines.ts';
import { HISTORY_DAGS } from './dags.ts';
import { accessTime, plainTime, runTime } from './time.ts';

/** What a component of Airflow writes between two times. */
export type Writer = (from: number, to: number, random: Random) => Iterable<Line>;

const SCHEDULER: Origin = {
  file: 'scheduler_job_runner.py',
  line: 449,
  logger: 'airflow.jobs.scheduler_job_runner.SchedulerJobRunner',
};
const DAG_RUN: Origin = { file: 'dagrun.py', line: 854, logger: 'airflow.models.dagrun.DagRun' };
const CELERY: Origin = {
  file: 'celery_executor_utils.py',
  line: 104,
  logger: 'airflow.providers.celery.executors.celery_executor_utils',
};
const PROCESSOR: Origin = { file: 'processor.py', line: 186, logger: 'airflow.dag_processing.processor' };
const MANAGER: Origin = { file: 'manager.py', line: 1004, logger: 'airflow.dag_processing.manager' };

/** A time at random every `seconds` or so between two times. */
function* ticks(from: number, to: number, seconds: number, random: Random): Generator<number> {
  for (let at = from + random.next() * seconds * 1000; at < to; at += random.between(0.4, 1.6) * seconds * 1000) {
    yield Math.floor(at);
  }
}

/** A scheduler: tasks queued and finished, heartbeats, now and then a warning. */
export function scheduler(environment: string, format: LineFormat): Writer {
  const dags = HISTORY_DAGS.filter((dag) => dag.environment === environment);
  return function* (from, to, random) {
    for (const at of ticks(from, to, 7, random)) {
      const dag = dags[random.integer(0, dags.length - 1)];
      const task = dag?.tasks[random.integer(0, dag.tasks.length - 1)];
      const run = `scheduled__${runTime(Math.floor(at / 3_600_000) * 3_600_000)}`;
      const instance = `<TaskInstance: ${dag?.dagId}.${task?.taskId} ${run} [scheduled]>`;
      const choice = random.next();
      if (choice < 0.3) {
        yield { at, message: format(at, 'info', SCHEDULER, `1 tasks up for execution:\n\t${instance}`) };
        const sent = `Sending TaskInstanceKey(dag_id='${dag?.dagId}', task_id='${task?.taskId}', run_id='${run}', try_number=1, map_index=-1) to CeleryExecutor with priority 1 and queue default`;
        yield { at: at + 21, message: format(at + 21, 'info', { ...SCHEDULER, line: 693 }, sent) };
      } else if (choice < 0.55) {
        const text = `DAG ${dag?.dagId} has 0/16 running and queued tasks`;
        yield { at, message: format(at, 'info', { ...SCHEDULER, line: 521 }, text) };
      } else if (choice < 0.75) {
        const text = `TaskInstance Finished: dag_id=${dag?.dagId}, task_id=${task?.taskId}, run_id=${run}, map_index=-1, run_duration=${random.between(2, 90).toFixed(6)}, state=success, executor=CeleryExecutor, executor_state=success, try_number=1, max_tries=0, pool=default_pool, queue=default`;
        yield { at, message: format(at, 'info', { ...SCHEDULER, line: 799 }, text) };
      } else if (choice < 0.9) {
        const text = `Marking run <DagRun ${dag?.dagId} @ ${runTime(at)}: ${run}, state:running, queued_at: ${plainTime(at)}+00:00. externally triggered: False> successful`;
        yield { at, message: format(at, 'info', DAG_RUN, text) };
      } else if (choice < 0.985) {
        const text = 'Adopting or resetting orphaned tasks for active dag runs';
        yield { at, message: format(at, 'info', { ...SCHEDULER, line: 1949 }, text) };
      } else {
        const text = `Executor CeleryExecutor reported that the task instance ${instance.replace('scheduled]', 'queued]')} finished with state failed, but the task instance's state attribute is queued. Learn more: https://airflow.apache.org/docs/apache-airflow/stable/troubleshooting.html#task-state-changed-externally`;
        yield { at, message: format(at, 'error', { ...SCHEDULER, line: 878 }, text) };
      }
    }
  };
}

/** A Celery worker: tasks taken and done. */
export function worker(environment: string, format: LineFormat): Writer {
  const dags = HISTORY_DAGS.filter((dag) => dag.environment === environment);
  return function* (from, to, random) {
    for (const at of ticks(from, to, 24, random)) {
      const dag = dags[random.integer(0, dags.length - 1)];
      const task = dag?.tasks[random.integer(0, dag.tasks.length - 1)];
      const id = random.uuid();
      const name = 'airflow.providers.celery.executors.celery_executor_utils.execute_command';
      const run = `scheduled__${runTime(Math.floor(at / 3_600_000) * 3_600_000)}`;
      const command = `['airflow', 'tasks', 'run', '${dag?.dagId}', '${task?.taskId}', '${run}', '--local', '--subdir', 'DAGS_FOLDER/${dag?.dagId}.py']`;
      const seconds = random.between(2, 30);
      const done = at + seconds * 1000;
      yield {
        at,
        message: format(at, 'info', { ...CELERY, file: 'strategy.py', line: 161 }, `Task ${name}[${id}] received`),
      };
      yield {
        at: at + 14,
        message: format(at + 14, 'info', CELERY, `[${id}] Executing command in Celery: ${command}`),
      };
      if (done < to) {
        const text = `Task ${name}[${id}] succeeded in ${seconds.toFixed(9)}s: None`;
        yield { at: done, message: format(done, 'info', { ...CELERY, file: 'trace.py', line: 128 }, text) };
      }
    }
  };
}

/** A web server's or API server's access log. */
export function webServer(format: LineFormat): Writer {
  const paths = [
    '/health',
    '/health',
    '/home',
    '/api/v1/dags',
    '/dags/orders_hourly/grid',
    '/object/grid_data',
  ] as const;
  return function* (from, to, random) {
    for (const at of ticks(from, to, 16, random)) {
      const path = random.pick(paths);
      const agent = path === '/health' ? 'ELB-HealthChecker/2.0' : 'Mozilla/5.0 (X11; Linux x86_64)';
      const status = random.oneIn(90) ? 502 : 200;
      const text = `10.192.${random.integer(20, 21)}.${random.integer(4, 250)} - - [${accessTime(at)}] "GET ${path} HTTP/1.1" ${status} ${random.integer(150, 9000)} "-" "${agent}"`;
      yield {
        at,
        message:
          format === undefined || path !== '/home'
            ? text
            : format(
                at,
                'info',
                { file: 'views.py', line: 872, logger: 'airflow.www.views' },
                'Rendering DAGs home page',
              ),
      };
    }
  };
}

/** One file's lines of the DAG processor. */
export function dagFile(dagId: string, format: LineFormat): Writer {
  const file = `/usr/local/airflow/dags/${dagId}.py`;
  return function* (from, to, random) {
    for (const at of ticks(from, to, 62, random)) {
      const seconds = random.between(0.08, 0.9);
      const done = at + seconds * 1000;
      yield {
        at,
        message: format(
          at,
          'info',
          PROCESSOR,
          `Started process (PID=${random.integer(200, 32000)}) to work on ${file}`,
        ),
      };
      yield {
        at: at + 8,
        message: format(at + 8, 'info', { ...PROCESSOR, line: 925 }, `Processing file ${file} for tasks to queue`),
      };
      const found = `DAG(s) '${dagId}' retrieved from ${file}`;
      yield { at: done - 5, message: format(done - 5, 'info', { ...PROCESSOR, line: 939 }, found) };
      const took = `Processing ${file} took ${seconds.toFixed(3)} seconds`;
      yield { at: done, message: format(done, 'info', { ...PROCESSOR, line: 208 }, took) };
    }
  };
}

/** The DAG processor manager's table of files. */
export function processorManager(environment: string, format: LineFormat): Writer {
  const dags = HISTORY_DAGS.filter((dag) => dag.environment === environment);
  return function* (from, to, random) {
    for (const at of ticks(from, to, 58, random)) {
      const rows = dags.map(
        ({ dagId }) =>
          `/usr/local/airflow/dags/${dagId}.py`.padEnd(60) +
          `1           0  ${random.between(0.1, 0.9).toFixed(2)}s           ${plainTime(at).replace(' ', 'T')}`,
      );
      const head = `${'File Path'.padEnd(60)}# DAGs    # Errors  Last Runtime    Last Run`;
      const rule = '='.repeat(80);
      yield {
        at,
        message: format(
          at,
          'info',
          MANAGER,
          `\n${rule}\nDAG File Processing Stats\n\n${head}\n${rows.join('\n')}\n${rule}`,
        ),
      };
    }
  };
}
