import { type LineFormat, lineFormat, type Origin } from '../logs/history/airflow-lines.ts';
import { airflowLogGroup } from '../world/names.ts';
import type { AirflowHost } from './host.ts';
import type { DagRun, TaskInstance } from './runs.ts';
import type { TaskError } from './task-error.ts';
import { atLeast } from './versions.ts';

const LEVELS: readonly string[] = ['debug', 'info', 'warning', 'error', 'critical'];
/** A level that a task logs at. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** The log stream of one try of a task (Airflow's log filename template, `:` as `_`). */
function taskStream(dagId: string, runId: string, taskId: string, attempt: number): string {
  return `dag_id=${dagId}/run_id=${runId}/task_id=${taskId}/attempt=${attempt}.log`.replaceAll(':', '_');
}

/** Writes what one try of a task logs, as that Airflow version's lines, into the environment's Task group. */
export class TaskLog {
  readonly #host: AirflowHost;
  readonly #stream: string;
  readonly #format: LineFormat;
  readonly #silent: boolean;

  /** With `silent`, nothing is written: CloudWatch Logs makes these lines itself. */
  constructor(host: AirflowHost, run: DagRun, instance: TaskInstance, silent: boolean) {
    this.#host = host;
    this.#silent = silent;
    this.#stream = taskStream(run.dagId, run.runId, instance.taskId, instance.tryNumber);
    this.#format = lineFormat(host.airflowVersion);
  }

  /** One line, now. */
  write(level: LogLevel, origin: Origin, text: string): void {
    this.writeAt(this.#host.region.clock.now(), level, origin, text);
  }

  /** One line that was logged at another time. */
  writeAt(at: number, level: LogLevel, origin: Origin, text: string): void {
    this.#put(at, level, this.#format(at, level, origin, text));
  }

  /** The end of a task by an exception: one event with the traceback, its parts in members from Airflow 3 on. */
  exception(error: TaskError): void {
    const at = this.#host.region.clock.now();
    const type = error.type.slice(error.type.lastIndexOf('.') + 1);
    if (!atLeast(this.#host.airflowVersion, '3.0.0')) {
      const text = `Task failed with exception\n${error.traceback}`;
      this.#put(at, 'error', this.#format(at, 'error', { ...ORIGINS.instance, line: 3311 }, text));
      return;
    }
    const line = {
      timestamp: `${new Date(at).toISOString().slice(0, -1)}000Z`,
      level: 'error',
      event: 'Task failed with exception',
      logger: 'task',
      filename: 'task_runner.py',
      lineno: 1003,
      error_detail: [
        {
          exc_type: type,
          exc_value: error.message,
          exc_notes: [],
          syntax_error: null,
          is_cause: false,
          frames: error.frames,
          is_group: false,
          exceptions: [],
        },
      ],
    };
    this.#put(at, 'error', JSON.stringify(line));
  }

  #put(at: number, level: LogLevel, message: string): void {
    const { enabled, level: least } = this.#host.taskLogs;
    if (this.#silent || !enabled || LEVELS.indexOf(level) < LEVELS.indexOf(least.toLowerCase())) return;
    const group = airflowLogGroup(this.#host.environment, 'Task');
    this.#host.region.logs.write(group, this.#stream, [{ timestamp: at, message }]);
  }
}

/** Where a line of Airflow's own comes from. */
export const ORIGINS = {
  instance: { file: 'taskinstance.py', line: 2613, logger: 'airflow.models.taskinstance' },
  runner: { file: 'standard_task_runner.py', line: 72, logger: 'airflow.task.task_runner' },
  job: { file: 'local_task_job_runner.py', line: 123, logger: 'airflow.jobs.local_task_job_runner' },
  ecs: { file: 'ecs.py', line: 520, logger: 'airflow.task.operators.airflow.providers.amazon.aws.operators.ecs' },
  fetcher: { file: 'task_log_fetcher.py', line: 75, logger: 'airflow.providers.amazon.aws.utils.task_log_fetcher' },
  python: { file: 'python.py', line: 240, logger: 'airflow.task.operators.airflow.operators.python' },
  virtualenv: { file: 'process_utils.py', line: 191, logger: 'airflow.utils.process_utils' },
  operator: { file: 'base.py', line: 84, logger: 'airflow.task.operators' },
} as const satisfies Readonly<Record<string, Origin>>;
