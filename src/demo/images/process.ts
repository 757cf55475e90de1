import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Program, ProgramOptions } from '../ecs/programs/program.ts';
import { LineCutter } from './lines.ts';
import { shellWords } from './words.ts';

/** What the process takes over from the machine that it really runs on. */
const KEPT = ['PATH', 'HOME', 'LANG', 'TMPDIR', 'TEMP', 'SystemRoot'] as const;

/** Sends lines to where the container's log driver does. */
export type Put = (events: readonly { timestamp: number; message: string }[]) => void;

/**
 * Runs a local process in a container's place: its environment is the task's, with credentials of the task
 * role and this region as the AWS endpoint; its output goes to the log driver, its exit to the task. It ends
 * with the region.
 */
export function processProgram(options: ProgramOptions, command: string, put: Put): Program {
  const { region, exited } = options;
  const [executable = '', ...words] = shellWords(command);
  const child = spawn(executable, words, {
    env: { ...machine(), ...options.environment, ...credentials(options) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what it starts ends with it.
    detached: true,
  });
  let ended = false;
  const cutters = [child.stdout, child.stderr].map((stream) => {
    const cutter = new LineCutter();
    stream.on('data', (chunk: Buffer) => send(cutter.push(chunk)));
    return cutter;
  });
  const send = (lines: readonly string[]): void => {
    const timestamp = region.clock.now();
    if (lines.length > 0) put(lines.map((message) => ({ timestamp, message })));
  };
  const end = (code: number | undefined, reason?: string): void => {
    if (ended) return;
    ended = true;
    exited(code, reason);
  };
  child.once('error', (error) => {
    end(
      undefined,
      `CannotStartContainerError: unable to start container process: exec: "${executable}": ${error.message}`,
    );
  });
  // A container ends with its first process: what that started ends too.
  child.once('exit', () => signalGroup(child, 'SIGKILL'));
  // `close`, not `exit`: the output is whole then.
  child.once('close', (code, signal) => {
    for (const cutter of cutters) send(cutter.end());
    const killed = signal === null ? 0 : (constants.signals[signal] ?? 0);
    end(signal === null ? (code ?? 0) : 128 + killed);
  });
  region.onClose(() => stop(child, 'SIGKILL'));
  return { terminate: () => stop(child, 'SIGTERM'), kill: () => stop(child, 'SIGKILL') };
}

/** Signals a process and those that it started, unless it has ended. */
function stop(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.exitCode === null && child.signalCode === null) signalGroup(child, signal);
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // No group is left, or the machine has none: then the process alone.
    child.kill(signal);
  }
}

function machine(): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT) {
    const value = process.env[name];
    if (value !== undefined) kept[name] = value;
  }
  return kept;
}

/** Keys of the task role, good for as long as ECS's are, and the endpoint that they are good for. */
function credentials({ region, task }: ProgramOptions): Record<string, string> {
  const endpoint = { AWS_ENDPOINT_URL: region.url, AWS_DISABLE_HOST_PREFIX_INJECTION: 'true' };
  const role = task.taskRoleArn?.split('/').at(-1);
  if (role === undefined) return endpoint;
  const { accessKeyId, secretAccessKey, sessionToken } = region.sts.issue(role, task.id, 6 * 3600);
  return {
    ...endpoint,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
}
