import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A program that serves until it is stopped, in a process group of its own. */
export interface Service {
  /** Throws, with the end of its log, where the program has ended. */
  alive(): void;
  /** Ends it and what it started; a second time does nothing. */
  stop(): Promise<void>;
}

/** Where a program waits before it is asked again, in ms. */
const PAUSE = 200;

/** Starts a program with its output in a file. It ends with this process, however this one ends. */
export function startService(
  command: readonly string[],
  options: {
    readonly env: NodeJS.ProcessEnv;
    /** A file that its output is added to. */
    readonly log: string;
    /** Asks it to end; SIGTERM when absent. */
    readonly signal?: 'SIGTERM' | 'SIGINT';
    /** Arguments of setpriv that say as whom it runs. */
    readonly as?: readonly string[];
  },
): Service {
  const output = openSync(options.log, 'a');
  const words = [...(options.as ?? []), '--pdeathsig', 'TERM', '--', ...command];
  const child = spawn('setpriv', words, {
    env: options.env,
    detached: true,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  let failure: Error | undefined;
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      failure = error;
      resolve();
    });
  });
  const over = () => failure !== undefined || child.exitCode !== null || child.signalCode !== null;
  return {
    alive: () => {
      if (!over()) return;
      const tail = readFileSync(options.log, 'utf8').slice(-4000);
      throw new Error(
        `${command.join(' ')} ended (${failure?.message ?? child.signalCode ?? child.exitCode}): ${tail}`,
      );
    },
    stop: async () => {
      if (!over()) {
        signalGroup(child, options.signal ?? 'SIGTERM');
        await Promise.race([ended, pause(20_000, undefined, { ref: false })]);
      }
      // What the program started may outlive it.
      signalGroup(child, 'SIGKILL');
      await ended;
    },
  };
}

/** Asks until the answer is not undefined; a failure of the services, or no answer within `most` ms, is an error. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined> | T | undefined,
  { most = 180_000, services = [] as readonly Service[] } = {},
): Promise<T> {
  const deadline = Date.now() + most;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    for (const service of services) service.alive();
    if (Date.now() > deadline) throw new Error(`${what}: not within ${most / 1000} s`);
    await pause(PAUSE);
  }
}

/** Runs a program to its end and returns what it printed; throws with what it complained about. */
export function runProgram(command: readonly string[], env: NodeJS.ProcessEnv, cwd?: string): string {
  const [program = '', ...words] = command;
  return execFileSync(program, words, { env, cwd, encoding: 'utf8', stdio: 'pipe', maxBuffer: 1 << 26 });
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The group is gone.
  }
}
