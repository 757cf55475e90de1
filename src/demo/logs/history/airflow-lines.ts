import { airflowTime } from './time.ts';

/** How one environment's Airflow writes a line: plain text up to 2.x, one JSON object from 3.0 on. */
export type LineFormat = (
  at: number,
  level: 'debug' | 'info' | 'warning' | 'error',
  origin: Origin,
  text: string,
) => string;

/** What writes a line. */
export interface Origin {
  /** The source file, such as `scheduler_job_runner.py`. */
  readonly file: string;
  readonly line: number;
  /** The logger's name in Airflow 3. */
  readonly logger: string;
}

/** `[time] {file.py:1} INFO - text`. */
const plainLine: LineFormat = (at, level, { file, line }, text) =>
  `[${airflowTime(at)}] {${file}:${line}} ${level.toUpperCase()} - ${text}`;

/** A structlog line of Airflow 3. */
const jsonLine: LineFormat = (at, level, { file, line, logger }, text) =>
  JSON.stringify({
    timestamp: `${new Date(at).toISOString().slice(0, -1)}000Z`,
    level,
    event: text,
    logger,
    filename: file,
    lineno: line,
  });

/** The format of an Airflow version's lines. */
export const lineFormat = (airflowVersion: string): LineFormat =>
  airflowVersion.startsWith('2.') ? plainLine : jsonLine;
