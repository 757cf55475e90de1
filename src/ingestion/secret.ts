import { stringify } from 'yaml';
import { Failure } from '../text/failure.ts';
import type { Pipeline } from './pipeline.ts';
import { mapping } from './values.ts';

/** What Secrets Manager takes: bytes (Secrets Manager quotas, "Secret value size"). */
const SECRET_LIMIT = 65_536;

/** Stands where a value that may be secret was. */
export const HIDDEN = '********';

/**
 * The content of an ingestion's secret: the whole configuration as compact JSON, which is YAML too, so that the
 * ingestion image reads it as its `config` variable. Failure 'invalid-input' when Secrets Manager would not take it.
 */
export function secretContent(pipeline: Pipeline): string {
  const content = JSON.stringify(pipeline.value);
  const size = Buffer.byteLength(content);
  if (size > SECRET_LIMIT) {
    throw new Failure(
      'invalid-input',
      `${pipeline.file}: the configuration has ${size} bytes; a secret holds ${SECRET_LIMIT}.`,
      {
        advice: 'Shorten its filter patterns, or split it into several ingestions.',
        resource: pipeline.file,
      },
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

/** Keys whose values are secret in OpenMetadata's connection schemas, or are so by their very name. */
const SECRET_KEY =
  /pass(word|phrase|wd)?$|secret|token|private_?key|api_?key|access_?key|credential|authorization|cookie|sas|connection_?string|uri$|headers?$|certificate|ssl_?key/i;
const SECRET_VALUE = /^(eyJ[\w-]+\.|-----BEGIN|AKIA|ASIA)|:\/\/[^/@\s]*:[^/@\s]*@/;
/** Named like a secret, and not one. */
const PLAIN_KEY = /^(secretsManager(Provider|Loader)|verifySSL|sslMode|tokenType)$/;

function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  const members = mapping(value);
  if (members === undefined) return typeof value === 'string' && SECRET_VALUE.test(value) ? HIDDEN : value;
  return Object.fromEntries(
    Object.entries(members).map(([key, member]) => [key, isSecret(key) ? hidden(member) : masked(member)]),
  );
}

function isSecret(key: string): boolean {
  return SECRET_KEY.test(key) && !PLAIN_KEY.test(key);
}

/** Whatever stands under a secret key, whole structures included: their keys are told, their values are not. */
function hidden(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hidden);
  const members = mapping(value);
  if (members === undefined) return value === null || typeof value === 'boolean' ? value : HIDDEN;
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [key, hidden(member)]));
}
