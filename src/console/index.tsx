import { render } from 'ink';
import { Failure } from '../text/failure.ts';
import { App } from './app.tsx';
import { tellLeftBehind } from './clean-up.ts';
import { type Console, type ConsoleOptions, createConsole } from './console.ts';
import { keepTasksSeen } from './keep-stopped-tasks.ts';
import { leaveProfilesWhenSignedIn, showProfiles, whatRenews } from './sign-in.ts';
import { watchCredentials } from './stores/credential-watch.ts';
import { TerminalInput, type TerminalSource } from './terminal/input.ts';
import { PlainOutput } from './terminal/plain-output.ts';
import { type Theme, themeFrom } from './theme.ts';

/** What the console is started with; the terminal is the process's own, or a test's. */
export interface StartOptions extends Omit<ConsoleOptions, 'theme'> {
  readonly stdin: TerminalSource;
  readonly stdout: NodeJS.WriteStream;
  /** False for `--no-color`. */
  readonly color?: boolean;
  /** True where lines and marks should be plain ASCII whatever the locale. */
  readonly ascii?: boolean;
  /** True for a screen reader: plain lines of what is new instead of a painted screen. */
  readonly screenReader?: boolean;
  /** For tests: gets the console once it is made, and what waits until everything known by now is painted. */
  readonly onStart?: (console: Console, painted: () => Promise<void>) => void;
}

/** What a screen reader is told has no colours, and borders that can be told from text. */
const READ_ALOUD: Theme = { color: false, unicode: true };

/** Exit codes of a process ended by a signal: 128 and its number. */
const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Shows the console until it is left, and resolves with the exit code: 0, 128 + n after a signal or when the
 * terminal is gone. The terminal is as it was before, however it ends. Fails with 'usage' where the terminal
 * can't show it; what nobody expected is thrown as it is, for the caller to report, after the terminal is back.
 */
export async function startConsole(options: StartOptions): Promise<number> {
  const { stdin, stdout, environment, color, ascii = false, screenReader = false } = options;
  refuseTerminal(options);
  const console = createConsole({
    ...options,
    theme: screenReader ? READ_ALOUD : themeFrom(environment, color ?? true, ascii),
  });
  const input = new TerminalInput(stdin, (focused) => {
    console.session.setAway(!focused);
    console.ticker.setAway(!focused);
  });
  let code = 0;
  let bug: { readonly error: unknown } | undefined;
  const instance = render(<App console={console} />, {
    // Ink asks only for what TerminalInput has.
    stdin: input as unknown as NodeJS.ReadStream,
    stdout: screenReader ? (new PlainOutput(stdout) as unknown as NodeJS.WriteStream) : stdout,
    // Whole frames, each as it is: PlainOutput tells what is new of them.
    debug: screenReader,
    alternateScreen: !screenReader,
    incrementalRendering: !screenReader,
    interactive: true,
    patchConsole: false,
    exitOnCtrlC: false,
    maxFps: 60,
  });
  options.onStart?.(console, () => instance.waitUntilRenderFlush());
  const end = (exitCode: number) => {
    code = exitCode;
    instance.unmount();
  };
  const lost = () => end(SIGNALS.SIGHUP);
  const unexpected = (error: unknown) => {
    // A failure that some screen forgot to show is no reason to end the console.
    if (error instanceof Failure) return console.notices.error(error);
    // Nor is what was aborted while nobody waited for it any more.
    if (error instanceof Error && error.name === 'AbortError') return;
    bug ??= { error };
    end(1);
  };
  const stopWatching = [
    watchCredentials(console.session, console.notices, () => whatRenews(console)),
    leaveProfilesWhenSignedIn(console),
    tellLeftBehind(console),
    keepTasksSeen(console),
  ];
  const stop = listen(stdin, stdout, end, lost, unexpected);
  try {
    // The first frame stands before anything of AWS is loaded.
    await instance.waitUntilRenderFlush();
    void console.session.open(options.choice ?? {}).then(() => {
      console.ticker.tick();
      showProfiles(console);
    });
    options.laterViews?.().then((views) => console.views.setState(views, true), unexpected);
    await instance.waitUntilExit();
  } finally {
    stop();
    for (const each of stopWatching) each();
    console.dialogs.closeAll();
    console.session.close();
    console.pace.close();
  }
  if (bug !== undefined) throw bug.error;
  return code;
}

/** The ways in which a console ends without being left; the answer takes the listeners away again. */
function listen(
  stdin: TerminalSource,
  stdout: NodeJS.WriteStream,
  end: (code: number) => void,
  lost: () => void,
  unexpected: (error: unknown) => void,
): () => void {
  const handlers = Object.entries(SIGNALS).map(([signal, exitCode]) => [signal, () => end(exitCode)] as const);
  for (const [signal, handler] of handlers) process.on(signal, handler);
  process.on('uncaughtException', unexpected);
  process.on('unhandledRejection', unexpected);
  stdout.on('error', lost);
  stdin.on('end', lost);
  stdin.on('close', lost);
  stdin.on('error', lost);
  return () => {
    for (const [signal, handler] of handlers) process.off(signal, handler);
    process.off('uncaughtException', unexpected);
    process.off('unhandledRejection', unexpected);
    stdout.off('error', lost);
    stdin.off('end', lost);
    stdin.off('close', lost);
    stdin.off('error', lost);
  };
}

function refuseTerminal({ stdin, stdout, environment, screenReader }: StartOptions): void {
  const advice =
    'The commands work here: `mwaa-console dashboard`, and see `mwaa-console --help`. On a dumb terminal the console speaks in plain lines with --screen-reader.';
  if (stdout.isTTY !== true || stdin.isTTY !== true) {
    throw new Failure('usage', 'The console needs a terminal for input and output.', { advice });
  }
  if (environment.TERM === 'dumb' && screenReader !== true) {
    throw new Failure('usage', 'This terminal (TERM=dumb) can show no console.', { advice });
  }
}
