import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { inject } from 'vitest';

/** How a run of the product ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A program under way, its output so far, and its end. */
export interface Running {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** The first match in what it prints; throws where it ends without. */
  printed(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<RegExpExecArray>;
  stop(): Promise<Ended>;
}

interface ProductOptions {
  /** Path of another Node than the one that runs the tests. */
  readonly node?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts the packed product, in no folder of its own, with nothing of this user's AWS configuration. */
function startProduct(args: readonly string[], options: ProductOptions = {}): Running {
  return startProgram(options.node ?? process.execPath, [inject('program'), ...args], options.env);
}

/** Runs the packed product to its end. */
export function product(args: readonly string[], options: ProductOptions = {}): Promise<Ended> {
  return startProduct(args, options).ended;
}

/** Starts a program without a terminal, its environment only what is given. */
export function startProgram(
  command: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(command, args, {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TZ: 'UTC', AWS_EC2_METADATA_DISABLED: 'true', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      output[stream] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, ...output }));
  });
  return {
    process: child,
    ended,
    printed: (pattern, stream = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = pattern.exec(output[stream]);
          if (found !== null) resolve(found);
        };
        child[stream].on('data', look);
        look();
        ended.then(({ stderr }) => reject(new Error(`It ended without ${pattern}: ${stderr}`)), reject);
      }),
    stop: () => {
      child.kill();
      return ended;
    },
  };
}

/** `mwaa-console demo` on a free port, with further options, and its address. */
export async function startDemo(
  speed: number,
  further: readonly string[] = [],
): Promise<{ url: string; demo: Running }> {
  const demo = startProduct(['demo', '--port', '0', '--speed', String(speed), ...further]);
  const [, url = ''] = await demo.printed(/^export AWS_ENDPOINT_URL=(\S+)$/m);
  return { url, demo };
}
