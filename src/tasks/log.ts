import type { Session } from '../aws/session.ts';
import {
  logStream,
  logTarget,
  mainContainer,
  readTaskDefinition,
  type TaskDefinition,
} from '../fleet/task-definitions.ts';
import type { Task } from '../fleet/tasks.ts';

/** Where a task's lines are, known before the first is written. */
export interface TaskLog {
  readonly definition: TaskDefinition;
  /** Undefined when its lines can't be read from here; `notes` says why. */
  readonly group: string | undefined;
  readonly stream: string | undefined;
  /** What a reader of the log should know. */
  readonly notes: readonly string[];
}

/**
 * The log stream of a task's container (its ingestion's; the main one when absent), computed from the task definition:
 * prefix/container/task-id, as the awslogs driver names it.
 */
export async function taskLog(
  session: Session,
  task: Task,
  container: string | undefined,
  signal: AbortSignal,
): Promise<TaskLog> {
  const definition = await readTaskDefinition(session, task.taskDefinition, signal);
  const nowhere = (note: string): TaskLog => ({ definition, group: undefined, stream: undefined, notes: [note] });
  const main = mainContainer(definition, container);
  if (main === undefined)
    return nowhere(`The task definition has no container ${container ?? ''}: no lines to follow.`);
  const target = logTarget(definition, main.name);
  if (target === undefined) {
    return nowhere(`Container ${main.name} does not log to CloudWatch (${main.logDriver ?? 'no log driver'}).`);
  }
  if (target.region !== undefined && target.region !== session.region) {
    return nowhere(`Container ${main.name} logs to ${target.group} in ${target.region}: follow it with --region.`);
  }
  if (target.streamPrefix === undefined) {
    return nowhere(`The awslogs driver of ${main.name} has no stream prefix: its stream can't be told.`);
  }
  const notes =
    target.mode === 'blocking'
      ? []
      : [
          "The log driver is non-blocking (ECS's default since 2025-06): lines may be lost inside the task. mode=blocking avoids it.",
        ];
  return { definition, group: target.group, stream: logStream(target.streamPrefix, main.name, task.id), notes };
}
