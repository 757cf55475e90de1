import { writeFile } from 'node:fs/promises';
import { lineMatcher } from '../../../logs/matcher.ts';
import { dayTime, isoTime, parseSince, type Zone } from '../../../text/ages.ts';
import { Failure } from '../../../text/failure.ts';
import type { Command, CommandContext } from '../../command.ts';
import type { Console } from '../../console.ts';
import type { Route } from '../../routes.ts';
import type { LogLayout, LogTimes, LogWindow } from '../../stores/log-window.ts';
import { tellSought } from './log-pane.tsx';

/** What the commands of a screen with a log act on. */
export interface LogState {
  readonly window: LogWindow | undefined;
  /** No further line will come. */
  readonly ended: boolean;
}

const NEXT_TIMES: Record<LogTimes, LogTimes> = { local: 'utc', utc: 'age', age: 'local' };
const TIMES_WORDS: Record<LogTimes, string> = { local: 'local time', utc: 'UTC', age: 'age' };

const NEXT_LAYOUT: Record<LogLayout, LogLayout> = { readable: 'pretty', pretty: 'raw', raw: 'readable' };
const LAYOUT_WORDS: Record<LogLayout, string> = {
  readable: 'taken apart for reading',
  pretty: 'JSON laid out over rows',
  raw: 'as the lines came',
};

const NO_ERROR = 'There is no error among the lines';

/** The commands that every screen with a log has. */
export function logCommands<State extends LogState>(where: Route['kind']): readonly Command<State>[] {
  const command = (
    line: Pick<Command<State>, 'id' | 'title' | 'keys' | 'hint' | 'hinted' | 'arguments'>,
    run: (window: LogWindow, context: CommandContext<State>, words: readonly string[]) => void | Promise<void>,
  ): Command<State> => ({
    ...line,
    where,
    disabled: ({ state }) => (state.window === undefined ? 'There is no log here yet' : undefined),
    run: (context, words) =>
      context.state.window === undefined ? undefined : run(context.state.window, context, words),
  });
  const hinted = ({ state }: CommandContext<State>) => !state.ended;
  return [
    command(
      { id: 'pause', title: 'Pause: lines are collected, the screen stands', keys: ['space'], hint: 'pause', hinted },
      (window) => window.togglePause(),
    ),
    command({ id: 'newest', title: 'Follow the newest line', keys: ['f'], hint: 'follow', hinted }, (window) =>
      window.followNewest(),
    ),
    command(
      { id: 'filter', title: 'Show only lines that match (!x inverse, /regex/)', keys: ['&'], hint: 'filter rows' },
      filter,
    ),
    command({ id: 'next-error', title: 'Next error', keys: ['e'], hint: 'error' }, async (window, { console }) =>
      tellSought(console.notices, await window.seekError(1), 1, NO_ERROR),
    ),
    command({ id: 'previous-error', title: 'Error before', keys: ['E'] }, async (window, { console }) =>
      tellSought(console.notices, await window.seekError(-1), -1, NO_ERROR),
    ),
    command({ id: 'wrap', title: 'Wrap long lines, or cut them', keys: ['w'] }, (window) =>
      window.set({ wrap: !window.store.getState().wrap }),
    ),
    command({ id: 'times', title: 'Show times as local, UTC or age', keys: ['t'] }, (window, { console }) => {
      const times = NEXT_TIMES[window.store.getState().times];
      window.set({ times });
      console.notices.flash(TIMES_WORDS[times]);
    }),
    command(
      { id: 'pretty', title: 'Lay lines out for reading, JSON over rows, or raw', keys: ['p'] },
      (window, { console }) => {
        const layout = NEXT_LAYOUT[window.store.getState().layout];
        window.set({ layout });
        console.notices.flash(LAYOUT_WORDS[layout]);
      },
    ),
    command({ id: 'mark', title: 'Mark the line', keys: ['m'] }, (window) => {
      const line = window.buffer.row(window.cursorRow());
      if (line !== undefined) window.buffer.toggleMark(line);
    }),
    command({ id: 'next-mark', title: 'Next marked line', keys: ["'"] }, (window, { console }) =>
      tellSought(console.notices, window.seekMark(1), 1, 'No line is marked: m marks one'),
    ),
    command(
      {
        id: 'jump',
        title: 'Jump to a time, such as 11:04 or 10m',
        keys: ['b'],
        arguments: [{ name: 'time', optional: true }],
      },
      jump,
    ),
    command({ id: 'save', title: 'Save the lines to a file', keys: ['ctrl+s'] }, save),
  ];
}

