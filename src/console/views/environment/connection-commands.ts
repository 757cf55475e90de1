import { hidesDatabase } from '../../../connection/discovery/discover.ts';
import type { Command, CommandContext } from '../../command.ts';
import { startCleanUp, startDiscovery, storeDiscovered, toggleReveal } from './connection-jobs.ts';
import type { EnvironmentState } from './state.ts';

type Context = CommandContext<EnvironmentState>;

/** Whether the connection's tab is open. */
export function onConnection({ route }: Context): boolean {
  return route.kind === 'environment' && route.tab === 'connection';
}

/** Whether the tab is open, of an environment whose tasks see their database. */
function canFind(context: Context): boolean {
  const { environment } = context.state;
  return onConnection(context) && environment !== undefined && !hidesDatabase(environment);
}

const needsTab = (context: Context): string | undefined =>
  onConnection(context) && context.state.environment !== undefined ? undefined : 'Open the connection first: 5 or c';

const needsLogin = (context: Context): string | undefined =>
  needsTab(context) ?? (context.state.connection === 'found' ? undefined : 'The login is not known yet: F finds it');

/** The commands of an environment's connection tab. */
export const connectionCommands: readonly Command<EnvironmentState>[] = [
  {
    id: 'discover',
    title: "Find the metadata database's user and password",
    keys: ['F'],
    where: 'environment',
    hint: 'find login',
    hinted: (context) => canFind(context) && context.state.connection !== 'found',
    writes: true,
    disabled: (context) => {
      const { environment } = context.state;
      if (environment !== undefined && onConnection(context) && !canFind(context)) {
        return `Airflow ${environment.airflowVersion} gives its tasks no metadata database: use the REST route`;
      }
      return needsTab(context);
    },
    run: async ({ console, state }) => {
      if (state.environment !== undefined) await startDiscovery(console, state.environment);
    },
  },
  {
    id: 'reveal',
    title: 'Show the password for 30 seconds, or hide it',
    keys: ['v'],
    where: 'environment',
    hint: 'reveal',
    hinted: (context) => needsLogin(context) === undefined,
    disabled: needsLogin,
    run: ({ console, state }) => {
      if (state.environment !== undefined) toggleReveal(console, state.environment);
    },
  },
  {
    id: 'store',
    title: 'Store the connection in Secrets Manager, or update it there',
    keys: ['S'],
    where: 'environment',
    hint: 'store',
    hinted: (context) => needsLogin(context) === undefined,
    writes: true,
    disabled: needsLogin,
    run: async ({ console, state }) => {
      if (state.environment !== undefined) await storeDiscovered(console, state.environment);
    },
  },
  {
    id: 'clean-up',
    title: 'Take away what interrupted discoveries and probes left',
    keys: [],
    where: 'environment',
    writes: true,
    disabled: needsTab,
    run: async ({ console, state }) => {
      if (state.environment !== undefined) await startCleanUp(console, state.environment);
    },
  },
];
