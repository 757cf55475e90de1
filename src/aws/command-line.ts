import type { CallRecord } from './session.ts';
import { isWithheld } from './withheld.ts';

/** Where a rendered command goes; left out where the user's own defaults lead there. */
export interface CommandLineOptions {
  readonly profile?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

/** Names of the AWS CLI's commands where they differ from the session's members. */
const CLI_SERVICES: Readonly<Record<string, string>> = { s3: 's3api', secretsManager: 'secretsmanager' };

/** Operations of `s3api` that want a file for the answer's body as a positional argument. */
const ANSWERS_INTO_FILE = new Set(['GetObject']);

/**
 * The `aws …` command that makes the same call, quoted for a POSIX shell. What the record does not keep
 * (secrets, long bodies) is a `file://` placeholder with the parameter's name, for the user to fill in.
 */
export function asCommandLine(record: CallRecord, options: CommandLineOptions = {}): string {
  const words = ['aws', CLI_SERVICES[record.service] ?? record.service, kebab(record.operation)];
  for (const [name, value] of Object.entries(record.input)) {
    if (value !== undefined) words.push(...parameter(record, name, value));
  }
  if (ANSWERS_INTO_FILE.has(record.operation)) words.push('/dev/stdout');
  const rest = { region: options.region, profile: options.profile, 'endpoint-url': options.endpoint };
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined) words.push(`--${name}`, quoted(value));
  }
  return words.join(' ');
}

/** `logGroupName` is `log-group-name`, `VpcEndpointIds` is `vpc-endpoint-ids`, as botocore's xform_name has it. */
export function kebab(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/-+/g, '-')
    .toLowerCase()
    .replace(/-v-2$/, '-v2');
}

function parameter(record: CallRecord, name: string, value: unknown): string[] {
  const flag = `--${kebab(name)}`;
  if (typeof value === 'boolean') return [value ? flag : flag.replace('--', '--no-')];
  if (isWithheld(value)) return [flag, placeholder(record, name)];
  if (Array.isArray(value) && value.length > 0 && value.every(isScalar)) {
    return [flag, ...value.map((item) => quoted(String(item)))];
  }
  if (value instanceof Date) return [flag, value.toISOString()];
  if (typeof value === 'object' && value !== null) {
    return [flag, holdsWithheld(value) ? `file://${kebab(name)}.json` : quoted(JSON.stringify(value))];
  }
  return [flag, quoted(String(value))];
}

/** The body of an object is a file's path for `s3api`, everything else takes `file://`. */
function placeholder(record: CallRecord, name: string): string {
  if (record.service === 's3' && name === 'Body') return 'body.bin';
  return name === 'SecretBinary' ? 'fileb://secret-binary.bin' : `file://${kebab(name)}.json`;
}

function holdsWithheld(value: unknown): boolean {
  if (isWithheld(value)) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsWithheld);
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

/** A word for a POSIX shell; control characters as `$'…'` so that a paste stays one line. */
function quoted(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  const hasControls = [...text].some(
    (character) => character < ' ' || (character >= '\u007f' && character <= '\u009f'),
  );
  if (!hasControls) return `'${text.replaceAll("'", "'\\''")}'`;
  const escaped = [...text].map((character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || (code >= 0x7f && code <= 0x9f)) return `\\u${code.toString(16).padStart(4, '0')}`;
    return character === "'" || character === '\\' ? `\\${character}` : character;
  });
  return `$'${escaped.join('')}'`;
}
