import type { DeploymentOptions } from '../../../deployment/options.ts';
import type { Planned } from '../../../deployment/plan.ts';
import type { Environment } from '../../../fleet/environments.ts';
import type { IngestionMode } from '../../../ingestion/request.ts';

/** A pipeline as it was chosen: its text holds secrets and is kept in memory alone. */
export interface DraftPipeline {
  /** A file's path or a template's title. */
  readonly source: string;
  readonly text: string;
}

/** The steps of a deployment's making, in their order. */
export type Stage = 'mode' | 'pipeline' | 'target' | 'review';

/** What has been chosen so far. */
export interface Draft {
  readonly stage: Stage;
  readonly environment: Environment;
  readonly mode: IngestionMode;
  readonly pipeline?: DraftPipeline;
  readonly options: DeploymentOptions;
  /** Undefined while the plan is being made. */
  readonly planned?: Planned | undefined;
}

/** The stage before; undefined before the first. */
export function stageBefore(stage: Stage): Stage | undefined {
  const stages: readonly Stage[] = ['mode', 'pipeline', 'target', 'review'];
  return stages[stages.indexOf(stage) - 1];
}
