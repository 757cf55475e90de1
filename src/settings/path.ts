import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/**
 * Where the settings are: `$XDG_CONFIG_HOME/mwaa-console/config.yaml`, `~/.config/…` without it, and
 * `%APPDATA%\mwaa-console\config.yaml` on Windows. A relative XDG_CONFIG_HOME is invalid by the XDG
 * Base Directory Specification and is passed over.
 */
export function settingsPath(environment: NodeJS.ProcessEnv): string {
  const { XDG_CONFIG_HOME: configured, APPDATA: windows } = environment;
  return join(ownFolder(environment, configured, windows, '.config'), 'config.yaml');
}

/**
 * The folder of what is kept between two runs and is no setting: `$XDG_STATE_HOME/mwaa-console`, `~/.local/state/…`
 * without it, and `%LOCALAPPDATA%\\mwaa-console` on Windows. It need not be there.
 */
export function statePath(environment: NodeJS.ProcessEnv): string {
  const { XDG_STATE_HOME: configured, LOCALAPPDATA: windows } = environment;
  return ownFolder(environment, configured, windows, join('.local', 'state'));
}

function ownFolder(
  environment: NodeJS.ProcessEnv,
  configured: string | undefined,
  windows: string | undefined,
  usual: string,
): string {
  if (configured && isAbsolute(configured)) return join(configured, 'mwaa-console');
  const home = environment.HOME || environment.USERPROFILE || homedir();
  return join(process.platform === 'win32' && windows ? windows : join(home, usual), 'mwaa-console');
}
