import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Command } from '../../src/console/command.ts';
import { profilesView } from '../../src/console/views/profiles.tsx';
import { Failure } from '../../src/text/failure.ts';
import { fakeSession } from './support/fake-session.ts';
import { type Parcel, parcels, sampleView } from './support/sample-view.tsx';
import { openScreen, type Screen, type ScreenOptions } from './support/screen.ts';

const some: Parcel[] = [
  { name: 'atlas', status: 'sent', weight: 12 },
  { name: 'birch', status: 'lost', weight: 3, trouble: 'nobody has seen it' },
  { name: 'cedar', status: 'sent', weight: 40 },
];
const open: Screen[] = [];
async function start(options: Partial<ScreenOptions> = {}): Promise<Screen> {
  const screen = await openScreen({
    session: async () => fakeSession(),
    views: [sampleView([parcels(() => some)])],
    columns: 80,
    rows: 24,
    ...options,
  });
  open.push(screen);
  return screen;
}
afterEach(async () => {
  for (const screen of open.splice(0)) await screen.close();
});

describe('the frame', () => {
  test('stands before anything is read, and says who and where we are then', async () => {
    let openSession: (() => void) | undefined;
    const screen = await start({
      session: () => new Promise((resolve) => (openSession = () => resolve(fakeSession()))),
      options: { choice: { profile: 'on-call', region: 'eu-west-1' } },
    });
    await screen.sees('on-call · signing in… · eu-west-1');
    expect(screen.row('Reading Parcels')).toBeDefined();
    await screen.until(() => openSession !== undefined, 'the session is asked for');
    openSession?.();
    await screen.sees('on-call · 123456789012 · eu-west-1 · OnCall');
    await screen.sees('1 needs attention');
    expect(screen.lines()[1]).toBe(' Shelf');
  });

  test('shows session life, lock and throttles as they change', async () => {
    const session = fakeSession();
    const screen = await start({ session: async () => session });
    await screen.sees('OnCall');
    session.credentialsExpireAt = Date.now() + 41.5 * 60_000;
    session.changed();
    await screen.sees('session 41m');
    expect(screen.look('session 41m')?.colour).toBeUndefined();
    session.credentialsExpireAt = Date.now() + 5.5 * 60_000;
    session.throttled = [{ family: 'logs', until: Date.now() + 600_000 }];
    session.changed();
    await screen.sees('session 5m');
    expect(screen.look('session 5m')?.colour).toBe(3);
    await screen.sees('throttled: logs 10m');
    await screen.run('lock');
    await screen.sees('READ-ONLY');
    expect(session.guard.readOnly).toBe(true);
  });

  test('is red for production', async () => {
    const screen = await start({ options: { isProduction: (_, account) => account === '123456789012' } });
    await screen.sees('OnCall');
    expect(screen.look('OnCall')).toMatchObject({ colour: 1, inverse: true });
  });

  test('says what is wrong when nobody is signed in, stays up, and asks again on Ctrl-R', async () => {
    let signedIn = false;
    const session = vi.fn(async () => {
      if (signedIn) return fakeSession();
      throw new Failure('expired', 'The session of profile on-call has ended.', {
        advice: 'aws sso login --profile on-call',
      });
    });
    const screen = await start({ session, views: [sampleView([parcels(() => some)]), profilesView] });
    await screen.sees('not signed in');
    await screen.sees('The session of profile on-call has ended.');
    await screen.sees('aws sso login --profile on-call');
    await screen.press('!');
    await screen.sees('What went wrong');
    await screen.press('escape');
    signedIn = true;
    await screen.press('ctrl+r');
    await screen.sees('atlas');
    expect(session).toHaveBeenCalledTimes(2);
  });

  test('tells a terminal that is too small, and comes back with room', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.resize(59, 24);
    await screen.sees('Too small: 59x24');
    await screen.resize(60, 15);
    await screen.sees('atlas');
    await screen.resize(200, 50);
    await screen.until(() => screen.lines()[0]?.length === 199, 'the header takes the width');
    expect(screen.lines().at(-1)).toContain('? help');
  });

  test('keeps within the screen: nothing scrolls off and rows end at the border', async () => {
    const screen = await start();
    await screen.sees('atlas');
    for (const { columns, rows } of [
      { columns: 120, rows: 40 },
      { columns: 70, rows: 20 },
      { columns: 80, rows: 24 },
    ]) {
      await screen.resize(columns, rows);
      await screen.until(() => screen.lines()[2]?.length === columns, 'the panel takes the width');
    }
    expect(screen.stdout.terminal.buffer.active.baseY).toBe(0);
    expect(screen.lines()[2]).toMatch(/^┌ Parcels 3 ─+┐$/);
    expect(screen.lines()[22]).toMatch(/^└─+┘$/);
  });

  test('without colours and without UTF-8 all is told by ASCII', async () => {
    const screen = await start({ environment: { TERM: 'xterm', LANG: 'C', NO_COLOR: '1' } });
    await screen.sees('birch');
    expect(screen.lines()[2]).toMatch(/^\+ Parcels 3 -+\+$/);
    expect(screen.look('lost')?.colour).toBeUndefined();
  });
});

