import { processProgram } from '../../images/process.ts';
import { imageCommand, isIngestionImage } from '../image.ts';
import { overrideOf } from '../model.ts';
import { commandProgram } from './command.ts';
import { databaseProbeProgram, probeArgument } from './database-probe.ts';
import { ingestionProgram } from './ingestion.ts';
import { type Program, type ProgramOptions, put } from './program.ts';

/** The command line of a container: entry point, then the run's command or the definition's. */
function commandOf({ task, container }: ProgramOptions): readonly string[] {
  return [...(container.entryPoint ?? []), ...(overrideOf(task, container.name)?.command ?? container.command ?? [])];
}

/** Starts what the image and the command say: a local process, an ingestion, or one of a few simple commands. */
export function startProgram(options: ProgramOptions): Program {
  const { region, container } = options;
  const local = imageCommand(region, container.image);
  if (local !== undefined) return processProgram(options, local, (events) => put(options, events));
  const command = commandOf(options);
  const probe = probeArgument(command);
  if (probe !== undefined && isIngestionImage(container.image)) return databaseProbeProgram(options, probe);
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
