import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../text/failure.ts';
import type { SuspendTerminal } from './handover.ts';

/** Reads a text file; `~` is the home folder. Failure 'invalid-input' says why it can't. */
export async function readTextFile(path: string): Promise<string> {
  try {
    return await readFile(placeOf(path), 'utf8');
  } catch (cause) {
    throw new Failure('invalid-input', `${path} can't be read: ${(cause as NodeJS.ErrnoException).code ?? cause}.`, {
      advice: 'Name an OpenMetadata workflow YAML.',
      resource: path,
      cause,
    });
  }
}

/**
 * Hands the terminal to the user's editor with a text, and gives what it left. The text may hold secrets: its file
 * is its owner's alone, in a folder of its own, and gone afterwards.
 */
export async function editText(text: string, editor: string, suspend: SuspendTerminal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mwaa-console-'));
  const file = join(folder, 'pipeline.yaml');
  try {
    await writeFile(file, text, { mode: 0o600 });
    await suspend(() => run(editor, file));
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Hands the terminal to the user's editor with a file of theirs. */
export async function editFile(path: string, editor: string, suspend: SuspendTerminal): Promise<void> {
  await suspend(() => run(editor, placeOf(path)));
}

/** Workflow files in the folder where the console was started, by name; none where it can't be read. */
export async function workflowFiles(): Promise<readonly string[]> {
  try {
    const entries = await readdir('.', { withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name) && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort();
  } catch {
    return [];
  }
}

function placeOf(path: string): string {
  return path.startsWith('~/') ? join(homedir(), path.slice(2)) : path;
}

function run(editor: string, file: string): Promise<void> {
  // An editor may have arguments of its own, such as `code --wait`.
  const [command = 'vi', ...args] = editor.split(/\s+/).filter(Boolean);
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, file], { stdio: 'inherit' });
    child.once('error', (cause) =>
      reject(
        new Failure('failed', `The editor ${command} can't be started.`, { advice: 'Set VISUAL or EDITOR.', cause }),
      ),
    );
    child.once('exit', (code) => {
      if (code === 0) resolve();
      else reject(new Failure('failed', `The editor ${command} ended with ${code}: the text is left as it was.`));
    });
  });
}
