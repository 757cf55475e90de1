import { vi } from 'vitest';
import type { Session } from '../../../src/aws/session.ts';
import type { Console, SessionRequest } from '../../../src/console/console.ts';
import { type StartOptions, startConsole } from '../../../src/console/index.tsx';
import type { Route } from '../../../src/console/routes.ts';
import type { View } from '../../../src/console/view.ts';
import { views as allViews } from '../../../src/console/views/index.ts';
import { type Cell, FakeStdin, FakeStdout, type Size } from './fake-terminal.ts';

/** Longest that a screen may take to show what it should, ms; only a failing test waits that long. */
const DEADLINE = Number(process.env.SCREEN_DEADLINE ?? 120_000);
vi.setConfig({ testTimeout: 3 * DEADLINE });

/** Keys by the names of src/console/keys.ts, as a terminal sends them. */
const BYTES: Readonly<Record<string, string>> = {
  enter: '\r',
  // In the form that needs no waiting; the bare byte and its timer are tested with the terminal's input.
  escape: '\x1b[27u',
  tab: '\t',
  'shift+tab': '\x1b[Z',
  space: ' ',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageup: '\x1b[5~',
  pagedown: '\x1b[6~',
  backspace: '\x7f',
  delete: '\x1b[3~',
};

/** How a console is started for a scenario. */
export interface ScreenOptions extends Partial<Size> {
  readonly session: (request: SessionRequest) => Promise<Session>;
  readonly route?: Route;
  readonly views?: readonly View[];
  readonly environment?: NodeJS.ProcessEnv;
  readonly options?: Partial<
    Pick<
      StartOptions,
      | 'readOnly'
      | 'isProduction'
      | 'profiles'
      | 'regions'
      | 'choice'
      | 'color'
      | 'openmetadata'
      | 'locksWrites'
      | 'relockAfter'
      | 'records'
      | 'temporary'
      | 'history'
      | 'flashesFor'
      | 'revealsFor'
    >
  >;
}

/**
 * The whole console on a headless terminal, told in named commands:
 *
 *   const screen = await openScreen({ session, columns: 80, rows: 24 });
 *   await screen.sees('data-prod');
 *   await screen.press('down', 'enter');
 *   await screen.run('logs');
 *   await screen.close();
 *
 * Nothing waits for a fixed time: `sees`, `gone` and `until` wait for what the screen shows, and print it when it
 * never comes. Keys go one after the other as a user's would.
 */
export class Screen {
  readonly stdin: FakeStdin;
  readonly stdout: FakeStdout;
  readonly console: Console;
  /** The exit code, once it has ended. */
  readonly ended: Promise<number>;

  readonly #painted: () => Promise<void>;

  constructor(
    stdin: FakeStdin,
    stdout: FakeStdout,
    console: Console,
    ended: Promise<number>,
    painted: () => Promise<void>,
  ) {
    this.#painted = painted;
    this.stdin = stdin;
    this.stdout = stdout;
    this.console = console;
    this.ended = ended;
  }

