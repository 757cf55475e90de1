/** An exception that Python would raise while a file is compiled or imported. */
export class PythonError extends Error {
  /** The exception's class, dotted where it is not a built-in. */
  readonly type: string;
  /** 1-based line of the file it happens on. */
  readonly line: number;
  /** True for what the compiler finds: the traceback has no frame of the module then. */
  readonly atCompileTime: boolean;

  constructor(type: string, message: string, line: number, atCompileTime = false) {
    super(message);
    this.name = 'PythonError';
    this.type = type;
    this.line = line;
    this.atCompileTime = atCompileTime;
  }
}

/** One token of Python; an f-string keeps its raw text, to be filled in when it is evaluated. */
export interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'fstring' | 'operator' | 'newline' | 'indent' | 'dedent' | 'end';
  readonly text: string;
  readonly line: number;
}

const syntax = (message: string, line: number): PythonError => new PythonError('SyntaxError', message, line, true);

const OPERATOR =
  /(?:\*\*=|\/\/=|>>=|<<=|\.\.\.|->|:=|==|!=|<=|>=|<<|>>|\*\*|\/\/|[-+*/%&|^@]=|[-+*/%&|^~@<>=()[\]{},:;.])/y;
const NUMBER = /(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?\d+)?[jJ]?)/y;
const NAME = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const STRING = /([rRbBuUfF]{0,2})('''|"""|'|")/y;
const BLANK_LINE = /[ \t\f]*(?:#[^\n]*)?(?:\n|$)/y;
const SPACE = /[ \t\f]*/y;
const SKIPPED = /[ \t\f]+|\\\n|#[^\n]*/y;
const CLOSING: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\u0007',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
};

/** A string's text with its escapes replaced. */
export function unescapePython(text: string): string {
  return text.replace(/\\(\r?\n|x[\da-fA-F]{2}|u[\da-fA-F]{4}|U[\da-fA-F]{8}|[^\n])/g, (whole, sequence: string) => {
    if (sequence.endsWith('\n')) return '';
    if (/^[xuU][\da-fA-F]/.test(sequence)) return String.fromCodePoint(Number.parseInt(sequence.slice(1), 16));
    return ESCAPES[sequence] ?? whole;
  });
}

/** Reads a file into tokens, as CPython's tokenizer would; throws `PythonError` for what it refuses. */
export function tokenize(source: string): Token[] {
  return new Tokenizer(source).run();
}

class Tokenizer {
  readonly #source: string;
  readonly #tokens: Token[] = [];
  readonly #brackets: { text: string; line: number }[] = [];
  readonly #indents = [0];
  #at = 0;
  #line = 1;
  #lineStart = true;

  constructor(source: string) {
    this.#source = source.replaceAll('\r\n', '\n').replace(/^\uFEFF/, '');
  }

  run(): Token[] {
    while (this.#at < this.#source.length) {
      if (this.#lineStart && this.#brackets.length === 0) {
        if (this.#indentation()) continue;
      }
      this.#next();
    }
    const open = this.#brackets.at(-1);
    if (open !== undefined) throw syntax(`'${open.text}' was never closed`, open.line);
    if (this.#tokens.at(-1)?.kind !== 'newline') this.#push('newline', '');
    while (this.#indents.length > 1) {
      this.#indents.pop();
      this.#push('dedent', '');
    }
    this.#push('end', '');
    return this.#tokens;
  }

  #push(kind: Token['kind'], text: string, line: number = this.#line): void {
    this.#tokens.push({ kind, text, line });
  }

  /** Takes a line's leading space; true when the line is blank or a comment and is done with. */
  #indentation(): boolean {
    const blank = this.#match(BLANK_LINE);
    if (blank !== null) {
      this.#at += blank[0].length;
      if (blank[0].endsWith('\n')) this.#line++;
      return true;
    }
    const space = this.#match(SPACE)?.[0] ?? '';
    this.#at += space.length;
    this.#lineStart = false;
    let column = 0;
    for (const character of space) column = character === '\t' ? (Math.floor(column / 8) + 1) * 8 : column + 1;
    const current = this.#indents.at(-1) ?? 0;
    if (column > current) {
      this.#indents.push(column);
      this.#push('indent', '');
      return false;
    }
    while (column < (this.#indents.at(-1) ?? 0)) {
      this.#indents.pop();
      this.#push('dedent', '');
    }
    if (column !== this.#indents.at(-1)) {
      throw new PythonError(
        'IndentationError',
        'unindent does not match any outer indentation level',
        this.#line,
        true,
      );
    }
    return false;
  }

  #match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#source);
  }

  #next(): void {
    const space = this.#match(SKIPPED);
    if (space !== null) {
      this.#at += space[0].length;
      if (space[0] === '\\\n') this.#line++;
      return;
    }
    if (this.#source[this.#at] === '\n') {
      if (this.#brackets.length === 0) {
        this.#push('newline', '\n');
        this.#lineStart = true;
      }
      this.#at++;
      this.#line++;
      return;
    }
    const string = this.#match(STRING);
    if (string !== null) {
      this.#string(string[1] ?? '', string[2] ?? '');
      return;
    }
    for (const [kind, pattern] of [
      ['number', NUMBER],
      ['name', NAME],
      ['operator', OPERATOR],
    ] as const) {
      const match = this.#match(pattern)?.[0];
      if (match === undefined) continue;
      if (kind === 'operator') this.#bracket(match);
      this.#push(kind, match);
      this.#at += match.length;
      return;
    }
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    if (character === '!' || character === '?' || character === '$' || character === '`') {
      throw syntax('invalid syntax', this.#line);
    }
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw syntax(`invalid character '${character}' (U+${code})`, this.#line);
  }

  #bracket(text: string): void {
    if ('([{'.includes(text) && text.length === 1) {
      this.#brackets.push({ text, line: this.#line });
      return;
    }
    const opening = CLOSING[text];
    if (opening === undefined) return;
    const open = this.#brackets.pop();
    if (open === undefined) throw syntax(`unmatched '${text}'`, this.#line);
    if (open.text !== opening) {
      const where = open.line === this.#line ? '' : ` on line ${open.line}`;
      throw syntax(
        `closing parenthesis '${text}' does not match opening parenthesis '${open.text}'${where}`,
        this.#line,
      );
    }
  }

  #string(prefix: string, quote: string): void {
    const start = this.#line;
    const flags = prefix.toLowerCase();
    let at = this.#at + prefix.length + quote.length;
    const from = at;
    for (;;) {
      const character = this.#source[at];
      if (character === undefined || (character === '\n' && quote.length === 1)) {
        const kind = quote.length === 3 ? 'triple-quoted string' : 'string';
        const detected =
          character === undefined && quote.length === 3
            ? ` (detected at line ${this.#line})`
            : ` (detected at line ${start})`;
        throw syntax(`unterminated ${flags.includes('f') ? 'f-' : ''}${kind} literal${detected}`, start);
      }
      if (character === '\\') {
        if (this.#source[at + 1] === '\n') this.#line++;
        at += 2;
        continue;
      }
      if (this.#source.startsWith(quote, at)) break;
      if (character === '\n') this.#line++;
      at++;
    }
    const body = this.#source.slice(from, at);
    this.#at = at + quote.length;
    if (flags.includes('f')) this.#push('fstring', body, start);
    else this.#push('string', flags.includes('r') ? body : unescapePython(body), start);
  }
}
