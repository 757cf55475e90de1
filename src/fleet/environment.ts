import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { milliseconds, number, optionalText, text, textMap, texts } from './members.ts';

/** The log groups that MWAA keeps for an environment, by Airflow component. */
type EnvironmentLog = 'dagProcessing' | 'scheduler' | 'webserver' | 'worker' | 'task';

/** One of an environment's log groups as GetEnvironment has it. */
interface EnvironmentLogGroup {
  readonly enabled: boolean;
  /** CRITICAL to DEBUG, raw. */
  readonly level: string;
  /** The group's name; undefined until MWAA has made it. */
  readonly group: string | undefined;
}

/** A file of the environment's bucket at the version in use. */
interface EnvironmentFile {
  readonly path: string;
  readonly versionId?: string | undefined;
}

/** The last update of an environment, its error included. */
interface LastUpdate {
  /** SUCCESS, PENDING, FAILED or what AWS adds, raw; empty when not told. */
  readonly status: string;
  readonly createdAt: number | undefined;
  readonly error?: { readonly code: string; readonly message: string } | undefined;
  /** Who or what asked for it, such as MWAA's own maintenance. */
  readonly source?: string | undefined;
  readonly workerReplacementStrategy?: string | undefined;
}

/**
 * An MWAA environment as GetEnvironment describes it. Every member of the API is optional: texts that were
 * not told are empty, numbers and times undefined. Enum values are kept raw.
 */
export interface Environment {
  readonly name: string;
  readonly arn: string;
  readonly status: string;
  readonly airflowVersion: string;
  readonly environmentClass: string;
  readonly minWorkers: number | undefined;
  readonly maxWorkers: number | undefined;
  readonly minWebservers?: number | undefined;
  readonly maxWebservers?: number | undefined;
  readonly schedulers: number | undefined;
  readonly createdAt: number | undefined;
  /** With `https://`, whichever way AWS wrote it; empty until there is one. */
  readonly webserverUrl: string;
  readonly webserverAccessMode: string;
  readonly executionRoleArn: string;
  readonly serviceRoleArn?: string | undefined;
  /** Undefined: the key that AWS owns. */
  readonly kmsKey: string | undefined;
  /** The bucket's name. */
  readonly sourceBucket: string;
  /** Folder of the DAGs in the bucket, without slashes at its ends. */
  readonly dagsPath: string;
  readonly requirements?: EnvironmentFile | undefined;
  readonly plugins?: EnvironmentFile | undefined;
  readonly startupScript?: EnvironmentFile | undefined;
  /** Values may be secrets: mask them on screens. */
  readonly configurationOptions: Readonly<Record<string, string>>;
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
  readonly logGroups: Readonly<Record<EnvironmentLog, EnvironmentLogGroup | undefined>>;
  readonly databaseVpcEndpointService?: string | undefined;
  readonly webserverVpcEndpointService?: string | undefined;
  readonly endpointManagement?: string | undefined;
  readonly celeryQueueArn?: string | undefined;
  /** `DAY:HH:MM` in UTC. */
  readonly maintenanceWindow?: string | undefined;
  readonly tags: Readonly<Record<string, string>>;
  readonly lastUpdate?: LastUpdate | undefined;
}

type SdkEnvironment = NonNullable<Awaited<ReturnType<Session['mwaa']['getEnvironment']>>['Environment']>;
/** Members that the model has by now, whichever version of the client answered. */
type NewerMembers = {
  readonly MinWebservers?: number | undefined;
  readonly MaxWebservers?: number | undefined;
  readonly LastUpdate?: { readonly WorkerReplacementStrategy?: string | undefined } | undefined;
};

