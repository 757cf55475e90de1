import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Failure } from '../../text/failure.ts';

/** A browser has long read the page by then, ms of the wall clock. */
const PAGE_LASTS = 20_000;

/** The command that opens an address on this machine; undefined where its user sits at another. */
export function browserCommand(
  environment: NodeJS.ProcessEnv,
  platform: NodeJS.Platform = process.platform,
): readonly string[] | undefined {
  if (environment.BROWSER) return environment.BROWSER.split(/\s+/).filter((word) => word !== '%s');
  if (environment.SSH_CONNECTION || environment.SSH_TTY) return undefined;
  if (platform === 'darwin') return ['open'];
  if (platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler'];
  return environment.DISPLAY || environment.WAYLAND_DISPLAY ? ['xdg-open'] : undefined;
}

/** Opens an address without a secret in it. Failure 'failed' where the command can't be started. */
export async function openAddress(command: readonly string[], address: string): Promise<void> {
  const [program = '', ...words] = command;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(program, [...words, address], { stdio: 'ignore', detached: true });
    child.on('spawn', () => {
      child.unref();
      resolve();
    });
    child.on('error', (cause) => {
      const advice = 'Set BROWSER to the command that opens a web page.';
      reject(new Failure('failed', `${program} can't be started: ${cause.message}.`, { advice, cause }));
    });
  });
}

/**
 * Opens an address that holds a secret: everybody on this machine can read a command line, so the command gets a page
 * that leads there, in a folder of its owner's alone, which is gone soon after.
 */
export async function openSecretAddress(command: readonly string[], address: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mwaa-console-'));
  const page = join(folder, 'open.html');
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const target = JSON.stringify(address).replaceAll('<', '\\u003c');
    await writeFile(page, `<!doctype html><meta charset="utf-8"><script>location.replace(${target})</script>\n`, {
      mode: 0o600,
    });
    await openAddress(command, page);
  } catch (error) {
    await remove();
    throw error;
  }
  setTimeout(() => void remove(), PAGE_LASTS).unref();
}
