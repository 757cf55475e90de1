/** What the user has set in `mwaa-console/config.yaml`; a command-line option always wins over it. */
export interface Settings {
  /** AWS profile to start with. */
  readonly profile?: string;
  /** AWS region to start with. */
  readonly region?: string;
  /** Names of profiles or account ids that are production, with `*` and `?`; the console's first line is red there. */
  readonly production: readonly string[];
  /** Whether the console starts locked against writes. */
  readonly readOnly: boolean;
  /** Whether it starts locked in production. */
  readonly lockProduction: boolean;
  /** Minutes after which an unlocked console locks itself again; 0 never does. */
  readonly relockMinutes: number;
  /** Lines and marks in plain ASCII. */
  readonly ascii: boolean;
  /** `auto` takes the terminal's colours where it has some, `mono` none. */
  readonly theme: 'auto' | 'mono';
  /** Plain lines of what is new instead of a painted screen. */
  readonly screenReader: boolean;
  readonly timeZone: 'local' | 'utc';
  /** Address of the OpenMetadata server's API, for templates and checks. */
  readonly openMetadataUrl?: string;
  /** Name or ARN of the Secrets Manager secret that holds a token for that server; the token itself is in no file. */
  readonly openMetadataTokenSecret?: string;
  /** Seconds between two readings of what is on the screen. */
  readonly refreshSeconds: number;
}

/** What holds where the file says nothing. */
export const defaultSettings: Settings = {
  production: [],
  readOnly: false,
  lockProduction: true,
  relockMinutes: 15,
  ascii: false,
  theme: 'auto',
  screenReader: false,
  timeZone: 'local',
  refreshSeconds: 5,
};

/** Whether a profile or an account is production by the user's patterns. */
export function isProduction(
  settings: Pick<Settings, 'production'>,
  profile: string | undefined,
  account: string | undefined,
): boolean {
  return settings.production.some((pattern) =>
    [profile, account].some((name) => name !== undefined && matches(pattern, name)),
  );
}

/** Whether writes start locked; while the account is not known, it may be production wherever a pattern is set. */
export function locksWrites(
  settings: Pick<Settings, 'production' | 'readOnly' | 'lockProduction'>,
  profile: string | undefined,
  account: string | undefined,
): boolean {
  if (settings.readOnly) return true;
  if (!settings.lockProduction || settings.production.length === 0) return false;
  return account === undefined || isProduction(settings, profile, account);
}

/** `*` is any text, `?` any one character; all else is itself. Linear, whatever the pattern. */
function matches(pattern: string, name: string): boolean {
  let [at, from] = [0, 0];
  let star = -1;
  let retry = 0;
  while (from < name.length) {
    const wanted = pattern[at];
    if (wanted === '*') {
      star = at;
      retry = from;
      at += 1;
    } else if (wanted !== undefined && (wanted === '?' || wanted === name[from])) {
      at += 1;
      from += 1;
    } else if (star >= 0) {
      retry += 1;
      at = star + 1;
      from = retry;
    } else {
      return false;
    }
  }
  return /^\**$/.test(pattern.slice(at));
}
