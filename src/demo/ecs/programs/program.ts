import { processProgram } from '../../images/process.ts';
import type { Region } from '../../region.ts';
import type { ContainerDefinition, Task } from '../model.ts';
import { overrideOf } from '../model.ts';
import { imageCommand, isIngestionImage, logStream } from '../start-failure.ts';
import { commandProgram } from './command.ts';
import { ingestionProgram } from './ingestion.ts';

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

/** The command line of a container: entry point, then the run's command or the definition's. */
export function commandOf({ task, container }: ProgramOptions): readonly string[] {
  return [...(container.entryPoint ?? []), ...(overrideOf(task, container.name)?.command ?? container.command ?? [])];
}

/** Starts what the image and the command say: a local process, an ingestion, or one of a few simple commands. */
export function startProgram(options: ProgramOptions): Program {
  const { region, container } = options;
  const local = imageCommand(region, container.image);
  if (local !== undefined) return processProgram(options, local, (events) => put(options, events));
  const command = commandOf(options);
  const [executable = '', script = ''] = command;
  if (
    isIngestionImage(container.image) &&
    /^(?:\S*\/)?python[\d.]*$/.test(executable) &&
    /(?:^|\/)main\.py$/.test(script)
  ) {
    return ingestionProgram(options);
  }
  return commandProgram(options, command);
}

/** Sends lines to where the container's log driver does; nowhere when it has none. */
export function put(
  { region, task, container }: ProgramOptions,
  events: readonly { timestamp: number; message: string }[],
): void {
  const group = container.awslogs?.['awslogs-group'];
  if (group !== undefined) region.logs.write(group, logStream(task, container), events);
}
