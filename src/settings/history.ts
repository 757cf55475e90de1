import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readText } from './read.ts';
import { lockFile, writeWhole } from './whole-file.ts';

/** Lines that are kept; whoever looks for an older one types it anew. */
const KEPT = 200;
/** Longer lines are somebody's paste, and are not kept. */
const LONGEST = 200;

/** What was entered into a command line, kept from one console to the next. */
export interface History {
  /** Oldest first, each line once, where it was entered last. */
  read(): Promise<readonly string[]>;
  add(line: string): Promise<void>;
}

/**
 * A history in a folder, as text, one line each. Any number of consoles may add to it: each writes under a lock, from what the
 * file holds then. Nothing is made before the first line is added.
 */
export function fileHistory(folder: string): History {
  const file = join(folder, 'command-history');
  const read = async () => linesOf((await readText(file)) ?? '');
  return {
    read,
    add: async (line) => {
      if (line.length > LONGEST) return;
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      const unlock = await lockFile(file);
      try {
        await writeWhole(file, `${withLine(await read(), line).join('\n')}\n`);
      } finally {
        await unlock();
      }
    },
  };
}

/** The lines with one more at their end: each once, and not more than are kept. */
export function withLine(lines: readonly string[], line: string): readonly string[] {
  return [...lines.filter((each) => each !== line), line].slice(-KEPT);
}

/** What is no line of a command, such as after somebody's edit, is passed over. */
function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line.length <= LONGEST && /^[\x20-\x7e\u00a0-\uffff]+$/.test(line));
}
