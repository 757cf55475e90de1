/** A frame of a Python traceback. */
export interface Frame {
  readonly filename: string;
  readonly lineno: number;
  readonly name: string;
  /** The source line, as Python prints it below the frame. */
  readonly source: string;
}

/** The exception that ended a task. */
export class TaskError {
  /** Class, with its module. */
  readonly type: string;
  readonly message: string;
  readonly frames: readonly Frame[];
  /** False for what Airflow never retries (AirflowFailException). */
  readonly retried: boolean;

  constructor(type: string, message: string, frames: readonly Frame[] = [], retried = true) {
    this.type = type;
    this.message = message;
    this.frames = frames;
    this.retried = retried;
  }

  /** As Python prints it. */
  get traceback(): string {
    const frames = this.frames.flatMap(({ filename, lineno, name, source }) => [
      `  File "${filename}", line ${lineno}, in ${name}`,
      `    ${source}`,
    ]);
    const head = frames.length === 0 ? [] : ['Traceback (most recent call last):', ...frames];
    return [...head, `${this.type}: ${this.message}`].join('\n');
  }
}

/** The folder of an image's Python packages. */
export function sitePackages(pythonVersion: string): string {
  return `/usr/local/airflow/.local/lib/python${pythonVersion}/site-packages`;
}

/** `execution_timeout` passed. */
export function timeoutError(taskId: string, seconds: number): TaskError {
  const text = new Date(seconds * 1000).toISOString().slice(11, 19);
  return new TaskError('airflow.exceptions.AirflowTaskTimeout', `Timeout of ${text} reached for task ${taskId}`);
}
