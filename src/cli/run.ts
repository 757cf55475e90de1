import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { statePath } from '../settings/path.ts';
import { folderJournal, memoryJournal } from '../tasks/own-configuration/journal.ts';
import { folderRecords } from '../tasks/records/folder.ts';
import { memoryRecords } from '../tasks/records/memory.ts';
import { Failure } from '../text/failure.ts';
import { bugReport } from './bug.ts';
import type { Context, GlobalOptions, Parts, Process } from './context.ts';
import { openDoor } from './door.ts';
import { Printer } from './print.ts';
import { program } from './program.ts';
import { confirmer } from './questions.ts';
import { version } from './version.ts';

/**
 * Runs the command line `argv` (without node and script) and gives the process's exit code. It never throws:
 * an expected failure is told with its advice, a bug with its stack.
 */
export async function run(argv: readonly string[], process: Process, parts: Parts): Promise<number> {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort(new Failure('interrupted', 'Interrupted.'));
  const { stdout, stderr } = process;
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // A terminal that is lost ends the command by SIGHUP.
    if (stdout.isTTY !== true) interrupt.abort(outputFailure(error));
  });
  const colour = wantsColour(argv, process);
  const print = new Printer(stdout, stderr, colour);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    const code = await program({ version, print, begin: (options) => begin(options) }, argv);
    // The error of a last write comes a turn later.
    await turn();
    const { aborted, reason } = interrupt.signal;
    // What could not be written makes nothing of a command that went well.
    if (aborted && reason.kind !== 'interrupted') throw reason;
    return code;
  } catch (error) {
    return ended(error, print, interrupt.signal);
  } finally {
    process.off('SIGINT', onSignal);
    process.off('SIGTERM', onSignal);
  }

  function begin(options: GlobalOptions): { context: Context; close(): Promise<void> } {
    const door = openDoor(options, process, parts);
    return {
      context: {
        process,
        options,
        print,
        format: options.output === 'json' || options.output === 'yaml' ? options.output : 'table',
        signal: interrupt.signal,
        session: door.session,
        temporary: options.demo ? memoryJournal() : folderJournal(join(statePath(process.env), 'temporary')),
        records: options.demo ? memoryRecords() : folderRecords(join(statePath(process.env), 'tasks')),
        parts,
        ...confirmer(process, options, interrupt.signal),
      },
      close: door.close,
    };
  }
}

function ended(error: unknown, print: Printer, signal: AbortSignal): number {
  const failure = signal.aborted ? signal.reason : error;
  if (failure instanceof Failure) {
    if (!signal.aborted || failure.kind !== 'interrupted') print.failure(failure);
    return failure.exitCode;
  }
  for (const line of bugReport(error)) print.note(line);
  return 1;
}

/** A reader that has gone (`| head`) ends a command quietly; a disk that is full does not. */
function outputFailure({ code, message }: NodeJS.ErrnoException): Failure {
  if (code === 'EPIPE') return new Failure('interrupted', 'The reader of the output has gone.', { code });
  return new Failure('failed', `Standard output cannot be written: ${message}.`, {
    advice: 'Look at where it goes: is the disk full?',
    ...(code && { code }),
  });
}

function wantsColour(argv: readonly string[], { stdout, env }: Process): boolean {
  if (argv.includes('--no-color') || env.NO_COLOR) return false;
  return stdout.isTTY === true && env.TERM !== 'dumb';
}
