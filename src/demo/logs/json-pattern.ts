import { comparison } from './comparison.ts';

/** Whether a parsed JSON message matches. */
type JsonMatcher = (value: unknown) => boolean;

const TOKEN =
  /\s*(?:(\$(?:\.[\w-]+|\[\d+\]|\["[^"]*"\])*)|(&&|\|\||[(){}]|!=|<=|>=|=|<|>)|"((?:[^"\\]|\\.)*)"|([^\s"(){}&|=!<>]+))/y;

/**
 * Reads `{ $.selector = "value" }` with `&&`, `||`, parentheses, the comparisons, `IS NULL`, `IS TRUE`,
 * `IS FALSE` and `NOT EXISTS`. Undefined when it can't be read.
 */
export function parseJsonPattern(text: string): JsonMatcher | undefined {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const found = TOKEN.exec(text);
    if (found === null) return undefined;
    const [, selector, sign, phrase, word] = found;
    if (selector !== undefined) tokens.push({ kind: 'selector', text: selector });
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else tokens.push({ kind: 'value', text: word ?? (phrase ?? '').replace(/\\(.)/g, '$1') });
  }
  if (tokens.shift()?.text !== '{' || tokens.pop()?.text !== '}') return undefined;
  const reader = new Reader(tokens);
  const matches = reader.alternatives();
  return reader.done ? matches : undefined;
}

interface Token {
  readonly kind: 'selector' | 'sign' | 'value';
  readonly text: string;
}

class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;
  #failed = false;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return !this.#failed && this.#at === this.#tokens.length;
  }

  alternatives(): JsonMatcher {
    const parts = [this.#conjunction()];
    while (this.#take('||')) parts.push(this.#conjunction());
    return (value) => parts.some((part) => part(value));
  }

  #conjunction(): JsonMatcher {
    const parts = [this.#condition()];
    while (this.#take('&&')) parts.push(this.#condition());
    return (value) => parts.every((part) => part(value));
  }

  #condition(): JsonMatcher {
    if (this.#take('(')) {
      const inner = this.alternatives();
      if (!this.#take(')')) this.#failed = true;
      return inner;
    }
    const selector = this.#next('selector');
    const follows = this.#tokens[this.#at++];
    if (selector === undefined || follows === undefined) return this.#fail();
    const find = selectorOf(selector);
    if (follows.kind === 'sign') {
      const wanted = this.#next('value');
      if (wanted === undefined || !/^(?:=|!=|[<>]=?)$/.test(follows.text)) return this.#fail();
      const matches = comparison(follows.text, wanted);
      return (value) => {
        const found = find(value);
        return (typeof found === 'string' || typeof found === 'number') && matches(String(found));
      };
    }
    const keyword = `${follows.text} ${this.#next('value') ?? ''}`.toUpperCase();
    if (keyword === 'IS NULL') return (value) => find(value) === null;
    if (keyword === 'IS TRUE') return (value) => find(value) === true;
    if (keyword === 'IS FALSE') return (value) => find(value) === false;
    if (keyword === 'NOT EXISTS') return (value) => find(value) === undefined;
    return this.#fail();
  }

  #take(sign: string): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== 'sign' || token.text !== sign) return false;
    this.#at++;
    return true;
  }

  #next(kind: Token['kind']): string | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== kind) return undefined;
    this.#at++;
    return token.text;
  }

  #fail(): JsonMatcher {
    this.#failed = true;
    return () => false;
  }
}

/** What finds a selector's value, such as `$.errors[0]["error code"]`. */
function selectorOf(selector: string): (value: unknown) => unknown {
  const keys = [...selector.matchAll(/\.([\w-]+)|\[(\d+)\]|\["([^"]*)"\]/g)].map(
    ([, name, index, quoted]) => name ?? index ?? quoted ?? '',
  );
  return (value) => {
    let found = value;
    for (const key of keys) {
      if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
      found = (found as Readonly<Record<string, unknown>>)[key];
    }
    return found;
  };
}
