import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Command, CommandContext } from '../../src/console/command.ts';
import { Failure } from '../../src/text/failure.ts';
import { fakeSession } from './support/fake-session.ts';
import { parcels, type ShelfState, sampleView } from './support/sample-view.tsx';
import { openScreen, type Screen, type ScreenOptions } from './support/screen.ts';

const open: Screen[] = [];
afterEach(async () => {
  for (const screen of open.splice(0)) await screen.close();
});

/** A console whose `X` runs a command. */
async function start(
  run: (context: CommandContext<ShelfState>, words: readonly string[]) => void | Promise<void>,
  options: Partial<ScreenOptions> & { readonly command?: Partial<Command<ShelfState>> } = {},
): Promise<Screen> {
  const command: Command<ShelfState> = {
    id: 'act',
    title: 'Act on the parcel',
    keys: ['X'],
    where: 'dashboard',
    run,
    ...options.command,
  };
  const rows = [
    { name: 'atlas', status: 'sent', weight: 12 },
    { name: 'birch', status: 'sent', weight: 3 },
  ];
  const screen = await openScreen({
    session: async () => fakeSession(),
    views: [sampleView([parcels(() => rows)], [command])],
    columns: 80,
    rows: 24,
    ...options,
  });
  open.push(screen);
  await screen.selects('atlas');
  return screen;
}

describe('questions', () => {
  test('yes or no: only y is a yes to a write, other keys fire nothing', async () => {
    const answers: boolean[] = [];
    const screen = await start(async ({ console }) => {
      answers.push(
        await console.dialogs.confirm({
          title: 'Stop the task',
          lines: ['Its work since the last checkpoint is lost.'],
          yes: 'stop it',
          writes: true,
        }),
      );
    });
    await screen.press('X');
    await screen.sees('Its work since the last checkpoint is lost.');
    expect(screen.look('stop it')?.colour).toBe(1);
    await screen.press('j', 'X', 'n');
    await screen.gone('Stop the task');
    await screen.selects('atlas');
    await screen.press('X', 'escape', 'X', 'y', 'X', 'enter');
    await screen.sees('y to stop it, n to leave it');
    expect(answers).toEqual([false, false, true]);
    await screen.press('y');
    await screen.until(() => answers.length === 4, 'four answers');
  });

  test.each(['name', 'confirm'] as const)('%s: what does not fit is scrolled to before the answer', async (kind) => {
    const answered = vi.fn();
    const lines = [...Array.from({ length: 40 }, (_, at) => `step ${at + 1}`), 'Workers restart.'];
    const screen = await start(async ({ console }) => {
      const { dialogs } = console;
      if (kind === 'name') answered(await dialogs.name({ title: 'Update', lines, expected: 'prod' }));
      else answered(await dialogs.confirm({ title: 'Update', lines, yes: 'do it', writes: true }));
    });
    await screen.press('X');
    await screen.sees(/1-\d+ of 41 lines/);
    expect(screen.text()).not.toContain('Workers restart.');
    await screen.press('pagedown', 'down', 'pagedown', 'pagedown');
    await screen.sees('Workers restart.');
    await screen.press('pageup', 'up');
    await screen.gone('Workers restart.');
    if (kind === 'name') await screen.type('prod');
    await screen.press(kind === 'name' ? 'enter' : 'y');
    await screen.until(() => answered.mock.calls.length === 1, 'an answer');
    expect(answered).toHaveBeenCalledWith(true);
  });

  test('a name has to be typed as it is', async () => {
    const answered = vi.fn();
    const screen = await start(async ({ console }) => {
      answered(
        await console.dialogs.name({ title: 'Update data-prod', lines: ['Workers restart.'], expected: 'data-prod' }),
      );
    });
    await screen.press('X');
    await screen.sees('Type data-prod to go on');
    await screen.type('data-prodq');
    await screen.press('enter');
    await screen.sees('> data-prodq');
    expect(answered).not.toHaveBeenCalled();
    await screen.press('backspace', 'enter');
    await screen.gone('Workers restart.');
    expect(answered).toHaveBeenCalledExactlyOnceWith(true);
  });

  test('a choice: arrows one at a time also in a burst, digits, and why one is disabled', async () => {
    const chosen: unknown[] = [];
    const screen = await start(async ({ console }) => {
      chosen.push(
        await console.dialogs.select({
          title: 'How should it go?',
          choices: [
            { label: 'by ship', value: 'ship', hint: 'slow' },
            { label: 'by rail', value: 'rail', disabled: 'There is no track' },
            { label: 'by air', value: 'air' },
          ],
        }),
      );
    });
    await screen.press('X');
    await screen.sees('by ship   slow');
    screen.send('\x1b[B\x1b[B');
    await screen.until(() => screen.row('by air')?.includes('> by air') === true, 'by air is highlighted');
    await screen.press('up', 'enter');
    await screen.sees('There is no track');
    await screen.press('3');
    await screen.gone('How should it go?');
    await screen.press('X', 'escape');
    await screen.until(() => chosen.length === 2, 'two answers');
    expect(chosen).toEqual(['air', undefined]);
    await screen.selects('atlas');
  });

  test('a choice of nothing: keys do no harm, Esc leaves it', async () => {
    const chosen: unknown[] = [];
    const screen = await start(async ({ console }) => {
      chosen.push(await console.dialogs.select({ title: 'Which one?', choices: [] }));
    });
    await screen.press('X');
    await screen.sees('Which one?');
    await screen.press('down', 'up', 'enter', '1', 'escape');
    await screen.until(() => chosen.length === 1, 'it is left');
    expect(chosen).toEqual([undefined]);
    await screen.selects('atlas');
  });

  test('a form: fields, pastes, faults where they are, and no command while typing', async () => {
    const filled = vi.fn();
    const screen = await start(async ({ console }) => {
      filled(
        await console.dialogs.form({
          title: 'New parcel',
          fields: [
            { id: 'name', label: 'Name', value: '', check: (value) => (value === '' ? 'It needs a name' : undefined) },
            { id: 'speed', label: 'Speed', value: 'slow', choices: ['slow', 'fast'] },
            { id: 'code', label: 'Code', value: '', secret: true },
          ],
          submit: 'sends it',
        }),
      );
    });
    await screen.press('X');
    await screen.sees('Enter next field  Ctrl-S sends it  Esc leave it');
    expect(screen.text().match(/sends it|Esc/g)).toEqual(['sends it', 'Esc']);
    await screen.press('enter');
    await screen.sees('It needs a name');
    await screen.type('q:jX?');
    await screen.paste('pasted\r\n');
    await screen.sees('q:jX?pasted');
    await screen.press('tab');
    await screen.sees('Ctrl-S sends it  ← → what is there  Esc');
    await screen.press('right', 'tab');
    await screen.sees('Enter sends it  Esc leave it');
    await screen.type('1234');
    await screen.sees('••••');
    await screen.press('enter');
    await screen.gone('New parcel');
    expect(filled).toHaveBeenCalledExactlyOnceWith({ name: 'q:jX?pasted', speed: 'fast', code: '1234' });
  });

  test('a document that can not be read says so', async () => {
    const screen = await start(({ console }) => {
      void console.dialogs.document({
        title: 'The record',
        load: () => Promise.reject(new Failure('denied', 'No right to read it', { advice: 'Ask for parcels:Get' })),
      });
    });
    await screen.press('X');
    await screen.sees('No right to read it');
    await screen.sees('Ask for parcels:Get');
    await screen.press('q');
    await screen.gone('The record');
  });
});

