/** How bad a line is; `trace` and `debug` are one. */
export type Severity = 'debug' | 'info' | 'warning' | 'error' | 'critical';

const WORDS: Readonly<Record<string, Severity>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  NOTICE: 'info',
  WARN: 'warning',
  WARNING: 'warning',
  ERROR: 'error',
  ERR: 'error',
  SEVERE: 'error',
  CRITICAL: 'critical',
  FATAL: 'critical',
};

/** Airflow 2 `[time] {file.py:12} INFO - …`, OpenMetadata and Python `[time] INFO     {logger:module:12} - …`. */
const BRACKETED = /^\[[^\]]{1,40}\]\s+(?:\{[^}]{1,120}\}\s+)?([A-Z]{3,8})\b/;
/** A JSON line's own level, whichever of the usual names it goes by. */
const JSON_LEVEL = /"(?:level|levelname|severity|log\.level|lvl)"\s*:\s*"([A-Za-z]{3,8})"/;
/** `level=info`, and a level word in capitals near the line's start, as most other loggers write it. */
const KEYED = /\b(?:level|lvl|severity)=["']?([A-Za-z]{3,8})\b/;
const EARLY = /^(?:\S+\s+){0,6}?[[(<]?(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL)\b/;
/** What an uncaught Python exception prints first and last. */
const EXCEPTION = /^(?:Traceback \(most recent call last\)|[A-Za-z_][\w.]*(?:Error|Exception)(?::|$))/;
/** A line's level stands in its first characters, except in JSON, where any member may come first. */
const HEAD = 160;
const JSON_HEAD = 2048;

/** The severity a line states or shows by its form; undefined when it says nothing of the kind. */
export function severityOf(message: string): Severity | undefined {
  const first = message.charCodeAt(0);
  if (first === 0x7b) {
    const level = JSON_LEVEL.exec(message.length > JSON_HEAD ? message.slice(0, JSON_HEAD) : message);
    if (level !== null) return named(level[1]);
  }
  const head = message.length > HEAD ? message.slice(0, HEAD) : message;
  if (first === 0x5b) {
    const level = BRACKETED.exec(head);
    if (level !== null) {
      const found = named(level[1]);
      if (found !== undefined) return found;
    }
  }
  const level = EARLY.exec(head) ?? KEYED.exec(head);
  if (level !== null) return named(level[1]);
  return EXCEPTION.test(head) ? 'error' : undefined;
}

/** True for `error` and `critical`. */
export function isError(severity: Severity | undefined): boolean {
  return severity === 'error' || severity === 'critical';
}

function named(word: string | undefined): Severity | undefined {
  return word === undefined ? undefined : WORDS[word.toUpperCase()];
}
