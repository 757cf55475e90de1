import { randomUUID } from 'node:crypto';
import { persist } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { mainContainer, readTaskDefinition } from '../fleet/task-definitions.ts';
import { type Task, taskFrom } from '../fleet/tasks.ts';
import { placementAdvice } from '../reference/stop-reasons.ts';
import { Failure } from '../text/failure.ts';
import { checkOverrides, overridesOf } from './overrides.ts';
import type { RunRequest } from './types.ts';

/** A task that has been asked for. */
export interface StartedTask {
  readonly taskArn: string;
  readonly task: Task;
  readonly clientToken: string;
}

/** What RunTask will be sent. */
type RunTaskInput = Parameters<Session['ecs']['runTask']>[0];

/** `startedBy` takes letters, digits, `-`, `_` and `/` only, at most 128 of them. */
const STARTED_BY_LIMIT = 128;

/** The RunTask request of a run, checked against the limits of the API. */
function runTaskInput(request: RunRequest, container: string | undefined): RunTaskInput {
  const overrides = overridesOf(request, container);
  if (overrides !== undefined) checkOverrides(overrides);
  return {
    cluster: request.cluster,
    taskDefinition: request.taskDefinition,
    count: 1,
    clientToken: request.clientToken ?? randomUUID(),
    startedBy: (request.startedBy ?? 'mwaa-console').replace(/[^A-Za-z0-9_/-]/g, '-').slice(0, STARTED_BY_LIMIT),
    ...(request.capacityProvider === undefined
      ? { launchType: 'FARGATE' as const }
      : { capacityProviderStrategy: [{ capacityProvider: request.capacityProvider, weight: 1 }] }),
    ...(request.subnets.length > 0 && {
      networkConfiguration: {
        awsvpcConfiguration: {
          subnets: [...request.subnets],
          ...(request.securityGroups.length > 0 && { securityGroups: [...request.securityGroups] }),
          assignPublicIp: request.assignPublicIp ? ('ENABLED' as const) : ('DISABLED' as const),
        },
      },
    }),
    ...(overrides !== undefined && { overrides }),
  };
}

/**
 * Starts one task. The client token is fixed before the first try and every further try repeats it, so that a lost
 * answer never starts a second ingestion.
 * @throws Failure `failed` when ECS answers with `failures[]` instead of a task.
 */
export async function runTask(session: Session, request: RunRequest, signal: AbortSignal): Promise<StartedTask> {
  const input = runTaskInput(request, await containerOf(session, request, signal));
  // The same token asks for the same task.
  const answer = await persist(session.clock, signal, () => session.ecs.runTask(input, { signal }));
  const [task] = answer.tasks ?? [];
  if (task?.taskArn === undefined) throw notPlaced(request, answer.failures ?? []);
  return { taskArn: task.taskArn, task: taskFrom(task), clientToken: input.clientToken ?? '' };
}

/** The container that overrides are for; asked of the task definition only when it is needed. */
async function containerOf(session: Session, request: RunRequest, signal: AbortSignal): Promise<string | undefined> {
  if (request.container !== undefined) return request.container;
  const { pipelineType, pipelineRunId, command } = request;
  if (pipelineType === undefined && pipelineRunId === undefined && command === undefined) return undefined;
  return mainContainer(await readTaskDefinition(session, request.taskDefinition, signal))?.name;
}

function notPlaced(
  request: RunRequest,
  failures: readonly { reason?: string | undefined; detail?: string | undefined; arn?: string | undefined }[],
): Failure {
  const [failure] = failures;
  if (failure === undefined) {
    return new Failure('failed', 'ECS started no task and gave no reason.', { resource: request.taskDefinition });
  }
  const raw = [failure.reason, failure.detail].filter(Boolean).join(': ');
  const { meaning, advice } = placementAdvice(failure.reason ?? '');
  return new Failure('failed', `${meaning}: ${raw}`, {
    advice,
    resource: failure.arn ?? request.cluster,
    ...(failure.reason && { code: failure.reason }),
  });
}
