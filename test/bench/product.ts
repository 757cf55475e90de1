import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawn } from '@lydell/node-pty';

/** The product as it was built. */
export const PROGRAM = fileURLToPath(new URL('../../bin/mwaa-console.js', import.meta.url));

/** Longest that anything may take, ms: a bench that hangs is no figure. */
const DEADLINE = 60_000;

const FOLDER = mkdtempSync(join(tmpdir(), 'mwaa-console-bench-'));
process.once('exit', () => rmSync(FOLDER, { recursive: true, force: true, maxRetries: 5 }));

/** A command on a terminal of 120 x 40, and when what happened to it, ms since it was started. */
export class Started {
  readonly #pty;
  readonly #began = performance.now();
  readonly #ended: Promise<number>;
  readonly #watched = new Set<() => void>();
  #written = '';

  /** Runs Node with `args`, its environment only what is needed and given. */
  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#pty = spawn(process.execPath, [...args], {
      cols: 120,
      rows: 40,
      cwd: FOLDER,
      env: {
        PATH: process.env.PATH ?? '',
        HOME: FOLDER,
        TERM: 'xterm-256color',
        LANG: 'C.UTF-8',
        AWS_EC2_METADATA_DISABLED: 'true',
        ...env,
      },
    });
    this.#pty.onData((data) => {
      this.#written += data;
      for (const watch of this.#watched) watch();
    });
    this.#ended = new Promise((resolve) => this.#pty.onExit(() => resolve(performance.now() - this.#began)));
  }

  /** When a text was first written. */
  async sees(text: string): Promise<number> {
    return inTime(
      new Promise((resolve) => {
        const watch = () => {
          if (!this.#written.includes(text)) return;
          this.#watched.delete(watch);
          resolve(performance.now() - this.#began);
        };
        this.#watched.add(watch);
        watch();
      }),
      () => `Never written: ${text}\n${this.#written}`,
    );
  }

  /** Types keys, or what else a terminal sends. */
  types(keys: string): void {
    this.#pty.write(keys);
  }

  /** Types keys, and resolves with the ms until what is written from then on has a match. */
  async answers(keys: string, pattern: RegExp): Promise<number> {
    this.#written = '';
    const began = performance.now();
    this.#pty.write(keys);
    await inTime(
      new Promise<void>((resolve) => {
        const watch = () => {
          if (!pattern.test(this.#written)) return;
          this.#watched.delete(watch);
          resolve();
        };
        this.#watched.add(watch);
      }),
      () => `Never answered ${JSON.stringify(keys)}: ${pattern}\n${this.#written.slice(-4_000)}`,
    );
    return performance.now() - began;
  }

  /** When it ended. */
  async ended(): Promise<number> {
    return inTime(this.#ended, () => `It never ended.\n${this.#written}`);
  }

  signal(name: NodeJS.Signals): void {
    process.kill(this.#pty.pid, name);
  }

  /** Ends it, and resolves once it has. */
  async stop(): Promise<void> {
    this.signal('SIGTERM');
    await this.ended();
  }
}

async function inTime<Result>(wanted: Promise<Result>, message: () => string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message())), DEADLINE);
  });
  return Promise.race([wanted, late]).finally(() => clearTimeout(timer));
}
