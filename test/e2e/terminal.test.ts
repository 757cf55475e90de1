import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const product = fileURLToPath(new URL('../../bin/mwaa-console.js', import.meta.url));

let folder: string;
let shell: Shell | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-e2e-'));
});

afterEach(() => {
  shell?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** A shell on a real terminal that runs the console between two looks at the terminal's settings. */
class Shell {
  readonly #pty: IPty;
  readonly #terminal: InstanceType<typeof xterm.Terminal>;
  /** Everything that was written, escape sequences included. */
  raw = '';

  constructor(args: string, env: NodeJS.ProcessEnv = {}, columns = 100, rows = 30) {
    this.#terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const script = `stty -g > ${folder}/before; node ${product} ${args} & echo $! > ${folder}/pid; fg > /dev/null; echo "ended with $?"; stty -g > ${folder}/after; echo over`;
    this.#pty = spawn('bash', ['--norc', '-i', '-c', `set -m; ${script}`], {
      cols: columns,
      rows,
      cwd: folder,
      env: { PATH: process.env.PATH, HOME: folder, TERM: 'xterm-256color', LANG: 'C.UTF-8', ...env } as Record<
        string,
        string
      >,
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#terminal.write(data);
    });
  }

  /** The screen as a person sees it. */
  screen(): string {
    const { active } = this.#terminal.buffer;
    const rows = Array.from({ length: this.#terminal.rows }, (_, row) => active.getLine(active.baseY + row));
    return rows.map((line) => line?.translateToString(true) ?? '').join('\n');
  }

  async sees(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.screen(), { timeout: 45_000 }).toMatch(text);
  }

  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#pty.resize(columns, rows);
    this.#terminal.resize(columns, rows);
  }

  /** Sends a signal to the console itself. */
  signal(name: NodeJS.Signals): void {
    process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')), name);
  }

  kill(): void {
    this.#pty.kill('SIGKILL');
    this.#terminal.dispose();
  }

  /** Expects the terminal to be as it was before the console. */
  async isRestored(): Promise<void> {
    await this.sees(/over/);
    expect(readFileSync(join(folder, 'after'), 'utf8')).toBe(readFileSync(join(folder, 'before'), 'utf8'));
    expect(this.#terminal.buffer.active.type).toBe('normal');
    for (const mode of ['25', '1049', '1004', '2004']) {
      const last = [...this.raw.matchAll(new RegExp(`\\u001b\\[\\?${mode}([hl])`, 'g'))].at(-1)?.[1];
      if (last !== undefined) expect(last, `mode ${mode}`).toBe(mode === '25' ? 'h' : 'l');
    }
  }
}

async function open(env: NodeJS.ProcessEnv = {}): Promise<Shell> {
  shell = new Shell('--demo', env);
  await shell.sees('data-prod');
  return shell;
}

describe('the console on a real terminal', () => {
  test('starts, answers keys, follows the terminal’s size and ends with q', async () => {
    const console = await open();
    console.type('?');
    await console.sees('This screen');
    console.type('\u001b');
    console.resize(80, 24);
    await console.sees('ECS clusters');
    console.resize(50, 10);
    await console.sees('Too small');
    console.resize(120, 40);
    await console.sees('WORKERS');
    console.type('q');
    await console.sees('ended with 0');
    await console.isRestored();
  });

  test('Ctrl-C twice ends it, once does not', async () => {
    const console = await open();
    console.type('\u0003');
    await console.sees(/Ctrl-C/);
    console.type('\u0003');
    await console.sees('ended with');
    await console.isRestored();
  });

  test.each([
    ['SIGTERM', 143],
    ['SIGHUP', 129],
    ['SIGINT', 130],
  ] as const)('%s leaves the terminal as it was', async (name, code) => {
    const console = await open();
    console.signal(name);
    await console.sees(`ended with ${code}`);
    await console.isRestored();
  });

  test('where CI is set it opens all the same', async () => {
    const console = await open({ CI: 'true' });
    console.type('q');
    await console.sees('ended with 0');
  });

  test('TERM=dumb gets a clear word', async () => {
    shell = new Shell('--demo', { TERM: 'dumb' });
    await shell.sees('TERM=dumb');
    await shell.sees('ended with 2');
  });
});
