import { createStore, type StoreApi } from 'zustand/vanilla';
import type { MfaCode } from '../aws/credentials.ts';
import type { Profile } from '../aws/profiles.ts';
import type { Session } from '../aws/session.ts';
import type { KnownServer } from '../openmetadata/known-server.ts';
import type { History } from '../settings/history.ts';
import { memoryJournal, type TemporaryJournal } from '../tasks/own-configuration/journal.ts';
import { memoryRecords } from '../tasks/records/memory.ts';
import type { TaskRecords } from '../tasks/records/records.ts';
import { Failure } from '../text/failure.ts';
import { createMfaPrompt, type MfaPrompt } from './mfa-prompt.ts';
import { createRouter, type Router } from './router.ts';
import type { Route } from './routes.ts';
import { createDialogs, type Dialogs } from './stores/dialogs.ts';
import { createEntered, type Entered } from './stores/entered.ts';
import { createJobs, type Jobs } from './stores/jobs.ts';
import { createNotices, type Notices } from './stores/notices.ts';
import { Pace } from './stores/pace.ts';
import { createKeyLayers, createPanes, type KeyLayers, type Panes } from './stores/panes.ts';
import { createSessionStore, type SessionChoice, type SessionStore } from './stores/session.ts';
import { Ticker } from './stores/ticker.ts';
import { createWriteLock, type WriteLock } from './stores/write-lock.ts';
import { type CopyReport, copyText } from './terminal/clipboard.ts';
import type { Theme } from './theme.ts';
import type { View } from './view.ts';

/** What a session is opened with. */
export interface SessionRequest extends SessionChoice {
  /** Asks the user for the code of a multi-factor device, in the console. */
  readonly mfaCode: MfaCode;
}

/** What the console needs from whoever starts it. */
export interface ConsoleOptions {
  /** Opens the session; asked after the first frame, and again for `:profile` and `:region`. */
  readonly session: (request: SessionRequest) => Promise<Session>;
  /** The profile and region to begin with; what is absent is the session's own default. */
  readonly choice?: SessionChoice;
  /** The profiles of the user's files: what the profile list shows and `:profile` completes. */
  readonly profiles?: () => Promise<readonly Profile[]>;
  /** Names that `:region` completes. */
  readonly regions?: () => Promise<readonly string[]>;
  /** Whether it was started read-only, which `:unlock` does not change. */
  readonly readOnly?: boolean;
  /** Whether a profile or account is production: the header is red then. */
  readonly isProduction?: (profile: string | undefined, account: string | undefined) => boolean;
  /** The OpenMetadata server that templates are filled in with, as far as one is known. */
  readonly openmetadata?: (session: Session) => KnownServer;
  /** The record of stopped tasks; kept for this console alone when absent. */
  readonly records?: TaskRecords;
  /** Where temporary secrets and task definitions are written down until they are removed. */
  readonly temporary?: TemporaryJournal;
  /** Where lines of the `:` palette are kept for the next console; nowhere when absent. */
  readonly history?: History | undefined;
  /** Whether it shows the embedded region: it has no other profile or region. */
  readonly embedded?: boolean;
  /**
   * Whether writes start locked for a profile and an account (undefined while it is not known); `:unlock` opens
   * them, and they are locked again after `relockAfter`.
   */
  readonly locksWrites?: (profile: string | undefined, account: string | undefined) => boolean;
  /** ms; 0 or absent never. */
  readonly relockAfter?: number;
  /** How long good news stays in the footer, ms; 3 s when absent. */
  readonly flashesFor?: number;
  /** How long a password is shown, ms of the user's own time; 30 s when absent. */
  readonly revealsFor?: number;
  /** Nothing is read more often than this, ms. */
  readonly leastInterval?: number;
  readonly initialRoute?: Route;
  /** The screens, or those of the first frame. */
  readonly views: readonly View[];
  /** All screens, loaded behind the first frame. */
  readonly laterViews?: (() => Promise<readonly View[]>) | undefined;
  readonly theme: Theme;
  readonly environment: NodeJS.ProcessEnv;
  readonly stdout: { readonly isTTY?: boolean; write(text: string): unknown };
}

