import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** A home folder of its own for the tests of one file; the SDK remembers the first one that it sees. */
export interface Home {
  readonly folder: string;
  /** Writes `~/.aws/config` and, where given, `~/.aws/credentials`. */
  configure(config: string, credentials?: string): void;
  /** Writes the cached token of an `[sso-session NAME]` or of a start URL. */
  token(sessionOrUrl: string, token: object): void;
  remove(): void;
}

/** Makes the folder and hides whatever AWS settings this machine has; `vi.unstubAllEnvs` undoes it. */
export function makeHome(): Home {
  const folder = mkdtempSync(join(tmpdir(), 'mwaa-console-home-'));
  mkdirSync(join(folder, '.aws', 'sso', 'cache'), { recursive: true });
  return {
    folder,
    configure(config, credentials = '') {
      for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
      vi.stubEnv('HOME', folder);
      vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
      writeFileSync(join(folder, '.aws', 'config'), config);
      writeFileSync(join(folder, '.aws', 'credentials'), credentials);
    },
    token(sessionOrUrl, token) {
      const name = createHash('sha1').update(sessionOrUrl).digest('hex');
      writeFileSync(join(folder, '.aws', 'sso', 'cache', `${name}.json`), JSON.stringify(token));
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
