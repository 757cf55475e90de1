import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** A server of log events as a process of its own, so that its work is nobody's else. */
export interface LogSource {
  readonly url: string;
  /** What leads an AWS client to it. */
  readonly env: Readonly<Record<string, string>>;
  close(): void;
}

/**
 * Starts one: `rate` events a second from now on, or with 0 all at once; its time runs `speed` times as fast; it takes
 * `thought` ms to answer for a page.
 */
export async function logSource(events: number, rate: number, speed: number, thought = 0): Promise<LogSource> {
  const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(
    process.execPath,
    ['--import', path('typescript.mjs'), path('log-server.ts'), ...[events, rate, speed, thought].map(String)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const close = () => child.kill();
  process.once('exit', close);
  const [url] = await new Promise<string[]>((resolve, reject) => {
    createInterface({ input: child.stdout }).once('line', (line) => resolve([line]));
    child.once('exit', () => reject(new Error('The log server ended.')));
  });
  if (url === undefined) throw new Error('The log server told no address.');
  return {
    url,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'bench',
      AWS_SECRET_ACCESS_KEY: 'bench',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_EC2_METADATA_DISABLED: 'true',
    },
    close,
  };
}
