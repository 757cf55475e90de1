import type { Expression } from './syntax.ts';
import { PythonError, type Token, tokenize, unescapePython } from './tokens.ts';

const OPAQUE: Expression = { kind: 'opaque' };

/** Binary operators by how tightly they bind; the ones that a DAG file's constants need are evaluated. */
const PRECEDENCE: Readonly<Record<string, number>> = {
  or: 1,
  and: 2,
  in: 4,
  is: 4,
  '<': 4,
  '>': 4,
  '<=': 4,
  '>=': 4,
  '==': 4,
  '!=': 4,
  '|': 5,
  '^': 6,
  '&': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '//': 10,
  '%': 10,
  '@': 10,
  '**': 12,
};

/** Words that never begin or continue an operand. */
const KEYWORDS = new Set(
  'and as assert async break class continue def del elif else except finally for from global if import in is nonlocal or pass raise return try while with'.split(
    ' ',
  ),
);

/** A cursor over tokens with the expression grammar on it. */
export class ExpressionReader {
  protected readonly tokens: readonly Token[];
  protected at = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  protected current(): Token {
    const token = this.tokens[this.at] ?? this.tokens.at(-1);
    if (token === undefined) throw new Error('a token list without its end');
    return token;
  }

  protected next(): Token {
    const token = this.current();
    if (token.kind !== 'end') this.at++;
    return token;
  }

  protected is(...texts: string[]): boolean {
    const { kind, text } = this.current();
    return (kind === 'operator' || kind === 'name') && texts.includes(text);
  }

  protected take(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  protected invalid(message = 'invalid syntax'): PythonError {
    return new PythonError('SyntaxError', message, this.current().line, true);
  }

  /** One expression, no top-level comma. */
  expression(): Expression {
    if (this.take('lambda')) {
      while (!this.is(':') && this.current().kind !== 'newline') this.skipOne();
      this.take(':');
      this.expression();
      return OPAQUE;
    }
    if (this.take('yield')) {
      this.take('from');
      if (!this.is(')', ']', '}', '=') && this.current().kind !== 'newline') this.expressions();
      return OPAQUE;
    }
    const value = this.#binary(0);
    if (this.take(':=')) return this.expression();
    if (!this.take('if')) return value;
    const test = this.#binary(0);
    if (!this.take('else')) throw this.invalid("expected 'else' after 'if' expression");
    return { kind: 'conditional', test, yes: value, no: this.expression() };
  }

  /** Expressions separated by commas: a tuple where there is more than one, or a comma at the end. */
  expressions(): Expression {
    const items = [this.#starred()];
    let tuple = false;
    while (this.take(',')) {
      tuple = true;
      if (this.current().kind === 'newline' || this.is(')', ']', '}', '=', ':')) break;
      items.push(this.#starred());
    }
    const [first = OPAQUE] = items;
    return tuple ? { kind: 'list', items } : first;
  }

  #starred(): Expression {
    if (this.take('*') || this.take('**')) {
      this.expression();
      return OPAQUE;
    }
    return this.expression();
  }

  #binary(least: number): Expression {
    let left = this.#unary();
    for (;;) {
      let operator = this.current().kind === 'operator' || this.current().kind === 'name' ? this.current().text : '';
      const negated = operator === 'not' && this.tokens[this.at + 1]?.text === 'in';
      if (negated) operator = 'in';
      const precedence = PRECEDENCE[operator];
      if (precedence === undefined || precedence <= least) return left;
      this.at += negated ? 2 : 1;
      const isNot = operator === 'is' && this.take('not');
      const right = this.#binary(operator === '**' ? precedence - 1 : precedence);
      const binary: Expression = { kind: 'binary', operator, left, right };
      left = negated || isNot ? { kind: 'not', operand: binary } : binary;
    }
  }

  #unary(): Expression {
    if (this.take('not')) return { kind: 'not', operand: this.#binary(3) };
    if (this.take('-')) return { kind: 'negative', operand: this.#binary(11) };
    if (this.take('+') || this.take('~')) return this.#binary(11);
    if (this.is('await') && this.tokens[this.at + 1]?.kind === 'name') this.at++;
    return this.#postfix(this.#atom());
  }

  #postfix(start: Expression): Expression {
    let value = start;
    for (;;) {
      const { line } = this.current();
      if (this.take('.')) {
        const name = this.next();
        if (name.kind !== 'name') throw this.invalid();
        value = { kind: 'attribute', object: value, name: name.text };
      } else if (this.take('(')) {
        value = this.#call(value, line);
      } else if (this.take('[')) {
        value = { kind: 'subscript', object: value, index: this.#index() };
      } else return value;
    }
  }

  #index(): Expression {
    let slice = false;
    let index: Expression = OPAQUE;
    while (!this.is(']')) {
      if (this.take(':') || this.take(',')) slice = true;
      else index = this.#starred();
    }
    this.at++;
    return slice ? OPAQUE : index;
  }

  #call(callee: Expression, line: number): Expression {
    const positional: Expression[] = [];
    const keywords: { name: string; value: Expression }[] = [];
    while (!this.take(')')) {
      const following = this.tokens[this.at + 1];
      if (this.current().kind === 'name' && following?.kind === 'operator' && following.text === '=') {
        const name = this.next().text;
        this.at++;
        keywords.push({ name, value: this.expression() });
      } else if (this.take('**')) {
        keywords.push({ name: '**', value: this.expression() });
      } else {
        const value = this.#starred();
        positional.push(this.is('for', 'async') ? this.#comprehension(')') : value);
      }
      if (!this.take(',') && !this.is(')')) throw this.#missingComma();
    }
    return { kind: 'call', callee, positional, keywords, line };
  }

  #missingComma(): PythonError {
    return this.invalid(
      this.current().kind === 'operator' ? 'invalid syntax' : 'invalid syntax. Perhaps you forgot a comma?',
    );
  }

