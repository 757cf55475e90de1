import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import {
  databaseEndpoints,
  readSecurityGroups,
  ruleAdmitsPort,
  type SecurityGroup,
  type VpcEndpoint,
} from '../fleet/network.ts';
import { Failure } from '../text/failure.ts';
import { hidesDatabase } from './discovery/discover.ts';
import type { DiscoveredConnection } from './discovery/parse.ts';
import type { RestChecks } from './probe/probe.ts';
import type { Probes } from './probe/probes.ts';
import { type RestRoute, restRoute } from './rest-route.ts';

/** PostgreSQL's port at MWAA's database endpoint (MWAA user guide, "Managing your own Amazon VPC endpoints"). */
const DATABASE_PORT = 5432;

/** What an environment's metadata database is called on every MWAA image (aws/amazon-mwaa-docker-images, database.py). */
const DATABASE_NAME = 'AirflowMetadata';

/** A security group at the endpoint, and whom it admits to the database's port. */
export interface AdmittingGroup {
  readonly id: string;
  readonly name: string;
  /** Security groups and address ranges; empty when nobody is admitted. */
  readonly admits: readonly string[];
}

/** How an environment's Airflow metadata database is reached, as far as it is known. */
export interface Connection {
  readonly environment: string;
  readonly airflowVersion: string;
  /** Where the host comes from: the VPC endpoint alone, or a discovery; `none` when no endpoint was found. */
  readonly source: 'endpoint' | 'discovery' | 'none';
  readonly host: string | null;
  readonly port: number;
  readonly database: string | null;
  /** Known by a discovery only: MWAA names neither. */
  readonly user: string | null;
  readonly password: string | null;
  readonly sslMode: string;
  /** libpq's hostaddr, where the connection has one: the address to go to without asking for the name. */
  readonly hostAddress: string | null;
  readonly endpointId: string | null;
  readonly endpointState: string | null;
  /** Who makes and removes the endpoint: `SERVICE` (MWAA) or `CUSTOMER`; null where GetEnvironment does not tell. */
  readonly endpointManagement: string | null;
  readonly vpcId: string | null;
  readonly securityGroups: readonly AdmittingGroup[];
  readonly probe: Probes | null;
  readonly restRoute: RestRoute;
  /** Whether the REST route was tried, and with what end; null until a probe. */
  readonly restChecks: RestChecks | null;
  readonly warnings: readonly string[];
}

/**
 * Finds the endpoint of the environment's metadata database by the service that GetEnvironment names
 * (DatabaseVpcEndpointService) and EC2's DescribeVpcEndpoints, and the REST route that replaces it. What the
 * caller may not read becomes a warning, not a failure.
 */
export async function readConnection(
  session: Session,
  environment: Environment,
  signal: AbortSignal,
): Promise<Connection> {
  const warnings: string[] = [];
  const endpoints = await orWarn(databaseEndpoints(session, environment, signal), warnings, signal);
  const endpoint = endpoints?.[0];
  const groups = endpoint
    ? await orWarn(readSecurityGroups(session, endpoint.securityGroupIds, signal), warnings, signal)
    : undefined;
  const route = restRoute(environment, session.region);
  return {
    environment: environment.name,
    airflowVersion: environment.airflowVersion,
    source: endpoint ? 'endpoint' : 'none',
    host: endpoint?.dnsNames[0] ?? null,
    port: DATABASE_PORT,
    database: hidesDatabase(environment) ? null : DATABASE_NAME,
    user: null,
    password: null,
    sslMode: 'require',
    hostAddress: null,
    endpointId: endpoint?.id ?? null,
    endpointState: endpoint?.state ?? null,
    endpointManagement: environment.endpointManagement ?? null,
    vpcId: endpoint?.vpcId ?? null,
    securityGroups: (groups ?? []).map(admitting),
    probe: null,
    restRoute: route,
    restChecks: null,
    warnings: [
      ...warnings,
      ...warningsFor(environment),
      ...(endpoints === undefined ? [] : endpointWarnings(environment, endpoints)),
      ...networkWarnings(environment, groups?.map(admitting)),
    ],
  };
}

/**
 * The connection with what a discovery found. `candidate` is the login that a probe opened the database with; without a
 * probe the likeliest is taken, and where there are others a warning says so.
 */
