import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { Failure } from '../../text/failure.ts';

/** What the console needs of Ink to lend the terminal to somebody else and take it back. */
export type SuspendTerminal = (borrow: () => Promise<void>) => Promise<void>;

/** A shell without job control ignores the stop; a stopped process hears no timer, so this only ends that case. */
const STOP_PATIENCE = 200;

/**
 * Stops this process and its group as Ctrl-Z does (`fg` brings it back), with the terminal as it was before
 * the console. Resolves once it goes on.
 */
export async function suspendToShell(suspend: SuspendTerminal): Promise<void> {
  await suspend(
    () =>
      new Promise((resolve) => {
        const timer = setTimeout(done, STOP_PATIENCE);
        function done() {
          clearTimeout(timer);
          process.off('SIGCONT', done);
          resolve();
        }
        process.once('SIGCONT', done);
        process.kill(0, 'SIGTSTP');
      }),
  );
}

/**
 * Lends the terminal to a command until it ends, and gives its exit code; 128 + n where a signal ended it.
 * @throws Failure 'failed' where it can't be started.
 */
export async function lendTo(
  suspend: SuspendTerminal,
  command: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const [program = '', ...words] = command;
  let code = 0;
  let fault: NodeJS.ErrnoException | undefined;
  await suspend(
    () =>
      new Promise((resolve) => {
        const child = spawn(program, words, { stdio: 'inherit', env: environment });
        child.on('error', (error) => {
          fault = error;
          resolve();
        });
        child.on('exit', (exitCode, signal) => {
          code = exitCode ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0));
          resolve();
        });
      }),
  );
  if (fault === undefined) return code;
  const missing = fault.code === 'ENOENT';
  throw new Failure('failed', `${program} can't be started: ${missing ? 'it is not installed here' : fault.message}.`, {
    advice: `Run it elsewhere: ${command.join(' ')}`,
    resource: program,
    cause: fault,
  });
}
