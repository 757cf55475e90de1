import type { DeploymentOptions } from '../../../deployment/options.ts';
import type { Planned } from '../../../deployment/plan.ts';
import type { Environment } from '../../../fleet/environments.ts';
import type { IngestionMode } from '../../../ingestion/request.ts';

/** A pipeline as it was chosen: its text holds secrets and is kept in memory alone. */
export interface DraftPipeline {
  /** What messages call it: a file's path, or a template's name. */
  readonly source: string;
  readonly text: string;
  /** Where it was read from, when it is a file of this machine: it can be read again. */
  readonly path?: string;
  /** The ingestion that it was read back from and goes to again; any other pipeline gets a DAG id of its own. */
  readonly dagId?: string;
}

/** The steps of a deployment's making, in their order; `check` shows what is wrong with the pipeline. */
export const stages = ['mode', 'pipeline', 'check', 'target', 'review'] as const;
export type Stage = (typeof stages)[number];

/** What has been chosen so far. */
export interface Draft {
  readonly stage: Stage;
  readonly environment: Environment;
  readonly mode: IngestionMode;
  /** The ingestion that was pointed at, whose pipeline is offered. */
  readonly dagId?: string | undefined;
  /** Id of the template to begin with, where one was chosen before. */
  readonly template?: string | undefined;
  readonly pipeline?: DraftPipeline;
  readonly options: DeploymentOptions;
  /** Undefined while the plan is being made. */
  readonly planned?: Planned | undefined;
}

/** The stage before; undefined before the first. */
export function stageBefore(stage: Stage): Stage | undefined {
  return stages[stages.indexOf(stage) - 1];
}