  /** Presses keys by name, or characters as they are; each is answered, on the screen too, before the next. */
  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.send(bytesOf(key));
      await this.settled();
    }
  }

  /** Lets the loop turn, so that a key is through the console's input, React's commit, and on the screen. */
  async settled(): Promise<void> {
    for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    // What ended meanwhile is told by whoever waits for the end.
    await this.#painted().catch(() => {});
  }

  /** Types a text into an input. */
  async type(text: string): Promise<void> {
    this.send(text);
    await this.settled();
  }

  /** Pastes a text as a terminal does. */
  async paste(text: string): Promise<void> {
    this.send(`\x1b[200~${text}\x1b[201~`);
    await this.settled();
  }

  /** Enters a command by name in the palette, with its arguments. */
  async run(command: string, ...words: readonly string[]): Promise<void> {
    await this.press(':');
    await this.type([command, ...words].join(' '));
    await this.press('enter');
  }

  /** Sends bytes as the terminal would. */
  send(bytes: string): void {
    this.stdin.emit('data', Buffer.from(bytes));
  }

  /** Changes the terminal's size. */
  async resize(columns: number, rows: number): Promise<void> {
    this.stdout.resize({ columns, rows });
    await this.settled();
  }

  /** The rows of the screen. */
  lines(): readonly string[] {
    return this.stdout.lines();
  }

  /** The screen as one text. */
  text(): string {
    return this.lines().join('\n');
  }

  /** Waits until the screen shows a text. */
  async sees(text: string | RegExp): Promise<void> {
    await this.until(() => isIn(this.text(), text), `the screen shows ${text}`);
  }

  /** Waits until the screen no longer shows a text. */
  async gone(text: string | RegExp): Promise<void> {
    await this.until(() => !isIn(this.text(), text), `the screen no longer shows ${text}`);
  }

  /** Waits until a row that holds a text is the selected one of its table. */
  async selects(text: string): Promise<void> {
    await this.until(() => this.selected()?.includes(text) === true, `${text} is selected`);
  }

  /** Waits until something holds; the screen is printed when it never does. */
  async until(holds: () => boolean, what: string | (() => string)): Promise<void> {
    const told = () => (typeof what === 'string' ? what : what());
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const done = (error?: Error) => {
        clearTimeout(deadline);
        this.stdout.off('painted', check);
        if (error === undefined) resolve();
        else reject(error);
      };
      const check = () => {
        if (holds()) done();
      };
      const deadline = setTimeout(() => done(new Error(`Never came: ${told()}\n${this.framed()}`)), DEADLINE);
      this.stdout.on('painted', check);
      void this.ended.then((code) => done(new Error(`The console ended with ${code} before: ${told()}`)), done);
      check();
    });
  }

  /** The first row of the screen that holds a text; undefined when there is none. */
  row(text: string): string | undefined {
    return this.lines().find((line) => line.includes(text));
  }

  /** The selected row of the pane with the focus. */
  selected(): string | undefined {
    const at = this.lines().findIndex((line, row) => {
      const mark = line.indexOf('> ');
      return mark >= 0 && this.stdout.cell(row, mark).inverse;
    });
    return at < 0 ? undefined : this.lines()[at];
  }

  /** How the first place that shows a text is painted. */
  look(text: string): Cell | undefined {
    for (const [row, line] of this.lines().entries()) {
      const at = line.indexOf(text);
      if (at >= 0) return this.stdout.cell(row, at);
    }
    return undefined;
  }

  /** Ends the console without asking, and gives the exit code. */
  async close(): Promise<number> {
    this.console.exit();
    return this.ended;
  }

  /** The screen in a box, for messages. */
  framed(): string {
    const { columns } = this.stdout;
    const line = '─'.repeat(columns);
    return [`┌${line}┐`, ...this.lines().map((row) => `│${row.padEnd(columns)}│`), `└${line}┘`].join('\n');
  }
}

/** Starts a console and waits for its first frame. */
export async function openScreen({
  session,
  columns = 120,
  rows = 40,
  route,
  views = allViews,
  environment = { TERM: 'xterm-256color', LANG: 'C.UTF-8' },
  options = {},
}: ScreenOptions): Promise<Screen> {
  const stdin = new FakeStdin();
  const stdout = new FakeStdout({ columns, rows });
  let console: Console | undefined;
  let painted = async () => {};
  const ended = startConsole({
    session,
    views,
    environment,
    stdin,
    // Ink and the console ask only for what FakeStdout has.
    stdout: stdout as unknown as NodeJS.WriteStream,
    ...(route === undefined ? {} : { initialRoute: route }),
    ...options,
    onStart: (started, flushed) => {
      console = started;
      painted = flushed;
    },
  });
  // Its failure is told by whoever waits for it.
  ended.catch(() => {});
  if (console === undefined) await ended;
  if (console === undefined) throw new Error('The console did not start');
  const screen = new Screen(stdin, stdout, console, ended, painted);
  await screen.until(() => screen.text().trim() !== '', 'there is a first frame');
  return screen;
}

function bytesOf(key: string): string {
  if (key.startsWith('ctrl+')) return String.fromCharCode(key.charCodeAt(5) & 0x1f);
  return BYTES[key] ?? key;
}

function isIn(screen: string, text: string | RegExp): boolean {
  return typeof text === 'string' ? screen.includes(text) : text.test(screen);
}
