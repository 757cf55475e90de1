import type { EnvironmentRow } from '../../fleet/environments.ts';
import type { Command, CommandContext } from '../command.ts';
import { runIngestion } from './run-ingestion.ts';

/** What the dashboard's commands act on: the selected environment while its pane has the focus. */
export interface DashboardState {
  readonly environment: EnvironmentRow | undefined;
}

type Context = CommandContext<DashboardState>;

function needsEnvironment({ state }: Context): string | undefined {
  return state.environment === undefined ? 'Select an environment first: Tab changes the pane' : undefined;
}

function withoutIngestion({ state: { environment } }: Context): string | undefined {
  if (environment?.ingestions === undefined) return 'Its ingestions are not known yet';
  return environment.ingestions.length === 0 ? 'It has no ingestion: I deploys one' : undefined;
}

/** The commands of the dashboard: the main jobs from the selected environment. */
export const dashboardCommands: readonly Command<DashboardState>[] = [
  {
    id: 'ingest',
    title: 'Deploy an ingestion into the environment',
    keys: ['I'],
    where: 'dashboard',
    hint: 'ingest',
    writes: true,
    disabled: needsEnvironment,
    run: ({ console, state }) => {
      if (state.environment !== undefined) console.router.push({ kind: 'deploy', environment: state.environment.name });
    },
  },
  {
    id: 'resume',
    title: 'Go on with its unfinished deployment',
    keys: [],
    where: 'dashboard',
    arguments: [{ name: 'environment', optional: true }],
    writes: true,
    run: async ({ console, state }, [name]) => {
      const environment = name ?? state.environment?.name;
      if (environment === undefined) console.notices.flash('Select an environment first, or name it', 'warn');
      // Not before it is asked for: all steps of a deployment would be loaded before the first frame.
      else await (await import('./apply-job.ts')).startResuming(console, environment);
    },
  },
  {
    id: 'run',
    title: 'Run one of its ingestions now',
    keys: ['R'],
    where: 'dashboard',
    hint: 'run',
    writes: true,
    disabled: (context) => needsEnvironment(context) ?? withoutIngestion(context),
    run: async ({ console, state }) => {
      const { name = '', ingestions = [] } = state.environment ?? {};
      const dagId = await console.dialogs.select<string>({
        title: `Run which ingestion of ${name}?`,
        choices: ingestions.map((each) => ({
          label: each.dagId,
          value: each.dagId,
          hint: each.pipeline.sourceType,
          disabled: each.mode === 'ecs' ? undefined : `It runs by the ${each.mode} operator: trigger its DAG (3)`,
        })),
      });
      if (dagId !== undefined) await runIngestion(console, name, dagId);
    },
  },
  {
    id: 'logs',
    title: "Follow the log groups of its ingestions and of Airflow's tasks",
    keys: ['l'],
    where: 'dashboard',
    hint: 'logs',
    disabled: needsEnvironment,
    run: ({ console, state }) => {
      const { environment, ingestions = [] } = state.environment ?? {};
      const groups = new Set(ingestions.flatMap(({ logGroup }) => logGroup ?? []));
      const task = environment?.logGroups.task;
      if (task?.enabled && task.group !== undefined) groups.add(task.group);
      if (groups.size === 0) console.notices.flash('It has no log group: its logging is switched off', 'warn');
      else console.router.push({ kind: 'logs', groups: [...groups] });
    },
  },
  {
    id: 'connection',
    title: "Show its metadata database's connection",
    keys: ['c'],
    where: 'dashboard',
    hint: 'connection',
    disabled: needsEnvironment,
    run: ({ console, state }) => {
      if (state.environment === undefined) return;
      console.router.push({ kind: 'environment', name: state.environment.name, tab: 'connection' });
    },
  },
];
