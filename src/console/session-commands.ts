import { type MinimalPolicy, policyForDenials } from '../aws/denied.ts';
import { age } from '../text/ages.ts';
import { jsonText } from '../text/json.ts';
import type { Command } from './command.ts';
import type { Console } from './console.ts';
import { changeSession, profileInUse, signIn } from './sign-in.ts';

/** Who the console is, where, and whether it may write. */
export const sessionCommands: readonly Command[] = [
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
