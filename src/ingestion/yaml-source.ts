import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, visit } from 'yaml';
import { Failure } from '../text/failure.ts';

/** Keys from the top, list items by index. */
export type Path = readonly (string | number)[];

/** 1-based place in a file. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Larger files are not read: a workflow has to fit the 65,536 bytes of a secret anyway. */
const FILE_LIMIT_BYTES = 1024 * 1024;

/** Brackets open at once beyond which no workflow is meant; the parser's time grows with their square. */
const BRACKETS_OPEN_LIMIT = 500;

/** Errors of the parser in words of ours: its own may quote the text, and the text may be a secret. */
const PARSE_ERRORS: Readonly<Record<string, string>> = {
  BAD_ALIAS: 'an alias that can not be resolved',
  BAD_DIRECTIVE: 'a directive that YAML does not know',
  BAD_DQ_ESCAPE: 'an escape sequence that YAML does not know, inside double quotes',
  BAD_INDENT: 'wrong indentation',
  BAD_PROP_ORDER: 'a tag or anchor in the wrong place',
  BAD_SCALAR_START: 'a value that begins with a character YAML keeps for itself; quote it',
  BLOCK_AS_IMPLICIT_KEY: 'a nested mapping where a value is expected; quote the value if it holds ": "',
  BLOCK_IN_FLOW: 'an indented block inside { } or [ ]',
  COMMENT_SPACE: 'a # that needs a space before it',
  DUPLICATE_KEY: 'a key that stands twice in the same mapping',
  KEY_OVER_1024_CHARS: 'a key of more than 1,024 characters',
  MISSING_CHAR: 'something is missing here, such as a closing quote, a comma, a bracket or ": "',
  MULTILINE_IMPLICIT_KEY: 'a key that runs over several lines, or a missing ": "',
  MULTIPLE_ANCHORS: 'two anchors on one value',
  MULTIPLE_TAGS: 'two tags on one value',
  TAB_AS_INDENT: 'a tab used for indentation; use spaces',
  TAG_RESOLVE_FAILED: 'a tag that OpenMetadata does not resolve',
  UNEXPECTED_TOKEN: 'something that does not belong here',
};

/** OpenMetadata's models take these as text, so they stay text. */
const TAGS_LEFT_OUT = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set'].map((tag) => `tag:yaml.org,2002:${tag}`));

/** One YAML (or JSON) document with the places of its keys. */
export class YamlSource {
  readonly file: string;
  /** The document as plain data; integers beyond 2^53 stay exact as bigint. */
  readonly value: { readonly [key: string]: unknown };
  readonly #document: Document;
  readonly #lines: LineCounter;

  /**
   * Reads one mapping from YAML 1.1, the dialect of the ingestion's own reader. Throws Failure `invalid-input` with
   * file, line and column for text that is no YAML, several documents, anchors, aliases and foreign tags, another
   * shape than a mapping, and more than 1 MiB.
   */
  constructor(text: string, file: string) {
    this.file = file;
    this.#lines = new LineCounter();
    if (Buffer.byteLength(text) > FILE_LIMIT_BYTES) {
      throw new Failure('invalid-input', `${file}: the file is larger than 1 MiB.`, {
        advice: 'A workflow configuration has at most 65,536 bytes; is this the right file?',
        resource: file,
      });
    }
    if (bracketsOpen(text) > BRACKETS_OPEN_LIMIT) throw this.#nested();
    this.#document = this.#parse(text);
    const root = this.#document.contents;
    if (!isMap(root)) {
      throw this.failure(
        root === null ? 0 : offsetOf(root),
        '',
        root === null
          ? 'the file holds no configuration.'
          : 'a workflow is a mapping with source, sink and workflowConfig.',
        "Begin with a template: mwaa-console offers Redshift, Postgres, Snowflake and an environment's own Airflow.",
      );
    }
    this.value = plain(root, this, []) as { readonly [key: string]: unknown };
  }

