import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, sep } from 'node:path';

/** One section of the shared files, keys as written. */
export type Section = Readonly<Record<string, string | undefined>>;

/** The user's `~/.aws/config` and `~/.aws/credentials`, merged as the SDK and the AWS CLI see them. */
export interface SharedFiles {
  readonly profiles: Readonly<Record<string, Section>>;
  /** `[sso-session NAME]` sections. */
  readonly ssoSessions: Readonly<Record<string, Section>>;
  /** `[services NAME]` sections; keys are `service.key`. */
  readonly services: Readonly<Record<string, Section>>;
}

/** Where the shared files are. */
export interface SharedPaths {
  readonly config: string;
  readonly credentials: string;
}

function homeOf(environment: NodeJS.ProcessEnv): string {
  return environment.HOME ?? environment.USERPROFILE ?? homedir();
}

/** The paths that AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name, or the usual ones. */
export function sharedPaths(environment: NodeJS.ProcessEnv): SharedPaths {
  const home = homeOf(environment);
  const place = (configured: string | undefined, name: string) => {
    if (configured === undefined || configured === '') return join(home, '.aws', name);
    return configured.startsWith('~/') ? join(home, configured.slice(2)) : configured;
  };
  return {
    config: place(environment.AWS_CONFIG_FILE, 'config'),
    credentials: place(environment.AWS_SHARED_CREDENTIALS_FILE, 'credentials'),
  };
}

/** The paths as they are told to the user: `~` for the home directory. */
export function shownSharedPaths(environment: NodeJS.ProcessEnv): SharedPaths {
  const { config, credentials } = sharedPaths(environment);
  const home = homeOf(environment) + sep;
  const shown = (path: string) => (path.startsWith(home) ? `~/${path.slice(home.length)}` : path);
  return { config: shown(config), credentials: shown(credentials) };
}

/** Reads both files afresh; a file that is missing counts as empty. */
export async function readSharedFiles(environment: NodeJS.ProcessEnv): Promise<SharedFiles> {
  const paths = sharedPaths(environment);
  const { loadSharedConfigFiles } = await import('@smithy/shared-ini-file-loader');
  const files = await loadSharedConfigFiles({
    configFilepath: paths.config,
    filepath: paths.credentials,
    ignoreCache: true,
  });
  const profiles: Record<string, Section> = {};
  const ssoSessions: Record<string, Section> = {};
  const services: Record<string, Section> = {};
  for (const [name, section] of Object.entries(files.configFile)) {
    if (name.startsWith('sso-session.')) ssoSessions[name.slice('sso-session.'.length)] = section;
    else if (name.startsWith('services.')) services[name.slice('services.'.length)] = section;
    else profiles[name] = section;
  }
  for (const [name, section] of Object.entries(files.credentialsFile)) {
    profiles[name] = { ...profiles[name], ...section };
  }
  return { profiles, ssoSessions, services };
}

/** Changes whenever one of the files is written, made or removed: another terminal may have signed in. */
export async function sharedFilesVersion(environment: NodeJS.ProcessEnv): Promise<string> {
  const paths = sharedPaths(environment);
  const versions = await Promise.all(
    [paths.config, paths.credentials].map((path) =>
      stat(path, { bigint: true }).then(
        (info) => `${info.ino}:${info.size}:${info.mtimeNs}`,
        () => 'none',
      ),
    ),
  );
  return versions.join(' ');
}
