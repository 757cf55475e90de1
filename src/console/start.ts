import type { Session } from '../aws/session.ts';
import type { SessionRequest } from './console.ts';
import { startConsole } from './index.tsx';
import { views } from './views/index.ts';

/** What the command line gives: its own context fits. */
export interface Surroundings {
  readonly process: {
    readonly stdin: NodeJS.ReadStream;
    readonly stdout: NodeJS.WriteStream;
    readonly env: NodeJS.ProcessEnv;
  };
  readonly options: {
    readonly profile?: string;
    readonly region?: string;
    readonly readOnly?: boolean;
    readonly color: boolean;
  };
  /** Opens the session that was asked for; the first request has the profile and region of the options. */
  session(request: SessionRequest): Promise<Session>;
  /** Names of the profiles in the user's AWS configuration. */
  profiles?(): Promise<readonly string[]>;
  regions?(): Promise<readonly string[]>;
  isProduction?(profile: string | undefined, account: string | undefined): boolean;
}

/** The console as the command line opens it; resolves with the process's exit code when it is left. */
export function start({ process, options, ...surroundings }: Surroundings): Promise<number> {
  const { stdin, stdout, env } = process;
  const { profile, region, readOnly = false, color } = options;
  return startConsole({
    ...surroundings,
    session: (request) => surroundings.session(request),
    choice: { profile, region },
    views,
    readOnly,
    color,
    stdin,
    stdout,
    environment: env,
  });
}
