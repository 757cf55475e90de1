import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the settings are: `$XDG_CONFIG_HOME/mwaa-console/config.yaml`, `~/.config/…` without it, and
 * `%APPDATA%\mwaa-console\config.yaml` on Windows. A relative XDG_CONFIG_HOME is invalid by the XDG
 * Base Directory Specification and is passed over.
 */
export function settingsPath(environment: NodeJS.ProcessEnv): string {
  const { XDG_CONFIG_HOME: configured, APPDATA: windows } = environment;
  const home = environment.HOME || environment.USERPROFILE || homedir();
  const usual = process.platform === 'win32' && windows ? windows : join(home, '.config');
  return join(configured && isAbsolute(configured) ? configured : usual, 'mwaa-console', 'config.yaml');
}
