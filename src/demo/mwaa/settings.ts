import { atLeast } from '../airflow/versions.ts';
import { isStructure } from '../members.ts';
import type { Region } from '../region.ts';
import type { Call, Input } from '../service.ts';
import {
  type Environment,
  LOG_MODULES,
  type LogModule,
  type ModuleLogging,
  type Settings,
  type SourceFile,
} from './environment.ts';
import { invalid } from './shapes.ts';

/** Airflow versions that an environment can be created with or updated to (MWAA user guide, airflow-versions, 2026-09). */
const VERSIONS = ['2.7.2', '2.8.1', '2.9.2', '2.10.1', '2.10.3', '2.11.0', '2.11.2', '3.0.6', '3.2.1', '3.3.1'];
/** The last 2.x, through which alone an environment comes to 3.x. */
const LAST_SECOND = '2.11.2';
const CLASSES = ['mw1.micro', 'mw1.small', 'mw1.medium', 'mw1.large', 'mw1.xlarge', 'mw1.2xlarge'];
const MOST_WORKERS = 25;

const LOGGING_OFF: Readonly<Record<LogModule, ModuleLogging>> = {
  DagProcessingLogs: { Enabled: false, LogLevel: 'INFO' },
  SchedulerLogs: { Enabled: false, LogLevel: 'INFO' },
  TaskLogs: { Enabled: true, LogLevel: 'INFO' },
  WebserverLogs: { Enabled: false, LogLevel: 'INFO' },
  WorkerLogs: { Enabled: false, LogLevel: 'INFO' },
};

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);

/** What a new environment has where CreateEnvironment says nothing. */
export function defaults(input: Input): Settings {
  const micro = input.EnvironmentClass === 'mw1.micro';
  return {
    airflowVersion: VERSIONS.at(-1) ?? '3.3.1',
    environmentClass: 'mw1.small',
    minWorkers: 1,
    maxWorkers: micro ? 1 : 10,
    schedulers: micro ? 1 : 2,
    minWebservers: micro ? 1 : 2,
    maxWebservers: micro ? 1 : 2,
    accessMode: 'PRIVATE_ONLY',
    executionRoleArn: '',
    sourceBucketArn: '',
    dagS3Path: 'dags',
    requirements: undefined,
    plugins: undefined,
    startupScript: undefined,
    options: {},
    securityGroupIds: [],
    logging: LOGGING_OFF,
    maintenance: 'SUN:03:30',
  };
}

/**
 * The settings that an input makes of those in force: what is sent replaces, AirflowConfigurationOptions as a
 * whole. Throws `ValidationException` for what the service doesn't take.
 */
export function merged(before: Settings, input: Input, call: Call, environment: Environment | undefined): Settings {
  const network = isStructure(input.NetworkConfiguration) ? input.NetworkConfiguration : {};
  const after: Settings = {
    airflowVersion: string(input.AirflowVersion) ?? before.airflowVersion,
    environmentClass: string(input.EnvironmentClass) ?? before.environmentClass,
    minWorkers: number(input.MinWorkers) ?? before.minWorkers,
    maxWorkers: number(input.MaxWorkers) ?? before.maxWorkers,
    schedulers: number(input.Schedulers) ?? before.schedulers,
    minWebservers: number(input.MinWebservers) ?? before.minWebservers,
    maxWebservers: number(input.MaxWebservers) ?? before.maxWebservers,
    accessMode: string(input.WebserverAccessMode) ?? before.accessMode,
    executionRoleArn: string(input.ExecutionRoleArn) ?? before.executionRoleArn,
    sourceBucketArn: string(input.SourceBucketArn) ?? before.sourceBucketArn,
    dagS3Path: string(input.DagS3Path)?.replace(/^\/+|\/+$/g, '') ?? before.dagS3Path,
    requirements: file(input, 'Requirements', before.requirements),
    plugins: file(input, 'Plugins', before.plugins),
    startupScript: file(input, 'StartupScript', before.startupScript),
    options: isStructure(input.AirflowConfigurationOptions)
      ? (input.AirflowConfigurationOptions as Readonly<Record<string, string>>)
      : before.options,
    securityGroupIds: (network.SecurityGroupIds as readonly string[] | undefined) ?? before.securityGroupIds,
    logging: logging(input, before.logging),
    maintenance: string(input.WeeklyMaintenanceWindowStart) ?? before.maintenance,
  };
  checkVersion(before, after, environment);
  checkSize(after);
  if (after.accessMode === 'PUBLIC_AND_PRIVATE' && !atLeast(after.airflowVersion, '3.2.0')) {
    throw invalid('WebserverAccessMode PUBLIC_AND_PRIVATE requires Apache Airflow v3.2 or later.');
  }
  if (input.WorkerReplacementStrategy === 'GRACEFUL' && !atLeast(before.airflowVersion, '2.4.3')) {
    throw invalid('WorkerReplacementStrategy GRACEFUL is not supported for this Apache Airflow version.');
  }
  checkRole(after, input, call, environment?.arn ?? call.region.mwaa.arnOf(String(input.Name)));
  checkBucket(after, input, call.region);
  return after;
}

/** A file of the bucket: the path or the version may come alone. */
function file(
  input: Input,
  kind: 'Requirements' | 'Plugins' | 'StartupScript',
  before: SourceFile | undefined,
): SourceFile | undefined {
  const path = string(input[`${kind}S3Path`]);
  const version = string(input[`${kind}S3ObjectVersion`]);
  if (path === undefined && version === undefined) return before;
  const known = path ?? before?.path;
  if (known === undefined) throw invalid(`${kind}S3Path must be specified when ${kind}S3ObjectVersion is specified.`);
  return { path: known, version };
}