describe('keys', () => {
  test('move the selection, one at a time also when they come in one chunk', async () => {
    const screen = await start();
    await screen.selects('atlas');
    screen.send('jj');
    await screen.selects('cedar');
    await screen.press('g');
    await screen.selects('atlas');
    screen.send('\x1b[B\x1b[B\x1b[A');
    await screen.selects('birch');
    await screen.press('G', 'k', 'home', 'end');
    await screen.selects('cedar');
  });

  test('that can not act now say why', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.press('n');
    await screen.sees('press / first');
    await screen.press('j');
    await screen.gone('press / first');
  });

  test('Ctrl-C twice quits, once only says so; q at the root quits', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.press('ctrl+c');
    await screen.sees('Ctrl-C again quits');
    await screen.press('ctrl+c');
    expect(await screen.ended).toBe(0);
    const other = await start();
    await other.sees('atlas');
    await other.press('q');
    expect(await other.ended).toBe(0);
  });

  test('a paste fires no command', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.paste('qqq\r');
    await screen.sees('Nothing here takes a paste');
    expect(screen.row('atlas')).toBeDefined();
  });

  test('? lists every key of the screen, and search finds one', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.press('?');
    await screen.sees('Keys and commands');
    await screen.sees('Esc close');
    await screen.press('/');
    await screen.sees('Enter keep');
    await screen.type('json');
    await screen.sees('Show what is selected as JSON');
    await screen.press('enter', 'escape', 'escape');
    await screen.gone('Keys and commands');
  });

  test('commands of a view: hint, writes in red, reason, read-only', async () => {
    const run = vi.fn();
    const send: Command<{ readonly parcel: Parcel | undefined }> = {
      id: 'send',
      title: 'Send the parcel again',
      keys: ['S'],
      where: 'dashboard',
      hint: 'send',
      writes: true,
      disabled: ({ state }) => (state.parcel?.status === 'lost' ? 'A lost parcel can not be sent' : undefined),
      run: ({ state }) => run(state.parcel?.name),
    };
    const screen = await start({ views: [sampleView([parcels(() => some)], [send])] });
    await screen.selects('atlas');
    await screen.sees('S send');
    expect(screen.look('S send')?.colour).toBe(1);
    await screen.press('S');
    expect(run).toHaveBeenCalledExactlyOnceWith('atlas');
    await screen.press('j');
    await screen.selects('birch');
    await screen.press('S');
    await screen.sees('A lost parcel can not be sent');
    await screen.press('k', 'a');
    await screen.sees('Actions');
    await screen.press('enter');
    await screen.until(() => run.mock.calls.length === 2, 'the action ran');
    await screen.run('lock');
    await screen.press('S');
    await screen.sees('This console is read-only');
    expect(run).toHaveBeenCalledTimes(2);
  });
});