export function withDiscovery(
  connection: Connection,
  found: DiscoveredConnection,
  candidate: number | undefined,
): Connection {
  const login = found.candidates[candidate ?? 0];
  const warnings = [...connection.warnings];
  if (found.iamTokens) {
    warnings.push(
      'Airflow itself logs in with RDS IAM tokens, which only its own containers can make: the password may be dead already.',
    );
  }
  if (candidate === undefined && found.candidates.length > 1) {
    warnings.push(
      'The password can be read in two ways, quoted or not; the likelier is given. A probe tells which is right.',
    );
  }
  if (connection.host !== null && found.host !== connection.host) {
    warnings.push(`Airflow connects to ${found.host}, not to the environment's endpoint ${connection.host}.`);
  }
  return {
    ...connection,
    source: 'discovery',
    host: found.host,
    port: found.port,
    database: found.database,
    user: login?.user ?? null,
    password: login?.password ?? null,
    sslMode: found.sslMode,
    hostAddress: found.hostAddress ?? null,
    warnings,
  };
}

function warningsFor(environment: Environment): string[] {
  if (hidesDatabase(environment)) {
    return ['Airflow 3 gives tasks no metadata database: a login from outside is not supported. Use the REST route.'];
  }
  return [
    'AWS is replacing the static password by short-lived tokens: a copied one may stop working at any maintenance. Prefer the REST route.',
  ];
}

/** What is to be said of the endpoints, the one that is shown first. */
function endpointWarnings(
  { databaseVpcEndpointService: service, endpointManagement }: Environment,
  [shown, ...others]: readonly VpcEndpoint[],
): string[] {
  if (service === undefined) {
    return ['The environment names no database endpoint service: it is being created, or was made before 2023-11.'];
  }
  if (shown === undefined) {
    return [
      endpointManagement === 'CUSTOMER'
        ? `No endpoint of ${service} is visible: its owner manages it, maybe in the account that shares the VPC. Ask there for its DNS name, or discover it.`
        : `No endpoint of ${service} is visible from this account and region.`,
    ];
  }
  const places = others.map(({ id, state, vpcId }) => `${id} (${state}, in ${vpcId})`).join(', ');
  return [
    ...(shown.state.toLowerCase() === 'available' ? [] : [`The endpoint ${shown.id} is ${shown.state}.`]),
    ...(others.length === 0 ? [] : [`The service has other endpoints: ${places}.`]),
  ];
}

/** What of the endpoint's security groups keeps even the environment's own from the database. */
function networkWarnings({ securityGroupIds }: Environment, groups: readonly AdmittingGroup[] | undefined): string[] {
  if (groups === undefined || groups.length === 0) return [];
  const admits = groups.flatMap((group) => group.admits);
  if (admits.length === 0) return ['No security group of the endpoint admits anybody to the database.'];
  if (admits.some((each) => securityGroupIds.includes(each) || /[./:]/.test(each) || each.startsWith('pl-'))) return [];
  const own = securityGroupIds.join(', ');
  return [`The endpoint's security groups do not admit the environment's own (${own}), which tasks have by default.`];
}

function admitting(group: SecurityGroup): AdmittingGroup {
  const rules = group.inbound.filter((rule) => ruleAdmitsPort(rule, DATABASE_PORT));
  const admits = rules.flatMap((rule) => [...rule.groups, ...rule.ranges, ...rule.prefixLists]);
  return { id: group.id, name: group.name, admits: [...new Set(admits)] };
}

/** Which endpoint it is, in words; undefined where none is known. */
export function endpointWords(connection: Connection): string | undefined {
  const { endpointId, endpointState, endpointManagement, vpcId } = connection;
  if (endpointId === null) return undefined;
  const manager = endpointManagement === 'CUSTOMER' ? ', managed by the customer' : '';
  return `${endpointId}, ${endpointState}, in ${vpcId}${manager}`;
}

async function orWarn<T>(read: Promise<T>, warnings: string[], signal: AbortSignal): Promise<T | undefined> {
  try {
    return await read;
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    warnings.push(error.advice === undefined ? error.message : `${error.message} ${error.advice}`);
    return undefined;
  }
}
