import { randomUUID } from 'node:crypto';
import type { Session } from '../aws/session.ts';
import { resolveRun } from '../tasks/resolve.ts';
import type { RunRequest } from '../tasks/types.ts';
import { Failure } from '../text/failure.ts';
import type { VerbOptions } from './program.ts';

/** The options of `run` as commander reads them. */
interface RunOptions {
  readonly cluster?: string;
  readonly taskDefinition?: string;
  readonly container?: string;
  readonly subnet?: string[];
  readonly securityGroup?: string[];
  readonly assignPublicIp?: boolean;
  readonly capacityProvider?: string;
  readonly pipelineType?: string;
  /** Seconds. */
  readonly timeout?: number;
  readonly config?: string;
  readonly detach?: boolean;
}

/** What a run needs beside its request. */
export interface AskedRun {
  readonly request: RunRequest;
  /** The environment whose ingestion it is. */
  readonly environment: string | undefined;
}

/**
 * What `run`'s arguments and options ask for: the run of a deployed ingestion, or of any task definition. What is given
 * wins over what the ingestion's record says.
 * @throws Failure `usage` for what contradicts itself or leaves something open, before anything is called.
 */
export async function runRequest(
  session: () => Promise<Session>,
  [environment, dagId]: readonly string[],
  given: VerbOptions,
  signal: AbortSignal,
): Promise<AskedRun> {
  const options = given as RunOptions;
  check(environment, dagId, options);
  const chosen = {
    ...(options.container !== undefined && { container: options.container }),
    ...(options.subnet !== undefined && { subnets: options.subnet }),
    ...(options.securityGroup !== undefined && { securityGroups: options.securityGroup }),
    ...(options.assignPublicIp !== undefined && { assignPublicIp: options.assignPublicIp }),
    ...(options.capacityProvider !== undefined && { capacityProvider: options.capacityProvider }),
    ...(options.pipelineType !== undefined && { pipelineType: options.pipelineType, pipelineRunId: randomUUID() }),
    ...(options.timeout !== undefined && { timeout: options.timeout * 1000 }),
  };
  if (environment !== undefined && dagId !== undefined) {
    const request = await resolveRun(await session(), environment, dagId, signal);
    return { request: { ...request, ...chosen }, environment };
  }
  const { cluster = '', taskDefinition = '' } = options;
  const request = { cluster, taskDefinition, subnets: [], securityGroups: [], assignPublicIp: false, ...chosen };
  return { request, environment: undefined };
}

function check(environment: string | undefined, dagId: string | undefined, options: RunOptions): void {
  const usage = (message: string, advice: string) => new Failure('usage', message, { advice });
  const named = options.cluster !== undefined || options.taskDefinition !== undefined;
  if (environment !== undefined && dagId === undefined) {
    throw usage(
      `Which ingestion of ${environment} should run is not named.`,
      `Name its DAG: run ${environment} DAG; \`mwaa-console envs ${environment}\` lists them.`,
    );
  }
  if (environment !== undefined && named) {
    throw usage(
      'An ingestion and a task are both named.',
      'Give ENV and DAG, whose cluster and task definition are known, or --cluster and --task-definition.',
    );
  }
  if (environment === undefined && (options.cluster === undefined || options.taskDefinition === undefined)) {
    throw usage(
      named
        ? `${options.cluster === undefined ? '--cluster' : '--task-definition'} is missing.`
        : 'What should run is not named.',
      'Name an ingestion (run ENV DAG), or a task: run --cluster C --task-definition T --subnet ID --security-group ID.',
    );
  }
  // Container instances may run tasks without a network of their own; Fargate can't (ECS API, RunTask).
  const fargate = options.capacityProvider === undefined || /^FARGATE/.test(options.capacityProvider);
  if (environment === undefined && fargate && options.subnet === undefined) {
    throw usage('A task on Fargate needs a subnet.', 'Name one or more with --subnet, and --security-group beside it.');
  }
  if (options.detach === true && options.timeout !== undefined) {
    throw usage(
      '--timeout is kept by following the task, and --detach does not follow it.',
      'Leave one of the two out.',
    );
  }
}
