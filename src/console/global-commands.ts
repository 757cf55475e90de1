import type { Command } from './command.ts';
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
    title: 'Clear the marks or the filter, or go back',
    keys: ['escape'],
    where: 'everywhere',
    run: ({ console, pane }) => {
      if (pane?.mark !== undefined && pane.mark.count > 0) pane.mark.clear();
      else if (pane?.find !== undefined && pane.find.text !== '') pane.find.set('');
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
      // Costs a request only where it is not known who we are.
      await console.session.retry();
      for (const pane of console.panes.getState().panes) pane.refresh?.();
    },
  },
  {
    id: 'redraw',
    title: 'Draw the screen anew, where something else has written on it',
    keys: ['ctrl+l'],
    where: 'everywhere',
    run: ({ console }) => console.suspend(async () => {}),
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
