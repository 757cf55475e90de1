import { type LineFormat, lineFormat, type Origin } from '../logs/history/airflow-lines.ts';
import { airflowLogGroup } from '../world/names.ts';
import type { AirflowHost } from './host.ts';
import type { DagRun, TaskInstance } from './runs.ts';

const LEVELS = ['debug', 'info', 'warning', 'error', 'critical'] as const;
/** A level that a task logs at. */
export type LogLevel = 'debug' | 'info' | 'warning' | 'error';

/** The log stream of one try of a task (Airflow's log filename template, `:` as `_`). */
export function taskStream(dagId: string, runId: string, taskId: string, attempt: number): string {
  return `dag_id=${dagId}/run_id=${runId}/task_id=${taskId}/attempt=${attempt}.log`.replaceAll(':', '_');
}

/** Writes what one try of a task logs, as that Airflow version's lines, into the environment's Task group. */
export class TaskLog {
  readonly #host: AirflowHost;
  readonly #stream: string;
  readonly #format: LineFormat;

  constructor(host: AirflowHost, run: DagRun, instance: TaskInstance) {
    this.#host = host;
    this.#stream = taskStream(run.dagId, run.runId, instance.taskId, instance.tryNumber);
    this.#format = lineFormat(host.airflowVersion);
  }

  /** One line, now. */
  write(level: LogLevel, origin: Origin, text: string): void {
    this.writeAt(this.#host.region.clock.now(), level, origin, text);
  }

  /** One line that was logged at another time. */
  writeAt(at: number, level: LogLevel, origin: Origin, text: string): void {
    const { enabled, level: least } = this.#host.taskLogs;
    if (!enabled || LEVELS.indexOf(level) < LEVELS.findIndex((each) => each === least.toLowerCase())) return;
    const message = this.#format(at, level, origin, text);
    this.#host.region.logs.write(airflowLogGroup(this.#host.environment, 'Task'), this.#stream, [
      { timestamp: at, message },
    ]);
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
