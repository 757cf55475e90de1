import type { Session } from '../aws/session.ts';
import type { ConsoleOptions, SessionRequest } from './console.ts';
import { startConsole } from './index.tsx';
import { dashboardView } from './views/dashboard.tsx';

/** What the command line gives: its own context fits. */
export interface Surroundings
  extends Required<Pick<ConsoleOptions, 'profiles' | 'regions' | 'isProduction' | 'locksWrites' | 'openmetadata'>> {
  readonly process: {
    readonly stdin: NodeJS.ReadStream;
    readonly stdout: NodeJS.WriteStream;
    readonly env: NodeJS.ProcessEnv;
  };
  readonly options: { readonly readOnly?: boolean; readonly color: boolean; readonly screenReader?: boolean };
  readonly choice: NonNullable<ConsoleOptions['choice']>;
  readonly records: NonNullable<ConsoleOptions['records']>;
  readonly temporary: NonNullable<ConsoleOptions['temporary']>;
  readonly history?: NonNullable<ConsoleOptions['history']> | undefined;
  readonly embedded: boolean;
  readonly settings: {
    readonly relockMinutes: number;
    readonly refreshSeconds: number;
    readonly ascii: boolean;
    readonly screenReader: boolean;
    readonly theme: 'auto' | 'mono';
  };
  /** Opens the session that was asked for; the first request has the profile and region of `choice`. */
  session(request: SessionRequest): Promise<Session>;
}

/** The console as the command line opens it; resolves with the process's exit code when it is left. */
export function start(surroundings: Surroundings): Promise<number> {
  const { process, options, choice, records, temporary, embedded, settings, profiles, regions } = surroundings;
  const { stdin, stdout, env } = process;
  return startConsole({
    session: (request) => surroundings.session(request),
    choice,
    records,
    temporary,
    history: surroundings.history,
    embedded,
    profiles,
    regions,
    isProduction: surroundings.isProduction,
    openmetadata: surroundings.openmetadata,
    views: [dashboardView],
    laterViews: async () => (await import('./views/index.ts')).views,
    readOnly: options.readOnly ?? false,
    locksWrites: surroundings.locksWrites,
    relockAfter: settings.relockMinutes * 60_000,
    leastInterval: settings.refreshSeconds * 1000,
    ascii: settings.ascii,
    screenReader: options.screenReader ?? settings.screenReader,
    color: options.color && settings.theme !== 'mono',
    stdin,
    stdout,
    environment: env,
  });
}
