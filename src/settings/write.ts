import { mkdir, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Failure } from '../text/failure.ts';
import { checkSettings } from './check.ts';
import { parseSettings } from './parse.ts';
import { settingsPath } from './path.ts';
import { readText } from './read.ts';
import type { Settings } from './settings.ts';
import { lockFile, writeWhole } from './whole-file.ts';

/** Settings to set; `undefined` takes the key out of the file, so that the default holds. */
export type Changes = { readonly [Key in keyof Settings]?: Settings[Key] | undefined };

/**
 * Writes the changes into the user's settings file and returns what then holds. Comments, order and the
 * other keys stay. Safe against a second console writing at the same time (each writes under a lock, from
 * what the file holds then) and against a crash (a new file is written beside it and renamed over it).
 * Fails with 'invalid-input' where the file or a value is not right, or the folder cannot be written.
 */
export async function writeSettings(changes: Changes, environment: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const file = settingsPath(environment);
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    // A file that is a link, as dotfile managers make them, stays one.
    const target = await realpath(file).catch(() => file);
    const unlock = await lockFile(target);
    try {
      return await replace(file, target, changes);
    } finally {
      await unlock();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure(
      'invalid-input',
      `The settings in ${file} cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      {
        advice: 'Make the folder writable, or set XDG_CONFIG_HOME to one that is.',
        resource: file,
        cause,
      },
    );
  }
}

async function replace(file: string, target: string, changes: Changes): Promise<Settings> {
  const text = (await readText(target)) ?? '';
  const before = parseSettings(file, text);
  // A file that is wrong now is not made right by writing into it.
  checkSettings(before);
  const { document } = before;
  for (const [key, value] of Object.entries(changes)) {
    if (value !== undefined) document.set(key, value);
    else if (document.has(key)) document.delete(key);
  }
  const after =
    document.contents === null || isEmpty(document.toJS()) ? commentsOf(text) : document.toString({ lineWidth: 0 });
  const settings = checkSettings(parseSettings(file, after));
  if (after !== text) await writeWhole(target, after);
  return settings;
}

function isEmpty(value: unknown): boolean {
  return value === null || (typeof value === 'object' && Object.keys(value).length === 0);
}

/** What stays of a file whose last key has gone. */
function commentsOf(text: string): string {
  return text
    .split('\n')
    .filter((line) => line.startsWith('#'))
    .map((line) => `${line}\n`)
    .join('');
}