async function jump<State extends LogState>(
  window: LogWindow,
  { console }: CommandContext<State>,
  words: readonly string[],
): Promise<void> {
  if (window.buffer.rows === 0) {
    console.notices.flash('There is no line yet', 'warn');
    return;
  }
  const zone: Zone = window.store.getState().times === 'utc' ? 'utc' : 'local';
  const text = words.length > 0 ? words.join(' ') : await askTime(console, zone);
  if (text === undefined) return;
  const moment = parseSince(text, console.now(), zone);
  if (!window.seekTime(moment)) {
    const { timestamp } = window.buffer.row(window.cursorRow())?.event ?? { timestamp: moment };
    console.notices.flash(
      `No line is held from ${dayTime(moment, zone)}: the nearest is from ${dayTime(timestamp, zone)}`,
    );
  }
}

async function askTime(console: Console, zone: Zone): Promise<string | undefined> {
  const values = await console.dialogs.form({
    title: `Jump to a time (${TIMES_WORDS[zone]})`,
    fields: [
      {
        id: 'time',
        label: 'Time',
        value: '',
        placeholder: '11:04, 11:04:31, 2026-11-22 11:04 or 10m',
        check: (text) => failureMessage(() => parseSince(text, console.now(), zone)),
      },
    ],
    submit: 'jump',
  });
  return values?.time;
}

/** What a check of an input says: the message of the failure it throws. */
function failureMessage(check: () => unknown): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    return error instanceof Failure ? error.message : String(error);
  }
}

async function filter<State extends LogState>(window: LogWindow, { console }: CommandContext<State>): Promise<void> {
  const values = await console.dialogs.form({
    title: 'Show only lines with',
    fields: [
      {
        id: 'text',
        label: 'Text',
        value: window.buffer.filter?.matcher.text ?? '',
        placeholder: 'empty shows all; !x inverse; /regex/',
        check: (text) => failureMessage(() => lineMatcher(text)),
      },
    ],
    submit: 'filter',
  });
  if (values !== undefined) window.setFilter(lineMatcher(values.text ?? ''));
}

async function save<State extends LogState>(window: LogWindow, { console }: CommandContext<State>): Promise<void> {
  const stamp = isoTime(console.now()).replace(/[-:]|\.\d+/g, '');
  const values = await console.dialogs.form({
    title: `Save ${window.buffer.rows} lines`,
    fields: [
      {
        id: 'file',
        label: 'File',
        value: `mwaa-console-${stamp}.log`,
        check: (name) => (name.trim() ? undefined : 'Name a file'),
      },
    ],
    submit: 'save',
  });
  const file = values?.file?.trim();
  if (file === undefined) return;
  const lines = window.buffer.slice(0, window.buffer.rows);
  const text = lines.map(({ event }) => `${isoTime(event.timestamp)} ${event.group} ${event.stream} ${event.message}`);
  try {
    // A log may hold what not everybody should read; and a file that is there stays.
    await writeFile(file, `${text.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  } catch (cause) {
    const exists = (cause as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Failure('invalid-input', exists ? `${file} is there already.` : `${file} can't be written.`, {
      advice: 'Choose another name.',
      resource: file,
      cause,
    });
  }
  console.notices.flash(`${lines.length} lines are in ${file}`);
}
