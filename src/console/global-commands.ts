import type { Command } from './command.ts';
import type { Console } from './console.ts';
import type { SessionChoice } from './stores/session.ts';
import { suspendToShell } from './terminal/handover.ts';

/** What works on every screen. */
export const globalCommands: readonly Command[] = [
  {
    id: 'palette',
    title: 'Enter a command by name',
    keys: [':'],
    where: 'everywhere',
    hint: 'command',
    run: ({ console }) => void console.dialogs.show('palette'),
  },
  {
    id: 'help',
    title: 'Show every key of this screen',
    keys: ['?'],
    where: 'everywhere',
    hint: 'help',
    run: ({ console }) => void console.dialogs.show('help'),
  },
  {
    id: 'back',
    title: 'Clear the filter, or go back',
    keys: ['escape'],
    where: 'everywhere',
    run: ({ console, pane }) => {
      if (pane?.find !== undefined && pane.find.text !== '') pane.find.set('');
      else if (pane?.attention?.only === true) pane.attention.toggle();
      else console.router.back();
    },
  },
  {
    id: 'leave',
    title: 'Go back; at the root, quit',
    keys: ['q'],
    where: 'everywhere',
    run: async ({ console }) => {
      if (!console.router.back()) await console.quit();
    },
  },
  {
    id: 'history-back',
    title: 'Back in the history of screens',
    keys: ['['],
    where: 'everywhere',
    disabled: ({ console }) => (console.router.getState().position === 0 ? 'This is the first screen' : undefined),
    run: ({ console }) => void console.router.back(),
  },
  {
    id: 'history-forward',
    title: 'Forward in the history of screens',
    keys: [']'],
    where: 'everywhere',
    disabled: ({ console }) => {
      const { places, position } = console.router.getState();
      return position === places.length - 1 ? 'This is the last screen' : undefined;
    },
    run: ({ console }) => void console.router.forward(),
  },
  {
    id: 'actions',
    title: 'Choose among the actions of this screen',
    keys: ['a'],
    where: 'everywhere',
    run: ({ console }) => void console.dialogs.show('actions'),
  },
  {
    id: 'refresh',
    title: 'Read again now',
    keys: ['ctrl+r'],
    where: 'everywhere',
    run: async ({ console }) => {
      const { session, failure } = console.session.getState();
      if (session === undefined || failure !== undefined) await console.session.retry();
      for (const pane of console.panes.getState().panes) pane.refresh?.();
    },
  },
  {
    id: 'errors',
    title: 'Show what went wrong, with advice',
    keys: ['!'],
    where: 'everywhere',
    run: ({ console }) => void console.dialogs.show('errors'),
  },
  {
    id: 'calls',
    title: 'Show the AWS calls made, as aws command lines',
    keys: ['@'],
    where: 'everywhere',
    run: ({ console }) => void console.dialogs.show('calls'),
  },
  {
    id: 'profile',
    title: 'Change to another profile',
    keys: [],
    where: 'everywhere',
    disabled: oneAccount,
    arguments: [{ name: 'profile', choices: async ({ options }) => (await options.profiles?.()) ?? [] }],
    run: async ({ console }, [profile]) => {
      const { region } = console.session.getState().choice;
      await changeSession(console, { profile, region });
    },
  },
  {
    id: 'region',
    title: 'Change to another region',
    keys: [],
    where: 'everywhere',
    disabled: oneAccount,
    arguments: [{ name: 'region', choices: async ({ options }) => (await options.regions?.()) ?? [] }],
    run: async ({ console }, [region]) => {
      const { profile } = console.session.getState().choice;
      await changeSession(console, { profile, region });
    },
  },
  {
    id: 'dashboard',
    title: 'Go to the dashboard',
    keys: [],
    where: 'everywhere',
    run: ({ console }) => console.router.push({ kind: 'dashboard' }),
  },
  {
    id: 'env',
    title: 'Go to an environment',
    keys: [],
    where: 'everywhere',
    arguments: [
      { name: 'environment', choices: async ({ session }) => session.getState().pollers?.keys('environments') ?? [] },
    ],
    run: ({ console }, [name = '']) => console.router.push({ kind: 'environment', name, tab: 'overview' }),
  },
  {
    id: 'cluster',
    title: 'Go to a cluster',
    keys: [],
    where: 'everywhere',
    arguments: [
      { name: 'cluster', choices: async ({ session }) => session.getState().pollers?.keys('clusters') ?? [] },
    ],
    run: ({ console }, [name = '']) => console.router.push({ kind: 'cluster', name, tab: 'tasks' }),
  },
  {
    id: 'tail',
    title: 'Follow log groups',
    keys: [],
    where: 'everywhere',
    arguments: [
      {
        name: 'group',
        rest: true,
        choices: async ({ session }) => session.getState().pollers?.keys('log-groups') ?? [],
      },
    ],
    run: ({ console }, groups) => console.router.push({ kind: 'logs', groups }),
  },
  {
    id: 'lock',
    title: 'Refuse every call that writes',
    keys: [],
    where: 'everywhere',
    disabled: ({ console }) => (console.session.getState().readOnly ? 'The console is read-only' : undefined),
    run: ({ console }) => console.session.setReadOnly(true),
  },
  {
    id: 'unlock',
    title: 'Allow calls that write again',
    keys: [],
    where: 'everywhere',
    disabled: ({ console }) => {
      if (console.options.readOnly === true) return 'The console was started with --read-only';
      return console.session.getState().readOnly ? undefined : 'The console is not read-only';
    },
    run: async ({ console }) => {
      const { session, identity } = console.session.getState();
      const sure = await console.dialogs.confirm({
        title: 'Allow writes',
        lines: [`Calls that write go to account ${identity?.account ?? '?'} in ${session?.region ?? '?'}.`],
        yes: 'allow writes',
        writes: true,
      });
      if (!sure) return;
      console.session.setReadOnly(false);
      relockLater(console);
    },
  },
  {
    id: 'suspend',
    title: 'Suspend the console; fg brings it back',
    keys: [],
    where: 'everywhere',
    disabled: () => (process.platform === 'win32' ? 'Windows has no job control' : undefined),
    run: ({ console }) => suspendToShell(console.suspend),
  },
  {
    id: 'quit',
    title: 'Quit',
    keys: [],
    where: 'everywhere',
    run: ({ console }) => console.quit(),
  },
];

function oneAccount({ console }: { readonly console: Console }): string | undefined {
  return console.options.embedded === true ? 'The embedded region has one account and one region' : undefined;
}

/** A console that starts locked locks itself again: an unlocked one is easily forgotten. */
function relockLater(console: Console): void {
  const { locked, relockAfter = 0 } = console.options;
  if (locked !== true || relockAfter === 0) return;
  const timer = setTimeout(() => {
    if (console.session.getState().readOnly) return;
    console.session.setReadOnly(true);
    console.notices.flash('Locked against writes again: :unlock opens', 'warn');
  }, relockAfter);
  timer.unref();
}

/** Opens another session; work under way belongs to the one before, so it must end first. */
async function changeSession(console: Console, choice: SessionChoice): Promise<void> {
  const { running } = console.jobs.getState();
  if (running.length > 0) {
    console.notices.flash(`Not now: ${running[0]?.title} is under way`, 'warn');
    return;
  }
  console.router.reset({ kind: 'dashboard' });
  await console.session.open(choice);
  console.ticker.tick();
}
