import { type MinimalPolicy, policyForDenials } from '../aws/denied.ts';
import { age } from '../text/ages.ts';
import { jsonText } from '../text/json.ts';
import type { Command } from './command.ts';
import type { Console } from './console.ts';
import { changeSession, profileInUse, signIn } from './sign-in.ts';
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
    id: 'policy',
    title: 'Show an IAM policy that allows what was refused so far',
    keys: [],
    where: 'everywhere',
    disabled: ({ console }) =>
      refusedPolicy(console) === undefined ? 'AWS has refused nothing for want of a permission' : undefined,
    run: ({ console }) => {
      const text = jsonText(refusedPolicy(console), 2);
      void console.dialogs.document({
        title: 'IAM policy for what was refused',
        load: async () => text.split('\n'),
      });
    },
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
    arguments: [
      { name: 'profile', choices: async ({ options }) => ((await options.profiles?.()) ?? []).map(({ name }) => name) },
    ],
    run: async ({ console }, [profile]) => {
      const { region } = console.session.getState().choice;
      await changeSession(console, { profile, region });
    },
  },
  {
    id: 'profiles',
    title: 'List the profiles, and what each needs to sign in',
    keys: [],
    where: 'everywhere',
    disabled: oneAccount,
    run: ({ console }) => console.router.push({ kind: 'profiles' }),
  },
  {
    id: 'login',
    title: 'Sign in with the profile in use, by its own command on this terminal',
    keys: [],
    where: 'everywhere',
    disabled: oneAccount,
    arguments: [
      {
        name: 'option',
        optional: true,
        rest: true,
        choices: async () => ['--use-device-code', '--no-browser'],
      },
    ],
    run: async ({ console }, options) => {
      const profile = await profileInUse(console);
      if (profile === undefined) console.router.push({ kind: 'profiles' });
      else await signIn(console, profile, options);
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
    disabled: ({ console }) => {
      if (console.lock.getState().locked) return 'The console is read-only';
      const [job] = console.jobs.getState().running;
      return job === undefined ? undefined : `Not now: ${job.title} is under way and has to write`;
    },
    run: ({ console }) => console.lock.lock(),
  },
  {
    id: 'unlock',
    title: 'Allow calls that write again',
    keys: [],
    where: 'everywhere',
    disabled: ({ console }) => {
      if (console.options.readOnly === true) return 'The console was started with --read-only';
      return console.lock.getState().locked ? undefined : 'The console is not read-only';
    },
    run: async ({ console }) => {
      if (await mayUnlock(console)) console.lock.unlock();
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

function refusedPolicy({ notices }: Console): MinimalPolicy | undefined {
  return policyForDenials(notices.getState().errors.map(({ failure }) => failure));
}

/** Asks yes or no; in production for the profile's name. */
async function mayUnlock({ session: store, options, dialogs }: Console): Promise<boolean> {
  const { session, identity } = store.getState();
  const { relockAfter = 0, isProduction } = options;
  const title = 'Allow writes';
  const lines = [
    `Calls that write go to account ${identity?.account ?? '?'} in ${session?.region ?? '?'}.`,
    ...(relockAfter > 0 ? [`Where writes start locked, they are locked again after ${age(relockAfter)}.`] : []),
  ];
  const expected = session?.profile ?? identity?.account;
  if (expected !== undefined && isProduction?.(session?.profile, identity?.account) === true) {
    return dialogs.name({ title: `${title} in production`, lines, expected });
  }
  return dialogs.confirm({ title, lines, yes: 'allow writes', writes: true });
}
