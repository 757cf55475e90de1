/** The names of the region's world that more than one service knows. */

export const ACCOUNT = '123456789012';
export const REGION = 'eu-west-1';

/** The environments, in the order of ListEnvironments. */
export const ENVIRONMENTS = ['analytics', 'data-prod', 'legacy', 'sandbox'] as const;
export type EnvironmentName = (typeof ENVIRONMENTS)[number];

export const VPC = 'vpc-0a1b2c3d4e5f60001';
export const PRIVATE_SUBNETS = ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'] as const;
export const PUBLIC_SUBNETS = ['subnet-0a1b2c3d4e5f60021', 'subnet-0a1b2c3d4e5f60022'] as const;
export const ENVIRONMENT_SECURITY_GROUP = 'sg-0a1b2c3d4e5f60031';
export const INGESTION_SECURITY_GROUP = 'sg-0a1b2c3d4e5f60032';

export const INGESTION_CLUSTER = 'openmetadata-ingestion';
export const PLATFORM_CLUSTER = 'platform';
export const BATCH_CLUSTER = 'batch';
export const INGESTION_LOG_GROUP = '/ecs/openmetadata-ingestion';
export const INGESTION_LOG_STREAM_PREFIX = 'ecs';
export const INGESTION_CONTAINER = 'openmetadata-ingestion';
export const INGESTION_IMAGE = 'docker.io/openmetadata/ingestion-base:1.12.8';
export const OPENMETADATA_VERSION = '1.12.8';

export const ECS_EXECUTION_ROLE = 'openmetadata-ingestion-execution';
export const ECS_TASK_ROLE = 'openmetadata-ingestion-task';
/** The administrator's role: an access key that is not in `ACCESS_KEYS` acts as it. */
export const ADMIN_ROLE = 'OnCall';
export const READ_ONLY_ROLE = 'ReadOnly';
/** May read the estate but lacks what a deployment writes. */
export const OPERATOR_ROLE = 'IngestionOperator';
/** May do nothing at all. */
export const NO_ACCESS_ROLE = 'NoAccess';
/** An administrator who came by IAM Identity Center: its role has a path that its session's ARN lacks. */
export const SSO_ROLE = 'AWSReservedSSO_DataPlatform_0a1b2c3d4e5f6071';

/** Access key ids with a role of their own. */
export const ACCESS_KEYS: Readonly<Record<string, string>> = {
  AKIADEMOADMIN0000000: ADMIN_ROLE,
  AKIADEMOREADONLY0000: READ_ONLY_ROLE,
  AKIADEMOOPERATOR0000: OPERATOR_ROLE,
  AKIADEMONOACCESS0000: NO_ACCESS_ROLE,
  AKIADEMOSSO000000000: SSO_ROLE,
};

/** An ingestion that runs when the region starts. */
export interface SeededIngestion {
  readonly environment: EnvironmentName;
  readonly dagId: string;
  readonly mode: 'ecs' | 'virtualenv';
  /** The service that it reads. */
  readonly serviceName: string;
  readonly sourceType: string;
  readonly pipelineType: 'metadata' | 'usage' | 'dbt';
  readonly schedule: string;
  /** Ends with exit code 1: its source refuses connections. */
  readonly failing: boolean;
}

export const INGESTIONS: readonly SeededIngestion[] = [
  ingestion('data-prod', 'snowflake_metadata', 'ecs', 'snowflake', 'snowflake_prod', 'metadata', '0 4 * * *'),
  ingestion('data-prod', 'postgres_usage', 'ecs', 'postgres-usage', 'postgres_orders', 'usage', '30 2 * * *'),
  ingestion('data-prod', 'looker_metadata', 'ecs', 'looker', 'looker_bi', 'metadata', '0 5 * * *'),
  ingestion('data-prod', 'kafka_metadata', 'ecs', 'kafka', 'kafka_events', 'metadata', '0 * * * *', true),
  ingestion('legacy', 'mysql_metadata', 'virtualenv', 'mysql', 'mysql_crm', 'metadata', '0 3 * * *'),
  ingestion('analytics', 'dbt_metadata', 'ecs', 'dbt', 'warehouse', 'dbt', '0 6 * * *'),
];

function ingestion(
  environment: EnvironmentName,
  dagId: string,
  mode: 'ecs' | 'virtualenv',
  sourceType: string,
  serviceName: string,
  pipelineType: SeededIngestion['pipelineType'],
  schedule: string,
  failing = false,
): SeededIngestion {
  return { environment, dagId, mode, sourceType, serviceName, pipelineType, schedule, failing };
}

/** `123456789012` and `eu-west-1` in an ARN of `service`. */
export function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${REGION}:${ACCOUNT}:${resource}`;
}

export const roleArn = (role: string): string => `arn:aws:iam::${ACCOUNT}:role/${role}`;
export const bucketName = (environment: string): string => `mwaa-${environment}-${ACCOUNT}`;
export const bucketArn = (environment: string): string => `arn:aws:s3:::${bucketName(environment)}`;
export const environmentArn = (environment: string): string => arn('airflow', `environment/${environment}`);
export const executionRole = (environment: string): string => `mwaa-${environment}-role`;
export const clusterArn = (cluster: string): string => arn('ecs', `cluster/${cluster}`);
export const taskDefinitionFamily = (environment: string, dagId: string): string => `${environment}-${dagId}`;
export const logGroupArn = (group: string): string => arn('logs', `log-group:${group}`);
export const airflowLogGroup = (
  environment: string,
  module: 'DAGProcessing' | 'Scheduler' | 'Task' | 'WebServer' | 'Worker',
): string => `airflow-${environment}-${module}`;
export const secretName = (environment: string, dagId: string): string => `mwaa-console/${environment}/${dagId}`;

/** Secrets Manager appends six characters to a secret's name in its ARN; seeded secrets have these, so that all may know them. */
export function secretArn(environment: string, dagId: string): string {
  let sum = 7;
  for (const character of `${environment}/${dagId}`) sum = (sum * 31 + character.charCodeAt(0)) % 2176782336;
  const suffix = sum.toString(36).padStart(6, '0').slice(-6);
  return arn('secretsmanager', `secret:${secretName(environment, dagId)}-${suffix}`);
}

const ENDPOINTS: Readonly<Record<string, string>> = {
  analytics: '0d4a71c29b8e60a11',
  'data-prod': '0d2f6b83c51e70b22',
  legacy: '0d9c05e7a4f2b0c33',
  sandbox: '0d7e18f3b6c940d44',
};

/** The endpoint service of an environment's metadata database, as GetEnvironment names it. */
export const databaseEndpointService = (environment: string): string =>
  `com.amazonaws.vpce.${REGION}.vpce-svc-${ENDPOINTS[environment] ?? '0d00000000000000a'}`;
/** The endpoint service of an environment's private web server. */
export const webserverEndpointService = (environment: string): string =>
  `com.amazonaws.vpce.${REGION}.vpce-svc-${(ENDPOINTS[environment] ?? '0d00000000000000b').replace(/^0d/, '0e')}`;