describe('the palette', () => {
  test('completes by Tab, shows what it would complete, and remembers', async () => {
    const run = vi.fn();
    const screen = await start((_, words) => run(words), { command: { arguments: [{ name: 'how', rest: true }] } });
    await screen.press(':');
    await screen.type('ac');
    await screen.sees(':act');
    await screen.sees('Act on the parcel');
    await screen.press('tab');
    await screen.type('now then');
    await screen.press('enter');
    await screen.until(() => run.mock.calls.length === 1, 'it ran');
    await screen.press(':', 'up', 'enter');
    await screen.until(() => run.mock.calls.length === 2, 'it ran again');
    expect(run.mock.calls).toEqual([[['now', 'then']], [['now', 'then']]]);
  });

  test('knows what consoles before it were told: Up recalls what begins so, the newest region is offered first', async () => {
    const lines = ['region eu-central-1', 'dashboard', 'region us-west-2'];
    const history = { read: async () => lines, add: async (line: string) => void lines.push(line) };
    const regions = async () => ['eu-central-1', 'eu-west-1', 'us-east-1', 'us-west-2'];
    const screen = await start(() => {}, { options: { history, regions } });
    await screen.press(':');
    await screen.type('region ');
    await screen.sees(/ region us-west-2 *\n region eu-central-1 *\n region eu-west-1 *\n region us-east-1/);
    await screen.press('up', 'up');
    await screen.sees(/^:region eu-central-1/m);
    await screen.press('down', 'down');
    await screen.sees(/^:region us-west-2/m);
    // What was pasted to a recalled line is looked for as it stands then.
    await screen.press('up');
    await screen.paste('x');
    await screen.press('up');
    await screen.sees(/^:region us-west-2x/m);
    await screen.press('escape');
    await screen.run('doctor');
    await screen.until(() => lines.at(-1) === 'doctor', 'it is kept');
  });

  test('says what a command needs, and that one is unknown', async () => {
    const screen = await start(() => {});
    await screen.run('profile');
    await screen.sees('profile needs: profile');
    await screen.press('escape');
    await screen.run('nonsense');
    await screen.sees('There is no command nonsense');
  });

  test(':region opens another session, shows it, and closes the one before', async () => {
    const sessions = [fakeSession(), fakeSession({ region: 'eu-central-1' })];
    const asked: unknown[] = [];
    const screen = await start(() => {}, {
      session: async ({ region }) => {
        asked.push(region);
        const session = sessions[asked.length - 1];
        if (session === undefined) throw new Error('too many sessions');
        return session;
      },
      options: { regions: async () => ['eu-central-1', 'eu-west-1'] },
    });
    await screen.press(':');
    await screen.type('region eu-c');
    await screen.sees('region eu-central-1');
    await screen.press('tab', 'enter');
    await screen.sees('123456789012 · eu-central-1');
    expect(asked).toEqual([undefined, 'eu-central-1']);
    expect(sessions.map(({ closed }) => closed)).toEqual([true, false]);
    await screen.selects('atlas');
  });
});

