import type { Region } from '../../region.ts';
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

/** Sends lines to where the container's log driver does; nowhere when it has none. */
export function put(
  { region, task, container }: ProgramOptions,
  events: readonly { timestamp: number; message: string }[],
): void {
  const group = container.awslogs?.['awslogs-group'];
  if (group !== undefined) region.logs.write(group, logStream(task, container), events);
}
