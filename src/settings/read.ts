import { readFile } from 'node:fs/promises';
import { Failure } from '../text/failure.ts';
import { settingsPath } from './path.ts';
import { defaultSettings, type Settings } from './settings.ts';

/**
 * The user's settings; the defaults where there is no file. Nothing is ever made by reading.
 * Fails with 'invalid-input' naming file, line, column and key, and what to write instead.
 */
export async function readSettings(environment: NodeJS.ProcessEnv = process.env): Promise<Settings> {
  const file = settingsPath(environment);
  const text = await readText(file);
  if (text === undefined) return defaultSettings;
  const [{ parseSettings }, { checkSettings }] = await Promise.all([import('./parse.ts'), import('./check.ts')]);
  return checkSettings(parseSettings(file, text));
}

/** The file's text; undefined when there is none. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new Failure('invalid-input', `${file} cannot be read (${code}).`, {
      advice: 'Make the file readable, or move it away to go on without it.',
      resource: file,
      cause,
    });
  }
}
