import { stringify } from 'yaml';
import type { Connection } from './connection.ts';

/** Forms that a connection is printed and copied in. */
export type ConnectionForm = 'uri' | 'psql' | 'environment' | 'openmetadata';

/** A connection whose place and user are known. */
type Known = Connection & { readonly host: string; readonly database: string; readonly user: string };

/** Whether there is enough for every form: a discovery has found the user. */
export function isKnown(connection: Connection): connection is Known {
  return connection.host !== null && connection.database !== null && connection.user !== null;
}

/**
 * A connection in one form; the password is in it only where `connection.password` is not null, so mask it before for
 * eyes. A shell reads `psql` and `environment` as they are.
 */
export function connectionText(connection: Known, form: ConnectionForm, webserverUrl?: string): string {
  switch (form) {
    case 'uri':
      return uri(connection);
    case 'psql':
      return psql(connection);
    case 'environment':
      return environment(connection);
    case 'openmetadata':
      return openmetadata(connection, webserverUrl);
  }
}

function uri({ host, port, database, user, password, sslMode, hostAddress }: Known): string {
  const login = password === null ? quoted(user) : `${quoted(user)}:${quoted(password)}`;
  const query = hostAddress === null ? '' : `&hostaddr=${quoted(hostAddress)}`;
  const place = host.includes(':') ? `[${host}]` : host;
  return `postgresql://${login}@${place}:${port}/${quoted(database)}?sslmode=${quoted(sslMode)}${query}`;
}

/** The password goes by the environment: who may list processes reads every argument. */
function psql({ host, port, database, user, password, sslMode, hostAddress }: Known): string {
  const words = {
    host,
    ...(hostAddress === null ? {} : { hostaddr: hostAddress }),
    port: String(port),
    dbname: database,
    user,
    sslmode: sslMode,
  };
  const command = `psql ${shellQuoted(
    Object.entries(words)
      .map(([word, value]) => `${word}=${conninfoQuoted(value)}`)
      .join(' '),
  )}`;
  return password === null ? command : `PGPASSWORD=${shellQuoted(password)} ${command}`;
}

function environment({ host, port, database, user, password, sslMode, hostAddress }: Known): string {
  const variables = {
    PGHOST: host,
    ...(hostAddress === null ? {} : { PGHOSTADDR: hostAddress }),
    PGPORT: String(port),
    PGDATABASE: database,
    PGUSER: user,
    ...(password === null ? {} : { PGPASSWORD: password }),
    PGSSLMODE: sslMode,
  };
  return Object.entries(variables)
    .map(([name, value]) => `export ${name}=${shellQuoted(value)}`)
    .join('\n');
}

/**
 * OpenMetadata's Airflow connection over the database, what stands under `serviceConnection.config`. Legacy: the REST
 * connection replaces it from OpenMetadata 1.12.4 on.
 */
function openmetadata({ host, port, database, user, password, sslMode }: Known, webserverUrl?: string): string {
  return stringify(
    {
      type: 'Airflow',
      hostPort: webserverUrl ?? '<https://address of the web server>',
      numberOfStatus: 10,
      connection: {
        type: 'Postgres',
        username: user,
        authType: { password: password ?? '<password>' },
        hostPort: `${host}:${port}`,
        database,
        sslMode,
      },
    },
    { version: '1.1', lineWidth: 0 },
  );
}

/** Percent-encoded to the last character that could mean something in a URI. */
function quoted(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A word for a POSIX shell. */
function shellQuoted(text: string): string {
  return /^[\w@%+:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A value in libpq's keyword/value form. */
function conninfoQuoted(text: string): string {
  return /^[\w./:-]+$/.test(text) ? text : `'${text.replace(/['\\]/g, '\\$&')}'`;
}
