import type { Pipeline } from './pipeline.ts';

/** How an ingestion runs: by the ECS operator, in the worker's own Python, or in a virtual environment of it. */
export type IngestionMode = 'ecs' | 'python' | 'virtualenv';

/** Processor architecture of a Fargate task. */
export type Architecture = 'X86_64' | 'ARM64';

/** Where and how the ECS task runs. */
export interface EcsTarget {
  /** Name or ARN. */
  readonly cluster: string;
  /** Name of the container in the task definition. */
  readonly container: string;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  readonly logGroup: string;
  /** The log driver's stream prefix; `ecs` when absent. */
  readonly logStreamPrefix?: string;
  readonly image: string;
  /** CPU units, 1024 to a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** X86_64 when absent. */
  readonly architecture?: Architecture;
  /** The user that the container runs as, `uid` or `uid:gid`; the image's own when absent. */
  readonly user?: string;
  /** The role that the ingestion itself acts as; needed only by sources that call AWS. */
  readonly taskRoleArn?: string;
  /** The role that ECS acts as to write logs and read the secret. */
  readonly executionRoleArn: string;
  /** Known after registering. Without it the DAG names the family, hence its newest revision. */
  readonly taskDefinitionArn?: string;
}

/** How a DAG runs. */
export interface RunOptions {
  /** Tries after the first. */
  readonly retries?: number;
  /** Minutes that one try may take. */
  readonly timeout?: number;
  /** `YYYY-MM-DD`: no scheduled run is older. */
  readonly startDate?: string;
}

/** Everything that decides an ingestion's files. Versions are full ones, such as `2.10.3` and `1.12.8`. */
export interface DeploymentRequest {
  readonly environment: string;
  readonly account: string;
  readonly region: string;
  readonly mode: IngestionMode;
  readonly dagId: string;
  readonly pipeline: Pipeline;
  readonly openmetadataVersion: string;
  readonly airflowVersion: string;
  /** How the DAG runs, where that should not be what suits the pipeline. */
  readonly run?: RunOptions;
  /** Cron expression or preset such as `@daily`; without it the DAG runs only when triggered. */
  readonly schedule?: string;
  /** Needed in ECS mode. */
  readonly ecs?: EcsTarget;
  /** Name of the environment's execution role, the last part of its ARN. */
  readonly executionRoleName: string;
  readonly secretName: string;
  /** The key of your own that the secret is encrypted with; AWS's when absent. */
  readonly secretKmsKeyArn?: string;
  /** Known after creating; without it the name stands in for it. */
  readonly secretArn?: string;
  /** Extras of openmetadata-ingestion beside those that the pipeline tells; unused in ECS mode. */
  readonly extras?: readonly string[];
  /** The environment's requirements.txt as it is, which the Python mode adds to; empty when absent. */
  readonly requirements?: string;
  /** Such as `PRIVATE_ONLY`: its web server then installs nothing that is not in the bucket. */
  readonly webserverAccessMode?: string;
  /** The environment's DAG folder in its bucket, such as `dags`. */
  readonly dagsPath: string;
}

/** A file that a mode makes, its path relative to the output folder. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
  /** Permission bits, 0o600 for what is secret. */
  readonly mode?: number;
}