describe('tables', () => {
  test('/ filters as it is typed; letters fire nothing; Esc clears', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.press('/');
    await screen.type('status:sent !ced');
    await screen.sees('Parcels 1/3 /status:sent !ced');
    expect(screen.row('cedar')).toBeUndefined();
    await screen.press('enter');
    await screen.selects('atlas');
    await screen.press('/');
    await screen.type(' quiet');
    await screen.sees('None of 3 matches');
    await screen.press('enter', 'escape');
    await screen.sees('Parcels 3');
    await screen.sees('cedar');
  });

  test('Shift-O sorts, keeps the selection, shows the arrow, and turns round', async () => {
    const screen = await start();
    await screen.selects('atlas');
    await screen.press('O');
    await screen.sees('Sort by');
    await screen.press('j', 'j', 'enter');
    await screen.sees('WEIGHT▲');
    const order = () => screen.lines().flatMap((line) => /(atlas|birch|cedar)/.exec(line)?.[1] ?? []);
    expect(order()).toEqual(['birch', 'atlas', 'cedar']);
    await screen.selects('atlas');
    await screen.press('O', 'enter');
    await screen.sees('WEIGHT▼');
    await screen.until(() => order().join() === 'cedar,atlas,birch', 'the order is turned');
  });

  test('Ctrl-Z shows only what needs attention', async () => {
    const screen = await start();
    await screen.sees('atlas');
    await screen.press('ctrl+z');
    await screen.sees('Parcels 1/3 needs attention');
    await screen.gone('atlas');
    await screen.press('escape');
    await screen.sees('atlas');
  });

  test('Tab goes to the next table, each keeps its own selection and filter', async () => {
    const other = parcels(
      () => [
        { name: 'delta', status: 'sent', weight: 1 },
        { name: 'ember', status: 'sent', weight: 2 },
      ],
      'others',
    );
    const screen = await start({ views: [sampleView([parcels(() => some), other])] });
    await screen.sees('delta');
    await screen.press('j');
    await screen.selects('birch');
    await screen.press('tab', 'j');
    await screen.selects('ember');
    await screen.press('shift+tab');
    await screen.selects('birch');
  });

  test('a refresh keeps selection and rows; a failure keeps rows and says so', async () => {
    let rows: Parcel[] | Error = some;
    const resource = parcels(() => {
      if (rows instanceof Error) throw rows;
      return rows;
    });
    const screen = await start({ views: [sampleView([resource])] });
    await screen.selects('atlas');
    await screen.press('j');
    rows = [{ name: 'aspen', status: 'sent', weight: 1 }, ...some];
    await screen.press('ctrl+r');
    await screen.sees('Parcels 4');
    await screen.selects('birch');
    rows = new Failure('denied', 'parcels:List is denied');
    await screen.press('ctrl+r');
    await screen.sees('parcels:List is denied');
    expect(screen.row('cedar')).toBeDefined();
    rows = [];
    await screen.press('ctrl+r');
    await screen.sees('No parcel is under way.');
  });

  test('a screen taller than its rows scrolls no further than it must', async () => {
    const many = Array.from({ length: 200 }, (_, at) => ({ name: `parcel-${at + 1}`, status: 'sent', weight: at }));
    const screen = await start({ views: [sampleView([parcels(() => many)])] });
    await screen.selects('parcel-1 ');
    await screen.press('pagedown');
    await screen.selects('parcel-18');
    await screen.press('G');
    await screen.selects('parcel-200');
    expect(screen.row('parcel-183 ')).toBeDefined();
    await screen.press('k');
    await screen.selects('parcel-199');
    expect(screen.row('parcel-200')).toBeDefined();
  });

  test('y and Y copy, and say over which way', async () => {
    const screen = await start({ environment: { TERM: 'xterm', LANG: 'C.UTF-8', SSH_TTY: '/dev/pts/1' } });
    const copied: string[] = [];
    screen.stdout.terminal.parser.registerOscHandler(52, (data) => {
      copied.push(Buffer.from(data.replace('c;', ''), 'base64').toString());
      return true;
    });
    await screen.selects('atlas');
    await screen.press('y');
    await screen.sees('Sent to the terminal (OSC 52)');
    await screen.press('Y');
    await screen.until(() => copied.length === 2, 'both are copied');
    expect(copied).toEqual(['atlas', 'arn:aws:parcel:::atlas']);
  });

  test('d describes and J shows JSON, both read when asked', async () => {
    const screen = await start();
    await screen.selects('atlas');
    await screen.press('d');
    await screen.sees('weight: 12');
    await screen.sees('sentAt: 1970-01-01T00:00:00.000Z');
    await screen.press('q', 'J');
    await screen.sees('"label": "first\\nsecond"');
    await screen.press('escape');
    await screen.gone('as JSON');
  });

  test('what comes from remote can not act on the terminal', async () => {
    const hostile = [{ name: 'evil\x1b]0;owned\x07\x1b[2J\rname', status: 'se\u202ent', weight: 1 }];
    const screen = await start({ views: [sampleView([parcels(() => hostile)])] });
    await screen.sees('evil␛␛␍name');
    expect(screen.lines()[2]).toMatch(/^┌ Parcels 1 ─+┐$/);
  });
});
