import { parseDocument } from 'yaml';
import { fields } from './fields.ts';
import type { Settings } from './settings.ts';

/** A setting as somebody typed it: its value, undefined for the default, or what is wrong with it. */
export type TypedValue = { readonly value: unknown } | { readonly problem: string };

/** Reads what was typed for a key, as the file would hold it; nothing is the default. */
export function readTyped(key: keyof Settings, text: string): TypedValue {
  if (text.trim() === '') return { value: undefined };
  const document = parseDocument(text, { strict: true });
  const [error] = document.errors;
  if (error !== undefined) return { problem: `is no YAML; write for example ${exampleOf(key)}` };
  const value: unknown = document.toJS();
  const problem = fields[key].problem(value);
  return problem === undefined ? { value } : { problem: `${problem}; write for example ${exampleOf(key)}` };
}

/** A value as it is typed, in YAML's short form; empty for none. */
export function typedOf(value: unknown): string {
  if (value === undefined) return '';
  return Array.isArray(value)
    ? `[${value.map((each) => `'${String(each).replaceAll("'", "''")}'`).join(', ')}]`
    : String(value);
}

function exampleOf(key: keyof Settings): string {
  return fields[key].example.slice(`${key}: `.length);
}