describe('what is told', () => {
  test('a command that fails is told, kept in ! with its advice, and the console stays up', async () => {
    const screen = await start(() => {
      throw new Failure('denied', 'ecs:StopTask is denied', { advice: 'Ask for it', action: 'ecs:StopTask' });
    });
    await screen.press('X');
    await screen.sees('ecs:StopTask is denied');
    await screen.press('!');
    await screen.sees('missing permission: ecs:StopTask');
    await screen.sees('Act on the parcel: ecs:StopTask is denied');
    await screen.sees('Ask for it');
  });

  test('a bug in a command is told as one, with its stack to report', async () => {
    const screen = await start(() => {
      throw new TypeError('x is not a function');
    });
    await screen.press('X');
    await screen.sees('Internal error: x is not a function');
    await screen.press('!');
    await screen.sees('This is a bug of mwaa-console');
    await screen.sees(/dialogs\.test\.ts:\d+/);
  });

  test('@ lists the calls as aws command lines', async () => {
    const session = fakeSession();
    session.made.push({
      at: Date.now(),
      service: 'ecs',
      operation: 'ListClusters',
      input: { maxResults: 100 },
      duration: 120,
      attempts: 2,
      error: 'ThrottlingException',
    });
    const screen = await start(() => {}, { session: async () => session });
    await screen.press('@');
    await screen.sees('aws ecs list-clusters --max-results 100');
    await screen.sees('120 ms 2 attempts ThrottlingException');
  });

  test('work under way is in the footer, and quitting asks and waits for it', async () => {
    let stopped = false;
    const screen = await start(({ console }) => {
      console.jobs.start({
        title: 'deploy redshift',
        onQuit: 'stops after the current request',
        initial: undefined,
        work: ({ signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              stopped = true;
              resolve(undefined);
            });
          }),
      });
    });
    await screen.press('X');
    await screen.sees('deploy redshift');
    await screen.press('q');
    await screen.sees('deploy redshift: stops after the current request');
    await screen.press('n', 'q', 'y');
    expect(await screen.ended).toBe(0);
    expect(stopped).toBe(true);
  });
});

describe('ways to end', () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('%s leaves the terminal as it was, with exit code %d', async (signal, code) => {
    const others = process.listeners(signal);
    const session = fakeSession();
    const screen = await start(() => {}, { session: async () => session });
    expect(screen.stdout.terminal.buffer.active.type).toBe('alternate');
    const [mine] = process.listeners(signal).filter((each) => !others.includes(each));
    mine?.(signal);
    expect(await screen.ended).toBe(code);
    await vi.waitFor(() => expect(screen.stdout.terminal.buffer.active.type).toBe('normal'));
    expect(screen.stdout.terminal.modes).toMatchObject({ bracketedPasteMode: false, sendFocusMode: false });
    expect([screen.stdin.isRaw, screen.stdin.isFlowing]).toEqual([false, false]);
    expect(session.closed).toBe(true);
    expect(process.listeners(signal)).toEqual(others);
  });

  test('a terminal that is gone ends it', async () => {
    const screen = await start(() => {});
    screen.stdin.emit('end');
    expect(await screen.ended).toBe(129);
  });

  test('TERM=dumb and no terminal are refused with a way out', async () => {
    for (const environment of [{ TERM: 'dumb' }]) {
      await expect(openScreen({ session: async () => fakeSession(), environment })).rejects.toMatchObject({
        kind: 'usage',
        advice: expect.stringContaining('mwaa-console dashboard'),
      });
    }
  });

  test('away from the terminal nothing is read, back again it is', async () => {
    const read = vi.fn(() => [{ name: 'atlas', status: 'sent', weight: 1 }]);
    const screen = await openScreen({ session: async () => fakeSession(), views: [sampleView([parcels(read)])] });
    open.push(screen);
    await screen.sees('atlas');
    screen.send('\x1b[O');
    await screen.press('j');
    const { pollers } = screen.console.session.getState();
    expect(pollers).toBeDefined();
    screen.send('\x1b[I');
    await screen.press('k');
    await screen.selects('atlas');
    expect(read).toHaveBeenCalledTimes(1);
  });
});
