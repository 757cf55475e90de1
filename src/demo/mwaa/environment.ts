import type { Airflow } from '../airflow/airflow.ts';
import { airflowLogGroup, arn } from '../world/names.ts';

/** Statuses of an environment (EnvironmentStatus). */
export type EnvironmentStatus =
  | 'CREATING'
  | 'CREATE_FAILED'
  | 'AVAILABLE'
  | 'UPDATING'
  | 'DELETING'
  | 'UNAVAILABLE'
  | 'UPDATE_FAILED'
  | 'ROLLING_BACK'
  | 'CREATING_SNAPSHOT'
  | 'PENDING'
  | 'MAINTENANCE';

/** A file of the bucket that the environment was given, at the version it is pinned to. */
export interface SourceFile {
  readonly path: string;
  readonly version: string | undefined;
}

/** The modules of LoggingConfiguration with the last part of their log group's name. */
export const LOG_MODULES = {
  DagProcessingLogs: 'DAGProcessing',
  SchedulerLogs: 'Scheduler',
  TaskLogs: 'Task',
  WebserverLogs: 'WebServer',
  WorkerLogs: 'Worker',
} as const;
export type LogModule = keyof typeof LOG_MODULES;

/** A module's logging as it is set. */
export interface ModuleLogging {
  readonly Enabled: boolean;
  readonly LogLevel: string;
}

/** Everything that UpdateEnvironment can change. */
export interface Settings {
  readonly airflowVersion: string;
  readonly environmentClass: string;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly schedulers: number;
  readonly minWebservers: number;
  readonly maxWebservers: number;
  readonly accessMode: string;
  readonly executionRoleArn: string;
  readonly sourceBucketArn: string;
  readonly dagS3Path: string;
  readonly requirements: SourceFile | undefined;
  readonly plugins: SourceFile | undefined;
  readonly startupScript: SourceFile | undefined;
  readonly options: Readonly<Record<string, string>>;
  readonly securityGroupIds: readonly string[];
  readonly logging: Readonly<Record<LogModule, ModuleLogging>>;
  readonly maintenance: string;
}

/** What the last update was and came to. Times are ms since the epoch. */
export interface LastUpdate {
  readonly status: 'SUCCESS' | 'PENDING' | 'FAILED';
  readonly createdAt: number;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly source: string | undefined;
  readonly strategy: 'FORCED' | 'GRACEFUL' | undefined;
}

/** What the running containers hold beside their image. */
export interface Installed {
  /** Distributions of requirements.txt, in small letters. */
  readonly distributions: ReadonlySet<string>;
  /** Their versions, by name. */
  readonly versions: ReadonlyMap<string, string>;
  readonly pluginModules: ReadonlySet<string>;
}

/** An environment. */
export interface Environment {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly subnetIds: readonly string[];
  readonly kmsKey: string | undefined;
  readonly endpointManagement: 'CUSTOMER' | 'SERVICE';
  readonly celeryQueue: string;
  readonly webserverHost: string;
  /** Some environments' WebserverUrl comes without its scheme. */
  readonly urlHasScheme: boolean;
  readonly databaseService: string;
  readonly webserverService: string;
  readonly tags: Map<string, string>;
  status: EnvironmentStatus;
  settings: Settings;
  lastUpdate: LastUpdate | undefined;
  installed: Installed;
  /** Undefined before it has been created. */
  airflow: Airflow | undefined;
  /** False while its web server is down: created, upgraded or deleted. */
  reachable: boolean;
}

const seconds = (ms: number): number => ms / 1000;

/** An environment as GetEnvironment answers it. */
export function environmentShape(environment: Environment): Record<string, unknown> {
  const { settings, lastUpdate } = environment;
  const privateServer = settings.accessMode !== 'PUBLIC_ONLY';
  return defined({
    Name: environment.name,
    Arn: environment.arn,
    Status: environment.status,
    CreatedAt: seconds(environment.createdAt),
    AirflowVersion: settings.airflowVersion,
    EnvironmentClass: settings.environmentClass,
    MinWorkers: settings.minWorkers,
    MaxWorkers: settings.maxWorkers,
    Schedulers: settings.schedulers,
    MinWebservers: settings.minWebservers,
    MaxWebservers: settings.maxWebservers,
    WebserverAccessMode: settings.accessMode,
    WebserverUrl: environment.reachable
      ? `${environment.urlHasScheme ? 'https://' : ''}${environment.webserverHost}`
      : undefined,
    ExecutionRoleArn: settings.executionRoleArn,
    ServiceRoleArn: `arn:aws:iam::${environment.arn.split(':')[4]}:role/aws-service-role/airflow.amazonaws.com/AWSServiceRoleForAmazonMWAA`,
    KmsKey: environment.kmsKey,
    SourceBucketArn: settings.sourceBucketArn,
    DagS3Path: settings.dagS3Path,
    RequirementsS3Path: settings.requirements?.path,
    RequirementsS3ObjectVersion: settings.requirements?.version,
    PluginsS3Path: settings.plugins?.path,
    PluginsS3ObjectVersion: settings.plugins?.version,
    StartupScriptS3Path: settings.startupScript?.path,
    StartupScriptS3ObjectVersion: settings.startupScript?.version,
    AirflowConfigurationOptions: settings.options,
    NetworkConfiguration: { SubnetIds: environment.subnetIds, SecurityGroupIds: settings.securityGroupIds },
    LoggingConfiguration: loggingShape(environment),
    WeeklyMaintenanceWindowStart: settings.maintenance,
    DatabaseVpcEndpointService: environment.databaseService,
    WebserverVpcEndpointService: privateServer ? environment.webserverService : undefined,
    CeleryExecutorQueue: environment.celeryQueue,
    EndpointManagement: environment.endpointManagement,
    Tags: Object.fromEntries(environment.tags),
    LastUpdate: lastUpdate === undefined ? undefined : lastUpdateShape(lastUpdate),
  });
}

function loggingShape({ name, settings }: Environment): Record<string, unknown> {
  const shape: Record<string, unknown> = {};
  for (const module of Object.keys(LOG_MODULES) as LogModule[]) {
    const group = airflowLogGroup(name, LOG_MODULES[module]);
    shape[module] = { ...settings.logging[module], CloudWatchLogGroupArn: `${arn('logs', `log-group:${group}`)}:*` };
  }
  return shape;
}

function lastUpdateShape(update: LastUpdate): Record<string, unknown> {
  return defined({
    Status: update.status,
    CreatedAt: seconds(update.createdAt),
    Error:
      update.error === undefined ? undefined : { ErrorCode: update.error.code, ErrorMessage: update.error.message },
    Source: update.source,
    WorkerReplacementStrategy: update.strategy,
  });
}

function defined(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
