import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';

/** The embedded region as a process of its own, and the environment that leads any AWS client to it. */
export interface DemoRegion {
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

/** Starts `mwaa-console demo` from a packed program on a free port, its time `speed` times as fast as the wall's. */
export async function demoRegion(program: string, speed = 1): Promise<DemoRegion> {
  const child = spawn(process.execPath, [program, 'demo', '--port', '0', '--speed', String(speed)], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, HOME: '/nonexistent' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const lines = await exported(child);
  return {
    env: Object.fromEntries(lines.map(([, name = '', value = '']) => [name, value])),
    close: () => {
      child.kill();
      return ended;
    },
  };
}

/** The lines that `demo` prints to be exported; the last of them says that it listens. */
function exported(child: ChildProcess): Promise<RegExpExecArray[]> {
  return new Promise((resolve, reject) => {
    let printed = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      const lines = [...printed.matchAll(/^export (\w+)=(\S+)\n/gm)];
      if (lines.some(([, name]) => name === 'AWS_EC2_METADATA_DISABLED')) resolve(lines);
    });
    child.once('exit', (code) => reject(new Error(`The region ended with ${code}: ${printed}`)));
  });
}
