import { AwsError } from '../service.ts';
import { comparison } from './comparison.ts';
import { parseJsonPattern } from './json-pattern.ts';

/** Whether a message matches a filter pattern. */
export type Matcher = (message: string) => boolean;

function invalid(): AwsError {
  return new AwsError('InvalidParameterException', 'Invalid filter pattern');
}

/** A term of an unstructured pattern. */
interface Term {
  readonly kind: 'all' | 'any' | 'none';
  readonly matches: Matcher;
}

/**
 * Reads a filter pattern of CloudWatch Logs: terms and "phrases" (all must be in the message, in exact
 * case), `?any`, `-none`, `%regular expressions%` and `{ $.json = "selectors" }`. An empty one matches all.
 * Throws InvalidParameterException when it can't be read.
 */
export function parsePattern(pattern: string): Matcher {
  const text = pattern.trim();
  if (text === '' || text === '""') return () => true;
  if (text.startsWith('{')) {
    const matches = parseJsonPattern(text);
    if (matches === undefined) throw invalid();
    return (message) => {
      const value = jsonValue(message);
      return value !== undefined && matches(value);
    };
  }
  if (text.startsWith('[')) return fields(text);
  const terms = readTerms(text);
  const all = terms.filter(({ kind }) => kind === 'all');
  const any = terms.filter(({ kind }) => kind === 'any');
  const none = terms.filter(({ kind }) => kind === 'none');
  return (message) =>
    !none.some(({ matches }) => matches(message)) &&
    all.every(({ matches }) => matches(message)) &&
    // Beside terms that must be there, optional ones decide nothing.
    (any.length === 0 || all.length > 0 || any.some(({ matches }) => matches(message)));
}

function jsonValue(message: string): unknown {
  const start = message.trimStart();
  if (!start.startsWith('{') && !start.startsWith('[')) return undefined;
  try {
    return JSON.parse(message);
  } catch {
    return undefined;
  }
}

function readTerms(text: string): readonly Term[] {
  const terms: Term[] = [];
  const token = /\s*([?-]?)(?:"((?:[^"\\]|\\.)*)"|%((?:[^%\\]|\\.)+)%|([^\s"%]+))(?=\s|$)/y;
  while (token.lastIndex < text.length) {
    const found = token.exec(text);
    if (found === null) throw invalid();
    const [, sign, phrase, expression, word] = found;
    const kind = sign === '?' ? 'any' : sign === '-' ? 'none' : 'all';
    if (expression !== undefined) {
      const compiled = compile(expression);
      terms.push({ kind, matches: (message) => compiled.test(message) });
    } else {
      const wanted = word ?? (phrase ?? '').replace(/\\(.)/g, '$1');
      // A word of the pattern with other characters than these has to stand in quotes.
      if (word !== undefined && !/^[\p{L}\p{N}_.:/#*@=+,;&~^$-]+$/u.test(word)) throw invalid();
      terms.push({ kind, matches: (message) => message.includes(wanted) });
    }
    while (text.charAt(token.lastIndex) === ' ') token.lastIndex++;
  }
  return terms;
}

/** A pattern's regular expression; the service knows a small part of what JavaScript does. */
function compile(expression: string): RegExp {
  if (!/^[\p{L}\p{N}\s_#=@/;,\-.^$?[\]{}|\\*+()]+$/u.test(expression) || /[+*}]\s*[+*]|\(\?/.test(expression))
    throw invalid();
  try {
    return new RegExp(expression);
  } catch {
    throw invalid();
  }
}

/** A pattern by space-delimited fields: `[level = ERROR, ..., code = 5*]`. */
function fields(text: string): Matcher {
  if (!text.endsWith(']')) throw invalid();
  const wanted = text
    .slice(1, -1)
    .split(',')
    .map((field) => field.trim());
  const rest = wanted.indexOf('...');
  if (wanted.includes('') || wanted.lastIndexOf('...') !== rest) throw invalid();
  const conditions = wanted.map((field) => (field === '...' ? undefined : fieldCondition(field)));
  return (message) => {
    const found = [...message.matchAll(/"[^"]*"|\[[^\]]*\]|\S+/g)].map(([part]) =>
      /^(?:".*"|\[.*\])$/.test(part) ? part.slice(1, -1) : part,
    );
    if (rest < 0 ? found.length !== conditions.length : found.length < conditions.length - 1) return false;
    return conditions.every((condition, index) => {
      if (condition === undefined) return true;
      const at = rest >= 0 && index > rest ? found.length - (conditions.length - index) : index;
      return condition(found[at] ?? '');
    });
  };
}

function fieldCondition(field: string): Matcher {
  const condition = /^[\w.]+\s*(=|!=|<=|>=|<|>)\s*(?:"([^"]*)"|(\S+))$/.exec(field);
  if (condition === null) {
    if (!/^[\w.]+$/.test(field)) throw invalid();
    return () => true;
  }
  const [, operator = '=', phrase, word] = condition;
  return comparison(operator, phrase ?? word ?? '');
}
