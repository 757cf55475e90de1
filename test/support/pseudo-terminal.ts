import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type IPty, spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';
import { expect, vi } from 'vitest';

/** Longest that anything may take to show or to end, ms; only a failing test waits that long. */
const DEADLINE = 45_000;

/** Private modes that a terminal begins with switched on; all others are off. */
const ON_AT_FIRST = new Set(['7', '25']);

/** How a command is run on the terminal. */
export interface TerminalOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly columns?: number;
  readonly rows?: number;
}

/**
 * A command on a real terminal, under a shell that looks at the terminal's settings before and after it. The shell
 * repairs nothing and outlives the terminal. Screen and modes are those of a headless xterm, which also answers what a
 * terminal is asked.
 */
export class PseudoTerminal {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mwaa-console-terminal-'));
  readonly #pty: IPty;
  readonly #screen: InstanceType<typeof xterm.Terminal>;
  #open = true;
  /** Everything that was written, escape sequences included. */
  raw = '';

  /** Runs `command`, a line of sh in which `$0` is Node and `$1` the program. */
  constructor(program: string, command: string, { env = {}, columns = 100, rows = 30 }: TerminalOptions = {}) {
    this.#screen = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    const script = [
      'trap : HUP INT TERM',
      'stty -g > before',
      `sh -c 'echo $$ > pid; ${command}' "$0" "$1"`,
      'echo $? > code.new',
      'stty -g > after',
      'mv code.new code',
    ].join('\n');
    this.#pty = spawn('sh', ['-c', script, process.execPath, program], {
      cols: columns,
      rows,
      cwd: this.#folder,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: this.#folder,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        TZ: 'UTC',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...env,
      },
    });
    this.#pty.onData((data) => {
      this.raw += data;
      this.#screen.write(data);
    });
    this.#screen.onData((reply) => {
      if (this.#open) this.#pty.write(reply);
    });
    this.#pty.onExit(() => {
      this.#open = false;
    });
  }

  /** The screen as a person sees it. */
  get text(): string {
    const { buffer, cols, rows } = this.#screen;
    const lines = Array.from({ length: rows }, (_, row) => buffer.active.getLine(buffer.active.baseY + row));
    return lines.map((line) => line?.translateToString(true, 0, cols) ?? '').join('\n');
  }

  /** Waits until the screen shows a text; prints the screen when it never does. */
  async sees(text: string | RegExp): Promise<void> {
    await expect.poll(() => this.text, { timeout: DEADLINE }).toMatch(text);
  }

  /** Sends keys as a terminal does. */
  type(keys: string): void {
    this.#pty.write(keys);
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows);
    this.#pty.resize(columns, rows);
  }

  /** Sends a signal to the command itself. */
  signal(name: NodeJS.Signals): void {
    const pid = Number(this.#told('pid'));
    // 0 would be every process of this group, the test runner among them.
    if (!(pid > 1)) throw new Error(`The command has not begun.\n${this.text}`);
    process.kill(pid, name);
  }

  /** Takes the terminal away, as a closed window or a lost connection does. */
  lose(): void {
    this.#open = false;
    // node-pty's own way to close its side, which its types leave out.
    (this.#pty as IPty & { destroy(): void }).destroy();
  }

  /** The exit code, once the command has ended. */
  async ended(): Promise<number> {
    await vi.waitFor(() => expect(existsSync(join(this.#folder, 'code')), this.text).toBe(true), {
      timeout: DEADLINE,
      interval: 20,
    });
    return Number(this.#told('code'));
  }

  /** Expects the terminal to be as it was before the command, which has ended. */
  async isRestored(): Promise<void> {
    // The last output may come behind the exit.
    await vi.waitFor(() => expect(this.#open).toBe(false), { timeout: DEADLINE, interval: 20 });
    await new Promise<void>((resolve) => this.#screen.write('', resolve));
    expect(this.#told('after')).toBe(this.#told('before'));
    expect(this.#screen.buffer.active.type).toBe('normal');
    const modes = new Map([...this.raw.matchAll(PRIVATE_MODE)].map(([, mode = '', state]) => [mode, state]));
    for (const [mode, state] of modes) expect(`${mode}${state}`).toBe(`${mode}${ON_AT_FIRST.has(mode) ? 'h' : 'l'}`);
  }

  /** Ends what is left of the command, and forgets the terminal. */
  dispose(): void {
    if (!existsSync(join(this.#folder, 'code'))) {
      for (const pid of [this.#told('pid'), String(this.#pty.pid)]) end(Number(pid));
    }
    if (this.#open) this.lose();
    this.#screen.dispose();
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  #told(file: string): string {
    const path = join(this.#folder, file);
    return existsSync(path) ? readFileSync(path, 'utf8').trim() : '';
  }
}

const PRIVATE_MODE = new RegExp(`${String.fromCharCode(0x1b)}\\[\\?(\\d+)([hl])`, 'g');

function end(pid: number): void {
  if (!(pid > 1)) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
