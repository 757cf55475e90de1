import { ExpressionReader } from './expressions.ts';
import type { Expression, Statement } from './syntax.ts';
import { PythonError, tokenize } from './tokens.ts';

const BLOCKS = new Set(['if', 'elif', 'else', 'for', 'while', 'try', 'except', 'finally', 'with', 'def', 'class']);
const AUGMENTED = new Set(['+=', '-=', '*=', '/=', '//=', '%=', '**=', '>>=', '<<=', '&=', '|=', '^=', '@=']);

/** Reads a Python file into statements; throws `PythonError` (SyntaxError, IndentationError) as the compiler would. */
export function parseModule(source: string): readonly Statement[] {
  return new StatementReader(tokenize(source)).module();
}

class StatementReader extends ExpressionReader {
  module(): readonly Statement[] {
    const statements: Statement[] = [];
    while (this.current().kind !== 'end') {
      if (this.current().kind === 'indent') throw this.#indentation('unexpected indent');
      statements.push(...this.#statement());
    }
    return statements;
  }

  #indentation(message: string): PythonError {
    return new PythonError('IndentationError', message, this.current().line, true);
  }

  /** One line's statements, or one compound statement. */
  #statement(): Statement[] {
    const { line, kind, text } = this.current();
    if (kind === 'operator' && text === '@') return [this.#decorated()];
    if (kind === 'name') {
      if (text === 'async' && ['def', 'for', 'with'].includes(this.tokens[this.at + 1]?.text ?? '')) this.at++;
      const compound = this.#compound(line);
      if (compound !== undefined) return [compound];
    }
    const statements: Statement[] = [];
    do {
      if (this.current().kind === 'newline') break;
      statements.push(this.#simple());
    } while (this.take(';'));
    if (this.current().kind !== 'newline') throw this.#leftover();
    this.at++;
    return statements;
  }

  #leftover(): PythonError {
    const previous = this.tokens[this.at - 1];
    if (previous?.kind === 'name' && previous.text === 'print' && this.current().kind !== 'operator') {
      return this.invalid("Missing parentheses in call to 'print'. Did you mean print(...)?");
    }
    return this.invalid();
  }

