import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import {
  databaseEndpoint,
  readSecurityGroups,
  ruleAdmitsPort,
  type SecurityGroup,
  type VpcEndpoint,
} from '../fleet/network.ts';
import { Failure } from '../text/failure.ts';
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

/** How an environment's Airflow metadata database is reached, as far as it can be known without its password. */
export interface Connection {
  readonly environment: string;
  readonly airflowVersion: string;
  /** Where the host comes from; `none` when no endpoint was found. */
  readonly source: 'endpoint' | 'none';
  readonly host: string | null;
  readonly port: number;
  readonly database: string | null;
  /** Not known from outside: MWAA names neither. */
  readonly user: string | null;
  readonly password: null;
  readonly sslMode: string;
  readonly endpointId: string | null;
  readonly endpointState: string | null;
  readonly vpcId: string | null;
  readonly securityGroups: readonly AdmittingGroup[];
  readonly probe: null;
  readonly restRoute: RestRoute;
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
  const endpoint = await orWarn(databaseEndpoint(session, environment, signal), warnings, signal);
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
    database: isAirflow3(environment) ? null : DATABASE_NAME,
    user: null,
    password: null,
    sslMode: 'require',
    endpointId: endpoint?.id ?? null,
    endpointState: endpoint?.state ?? null,
    vpcId: endpoint?.vpcId ?? null,
    securityGroups: (groups ?? []).map(admitting),
    probe: null,
    restRoute: route,
    warnings: [...warnings, ...warningsFor(environment, endpoint)],
  };
}

function isAirflow3({ airflowVersion }: Environment): boolean {
  return Number.parseInt(airflowVersion, 10) >= 3;
}

function warningsFor(environment: Environment, endpoint: VpcEndpoint | undefined): string[] {
  const warnings: string[] = [];
  if (isAirflow3(environment)) {
    warnings.push(
      'Airflow 3 gives tasks no metadata database: a login from outside is not supported. Use the REST route.',
    );
  } else {
    warnings.push(
      'AWS is replacing the static password by short-lived tokens: a copied one may stop working at any maintenance. Prefer the REST route.',
    );
  }
  if (environment.databaseVpcEndpointService === undefined) {
    warnings.push(
      'The environment names no database endpoint service: it is being created, or was made before 2023-11.',
    );
  } else if (endpoint === undefined) {
    warnings.push(
      environment.endpointManagement === 'CUSTOMER'
        ? `No endpoint of ${environment.databaseVpcEndpointService} is visible: it is managed by its owner, maybe in another account.`
        : `No endpoint of ${environment.databaseVpcEndpointService} is visible from this account and region.`,
    );
  } else if (endpoint.state.toLowerCase() !== 'available') {
    warnings.push(`The endpoint ${endpoint.id} is ${endpoint.state}.`);
  }
  return warnings;
}

function admitting(group: SecurityGroup): AdmittingGroup {
  const rules = group.inbound.filter((rule) => ruleAdmitsPort(rule, DATABASE_PORT));
  const admits = rules.flatMap((rule) => [...rule.groups, ...rule.ranges, ...rule.prefixLists]);
  return { id: group.id, name: group.name, admits: [...new Set(admits)] };
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
