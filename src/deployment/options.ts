import type { Architecture, DeploymentRequest, EcsTarget, IngestionMode } from '../ingestion/request.ts';
import { optional } from '../ingestion/values.ts';

/** What the deployment options of the command line, or the console's target form, say. */
export interface DeploymentOptions {
  readonly dagId?: string | undefined;
  /** Cron expression or preset, or `none`: runs only when triggered. As it was deployed last when absent. */
  readonly schedule?: string | undefined;
  /** Asked of the pipeline's OpenMetadata server when absent. */
  readonly openmetadataVersion?: string | undefined;
  /** Tries after the first. */
  readonly retries?: number | undefined;
  /** Minutes that one try may take. */
  readonly timeout?: number | undefined;
  /** `YYYY-MM-DD` */
  readonly startDate?: string | undefined;
  /** Extras of openmetadata-ingestion beside those that the pipeline tells; `none` alone takes away earlier ones. */
  readonly extras?: readonly string[] | undefined;
  readonly cluster?: string | undefined;
  /** A task definition family or ARN to take CPU, memory, image and roles from. */
  readonly taskDefinition?: string | undefined;
  readonly container?: string | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
  readonly logGroup?: string | undefined;
  readonly image?: string | undefined;
  /** Where the image comes from: a name of `imageRegistries`, or a repository that mirrors it. */
  readonly registry?: string | undefined;
  readonly architecture?: Architecture | undefined;
  /** `uid` or `uid:gid` of the container. */
  readonly user?: string | undefined;
  /** CPU units, 1024 to a vCPU. */
  readonly cpu?: number | undefined;
  /** MiB. */
  readonly memory?: number | undefined;
  /** Role names or ARNs. */
  readonly taskRole?: string | undefined;
  readonly executionRole?: string | undefined;
  /** How an update of the environment replaces its workers; FORCED when absent. */
  readonly workerReplacement?: 'FORCED' | 'GRACEFUL' | undefined;
  /** The secret's name, when it should not be `mwaa-console/<environment>/<dag>`. */
  readonly secret?: string | undefined;
  /** ARN of the key that the secret is encrypted with, when it is one of your own. */
  readonly secretKmsKey?: string | undefined;
}

/** What takes away what an earlier deployment was asked for. */
const NONE = 'none';

/** The schedule that the options ask for, else the one that there was. */
export function scheduleFromOptions(
  { schedule }: DeploymentOptions,
  earlier?: string,
): Pick<DeploymentRequest, 'schedule'> {
  return schedule === NONE ? {} : optional('schedule', schedule ?? earlier);
}

/** What the options say in every mode, as the request has it. */
export function requestFromOptions(
  options: DeploymentOptions,
): Pick<DeploymentRequest, 'run' | 'extras' | 'secretKmsKeyArn'> {
  const { retries, timeout, startDate, extras, secretKmsKey } = options;
  return {
    run: { ...optional('retries', retries), ...optional('timeout', timeout), ...optional('startDate', startDate) },
    ...optional('extras', extras?.join() === NONE ? [] : extras),
    ...optional('secretKmsKeyArn', secretKmsKey),
  };
}

/** What the options say of the container beside its image and size. */
export function containerFromOptions({
  architecture,
  user,
}: DeploymentOptions): Pick<EcsTarget, 'architecture' | 'user'> {
  return { ...optional('architecture', architecture), ...optional('user', user) };
}

/** A deployment that somebody asks for. */
export interface PlanRequest {
  readonly environment: string;
  readonly mode: IngestionMode;
  readonly pipelineText: string;
  /** The file's name, for messages. */
  readonly pipelineFile: string;
  readonly options: DeploymentOptions;
}