/** Everything a view or a command works with. Made once per console; `useConsole` gives it. */
export interface Console {
  readonly options: ConsoleOptions;
  /** The screens that are loaded. */
  readonly views: StoreApi<readonly View[]>;
  readonly theme: Theme;
  readonly session: SessionStore;
  readonly lock: WriteLock;
  readonly router: Router;
  readonly notices: Notices;
  readonly dialogs: Dialogs;
  readonly panes: Panes;
  readonly layers: KeyLayers;
  readonly jobs: Jobs;
  readonly records: TaskRecords;
  readonly temporary: TemporaryJournal;
  readonly pace: Pace;
  readonly ticker: Ticker;
  /** What the view of a place tells its commands, see view.ts. */
  readonly viewState: StoreApi<{ readonly place: number; readonly state: unknown }>;
  readonly entered: Entered;
  /** ms since the epoch by the session's clock, by the machine's before there is one. */
  now(): number;
  /** The open session; throws a Failure where there is none, for commands and jobs. */
  openSession(): Session;
  /** Copies a text and says what became of it. */
  copy(text: string): Promise<CopyReport>;
  /** Ends the console, after asking when work is under way. */
  quit(): Promise<void>;
  /** Lends the terminal; set by the app while it is mounted. */
  suspend: (borrow: () => Promise<void>) => Promise<void>;
  /** Ends the app; set by the app while it is mounted. */
  exit: () => void;
}

/** The console's stores, wired; nothing runs until the app is mounted and a session opened. */
export function createConsole(options: ConsoleOptions): Console {
  const pace = new Pace();
  const dialogs = createDialogs();
  let mfa: MfaPrompt | undefined;
  const lock = createWriteLock({
    relockAfter: options.relockAfter ?? 0,
    idle: async () => {
      for (let { running } = jobs.getState(); running.length > 0; { running } = jobs.getState()) {
        await Promise.all(running.map((job) => job.done));
      }
    },
    onRelock: () => notices.flash('Locked against writes again: :unlock opens', 'warn'),
  });
  const session = createSessionStore({
    openSession: (choice) => {
      mfa?.end();
      mfa = createMfaPrompt(dialogs);
      return options.session({ ...choice, mfaCode: mfa.ask });
    },
    pace,
    onTry: () => mfa?.allow(),
    onFailure: (failure, about) => notices.record(failure, about),
    lock,
    ...(options.locksWrites === undefined ? {} : { locksWrites: options.locksWrites }),
    ...(options.leastInterval === undefined ? {} : { leastInterval: options.leastInterval }),
  });
  const now = () => session.getState().session?.clock.now() ?? Date.now();
  const notices = createNotices(now, options.flashesFor);
  const jobs = createJobs(notices, pace);
  const console: Console = {
    options,
    views: createStore<readonly View[]>()(() => options.views),
    theme: options.theme,
    session,
    lock,
    router: createRouter(options.initialRoute ?? { kind: 'dashboard' }),
    notices,
    dialogs,
    panes: createPanes(),
    layers: createKeyLayers(),
    jobs,
    records: options.records ?? memoryRecords(),
    temporary: options.temporary ?? memoryJournal(),
    pace,
    ticker: new Ticker(now),
    viewState: createStore<{ readonly place: number; readonly state: unknown }>()(() => ({
      place: 0,
      state: undefined,
    })),
    entered: createEntered(options.history, notices),
    now,
    openSession: () => {
      const { session: open, failure } = session.getState();
      if (open === undefined) throw failure ?? new Failure('not-signed-in', 'There is no session yet.');
      return open;
    },
    copy: async (text) => {
      const { stdout, environment } = options;
      const report = await copyText(text, { stdout, environment, platform: process.platform });
      notices.flash(report.message, report.ok ? 'ok' : 'error');
      return report;
    },
    quit: async () => {
      const { running } = console.jobs.getState();
      if (running.length > 0) {
        const sure = await dialogs.confirm({
          title: 'Work is under way',
          lines: running.map((job) => `${job.title}: ${job.onQuit}`),
          yes: 'quit',
          writes: false,
        });
        if (!sure) return;
        notices.flash('Stopping after the current request…', 'warn');
        await console.jobs.stopAll();
      }
      console.exit();
    },
    suspend: (borrow) => borrow(),
    exit: () => {},
  };
  return console;
}
