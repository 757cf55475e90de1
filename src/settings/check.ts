import { type Document, isMap, isScalar, type LineCounter, type Node, type ParsedNode } from 'yaml';
import { Failure } from '../text/failure.ts';
import { closestField, fields, isField } from './fields.ts';
import { defaultSettings, type Settings } from './settings.ts';

/** A file that has been read as YAML. */
export interface Source {
  readonly file: string;
  readonly document: Document.Parsed<ParsedNode>;
  readonly lines: LineCounter;
}

/** The settings of a file; throws a Failure 'invalid-input' that names file, line, column and key. */
export function checkSettings({ file, document, lines }: Source): Settings {
  const fail = (offset: number, key: string | undefined, message: string, advice: string): never => {
    const { line, col } = lines.linePos(offset);
    const place = `${file}:${line}:${col}`;
    throw new Failure('invalid-input', `${place}: ${key === undefined ? '' : `${key} `}${message}.`, {
      advice,
      resource: place,
    });
  };
  const [error] = document.errors;
  if (error !== undefined) {
    fail(
      error.pos[0],
      undefined,
      error.message.replace(/ at line \d+, column \d+:[\s\S]*$/, ''),
      'Correct the YAML there.',
    );
  }
  const { contents } = document;
  if (contents === null || (isScalar(contents) && contents.value === null)) return defaultSettings;
  if (!isMap(contents)) {
    return fail(
      startOf(contents),
      undefined,
      'must hold keys and values',
      `Write for example: ${fields.region.example}`,
    );
  }
  const settings: Record<string, unknown> = { ...defaultSettings };
  for (const { key, value } of contents.items) {
    const name = isScalar(key) ? String(key.value) : String(key);
    if (!isField(name)) {
      const closest = closestField(name);
      const advice =
        closest === undefined ? `Known keys: ${Object.keys(fields).join(', ')}.` : `Did you mean ${closest}?`;
      return fail(startOf(key), name, 'is no setting', advice);
    }
    const read: unknown = value === null ? null : (value as Node).toJS(document);
    const problem = fields[name].problem(read);
    if (problem !== undefined) fail(startOf(value ?? key), name, problem, `Write for example: ${fields[name].example}`);
    settings[name] = read;
  }
  return settings as unknown as Settings;
}

function startOf(node: unknown): number {
  const range = (node as { readonly range?: readonly number[] | null } | null)?.range;
  return range?.[0] ?? 0;
}