  #comprehension(closing: string): Expression {
    while (!this.is(closing)) this.skipOne();
    return OPAQUE;
  }

  /** Skips a token, or all that a bracket holds. */
  protected skipOne(): void {
    const { kind, text } = this.next();
    if (kind === 'end') throw this.invalid();
    if (kind !== 'operator' || !'([{'.includes(text) || text.length !== 1) return;
    while (!this.is(')', ']', '}')) this.skipOne();
    this.at++;
  }

  #atom(): Expression {
    const token = this.next();
    const { kind, text, line } = token;
    switch (kind) {
      case 'number':
        return { kind: 'literal', value: Number(text.replaceAll('_', '')) };
      case 'string':
      case 'fstring':
        return this.#strings(token);
      case 'name': {
        if (text === 'True' || text === 'False') return { kind: 'literal', value: text === 'True' };
        if (text === 'None') return { kind: 'literal', value: null };
        if (KEYWORDS.has(text)) throw this.#back();
        return { kind: 'name', name: text, line };
      }
      case 'operator':
        if (text === '(') return this.#parenthesis();
        if (text === '[') return this.#list(']');
        if (text === '{') return this.#braces();
        if (text === '...') return OPAQUE;
        throw this.#back();
      default:
        throw this.#back();
    }
  }

  #back(): PythonError {
    this.at = Math.max(0, this.at - 1);
    return this.invalid();
  }

  #parenthesis(): Expression {
    if (this.take(')')) return { kind: 'list', items: [] };
    const value = this.expressions();
    const result = this.is('for', 'async') ? this.#comprehension(')') : value;
    if (!this.take(')')) throw this.#missingComma();
    return result;
  }

  #list(closing: string): Expression {
    const items: Expression[] = [];
    while (!this.take(closing)) {
      const value = this.#starred();
      if (this.is('for', 'async')) {
        this.#comprehension(closing);
        this.at++;
        return OPAQUE;
      }
      items.push(value);
      if (!this.take(',') && !this.is(closing)) throw this.#missingComma();
    }
    return { kind: 'list', items };
  }

  #braces(): Expression {
    const entries: (readonly [Expression | undefined, Expression])[] = [];
    let isSet = false;
    const members: Expression[] = [];
    while (!this.take('}')) {
      if (this.take('**')) entries.push([undefined, this.expression()]);
      else {
        const key = this.#starred();
        if (this.take(':')) entries.push([key, this.expression()]);
        else {
          isSet = true;
          members.push(key);
        }
      }
      if (this.is('for', 'async')) {
        this.#comprehension('}');
        this.at++;
        return OPAQUE;
      }
      if (!this.take(',') && !this.is('}')) throw this.#missingComma();
    }
    return isSet ? { kind: 'list', items: members } : { kind: 'dict', entries };
  }

  /** Adjacent literals are one string. */
  #strings(first: Token): Expression {
    const parts: (string | Expression)[] = [];
    let token = first;
    for (;;) {
      if (token.kind === 'fstring') parts.push(...formatParts(token));
      else parts.push(token.text);
      if (this.current().kind !== 'string' && this.current().kind !== 'fstring') break;
      token = this.next();
    }
    return parts.every((part) => typeof part === 'string')
      ? { kind: 'literal', value: parts.join('') }
      : { kind: 'fstring', parts };
  }
}

/** The literal pieces and the expressions of an f-string. */
function formatParts(token: Token): (string | Expression)[] {
  const parts: (string | Expression)[] = [];
  let text = '';
  for (let at = 0; at < token.text.length; at++) {
    const character = token.text[at] ?? '';
    if ((character === '{' || character === '}') && token.text[at + 1] === character) {
      text += character;
      at++;
    } else if (character === '{') {
      let depth = 1;
      const from = at + 1;
      while (depth > 0 && ++at < token.text.length) {
        if ('{[('.includes(token.text[at] ?? '')) depth++;
        if ('}])'.includes(token.text[at] ?? '')) depth--;
      }
      parts.push(unescapePython(text), fieldExpression(token.text.slice(from, at)));
      text = '';
    } else text += character;
  }
  return [...parts, unescapePython(text)];
}

function fieldExpression(field: string): Expression {
  try {
    return new ExpressionReader(tokenize(withoutFormat(field))).expressions();
  } catch (error) {
    // Formats nest in ways that are not worth following: such a field just has no known value.
    if (error instanceof PythonError) return OPAQUE;
    throw error;
  }
}

/** A replacement field without its conversion, format and `=`. */
function withoutFormat(field: string): string {
  let depth = 0;
  let quote = '';
  for (let at = 0; at < field.length; at++) {
    const character = field[at] ?? '';
    if (quote !== '') {
      if (character === quote) quote = '';
    } else if (character === "'" || character === '"') quote = character;
    else if ('([{'.includes(character)) depth++;
    else if (')]}'.includes(character)) depth--;
    else if (depth === 0 && (character === ':' || (character === '!' && field[at + 1] !== '='))) {
      return field.slice(0, at).trim();
    }
  }
  return field.trim().replace(/([^=!<>])=$/, '$1');
}
