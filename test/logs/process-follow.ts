import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SteadyClock } from '../support/steady-clock.ts';

const HOOK = new URL('sent-reads.mjs', import.meta.url).href;

/** `logs GROUP… -f -o json` as a process of its own. */
export interface ProcessFollow {
  /** The events printed so far, whole lines only. */
  events(): readonly { readonly eventId: string; readonly message: string }[];
  stderr(): string;
  /** When it sent its reads, ms since the epoch by its own clock of the wall: how long they took to arrive is the machine's. */
  sentReads(): readonly number[];
  signal(name: NodeJS.Signals): void;
  /** Sends Ctrl-C; the exit code, and how long it took, in ms, as far as this process got its turns meanwhile. */
  interrupt(): Promise<{ readonly code: number | null; readonly took: number }>;
  kill(): void;
}

/** Starts the packed program on an endpoint of this machine, with nothing of this user's AWS configuration. */
export function processFollow(program: string, endpoint: string, args: readonly string[]): ProcessFollow {
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-follow-'));
  const sent = join(folder, 'sent');
  writeFileSync(sent, '');
  const child = spawn(process.execPath, [program, 'logs', ...args, '-f', '-o', 'json', '--endpoint-url', endpoint], {
    cwd: tmpdir(),
    env: {
      PATH: process.env.PATH,
      HOME: '/nonexistent',
      TZ: 'UTC',
      AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
      AWS_SECRET_ACCESS_KEY: 'demo',
      AWS_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
      NODE_OPTIONS: `--import=${HOOK}`,
      SENT_READS: sent,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    events: () =>
      printed.stdout
        .slice(0, printed.stdout.lastIndexOf('\n') + 1)
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    stderr: () => printed.stderr,
    sentReads: () => readFileSync(sent, 'utf8').split('\n').filter(Boolean).map(Number),
    signal: (name) => child.kill(name),
    interrupt: async () => {
      const clock = new SteadyClock(1, 0);
      child.kill('SIGINT');
      const code = await closed;
      clock.close();
      return { code, took: clock.now() };
    },
    kill: () => {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