function logging(input: Input, before: Settings['logging']): Settings['logging'] {
  const sent = isStructure(input.LoggingConfiguration) ? input.LoggingConfiguration : {};
  const result = { ...before };
  for (const module of Object.keys(LOG_MODULES) as LogModule[]) {
    const wanted = sent[module];
    if (isStructure(wanted)) result[module] = { Enabled: wanted.Enabled === true, LogLevel: String(wanted.LogLevel) };
  }
  return result;
}

function checkVersion(before: Settings, after: Settings, environment: Environment | undefined): void {
  const from = before.airflowVersion;
  const to = after.airflowVersion;
  if (environment !== undefined && from === to) return;
  if (!VERSIONS.includes(to)) {
    throw invalid(`Unsupported Apache Airflow version: ${to}. Supported versions are: ${VERSIONS.join(', ')}.`);
  }
  if (environment === undefined) return;
  const major = (version: string): string => version.split('.')[0] ?? '';
  if (major(from) === '2' && major(to) === '3' && from !== LAST_SECOND) {
    throw invalid(
      `Upgrading from Apache Airflow v${from} to v${to} is not supported. The highest version that this environment can be upgraded to is v${LAST_SECOND}.`,
    );
  }
  if (to === '3.3.1' && from !== '3.2.1') {
    throw invalid(
      `Upgrading from Apache Airflow v${from} to v${to} is not supported. The highest version that this environment can be upgraded to is v3.2.1.`,
    );
  }
  if (major(from) === '3' && major(to) === '2' && !to.startsWith('2.11.')) {
    throw invalid(`Downgrading from Apache Airflow v${from} to v${to} is not supported.`);
  }
}

function checkSize(settings: Settings): void {
  const { environmentClass, minWorkers, maxWorkers, schedulers, minWebservers, maxWebservers } = settings;
  if (!CLASSES.includes(environmentClass)) {
    throw invalid(
      `Environment class ${environmentClass} is not supported. Supported classes are: ${CLASSES.join(', ')}.`,
    );
  }
  const micro = environmentClass === 'mw1.micro';
  if (
    micro &&
    (minWorkers !== 1 || maxWorkers !== 1 || schedulers !== 1 || minWebservers !== 1 || maxWebservers !== 1)
  ) {
    throw invalid(
      'MinWorkers, MaxWorkers, Schedulers, MinWebservers and MaxWebservers must be 1 for environment class mw1.micro.',
    );
  }
  if (minWorkers > maxWorkers) throw invalid('MinWorkers must be less than or equal to MaxWorkers.');
  if (maxWorkers > MOST_WORKERS) throw invalid(`MaxWorkers must be less than or equal to ${MOST_WORKERS}.`);
  if (micro) return;
  if (schedulers < 2) throw invalid('Schedulers must be between 2 and 5 for this Apache Airflow version.');
  if (minWebservers < 2 || maxWebservers > 5) throw invalid('MinWebservers and MaxWebservers must be between 2 and 5.');
  if (minWebservers > maxWebservers) throw invalid('MinWebservers must be less than or equal to MaxWebservers.');
}

/** The caller needs iam:PassRole for a role that it names, and MWAA must be able to act as it. */
function checkRole(settings: Settings, input: Input, call: Call, environmentArn: string): void {
  const sent = string(input.ExecutionRoleArn);
  if (sent === undefined) return;
  call.authorize('iam:PassRole', sent, { 'iam:PassedToService': 'airflow-env.amazonaws.com' });
  const { iam, account } = call.region;
  const role = iam.role(settings.executionRoleArn);
  if (role === undefined) throw invalid(`The execution role ${sent} does not exist.`);
  const context = { 'aws:SourceAccount': account, 'aws:SourceArn': environmentArn };
  if (!iam.trusts(role.name, 'airflow-env.amazonaws.com', context)) {
    throw invalid(`Amazon MWAA is unable to assume the execution role ${sent}. Check its trust policy.`);
  }
}

/** Bucket and files that are named must be there; the bucket must have versioning and no public access. */
function checkBucket(settings: Settings, input: Input, region: Region): void {
  const names = ['SourceBucketArn', 'RequirementsS3Path', 'PluginsS3Path', 'StartupScriptS3Path', 'DagS3Path'];
  const versions = ['RequirementsS3ObjectVersion', 'PluginsS3ObjectVersion', 'StartupScriptS3ObjectVersion'];
  if (![...names, ...versions].some((name) => input[name] !== undefined)) return;
  const name = bucketOf(settings);
  const bucket = region.s3.bucket(name);
  if (bucket === undefined) throw invalid(`Unable to read the bucket ${name}: the specified bucket does not exist.`);
  if (bucket.versioning !== 'Enabled') throw invalid(`Versioning must be enabled on the source bucket ${name}.`);
  if (!bucket.publicAccessBlocked) throw invalid(`Public access must be blocked on the source bucket ${name}.`);
  for (const [kind, source] of [
    ['Requirements', settings.requirements],
    ['Plugins', settings.plugins],
    ['StartupScript', settings.startupScript],
  ] as const) {
    const sent = input[`${kind}S3Path`] !== undefined || input[`${kind}S3ObjectVersion`] !== undefined;
    if (!sent || source === undefined) continue;
    if (region.s3.object(name, source.path, source.version) !== undefined) continue;
    throw invalid(
      source.version === undefined
        ? `Unable to read ${kind} file ${source.path} in bucket ${name}: the specified key does not exist.`
        : `Unable to read version ${source.version} of ${kind} file ${source.path} in bucket ${name}: the specified version does not exist.`,
    );
  }
}

/** The name of an environment's bucket. */
export function bucketOf({ sourceBucketArn }: Pick<Settings, 'sourceBucketArn'>): string {
  return sourceBucketArn.slice(sourceBucketArn.lastIndexOf(':') + 1);
}
