/** Members of a structured line that have a place of their own, or say nothing that the line's own columns don't. */
const PLACED = new Set(['event', 'message', 'msg', 'level', 'severity', 'logger', 'timestamp', 'time', 'error_detail']);

/**
 * A structured log line as one would have written it for a reader: level, logger, text, further members as key=value,
 * and an Airflow 3 `error_detail` as the traceback that it is, on lines of its own. Lines of other kinds come back
 * unchanged. The time is left out: the event has its own.
 */
export function readableMessage(message: string): string {
  const line = jsonObject(message);
  if (line === undefined) return message;
  const text = line.event ?? line.message ?? line.msg;
  if (typeof text !== 'string') return message;
  const level = line.level ?? line.severity;
  const parts: string[] = [];
  if (typeof level === 'string') parts.push(level.toUpperCase().padEnd(5));
  if (typeof line.logger === 'string') parts.push(line.logger);
  parts.push(text);
  for (const [key, value] of Object.entries(line)) {
    if (PLACED.has(key) || value === null || value === undefined) continue;
    parts.push(`${key}=${typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value)}`);
  }
  const trace = traceback(line.error_detail);
  return trace.length === 0 ? parts.join(' ') : [parts.join(' '), ...trace].join('\n');
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
