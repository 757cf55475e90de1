import { Box } from 'ink';
import { useEffect, useMemo, useState } from 'react';
import type { Profile } from '../../aws/profiles.ts';
import { shownSharedPaths } from '../../aws/shared-files.ts';
import { signInCommand, signInNeeds, signInWay } from '../../aws/sign-in.ts';
import type { Column } from '../../text/columns.ts';
import type { ConsoleOptions } from '../console.ts';
import { useConsole, useStore, useViewState } from '../hooks.ts';
import { failureRows } from '../message.ts';
import { changeSession, signIn } from '../sign-in.ts';
import { failureOf } from '../stores/failures.ts';
import type { Polled } from '../stores/poller.ts';
import { useTable } from '../use-table.ts';
import { defineView, type ViewProps } from '../view.ts';
import { TablePanel } from '../widgets/table.tsx';
import { Rows } from '../widgets/text.tsx';

/** What the screen's commands act on. */
interface ProfilesState {
  readonly profile: Profile | undefined;
}

const columns: readonly Column<Profile>[] = [
  { id: 'profile', title: 'PROFILE', priority: 1, cell: ({ name }) => ({ text: name }) },
  { id: 'account', title: 'ACCOUNT', priority: 4, cell: ({ account }) => ({ text: account ?? '-' }) },
  { id: 'region', title: 'REGION', priority: 5, cell: ({ region }) => ({ text: region ?? '-' }) },
  { id: 'way', title: 'CREDENTIALS', priority: 3, cell: (profile) => ({ text: signInWay(profile) }) },
  {
    id: 'needs',
    title: 'NEEDS',
    priority: 2,
    cell: (profile) => {
      const needs = signInNeeds(profile);
      return needs === '' ? { text: 'nothing', tone: 'ok' } : { text: needs, tone: 'warn' };
    },
  },
];

/** Names the files that were read: another may be meant than the variables say. */
function emptyWords({ environment, embedded }: ConsoleOptions): string {
  if (embedded) return 'The embedded region needs no profile: none is read.';
  const { config, credentials } = shownSharedPaths(environment);
  return `There is no profile in ${config} or ${credentials}. \`aws configure sso\` makes one; \`mwaa-console --demo\` needs none.`;
}

/** Rows for why there is no session. */
const FAILURE_ROWS = 4;

function Profiles({ width, height }: ViewProps<'profiles'>) {
  const console = useConsole();
  const failure = useStore(console.session, (state) => state.failure);
  const profiles = useProfiles();
  const table = useTable<Profile>({
    pane: 'profiles',
    title: 'AWS profiles',
    columns,
    key: ({ name }) => name,
    rows: profiles,
    empty: emptyWords(console.options),
    open: ({ name }) => {
      changeSession(console, { profile: name }).catch((error: unknown) => console.notices.error(error, name));
    },
    describe: async (profile) => profile,
    refresh: profiles.refresh,
  });
  useViewState({ profile: table.selected } satisfies ProfilesState);
  const rows = failure === undefined ? [] : failureRows(failure, width - 2);
  const shown = rows
    .slice(0, FAILURE_ROWS)
    .map((row) => (typeof row === 'string' ? ` ${row}` : [{ text: ' ' }, ...row]));
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Rows rows={shown} width={width} />
      <TablePanel table={table} width={width} height={height - shown.length} />
    </Box>
  );
}

/** The profiles, read when the screen opens and on demand. */
function useProfiles(): Polled<readonly Profile[]> & { readonly refresh: () => void } {
  const { options } = useConsole();
  const [read, setRead] = useState<Polled<readonly Profile[]>>(LOADING);
  const [turn, setTurn] = useState(0);
  useEffect(() => {
    let current = true;
    const load = async () => (turn < 0 ? [] : ((await options.profiles?.()) ?? []));
    load().then(
      (data) => {
        if (current) setRead({ ...LOADING, phase: 'ready', data, readAt: 0 });
      },
      (error: unknown) => {
        if (current) setRead({ ...LOADING, phase: 'failed', failure: failureOf(error) });
      },
    );
    return () => {
      current = false;
    };
  }, [options, turn]);
  return useMemo(() => ({ ...read, refresh: () => setTurn((each) => each + 1) }), [read]);
}

const LOADING: Polled<readonly Profile[]> = {
  phase: 'loading',
  data: undefined,
  failure: undefined,
  readAt: undefined,
  reading: false,
};

/** Whom the console can be: the start without credentials, and `:profiles` at any time. */
export const profilesView = defineView<'profiles', ProfilesState>({
  kind: 'profiles',
  crumbs: () => ['Profiles'],
  Component: Profiles,
  initialState: { profile: undefined },
  commands: [
    {
      id: 'sign-in',
      title: 'Sign in with the selected profile: by its own command here, or by an MFA code',
      keys: ['s'],
      where: 'profiles',
      hint: 'sign in',
      disabled: ({ state: { profile } }) => {
        if (profile === undefined) return 'Select a profile first';
        return signInCommand(profile) === undefined && !profile.mfa
          ? `No command signs ${profile.name} in: its credentials come from ${signInWay(profile)}`
          : undefined;
      },
      run: async ({ console, state: { profile } }) => {
        if (profile !== undefined) await signIn(console, profile);
      },
    },
  ],
});
