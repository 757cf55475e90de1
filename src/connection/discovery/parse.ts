import { Failure } from '../../text/failure.ts';

/** A login that may be the right one; the probe decides. */
export interface Candidate {
  readonly user: string;
  readonly password: string;
}

/** What a discovery found, parsed. */
export interface DiscoveredConnection {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly sslMode: string;
  /** libpq's `hostaddr`: the address to go to without asking for the name. */
  readonly hostAddress: string | undefined;
  /** At least one, the likeliest first. */
  readonly candidates: readonly Candidate[];
  /** Whether Airflow logs in with RDS IAM tokens, so that the password may be a dead one. */
  readonly iamTokens: boolean;
}

const PORT = 5432;
/** libpq's own default. */
const SSL_MODE = 'prefer';

/**
 * Reads what a discovery's task handed back. What Airflow itself logs in with (SQLAlchemy's parsed URL, its values
 * unquoted already) comes first; then the configured text, split at its last `@`, since MWAA does not quote the
 * password, with the password as it stands and unquoted. Throws Failure 'failed' where there is no connection in it; the
 * message never holds a part of it.
 */
export function parseDiscovery(text: string): DiscoveredConnection {
  const found = object(parseJson(text));
  const configured = [found.database, found.core].find((each) => typeof each === 'string');
  const parts = typeof configured === 'string' ? splitUri(configured) : undefined;
  const engine = object(found.engine);
  const host = given(engine.host) ?? parts?.host;
  const database = given(engine.database) ?? parts?.database;
  const candidates = distinct([...engineCandidate(engine), ...(parts?.candidates ?? [])]);
  if (host === undefined || database === undefined || candidates.length === 0) throw unusable();
  const query = { ...parts?.query, ...texts(object(engine.query)) };
  return {
    host,
    port: typeof engine.port === 'number' ? engine.port : (parts?.port ?? PORT),
    database,
    sslMode: query.sslmode ?? SSL_MODE,
    hostAddress: query.hostaddr,
    candidates,
    iamTokens: typeof found.iam === 'string' && found.iam.toLowerCase() === 'true',
  };
}

function engineCandidate(engine: Readonly<Record<string, unknown>>): Candidate[] {
  const { user, password } = engine;
  // SQLAlchemy's own stand-in for a password that it hides.
  return typeof user === 'string' && typeof password === 'string' && password !== '***' ? [{ user, password }] : [];
}

interface UriParts {
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly query: Readonly<Record<string, string>>;
  readonly candidates: readonly Candidate[];
}

function splitUri(uri: string): UriParts | undefined {
  const scheme = /^postgres(?:ql)?(?:\+\w+)?:\/\//.exec(uri);
  if (scheme === null) return undefined;
  const rest = uri.slice(scheme[0].length);
  const at = rest.lastIndexOf('@');
  const place = /^(\[[^\]]+\]|[^:/?]*)(?::(\d+))?\/([^?]*)(?:\?(.*))?$/s.exec(rest.slice(at + 1));
  if (at < 0 || place === null) return undefined;
  const [, host = '', port, database = '', query = ''] = place;
  const login = rest.slice(0, at);
  const colon = login.indexOf(':');
  const user = colon < 0 ? login : login.slice(0, colon);
  const password = colon < 0 ? '' : login.slice(colon + 1);
  return {
    host: unquote(host).replace(/^\[|\]$/g, ''),
    port: port === undefined ? PORT : Number(port),
    database: unquote(database),
    query: Object.fromEntries(
      query
        .split('&')
        .map((pair) => pair.split('='))
        .map(([name = '', value = '']) => [name, unquote(value)]),
    ),
    candidates: [
      { user: unquote(user), password: unquote(password) },
      { user: unquote(user), password },
    ],
  };
}

/**
 * Percent-decoding as Python's `urllib.parse.unquote` does it: what is no valid escape stays as it is, bytes that are no
 * UTF-8 become U+FFFD. (`decodeURIComponent` throws on both.)
 */
export function unquote(text: string): string {
  return text.replace(/(?:%[\da-f]{2})+/gi, (escaped) =>
    Buffer.from(escaped.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const seen = new Map(
    candidates.map((candidate) => [JSON.stringify([candidate.user, candidate.password]), candidate]),
  );
  return [...seen.values()];
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable();
  }
}

function unusable(): Failure {
  return new Failure('failed', 'The task handed back no PostgreSQL connection.', {
    advice: 'Its Airflow may keep its metadata elsewhere. Use the REST route.',
  });
}

function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function texts(members: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(members).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function given(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
