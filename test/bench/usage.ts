import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Started } from './product.ts';

const HOOK = new URL('usage.mjs', import.meta.url).href;

/** What a process has used so far. */
export interface Usage {
  /** Microseconds. */
  readonly cpu: NodeJS.CpuUsage;
  readonly memory: NodeJS.MemoryUsage;
}

/** Asks a product that was started with `env` what it uses. */
export class UsageReports {
  readonly #folder = mkdtempSync(join(tmpdir(), 'mwaa-console-usage-'));
  readonly #file = join(this.#folder, 'usage');
  #asked = 0;
  readonly env = { NODE_OPTIONS: `--import=${HOOK}`, USAGE: this.#file };

  /** Its next report. */
  async ask(product: Started): Promise<Usage> {
    this.#asked += 1;
    product.signal('SIGUSR2');
    for (;;) {
      const lines = this.#read().split('\n');
      if (lines.length > this.#asked) return JSON.parse(lines[this.#asked - 1] ?? '') as Usage;
      await delay(10);
    }
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #read(): string {
    try {
      return readFileSync(this.#file, 'utf8');
    } catch {
      return '';
    }
  }
}
