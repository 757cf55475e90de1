import { Failure } from '../text/failure.ts';
import type { Context, GlobalOptions, Parts, Process } from './context.ts';
import { openDoor } from './door.ts';
import { Printer } from './print.ts';
import { program } from './program.ts';
import { confirmer } from './questions.ts';
import { version } from './version.ts';

/** What to do about an error that nobody expected. */
const REPORT =
  'This is a bug. Please report it at https://github.com/mwaa-console/mwaa-console/issues with the lines above.';

/**
 * Runs the command line `argv` (without node and script) and gives the process's exit code. It never throws:
 * an expected failure is told with its advice, a bug with its stack.
 */
export async function run(argv: readonly string[], process: Process, parts: Parts): Promise<number> {
  const interrupt = new AbortController();
  const onSignal = () => interrupt.abort(new Failure('interrupted', 'Interrupted.'));
  const { stdout, stderr } = process;
  // A reader that has gone (`| head`) ends the command quietly.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') interrupt.abort(new Failure('interrupted', 'The reader of the output has gone.'));
  });
  const colour = wantsColour(argv, process);
  const print = new Printer(stdout, stderr, colour);
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  try {
    return await program({ version, print, begin: (options) => begin(options) }, argv);
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
        parts,
        ...confirmer(process, options, interrupt.signal),
      },
      close: door.close,
    };
  }
}

function ended(error: unknown, print: Printer, signal: AbortSignal): number {
  if (signal.aborted) return 130;
  if (error instanceof Failure) {
    print.failure(error);
    return error.exitCode;
  }
  for (const line of (error instanceof Error ? (error.stack ?? error.message) : String(error)).split('\n'))
    print.note(line);
  print.note(REPORT);
  return 1;
}

function wantsColour(argv: readonly string[], { stdout, env }: Process): boolean {
  if (argv.includes('--no-color') || env.NO_COLOR) return false;
  return stdout.isTTY === true && env.TERM !== 'dumb';
}
