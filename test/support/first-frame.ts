import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const HOOK = new URL('first-frame.mjs', import.meta.url).href;
const INPUTS = fileURLToPath(new URL('../../dist/inputs.json', import.meta.url));

/** What had been loaded when the console's first frame went out. */
export interface LoadedBefore {
  /** The bundle's files, by name. */
  readonly files: readonly string[];
  /** What those files were made of: module, and its bytes in the bundle. */
  readonly modules: ReadonlyMap<string, number>;
  /** Modules of Node itself. */
  readonly builtin: readonly string[];
}

/** The console on a terminal, of any kind. */
interface Opened {
  sees(text: string): Promise<unknown>;
  signal(name: NodeJS.Signals): void;
  ended(): Promise<unknown>;
}

/** Opens the packed console by `open`, and tells what it loads before its first frame. */
export async function loadedBeforeFirstFrame(
  program: string,
  open: (env: Readonly<Record<string, string>>) => Opened,
): Promise<LoadedBefore> {
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-frame-'));
  const told = join(folder, 'loaded');
  try {
    const terminal = open({ NODE_OPTIONS: `--import=${HOOK}`, FIRST_FRAME: told });
    await terminal.sees('Dashboard');
    terminal.signal('SIGTERM');
    await terminal.ended();
    const lines = readFileSync(told, 'utf8').split('\n');
    const frame = lines.findIndex((line) => line.startsWith('frame '));
    const dist = pathToFileURL(join(dirname(dirname(program)), 'dist/')).href;
    const files = lines.slice(0, frame).flatMap((url) => (url.startsWith(dist) ? [url.slice(dist.length)] : []));
    const inputs = JSON.parse(readFileSync(INPUTS, 'utf8')) as Record<string, Record<string, number>>;
    const modules = new Map<string, number>();
    for (const file of files) {
      const made = inputs[file];
      if (made === undefined) throw new Error(`${basename(INPUTS)} says nothing of ${file}.`);
      for (const [module, bytes] of Object.entries(made)) modules.set(module, (modules.get(module) ?? 0) + bytes);
    }
    return { files, modules, builtin: (lines[frame] ?? '').split(' ').slice(1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