  #compound(line: number): Statement | undefined {
    switch (this.current().text) {
      case 'if':
        return this.#if(line);
      case 'for':
        return this.#for(line);
      case 'while': {
        this.at++;
        this.expression();
        this.#block('while', line);
        if (this.take('else')) this.#block('else', this.current().line);
        return { kind: 'other', line };
      }
      case 'try':
        return this.#try(line);
      case 'with':
        return this.#with(line);
      case 'def':
        return this.#function(line, []);
      case 'class':
        return this.#class(line);
      case 'match':
        return this.#match(line);
      case 'elif':
      case 'else':
      case 'except':
      case 'finally':
        throw this.invalid();
      default:
        return undefined;
    }
  }

  #block(word: string, line: number): Statement[] {
    if (!this.take(':')) throw this.invalid("expected ':'");
    if (this.current().kind !== 'newline') return this.#statement();
    this.at++;
    if (this.current().kind !== 'indent') {
      const what = BLOCKS.has(word) ? `'${word}' statement` : word;
      throw this.#indentation(`expected an indented block after ${what} on line ${line}`);
    }
    this.at++;
    const statements: Statement[] = [];
    while (this.current().kind !== 'dedent' && this.current().kind !== 'end') {
      if (this.current().kind === 'indent') throw this.#indentation('unexpected indent');
      statements.push(...this.#statement());
    }
    if (this.current().kind === 'dedent') this.at++;
    return statements;
  }

  #if(line: number): Statement {
    const word = this.next().text;
    const test = this.expression();
    const yes = this.#block(word, line);
    const after = this.current();
    if (this.is('elif')) return { kind: 'if', line, test, yes, no: [this.#if(after.line)] };
    const no = this.take('else') ? this.#block('else', after.line) : [];
    return { kind: 'if', line, test, yes, no };
  }

  #for(line: number): Statement {
    this.at++;
    const target = this.#targets();
    if (!this.take('in')) throw this.invalid();
    const over = this.expressions();
    const body = this.#block('for', line);
    const after = this.current().line;
    if (this.take('else')) this.#block('else', after);
    return { kind: 'for', line, target, over, body };
  }

  /** A loop's targets: names and tuples of them, never an `in` comparison. */
  #targets(): Expression {
    const items: Expression[] = [];
    do {
      if (this.is('in', ')', ']')) break;
      items.push(this.#target());
    } while (this.take(','));
    const [only] = items;
    return items.length === 1 && only !== undefined ? only : { kind: 'list', items };
  }

  #target(): Expression {
    this.take('*');
    if (this.take('(') || this.take('[')) {
      const inner = this.#targets();
      this.at++;
      return inner;
    }
    const name = this.next();
    if (name.kind !== 'name') throw this.invalid();
    if (!this.is('.', '[')) return { kind: 'name', name: name.text, line: name.line };
    while (!this.is(',', 'in')) this.skipOne();
    return { kind: 'opaque' };
  }

  #try(line: number): Statement {
    this.at++;
    const body = this.#block('try', line);
    const handlers: { types: string[]; body: Statement[] }[] = [];
    let otherwise: Statement[] = [];
    let last: Statement[] = [];
    while (this.is('except')) {
      const from = this.next().line;
      this.take('*');
      const types = this.is(':') ? [] : namesOf(this.expressions());
      if (this.take('as')) this.at++;
      handlers.push({ types, body: this.#block('except', from) });
    }
    const elseLine = this.current().line;
    if (this.take('else')) otherwise = this.#block('else', elseLine);
    const finallyLine = this.current().line;
    const hasFinally = this.take('finally');
    if (hasFinally) last = this.#block('finally', finallyLine);
    if (handlers.length === 0 && !hasFinally) throw this.invalid("expected 'except' or 'finally' block");
    return { kind: 'try', line, body, handlers, otherwise, finally: last };
  }

  #with(line: number): Statement {
    this.at++;
    const bracket = this.is('(') && this.#bracketedWith();
    if (bracket) this.at++;
    const items: { value: Expression; as: string | undefined }[] = [];
    do {
      if (bracket && this.is(')')) break;
      const value = this.expression();
      let as: string | undefined;
      if (this.take('as')) {
        const target = this.expression();
        as = target.kind === 'name' ? target.name : undefined;
      }
      items.push({ value, as });
    } while (this.take(','));
    if (bracket && !this.take(')')) throw this.invalid();
    return { kind: 'with', line, items, body: this.#block('with', line) };
  }

  /** Whether `with (` opens a list of items and not a parenthesised expression: then a colon follows its end. */
  #bracketedWith(): boolean {
    let depth = 0;
    for (let at = this.at; at < this.tokens.length; at++) {
      const { kind, text } = this.tokens[at] ?? { kind: 'end', text: '' };
      if (kind === 'operator' && '([{'.includes(text)) depth++;
      if (kind === 'operator' && ')]}'.includes(text)) depth--;
      if (depth === 0) return this.tokens[at + 1]?.text === ':';
    }
    return false;
  }

  #decorated(): Statement {
    const decorators: Expression[] = [];
    while (this.take('@')) {
      decorators.push(this.expression());
      if (this.current().kind !== 'newline') throw this.invalid();
      this.at++;
    }
    const { line } = this.current();
    this.take('async');
    if (this.is('class')) return this.#class(line);
    if (!this.is('def')) throw this.invalid();
    return this.#function(line, decorators);
  }

  /** A `match` statement, skipped; undefined where `match` is an ordinary name. */
  #match(line: number): Statement | undefined {
    let end = this.at + 1;
    while (this.tokens[end] !== undefined && this.tokens[end]?.kind !== 'newline') end++;
    if (this.tokens[end - 1]?.text !== ':' || this.tokens[end + 1]?.kind !== 'indent') return undefined;
    this.at = end + 2;
    for (let depth = 1; depth > 0; this.at++) {
      if (this.current().kind === 'indent') depth++;
      if (this.current().kind === 'dedent') depth--;
    }
    return { kind: 'other', line };
  }

  #function(line: number, decorators: readonly Expression[]): Statement {
    this.at++;
    const name = this.next();
    if (name.kind !== 'name' || !this.is('(')) throw this.invalid();
    this.skipOne();
    if (this.take('->')) this.expression();
    const body = this.#block('function definition', line);
    return { kind: 'function', line, name: name.text, decorators, body };
  }

  #class(line: number): Statement {
    this.at++;
    const name = this.next();
    if (name.kind !== 'name') throw this.invalid();
    if (this.is('(')) this.skipOne();
    this.#block('class definition', line);
    return { kind: 'class', line, name: name.text };
  }

  #simple(): Statement {
    const { line, text, kind } = this.current();
    if (kind === 'name') {
      switch (text) {
        case 'import':
          return this.#import(line);
        case 'from':
          return this.#from(line);
        case 'raise': {
          this.at++;
          if (this.#atEnd()) return { kind: 'other', line };
          const value = this.expression();
          if (this.take('from')) this.expression();
          return { kind: 'raise', line, value };
        }
        case 'pass':
        case 'break':
        case 'continue':
          this.at++;
          return { kind: 'other', line };
        case 'return':
        case 'del':
        case 'assert':
          this.at++;
          if (!this.#atEnd()) this.expressions();
          return { kind: 'other', line };
        case 'global':
        case 'nonlocal':
          while (!this.#atEnd()) this.at++;
          return { kind: 'other', line };
        default:
      }
    }
    return this.#assignment(line);
  }

  #atEnd(): boolean {
    return this.current().kind === 'newline' || this.is(';');
  }

  #assignment(line: number): Statement {
    const targets: Expression[] = [];
    let value = this.expressions();
    if (this.take(':')) {
      this.expression();
      if (!this.is('=')) return { kind: 'other', line };
    }
    if (this.current().kind === 'operator' && AUGMENTED.has(this.current().text)) {
      const operator = this.next().text.slice(0, -1);
      const right = this.expressions();
      return { kind: 'assign', line, targets: [value], value: { kind: 'binary', operator, left: value, right } };
    }
    while (this.take('=')) {
      targets.push(value);
      value = this.expressions();
    }
    return targets.length === 0 ? { kind: 'expression', line, value } : { kind: 'assign', line, targets, value };
  }

  #dotted(): string {
    let name = '';
    while (this.is('.') || this.is('...')) name += this.next().text;
    if (this.current().kind === 'name' && !this.is('import')) {
      name += this.next().text;
      while (this.take('.')) name += `.${this.next().text}`;
    }
    if (name === '') throw this.invalid();
    return name;
  }

  #import(line: number): Statement {
    this.at++;
    const module = this.#dotted();
    const as = this.take('as') ? this.next().text : undefined;
    const statement: Statement = { kind: 'import', line, module, names: undefined, as };
    if (!this.is(',')) return statement;
    // `import a, b`: the rest is read as statements of their own by going back over the comma.
    const rest = this.#import(line);
    return { kind: 'if', line, test: { kind: 'literal', value: true }, yes: [statement, rest], no: [] };
  }

  #from(line: number): Statement {
    this.at++;
    const module = this.#dotted();
    if (!this.take('import')) throw this.invalid();
    const bracket = this.take('(');
    const names: { name: string; as: string }[] = [];
    do {
      if (bracket && this.is(')')) break;
      const name = this.next();
      if (name.kind !== 'name' && name.text !== '*') throw this.invalid();
      names.push({ name: name.text, as: this.take('as') ? this.next().text : name.text });
    } while (this.take(','));
    if (bracket && !this.take(')')) throw this.invalid();
    return { kind: 'import', line, module, names, as: undefined };
  }
}

/** The names in an `except` clause. */
function namesOf(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name':
      return [expression.name];
    case 'attribute':
      return [expression.name];
    case 'list':
      return expression.items.flatMap(namesOf);
    default:
      return [];
  }
}
