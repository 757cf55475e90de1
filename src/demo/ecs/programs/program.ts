import type { Region } from '../../region.ts';
import { arn } from '../../world/names.ts';
import type { ContainerDefinition, Task } from '../model.ts';
import { logStream } from '../start-failure.ts';

/** A container's main process. */
export interface Program {
  /** SIGTERM: it may end by itself, or not. */
  terminate(): void;
  /** SIGKILL: it ends at once. */
  kill(): void;
}

/** What a program is started with. */
export interface ProgramOptions {
  readonly region: Region;
  readonly task: Task;
  readonly container: ContainerDefinition;
  readonly environment: Readonly<Record<string, string>>;
  /** When the container started, ms since the epoch; in the past for a task that ran when the region started. */
  readonly startedAt: number;
  /** Called once when the process ends; no code when it never ran. */
  readonly exited: (code: number | undefined, reason?: string) => void;
}

/** Sends lines to where the container's log driver does; nowhere when it has none, or the execution role may not. */
export function put(
  { region, task, container }: ProgramOptions,
  events: readonly { timestamp: number; message: string }[],
): void {
  const group = container.awslogs?.['awslogs-group'];
  if (group === undefined) return;
  const stream = logStream(task, container);
  const resource = arn('logs', `log-group:${group}:log-stream:${stream}`);
  if (!region.iam.allows(task.executionRoleArn ?? '', 'logs:PutLogEvents', resource)) return;
  region.logs.write(group, stream, events);
}
