import { isSecretKey, isSecretValue } from '../../reference/secret-keys.ts';
import { mapping } from '../values.ts';
import type { Path } from '../yaml-source.ts';
import type { Findings } from './findings.ts';

/** Free text, where < and > and $ have meanings of their own. */
const FREE_TEXT = /FilterPattern$|^(filterCondition|description|query|queries|sql|testCases)$/;

const WHOLE_PLACEHOLDER = /^(<[^<>]*>|\{[A-Za-z][\w -]*\}|\.{3,}|…)$/;
const PART_PLACEHOLDER = /<[A-Za-z][^<>]*>/;

/** Checks every text of the file: placeholders left in, variables nobody fills in, secrets in clear. */
export function checkTexts(findings: Findings): void {
  walk(findings, findings.pipeline.value, []);
}

function walk(findings: Findings, value: unknown, path: Path): void {
  if (typeof value === 'string') {
    checkText(findings, value, path);
    return;
  }
  if (Array.isArray(value)) {
    value.forEach((item, at) => {
      walk(findings, item, [...path, at]);
    });
    return;
  }
  for (const [key, member] of Object.entries(mapping(value) ?? {})) {
    if (!FREE_TEXT.test(key)) walk(findings, member, [...path, key]);
  }
}

function checkText(findings: Findings, text: string, path: Path): void {
  const key = path.findLast((step) => typeof step === 'string') ?? '';
  const secret = isSecretValue(text) || (isSecretKey(key) && !/certificate/i.test(key));
  if (WHOLE_PLACEHOLDER.test(text) || (!secret && PART_PLACEHOLDER.test(text))) {
    findings.add('placeholder', path, {
      message: 'still holds the placeholder of a sample.',
      advice: 'Write the real value there.',
    });
  } else if (/^\$(\{\w+\}|[A-Z_][A-Z0-9_]*)$/.test(text)) {
    findings.add('not-filled-in', path, {
      message: 'names an environment variable, which only the metadata command line fills in.',
      advice: 'Write the value: the whole configuration is kept in Secrets Manager.',
    });
  } else if (secret && text !== '' && !text.startsWith('secret:') && key !== 'jwtToken') {
    // The bot's token has no other place than this file, so nothing is said about it.
    findings.add('secret-in-clear', path, {
      severity: 'warning',
      message: 'is a secret in clear in this file; a deployment keeps it in Secrets Manager alone.',
      advice: 'Store the connection in OpenMetadata and leave serviceConnection out, or keep this file private.',
    });
  }
}
