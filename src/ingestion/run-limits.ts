import type { DeploymentRequest } from './request.ts';

type RunRequest = Pick<DeploymentRequest, 'pipeline' | 'run'>;

/** How often and how long a DAG tries. */
export interface RunLimits {
  /** Tries after the first. */
  readonly retries: number;
  /** Minutes between two tries. */
  readonly retryDelay: number;
  /** Minutes that one try may take. */
  readonly executionTimeout: number;
  /** Minutes that the whole run may take: all tries, the pauses between them, and a quarter of an hour to spare. */
  readonly dagrunTimeout: number;
}

/**
 * Limits that suit a pipeline, unless the request says others. Usage is counted again by a second try, so it gets none;
 * what reads rows takes long.
 */
export function runLimits({ pipeline: { pipelineType }, run = {} }: RunRequest): RunLimits {
  const readsRows = ['profiler', 'autoClassification', 'TestSuite'].includes(pipelineType);
  const retries = run.retries ?? (pipelineType === 'usage' ? 0 : 1);
  const retryDelay = 5;
  const executionTimeout = run.timeout ?? (readsRows ? 6 * 60 : 3 * 60);
  return {
    retries,
    retryDelay,
    executionTimeout,
    dagrunTimeout: (retries + 1) * executionTimeout + retries * retryDelay + 15,
  };
}