  #parse(text: string): Document {
    try {
      const documents = parseAllDocuments(text, {
        version: '1.1',
        customTags: (tags) => tags.filter((tag) => typeof tag === 'string' || !TAGS_LEFT_OUT.has(tag.tag)),
        intAsBigInt: true,
        lineCounter: this.#lines,
        prettyErrors: false,
        keepSourceTokens: false,
      });
      const first = documents[0];
      if (first === undefined) throw this.failure(0, '', 'the file is empty.', 'Begin with a template.');
      this.#refuse(first as Document);
      const second = documents[1];
      if (second !== undefined) {
        const advice = 'Keep one workflow a file, without a second --- line.';
        throw this.failure(second.range?.[0] ?? 0, '', 'a second document begins here.', advice);
      }
      return first as Document;
    } catch (error) {
      // The parser's stack has overflowed.
      if (error instanceof RangeError) throw this.#nested();
      throw error;
    }
  }

  #nested(): Failure {
    return new Failure('invalid-input', `${this.file}: the file is nested too deeply.`, {
      advice: 'A workflow configuration is a few levels deep; is this the right file?',
      resource: this.file,
    });
  }

  #refuse(document: Document): void {
    const error = document.errors[0] ?? document.warnings.find((warning) => warning.code === 'TAG_RESOLVE_FAILED');
    if (error !== undefined) {
      const what = PARSE_ERRORS[error.code] ?? 'this can not be read as YAML';
      throw this.failure(
        error.pos[0],
        '',
        `not valid YAML: ${what}.`,
        'Mend the line, or check it with a YAML linter.',
      );
    }
    visit(document, {
      Node: (_key, node) => {
        if (!isAlias(node) && node.anchor === undefined) return;
        throw this.failure(
          offsetOf(node),
          '',
          `${isAlias(node) ? 'an alias' : 'an anchor'} stands here; anchors and aliases are not taken.`,
          'Write the value out where it is used.',
        );
      },
    });
  }

  /** A failure at an offset of the text. */
  failure(offset: number, key: string, message: string, advice: string): Failure {
    const { line, col } = this.#lines.linePos(offset);
    return invalidInput(this.file, { line, column: col }, key, message, advice);
  }

  /** Where the key at a path stands; of its nearest parent when it is missing. */
  locate(path: Path): Position {
    let node: unknown = this.#document.contents;
    let offset = node === null ? 0 : offsetOf(node as Node);
    for (const step of path) {
      if (isMap(node)) {
        const pair = node.items.find((item) => isScalar(item.key) && keyName(item.key.value) === step);
        if (pair === undefined) break;
        offset = offsetOf(pair.key as Node);
        node = pair.value;
      } else if (isSeq(node) && typeof step === 'number') {
        node = node.items[step];
        if (node === undefined || node === null) break;
        offset = offsetOf(node as Node);
      } else {
        break;
      }
    }
    const { line, col } = this.#lines.linePos(offset);
    return { line, column: col };
  }
}

/** `source.tables[0].name`. */
export function pathText(path: Path): string {
  return path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');
}

/** The expected error of an input file: `file:line:column: key: message`. */
export function invalidInput(file: string, at: Position, key: string, message: string, advice: string): Failure {
  const place = `${file}:${at.line}:${at.column}`;
  return new Failure('invalid-input', key === '' ? `${place}: ${message}` : `${place}: ${key}: ${message}`, {
    advice,
    resource: file,
  });
}

/** The most brackets that are open at once, quoted ones counted too: a bound, not a parse. */
function bracketsOpen(text: string): number {
  let open = 0;
  let most = 0;
  for (const bracket of text.match(/[[\]{}]/g) ?? []) {
    open = bracket === '[' || bracket === '{' ? open + 1 : Math.max(0, open - 1);
    most = Math.max(most, open);
  }
  return most;
}

function offsetOf(node: Node): number {
  return node.range?.[0] ?? 0;
}

function keyName(value: unknown): string {
  return value === null ? 'null' : String(value);
}

function plain(node: unknown, source: YamlSource, path: Path): unknown {
  if (isMap(node)) {
    // fromEntries defines members, so a key `__proto__` stays a key.
    return Object.fromEntries(
      node.items.map((item) => {
        if (!isScalar(item.key)) {
          const offset = offsetOf(item.key as Node);
          throw source.failure(offset, pathText(path), 'a key has to be one word.', 'Quote the key, or mend its line.');
        }
        const key = keyName(item.key.value);
        return [key, plain(item.value, source, [...path, key])];
      }),
    );
  }
  if (isSeq(node)) return node.items.map((item, at) => plain(item, source, [...path, at]));
  if (!isScalar(node)) return null;
  const { value } = node;
  if (typeof value !== 'bigint') return value;
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}