/** An environment from GetEnvironment's answer, whatever it leaves out. */
export function environmentFrom(answer: SdkEnvironment, name: string): Environment {
  const newer: NewerMembers = answer as NewerMembers;
  const logging = answer.LoggingConfiguration;
  return {
    name: text(answer.Name) || name,
    arn: text(answer.Arn),
    status: text(answer.Status),
    airflowVersion: text(answer.AirflowVersion),
    environmentClass: text(answer.EnvironmentClass),
    minWorkers: number(answer.MinWorkers),
    maxWorkers: number(answer.MaxWorkers),
    minWebservers: number(newer.MinWebservers),
    maxWebservers: number(newer.MaxWebservers),
    schedulers: number(answer.Schedulers),
    createdAt: milliseconds(answer.CreatedAt),
    webserverUrl: webAddress(answer.WebserverUrl),
    webserverAccessMode: text(answer.WebserverAccessMode),
    executionRoleArn: text(answer.ExecutionRoleArn),
    serviceRoleArn: optionalText(answer.ServiceRoleArn),
    kmsKey: optionalText(answer.KmsKey),
    sourceBucket: text(answer.SourceBucketArn).replace(/^arn:[^:]*:s3:[^:]*:[^:]*:/, ''),
    dagsPath: text(answer.DagS3Path).replace(/^\/+|\/+$/g, ''),
    requirements: file(answer.RequirementsS3Path, answer.RequirementsS3ObjectVersion),
    plugins: file(answer.PluginsS3Path, answer.PluginsS3ObjectVersion),
    startupScript: file(answer.StartupScriptS3Path, answer.StartupScriptS3ObjectVersion),
    configurationOptions: textMap(answer.AirflowConfigurationOptions),
    subnetIds: texts(answer.NetworkConfiguration?.SubnetIds),
    securityGroupIds: texts(answer.NetworkConfiguration?.SecurityGroupIds),
    logGroups: {
      dagProcessing: logGroup(logging?.DagProcessingLogs),
      scheduler: logGroup(logging?.SchedulerLogs),
      webserver: logGroup(logging?.WebserverLogs),
      worker: logGroup(logging?.WorkerLogs),
      task: logGroup(logging?.TaskLogs),
    },
    databaseVpcEndpointService: optionalText(answer.DatabaseVpcEndpointService),
    webserverVpcEndpointService: optionalText(answer.WebserverVpcEndpointService),
    endpointManagement: optionalText(answer.EndpointManagement),
    celeryQueueArn: optionalText(answer.CeleryExecutorQueue),
    maintenanceWindow: optionalText(answer.WeeklyMaintenanceWindowStart),
    tags: textMap(answer.Tags),
    lastUpdate: lastUpdate(answer.LastUpdate, newer.LastUpdate?.WorkerReplacementStrategy),
  };
}

/** WebserverUrl is a host name in most answers and an address in others. */
function webAddress(url: string | undefined): string {
  const known = text(url);
  return known === '' || /^https?:\/\//i.test(known) ? known : `https://${known}`;
}

function file(path: string | undefined, versionId: string | undefined): EnvironmentFile | undefined {
  const known = optionalText(path);
  return known === undefined ? undefined : { path: known, versionId: optionalText(versionId) };
}

type SdkLogging = NonNullable<SdkEnvironment['LoggingConfiguration']>['TaskLogs'];

function logGroup(module: SdkLogging): EnvironmentLogGroup | undefined {
  if (module === undefined || module === null) return undefined;
  const name = /:log-group:(.+?)(?::\*)?$/.exec(text(module.CloudWatchLogGroupArn))?.[1];
  return { enabled: module.Enabled === true, level: text(module.LogLevel), group: name };
}

function lastUpdate(update: SdkEnvironment['LastUpdate'], strategy: unknown): LastUpdate | undefined {
  if (update === undefined || update === null) return undefined;
  const { Error: error } = update;
  return {
    status: text(update.Status),
    createdAt: milliseconds(update.CreatedAt),
    error: error == null ? undefined : { code: text(error.ErrorCode), message: text(error.ErrorMessage) },
    source: optionalText(update.Source),
    workerReplacementStrategy: optionalText(strategy),
  };
}

/**
 * Reads one environment.
 * @throws Failure as the call failed; `service` when the answer holds no environment.
 */
export async function readEnvironment(session: Session, name: string, signal: AbortSignal): Promise<Environment> {
  const { Environment: answer } = await session.mwaa.getEnvironment({ Name: name }, { signal });
  if (answer === undefined || answer === null || typeof answer !== 'object') {
    throw new Failure('service', `MWAA answered without describing ${name}.`, {
      advice: 'Try again; if it stays, the answer comes from something else than MWAA.',
      resource: name,
    });
  }
  return environmentFrom(answer, name);
}
