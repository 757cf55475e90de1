import { compareEvents, type LogEvent } from '../logs/event.ts';
import { isError, severityOf } from '../logs/severity.ts';
import { ingestionErrorOf } from '../reference/ingestion-errors.ts';

/** What a log says of why its process failed. */
export interface LogError {
  /** The uncaught exception, or else the last error line, raw. */
  readonly text: string;
  /** The first thing to check, when the cause is a known one. */
  readonly advice: string | undefined;
}

/** `package.module.SomeError: text`, as Python ends a traceback; continued lines of it are not kept. */
const EXCEPTION = /^[A-Za-z_][\w.]*(?:Error|Exception|Exit|Interrupt)(?:: |$)/;
/** The exception that only counts what went wrong before it. */
const COUNTS_ONLY = /WorkflowExecutionError/;
/** What a Python logger puts before its text. */
const LOGGER_PREFIX = /^\[[^\]]{1,40}\]\s+[A-Z]+\s+\{[^}]{1,120}\}\s+-\s+/;
/** Errors kept of a log that has nothing but errors. */
const MOST = 200;
/** How many of the last errors may name the cause. */
const LOOKED_AT = 20;
/** An exception may carry a whole answer of a server. */
const LONGEST = 300;

/** Keeps the last errors of a log, in whatever order they are found. */
export class ErrorCollector {
  #errors: LogEvent[] = [];

  add(events: readonly LogEvent[]): void {
    for (const event of events) {
      if (EXCEPTION.test(event.message) || isError(severityOf(event.message))) this.#errors.push(event);
    }
    if (this.#errors.length > 2 * MOST) this.#errors = this.#last();
  }

  /** The error that a failed process is to be explained by; undefined when its log has none. */
  get error(): LogError | undefined {
    const texts = this.#last()
      .reverse()
      .map((event) => textOf(event.message))
      .filter((text) => text !== undefined);
    const text = texts.find((each) => EXCEPTION.test(each)) ?? texts[0];
    if (text === undefined) return undefined;
    const causes = COUNTS_ONLY.test(text) ? texts.filter((each) => !COUNTS_ONLY.test(each)) : [text, ...texts];
    return {
      text: text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text,
      advice: ingestionErrorOf(causes.slice(0, LOOKED_AT))?.advice,
    };
  }

  #last(): LogEvent[] {
    return this.#errors.sort(compareEvents).slice(-MOST);
  }
}

/** The error within a message: a traceback's last line, else the text behind the logger's prefix; not its first line. */
function textOf(message: string): string | undefined {
  const lines = message.split('\n').filter((line) => line.trim() !== '');
  const exception = lines.findLast((line) => EXCEPTION.test(line));
  if (exception !== undefined) return exception;
  const first = lines[0]?.replace(LOGGER_PREFIX, '').trim();
  return first === undefined || first.startsWith('Traceback ') ? undefined : first;
}
