import { open, rename, rm, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { Failure } from '../text/failure.ts';

/** A lock older than this was left behind by a process that is gone, in ms. */
const STALE = 10_000;
/** How long to wait for another process's write, and how often to look, in ms. */
const PATIENCE = 3_000;
const LOOK = 20;

/**
 * Writes a file so that nobody ever reads half of it: beside it, and then renamed over it. Its mode stays; a new one is
 * for the user alone.
 */
export async function writeWhole(target: string, text: string): Promise<void> {
  const fresh = `${target}.${process.pid}.new`;
  const mode = await stat(target).then(
    (info) => info.mode & 0o777,
    () => 0o600,
  );
  try {
    const handle = await open(fresh, 'w', mode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(fresh, target);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/**
 * Locks a file against other consoles, waiting for one that holds it; returns how to give it back.
 * @throws Failure 'in-use' where it is held for longer than a write takes.
 */
export async function lockFile(target: string): Promise<() => Promise<void>> {
  const file = `${target}.lock`;
  for (let waited = 0; ; waited += LOOK) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.close();
      return () => rm(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    const age = await stat(file).then(
      (info) => Date.now() - info.mtimeMs,
      () => 0,
    );
    if (age > STALE) await rm(file, { force: true });
    else if (waited >= PATIENCE) {
      throw new Failure('in-use', `Another process is writing ${target}.`, {
        advice: `Try again; if no other console runs, remove ${file}.`,
        resource: target,
      });
    } else await delay(LOOK);
  }
}
