import type { Session } from '../aws/session.ts';

/** StopTask echoes at most so many characters of the reason. */
export const REASON_LIMIT = 255;

/**
 * Asks ECS to stop a task: SIGTERM, then SIGKILL after its stopTimeout (30 s on Fargate by default). The reason is kept
 * in the task's stoppedReason; a task that has stopped already stays as it is.
 */
export async function stopTask(
  session: Session,
  request: { readonly cluster: string; readonly taskArn: string; readonly reason: string },
  signal: AbortSignal,
): Promise<void> {
  await session.ecs.stopTask(
    { cluster: request.cluster, task: request.taskArn, reason: request.reason.slice(0, REASON_LIMIT) },
    { signal },
  );
}
