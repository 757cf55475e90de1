import type { IngestionMode } from '../ingestion/request.ts';

/** What the deployment options of the command line, or the console's target form, say. */
export interface DeploymentOptions {
  readonly dagId?: string | undefined;
  /** Cron expression or preset; runs only when triggered without it. */
  readonly schedule?: string | undefined;
  /** Asked of the pipeline's OpenMetadata server when absent. */
  readonly openmetadataVersion?: string | undefined;
  readonly cluster?: string | undefined;
  /** A task definition family or ARN to take CPU, memory, image and roles from. */
  readonly taskDefinition?: string | undefined;
  readonly container?: string | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly securityGroups?: readonly string[] | undefined;
  readonly logGroup?: string | undefined;
  readonly image?: string | undefined;
  /** CPU units, 1024 to a vCPU. */
  readonly cpu?: number | undefined;
  /** MiB. */
  readonly memory?: number | undefined;
  /** Role names or ARNs. */
  readonly taskRole?: string | undefined;
  readonly executionRole?: string | undefined;
  /** The secret's name, when it should not be `mwaa-console/<environment>/<dag>`. */
  readonly secret?: string | undefined;
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
