import { type Connector, connectorNamed } from '../../reference/connectors.ts';
import { AIRFLOW_REST_CONNECTION_SINCE } from '../../reference/openmetadata-versions.ts';
import type { Span } from '../../reference/span.ts';
import { inSpan } from '../../reference/span.ts';
import { compareVersions } from '../../reference/version.ts';
import { at, type Mapping, mapping } from '../values.ts';
import type { Path } from '../yaml-source.ts';
import type { Findings } from './findings.ts';
import { checkKeys, checkModel } from './models.ts';
import { nearestWord } from './nearest-word.ts';

/** Keys that the models take as text: a bare number or yes is refused. */
const TEXT_KEYS = new Set([
  ...['username', 'password', 'hostPort', 'database', 'databaseName', 'account', 'warehouse', 'role', 'token', 'host'],
  ...['clientId', 'clientSecret', 'apiKey', 'accessToken', 'bootstrapServers', 'mwaaEnvironmentName', 'awsRegion'],
]);

/** Checks a connection against its connector's keys, and what lies in it. */
export function checkConnection(findings: Findings, connector: Connector, path: Path): void {
  const members = membersAt(findings, path);
  if (members === undefined) return;
  const own = withoutPassword(findings, connector.keys, members, path);
  checkKeys(findings, [...connector.keys, ...openKeys(own)], own, path);
  checkNested(findings, own, path);
  if (connector.type === 'Airflow') checkAirflow(findings, members, path);
}

/** `type` and the `supports…` switches, which come and go between releases and do no harm. */
function openKeys(members: Mapping): Span[] {
  return Object.keys(members)
    .filter((name) => name === 'type' || name.startsWith('supports'))
    .map((name) => ({ name }));
}

/**
 * A top-level password where the connector takes it inside authType: the commonest fault, since older guides and even
 * present samples have it so. It gets words of its own rather than `unknown key`.
 */
function withoutPassword(findings: Findings, keys: readonly Span[], members: Mapping, path: Path): Mapping {
  const release = findings.target.openmetadataVersion;
  const takes = (name: string) => {
    const key = keys.find((each) => each.name === name);
    return key !== undefined && (release === undefined ? key.until === undefined : inSpan(key, release));
  };
  if (!Object.hasOwn(members, 'password') || takes('password') || !takes('authType')) return members;
  const since = keys.find((each) => each.name === 'password')?.until;
  const gone = release === undefined && since !== undefined;
  findings.add('password-place', [...path, 'password'], {
    severity: gone ? 'warning' : 'error',
    message: gone ? `stands inside authType from OpenMetadata ${since} on.` : 'has to stand inside authType.',
    advice: 'Write authType: and below it, indented, password: …',
  });
  const { password: _, ...others } = members;
  return others;
}

function checkNested(findings: Findings, members: Mapping, path: Path): void {
  for (const [name, value] of Object.entries(members)) {
    const here = [...path, name];
    if (TEXT_KEYS.has(name) && (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint')) {
      findings.add('not-text', here, { message: 'is read as a number or a switch, not as text.', advice: 'Quote it.' });
    } else if (name.endsWith('FilterPattern') && value !== null) {
      checkModel(findings, 'FilterPattern', value, here);
    } else if (name === 'awsConfig') {
      checkModel(findings, 'AwsCredentials', value, here);
      const inner = mapping(value);
      if (inner !== undefined) checkNested(findings, inner, here);
    } else if (['authType', 'connection', 'authConfig', 'mwaaConfig', 'credentials', 'configSource'].includes(name)) {
      const inner = mapping(value);
      if (inner !== undefined) checkNested(findings, inner, here);
    }
  }
}

/** The connection inside an Airflow connection: a database's, Backend or RestAPI. */
function checkAirflow(findings: Findings, members: Mapping, path: Path): void {
  const here = [...path, 'connection'];
  const connection = membersAt(findings, here);
  const hostPort = members.hostPort;
  if (typeof hostPort === 'string' && /^https?:\/\/(localhost|127\.0\.0\.1)([:/]|$)/.test(hostPort)) {
    findings.add('localhost-link', [...path, 'hostPort'], {
      severity: 'warning',
      message: 'is what OpenMetadata makes links with; this one leads nowhere.',
      advice: "Write the address of the environment's web server.",
    });
  }
  if (connection === undefined) return;
  const { type } = connection;
  if (type === undefined) {
    findings.add('missing-type', [...here, 'type'], {
      message: 'is missing: OpenMetadata then takes whichever connection the keys happen to fit.',
      advice: 'Add type, such as RestAPI or Postgres.',
    });
    return;
  }
  const release = findings.target.openmetadataVersion;
  if (type === 'RestAPI' && release !== undefined && compareVersions(release, AIRFLOW_REST_CONNECTION_SINCE) < 0) {
    findings.add('unknown-connector', [...here, 'type'], {
      message: `RestAPI came with OpenMetadata ${AIRFLOW_REST_CONNECTION_SINCE}; the server has ${release}.`,
      advice: 'Upgrade OpenMetadata, or read the metadata database (Postgres).',
    });
    return;
  }
  if (type === 'Backend' || type === 'RestAPI') {
    checkModel(findings, `Airflow.${type}`, connection, here);
    return;
  }
  const database = typeof type === 'string' ? connectorNamed(type, release) : undefined;
  if (database === undefined || database.type !== type || !['Postgres', 'Mysql', 'SQLite'].includes(database.type)) {
    const likely =
      typeof type === 'string' ? nearestWord(type, ['Backend', 'Postgres', 'Mysql', 'SQLite', 'RestAPI']) : undefined;
    findings.add('unknown-connector', [...here, 'type'], {
      message: 'has to be one of RestAPI, Postgres, Mysql, SQLite, Backend.',
      advice:
        likely === undefined ? 'RestAPI reads an MWAA environment without its database.' : `Did you mean ${likely}?`,
    });
    return;
  }
  const own = withoutPassword(findings, database.keys, connection, here);
  checkKeys(findings, [...database.keys, ...openKeys(own)], own, here);
}

function membersAt(findings: Findings, path: Path): Mapping | undefined {
  return mapping(at(findings.pipeline.value, ...path.map(String)));
}
