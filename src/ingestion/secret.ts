import { stringify } from 'yaml';
import { isSecretKey, isSecretValue } from '../reference/secret-keys.ts';
import { Failure } from '../text/failure.ts';
import type { Pipeline } from './pipeline.ts';
import { mapping } from './values.ts';

/** What a secret takes, in bytes (Secrets Manager quotas, "Secret value size"). */
const SECRET_LIMIT_BYTES = 65_536;

/** Stands where a value that may be secret was. */
const HIDDEN = '********';

/**
 * The content of an ingestion's secret: the whole configuration as compact JSON. The ingestion image reads its
 * `config` variable with PyYAML, and this JSON is YAML that PyYAML reads to the same values. Throws Failure
 * `invalid-input` when Secrets Manager would not take it.
 */
export function secretContent(pipeline: Pipeline): string {
  const content = compactJson(pipeline.value);
  const size = Buffer.byteLength(content);
  if (size > SECRET_LIMIT_BYTES) {
    const limit = SECRET_LIMIT_BYTES.toLocaleString('en');
    throw new Failure(
      'invalid-input',
      `${pipeline.file}: the configuration has ${size.toLocaleString('en')} bytes; a secret holds ${limit}.`,
      { advice: 'Shorten its filter patterns, or split it into several ingestions.', resource: pipeline.file },
    );
  }
  return content;
}

/** A secret's content as YAML for eyes: every value that may be secret is hidden. */
export function maskedConfiguration(content: string): string {
  try {
    return stringify(masked(JSON.parse(content)), { lineWidth: 0 });
  } catch {
    // Somebody put something else there: nothing of it is safe to show.
    return `${HIDDEN}\n`;
  }
}

/**
 * What PyYAML refuses or folds inside double quotes: C1 controls, DEL, the line and paragraph separators, the byte
 * order mark and the two non-characters (yaml/reader.py, NON_PRINTABLE). C0 and lone surrogates JSON escapes itself.
 */
const NOT_PRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

function compactJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'string') return stringText(value);
  if (Array.isArray(value)) return `[${value.map(compactJson).join(',')}]`;
  const members = mapping(value);
  if (members === undefined) return JSON.stringify(value) ?? 'null';
  return `{${Object.entries(members)
    .map(([key, member]) => `${stringText(key)}:${compactJson(member)}`)
    .join(',')}}`;
}

function stringText(text: string): string {
  return JSON.stringify(text).replace(NOT_PRINTABLE, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** PyYAML takes a float with an exponent only when it has a point before it and a sign behind the e. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value > 0 ? '.inf' : '-.inf';
  const text = String(value);
  const [mantissa = text, exponent] = text.split('e');
  if (exponent === undefined) return Object.is(value, -0) ? '-0.0' : text;
  return `${mantissa.includes('.') ? mantissa : `${mantissa}.0`}e${/^[+-]/.test(exponent) ? '' : '+'}${exponent}`;
}

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  const members = mapping(value);
  if (members === undefined) return typeof value === 'string' && isSecretValue(value) ? HIDDEN : value;
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [key, isSecretKey(key) ? hidden(member) : masked(member)]),
  );
}

/** Whatever stands under a secret key, whole structures included: their keys are told, their values are not. */
function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden);
  const members = mapping(value);
  if (members === undefined) return value === null || typeof value === 'boolean' ? value : HIDDEN;
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, hidden(member)]));
}
