import type { Profile } from '../aws/profiles.ts';
import type { Session } from '../aws/session.ts';
import type { KnownServer } from '../openmetadata/known-server.ts';
import type { History } from '../settings/history.ts';
import type { Settings } from '../settings/settings.ts';
import type { TemporaryJournal } from '../tasks/own-configuration/journal.ts';
import type { TaskRecords } from '../tasks/records/records.ts';
import type { SessionRequest } from './door.ts';
import type { Format, Printer } from './print.ts';

/** What the process gives a command; a test gives its own. */
export interface Process {
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  on(event: NodeJS.Signals, listener: () => void): unknown;
  off(event: NodeJS.Signals, listener: () => void): unknown;
}

/** The options that every command takes, before or after the verb. */
export interface GlobalOptions {
  readonly profile?: string;
  readonly region?: string;
  readonly endpointUrl?: string;
  readonly demo?: boolean;
  readonly speed?: number;
  readonly readOnly?: boolean;
  readonly yes?: boolean;
  readonly color: boolean;
  readonly screenReader?: boolean;
  readonly debug?: string;
  readonly output: string;
}

/** What the console gets beside the context: what is in the user's files and settings, or in the embedded region. */
export interface ConsoleContext extends Context {
  /** The profile and region to begin with. */
  readonly choice: { readonly profile?: string | undefined; readonly region?: string | undefined };
  /** Whether this is `--demo`: one account, one region, nothing of the user's. */
  readonly embedded: boolean;
  /** Where lines of the `:` palette are kept; nowhere for `--demo`. */
  readonly history?: History;
  profiles(): Promise<readonly Profile[]>;
  regions(): Promise<readonly string[]>;
  isProduction(profile: string | undefined, account: string | undefined): boolean;
  /** Whether writes start locked there; the account is undefined while it is not known. */
  locksWrites(profile: string | undefined, account: string | undefined): boolean;
  /** The OpenMetadata server that templates are filled in with, as far as one is known. */
  openmetadata(session: Session): KnownServer;
  readonly settings: Pick<Settings, 'relockMinutes' | 'refreshSeconds' | 'ascii' | 'theme' | 'screenReader'>;
}

/** The interactive console, which only `src/main.ts` knows; ends with the process's exit code. */
export type OpenConsole = (context: ConsoleContext) => Promise<number>;

/** What only the entry of the program knows. */
export interface Parts {
  readonly openConsole: OpenConsole;
  /** The embedded region as a worker thread's file; without it the region runs in this thread. */
  readonly regionWorker?: URL;
}

/** What a command works with. */
export interface Context {
  readonly process: Process;
  readonly options: GlobalOptions;
  readonly print: Printer;
  readonly format: Format;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * The session that the global options ask for, opened on first use; with a request another one. All are closed with
   * the command.
   */
  session(request?: SessionRequest): Promise<Session>;
  /** The record of stopped tasks: the user's own, but nothing of `--demo` is left on the disk. */
  readonly records: TaskRecords;
  /** Where temporary secrets and task definitions are written down until they are removed. */
  readonly temporary: TemporaryJournal;
  readonly parts: Parts;
  /** Asks yes or no on the terminal; `--yes` says yes; without a terminal Failure 'refused'. */
  confirm(question: string): Promise<boolean>;
  /** Asks for a text on the terminal; without one, undefined. */
  ask(question: string): Promise<string | undefined>;
}
