import { isSecretKey, isSecretValue } from '../../reference/secret-keys.ts';
import { SECRET_REFERENCE, secretStore } from '../secret-references.ts';
import { at, mapping } from '../values.ts';
import type { Path } from '../yaml-source.ts';
import type { Findings } from './findings.ts';

/** Free text, where < and > and $ have meanings of their own. */
const FREE_TEXT = /FilterPattern$|^(filterCondition|description|query|queries|sql|testCases)$/;

const SERVER = ['workflowConfig', 'openMetadataServerConfig'];

const WHOLE_PLACEHOLDER = /^(<[^<>]*>|\{[A-Za-z][\w -]*\}|\.{3,}|…)$/;
const PART_PLACEHOLDER = /<[A-Za-z][^<>]*>/;

/** Checks every text of the file: placeholders left in, variables nobody fills in, secrets in clear or out of reach. */
export function checkTexts(findings: Findings): void {
  walk(findings, findings.pipeline.value, []);
  checkLoader(findings);
}

/** Where there are references, the process that looks them up has to know how to sign in. */
function checkLoader(findings: Findings): void {
  const { pipeline, target } = findings;
  const loader = at(pipeline.value, ...SERVER, 'secretsManagerLoader');
  if (loader !== 'airflow' || target.mode === undefined || target.mode === 'python') return;
  findings.add('secret-reference', [...SERVER, 'secretsManagerLoader'], {
    message: `asks the settings of an Airflow, and ${target.mode === 'ecs' ? 'an ECS task' : 'a virtual environment'} has none.`,
    advice: 'Write env: the role that runs the ingestion is then used.',
  });
}

function checkReference(findings: Findings, path: Path): void {
  if (secretStore(findings.pipeline) === undefined) {
    findings.add('secret-reference', path, {
      message: 'refers to a secret, and no secretsManagerProvider of AWS is named that would look it up.',
      advice:
        'Write secretsManagerProvider: aws (or aws-ssm) and secretsManagerLoader: env below openMetadataServerConfig.',
    });
  } else if (path.at(-1) === 'jwtToken') {
    findings.add('secret-reference', path, {
      severity: 'warning',
      message: 'refers to a secret; OpenMetadata documents that for connections, and not for its own token.',
      advice: 'Write the token itself: the whole configuration is kept in Secrets Manager.',
    });
  }
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
  if (text.startsWith(SECRET_REFERENCE)) {
    checkReference(findings, path);
  } else if (WHOLE_PLACEHOLDER.test(text) || (!secret && PART_PLACEHOLDER.test(text))) {
    findings.add('placeholder', path, {
      message: 'still holds the placeholder of a sample.',
      advice: 'Write the real value there.',
    });
  } else if (/^\$(\{\w+\}|[A-Z_][A-Z0-9_]*)$/.test(text)) {
    findings.add('not-filled-in', path, {
      message: 'names an environment variable, which only the metadata command line fills in.',
      advice: 'Write the value: the whole configuration is kept in Secrets Manager.',
    });
  } else if (secret && text !== '' && key !== 'jwtToken') {
    // The bot's token has no other place than this file, so nothing is said about it.
    findings.add('secret-in-clear', path, {
      severity: 'warning',
      message: 'is a secret in clear in this file; a deployment keeps it in Secrets Manager alone.',
      advice: 'Store the connection in OpenMetadata and leave serviceConnection out, or keep this file private.',
    });
  }
}
