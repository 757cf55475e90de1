/** Stands in a call's record for something that is not kept there. */
export interface Withheld {
  /** Why: a secret value, or a body too long to keep. */
  readonly withheld: 'secret' | 'body';
  /** Length in characters or bytes. */
  readonly length: number;
}

/** Whether a value of a record stands for something that was not kept. */
export function isWithheld(value: unknown): value is Withheld {
  return typeof value === 'object' && value !== null && 'withheld' in value && 'length' in value;
}

/** Members that hold secrets in themselves, whatever the operation. */
const SECRET_MEMBERS = new Set(['SecretString', 'SecretBinary', 'AirflowConfigurationOptions']);

/** Names of environment variables, parameters or JSON keys whose value may be a secret. */
const SECRET_NAME = /pass|secret|token|key|jwt|credential|config|auth|conn|dsn|private|uri|url/i;

/** Texts longer than this are not kept, in characters. */
const LONGEST = 4_096;

/**
 * A copy of a call's input without secrets and long bodies: secret members, bodies of objects, values of
 * environment variables, of Airflow's variables and connections, and texts too long to keep.
 */
export function withoutSecrets(input: object): object {
  return copy(input, []) as object;
}

function copy(value: unknown, path: readonly string[]): unknown {
  const name = path.at(-1) ?? '';
  if (value === undefined || value === null) return value;
  if (SECRET_MEMBERS.has(name) || isRestSecret(path)) return withhold('secret', value);
  if (path.length === 1 && name === 'Body' && typeof value === 'string') return withhold('body', value);
  if (typeof value === 'string') return value.length > LONGEST ? withhold('body', value) : value;
  if (typeof value !== 'object' || value instanceof Date) return value;
  if (isBytesOrStream(value)) return withhold('body', value);
  if (Array.isArray(value)) return value.map((item) => copy(item, path));
  const members = Object.entries(value);
  const variable = (value as { readonly name?: unknown }).name;
  return Object.fromEntries(
    members.map(([key, member]) =>
      key === 'value' && name === 'environment' && typeof variable === 'string' && SECRET_NAME.test(variable)
        ? [key, withhold('secret', member)]
        : [key, copy(member, [...path, key])],
    ),
  );
}

/** In the body of InvokeRestApi: what goes into a variable, a connection or a run's configuration. */
function isRestSecret(path: readonly string[]): boolean {
  const [body, ...rest] = path;
  if (body !== 'Body' || rest.length === 0) return false;
  const last = rest.at(-1) ?? '';
  return SECRET_NAME.test(last) || last === 'conf' || last === 'value' || last === 'extra';
}

function isBytesOrStream(value: object): boolean {
  return value instanceof Uint8Array || value instanceof ArrayBuffer || 'pipe' in value || 'getReader' in value;
}

function withhold(withheld: Withheld['withheld'], value: unknown): Withheld {
  if (typeof value === 'string') return { withheld, length: value.length };
  if (value instanceof Uint8Array || value instanceof ArrayBuffer) return { withheld, length: value.byteLength };
  if (typeof value === 'object' && value !== null && !isBytesOrStream(value)) {
    return { withheld, length: JSON.stringify(value).length };
  }
  return { withheld, length: 0 };
}
