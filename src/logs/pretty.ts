/** Members of a structured line that have a place of their own, or say nothing that the line's own columns don't. */
const PLACED = new Set(['event', 'message', 'msg', 'level', 'severity', 'logger', 'timestamp', 'time', 'error_detail']);

/** A log line taken apart: what its logger wrote beside the text. Its own time is left out: the event has one. */
export interface LineParts {
  /** Such as `INFO`. */
  readonly level: string | undefined;
  /** Logger or file, such as `metadata.Ingestion` or `taskinstance.py:1157`. */
  readonly source: string | undefined;
  /** The rest, of one or more lines. */
  readonly text: string;
}

const TIME = String.raw`\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?`;
const LEVEL = 'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|SEVERE|CRITICAL|FATAL';
/** OpenMetadata: `[time] INFO     {metadata.Ingestion:workflow:74} - text`. */
const OPENMETADATA = new RegExp(`^\\[${TIME}\\]\\s+(${LEVEL})\\s+\\{([^}:]{1,120})[^}]{0,120}\\}\\s+-\\s`);
/** Airflow 2: `[time] {taskinstance.py:1157} INFO - text`. */
const AIRFLOW_2 = new RegExp(`^\\[${TIME}\\]\\s+\\{([^}]{1,120})\\}\\s+(${LEVEL})\\s+-\\s`);
/** Python's usual form `time - name - INFO - text`, and any line that begins with a time and a level. */
const NAMED = new RegExp(`^\\[?${TIME}\\]?\\s+-\\s+([\\w.]{1,80})\\s+-\\s+(${LEVEL})\\s+-\\s`);
const TIMED = new RegExp(`^\\[?${TIME}\\]?\\s+(${LEVEL})\\s+(?:-\\s)?`);

/**
 * Takes a line apart as OpenMetadata, Airflow 2 and 3, and Python's loggers write them: a structured line's further
 * members follow its text as key=value, and an Airflow 3 `error_detail` as the traceback that it is, on lines of its
 * own. Lines of other kinds are text alone.
 */
export function lineParts(message: string): LineParts {
  const structured = structuredParts(message);
  if (structured !== undefined) return structured;
  const first = message.charCodeAt(0);
  // Only a bracket or a digit begins a time: most lines of a traceback are done here.
  if (first !== 0x5b && !(first >= 0x30 && first <= 0x39))
    return { level: undefined, source: undefined, text: message };
  for (const [pattern, levelAt, sourceAt] of [
    [OPENMETADATA, 1, 2],
    [AIRFLOW_2, 2, 1],
    [NAMED, 2, 1],
    [TIMED, 1, 0],
  ] as const) {
    const found = pattern.exec(message);
    if (found === null) continue;
    return {
      level: found[levelAt],
      source: sourceAt === 0 ? undefined : found[sourceAt],
      text: message.slice(found[0].length),
    };
  }
  return { level: undefined, source: undefined, text: message };
}

/** A structured line as one would have written it for a reader; lines of other kinds come back unchanged. */
export function readableMessage(message: string): string {
  const parts = structuredParts(message);
  if (parts === undefined) return message;
  return [parts.level?.padEnd(5), parts.source, parts.text].filter((part) => part !== undefined).join(' ');
}

function structuredParts(message: string): LineParts | undefined {
  const line = jsonObject(message);
  if (line === undefined) return undefined;
  const text = line.event ?? line.message ?? line.msg;
  if (typeof text !== 'string') return undefined;
  const level = line.level ?? line.severity;
  const parts = [text];
  for (const [key, value] of Object.entries(line)) {
    if (PLACED.has(key) || value === null || value === undefined) continue;
    parts.push(`${key}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`);
  }
  return {
    level: typeof level === 'string' ? level.toUpperCase() : undefined,
    source: typeof line.logger === 'string' ? line.logger : undefined,
    text: [parts.join(' '), ...traceback(line.error_detail)].join('\n'),
  };
}

/**
 * A JSON line laid out over several, two blanks a level; undefined for any other line. Numbers and strings stay
 * literally as they stand in the line.
 */
export function prettyJson(message: string): string[] | undefined {
  const text = message.trim();
  if (!isJson(text)) return undefined;
  const lines: string[] = [];
  let line = '';
  let depth = 0;
  const turn = () => {
    lines.push(line);
    line = '  '.repeat(depth);
  };
  // Strings whole, else one character: outside of strings, only punctuation and white space matter.
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[^\s]/gs)) {
    if (token === '{' || token === '[') {
      line += token;
      depth += 1;
      turn();
    } else if (token === '}' || token === ']') {
      depth -= 1;
      if (line.trim() === '') line = '  '.repeat(depth);
      else turn();
      const opened = lines.at(-1)?.at(-1);
      // Nothing between the brackets: they stay on one line.
      if ((opened === '{' || opened === '[') && line.trim() === '') line = lines.pop() ?? line;
      line += token;
    } else if (token === ',') {
      line += token;
      turn();
    } else line += token === ':' ? ': ' : token;
  }
  lines.push(line);
  return lines;
}

function jsonObject(message: string): Record<string, unknown> | undefined {
  const text = message.trim();
  if (!text.startsWith('{') || !text.endsWith('}')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function isJson(text: string): boolean {
  if (!/^[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Airflow 3's exceptions (structlog's ExceptionDictTransformer), outermost last, as Python prints them. */
function traceback(detail: unknown): string[] {
  if (!Array.isArray(detail)) return [];
  const lines: string[] = [];
  for (const exception of [...detail].reverse()) {
    if (typeof exception !== 'object' || exception === null) continue;
    const { exc_type: type, exc_value: value, frames, is_cause: isCause } = exception as Record<string, unknown>;
    lines.push('Traceback (most recent call last):');
    for (const frame of Array.isArray(frames) ? frames : []) {
      const { filename, lineno, name } = (frame ?? {}) as Record<string, unknown>;
      lines.push(`  File "${String(filename)}", line ${String(lineno)}, in ${String(name)}`);
    }
    lines.push(`${String(type)}: ${String(value)}`);
    if (exception !== detail[0]) {
      lines.push(
        isCause === true
          ? 'The above exception was the direct cause of the following exception:'
          : 'During handling of the above exception, another exception occurred:',
      );
    }
  }
  return lines;
}
