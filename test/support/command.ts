import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import type { Process } from '../../src/cli/context.ts';
import { run } from '../../src/cli/run.ts';

/** What a command printed and how it ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way, run in this process. */
export interface Running {
  readonly ended: Promise<Ended>;
  /** What it has printed so far. */
  stdout(): string;
  stderr(): string;
  signal(name: NodeJS.Signals): void;
}

/** Runs the command line in this process, its streams no terminals and its environment only what is given. */
export function startCommand(argv: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Running {
  const out: string[] = [];
  const err: string[] = [];
  const signals = new EventEmitter();
  const stdin = new PassThrough();
  stdin.end(input);
  const process = {
    stdin,
    stdout: collector(out),
    stderr: collector(err),
    env,
    on: (event: string, listener: () => void) => signals.on(event, listener),
    off: (event: string, listener: () => void) => signals.off(event, listener),
  } as unknown as Process;
  const ended = run(argv, process, {
    openConsole: async () => {
      throw new Error('No console opens without a terminal.');
    },
  }).then((code) => ({ code, stdout: out.join(''), stderr: err.join('') }));
  return {
    ended,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    signal: (name) => signals.emit(name),
  };
}

/** Runs a command to its end. */
export function command(argv: readonly string[], env: NodeJS.ProcessEnv = {}, input = ''): Promise<Ended> {
  return startCommand(argv, env, input).ended;
}

function collector(lines: string[]): Writable {
  return new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
}
