import type { Command, CommandContext } from '../../command.ts';
import { type EnvironmentTab, environmentTabs } from '../../routes.ts';
import { startResuming, startUndoing } from '../apply-job.ts';
import { openAirflowInBrowser } from '../open-airflow.ts';
import { pauseDag } from '../pause-dag.ts';
import { runIngestion } from '../run-ingestion.ts';
import { runWithConfiguration } from '../run-with-configuration.ts';
import { tabCommands } from '../tab-commands.ts';
import { triggerDag } from '../trigger-dag.ts';
import { connectionCommands, onConnection } from './connection-commands.ts';
import { startProbe } from './connection-jobs.ts';
import type { EnvironmentState } from './state.ts';
import { openUpdateLog } from './update-log.ts';

type Context = CommandContext<EnvironmentState>;

/** The template that deploys an environment's own metadata. */
const OWN_METADATA = 'airflow_metadata';

const NOT_READ = 'The environment is not read yet';

function needsEnvironment({ state }: Context): string | undefined {
  return state.environment === undefined ? NOT_READ : undefined;
}

function needsIngestion({ state }: Context): string | undefined {
  return state.ingestion === undefined ? 'Select an ingestion first: 2 lists them' : undefined;
}

function needsDag({ state }: Context): string | undefined {
  return state.dag === undefined ? 'Select a DAG first: 3 lists them' : undefined;
}

/** The commands of an environment's screen. */
export function environmentCommands(title: (tab: EnvironmentTab) => string): readonly Command<EnvironmentState>[] {
  return [
    {
      id: 'ingest',
      title: 'Deploy an ingestion, or the selected one again',
      keys: ['I'],
      where: 'environment',
      hint: 'ingest',
      writes: true,
      disabled: needsEnvironment,
      run: ({ console, state }) => {
        if (state.environment === undefined) return;
        const dagId = state.ingestion?.dagId;
        console.router.push({
          kind: 'deploy',
          environment: state.environment.name,
          ...(dagId === undefined ? {} : { dagId }),
          ...(state.connection === undefined ? {} : { template: OWN_METADATA }),
        });
      },
    },
    {
      id: 'resume',
      title: 'Go on with the unfinished deployment, or the selected one',
      keys: [],
      where: 'environment',
      writes: true,
      disabled: needsEnvironment,
      run: async ({ console, state }) => {
        const { environment, deployment } = state;
        if (environment !== undefined) await startResuming(console, environment.name, deployment?.id);
      },
    },
    {
      id: 'undo',
      title: 'Take the newest deployment back, or the selected one',
      keys: ['U'],
      where: 'environment',
      hint: 'undo',
      hinted: ({ route }) => route.kind === 'environment' && route.tab === 'history',
      writes: true,
      disabled: needsEnvironment,
      run: async ({ console, state }) => {
        const { environment, deployment } = state;
        if (environment !== undefined) await startUndoing(console, environment.name, deployment?.id);
      },
    },
    ...connectionCommands,
    {
      id: 'run',
      title: 'Run the ingestion now, as an ECS task',
      keys: ['R'],
      where: 'environment',
      hint: 'run',
      hinted: (context) => !onConnection(context),
      writes: true,
      disabled: needsIngestion,
      run: async ({ console, state }) => {
        if (state.environment === undefined || state.ingestion === undefined) return;
        await runIngestion(console, state.environment.name, state.ingestion.dagId);
      },
    },
    {
      id: 'run-with',
      title: 'Run the ingestion once with another configuration, from a file',
      keys: ['Z'],
      where: 'environment',
      writes: true,
      disabled: needsIngestion,
      run: async ({ console, state }) => {
        if (state.environment === undefined || state.ingestion === undefined) return;
        await runWithConfiguration(console, state.environment.name, state.ingestion.dagId);
      },
    },
    {
      id: 'trigger',
      title: 'Trigger the DAG; on the connection tab: test from here and from an ECS task',
      keys: ['T'],
      where: 'environment',
      hint: (context) => (onConnection(context) ? 'test' : 'trigger'),
      hinted: ({ route }) => route.kind === 'environment' && (route.tab === 'dags' || route.tab === 'connection'),
      writes: true,
      disabled: (context) =>
        (onConnection(context) ? needsEnvironment(context) : needsDag(context)) ??
        (context.state.dag?.paused ? 'The DAG is paused: its run would only queue. P unpauses it' : undefined),
      run: async (context) => {
        const { console, state } = context;
        if (!onConnection(context)) await trigger(context);
        else if (state.environment !== undefined) await startProbe(console, state.environment);
      },
    },
    {
      id: 'pause',
      title: 'Pause or unpause the DAG',
      keys: ['P'],
      where: 'environment',
      writes: true,
      disabled: needsDag,
      run: pause,
    },
    {
      id: 'logs',
      title: "Follow the logs of the selection, or of Airflow's tasks",
      keys: ['l'],
      where: 'environment',
      hint: 'logs',
      hinted: (context) => !onConnection(context),
      disabled: needsEnvironment,
      run: ({ console, state }) => {
        const group = state.ingestion?.logGroup ?? state.environment?.logGroups.task?.group;
        const groups = state.groups ?? (group === undefined ? [] : [group]);
        if (groups.length === 0)
          console.notices.flash('The environment has no task log group: 4 lists what there is', 'warn');
        else console.router.push({ kind: 'logs', groups, ...streamsOf(state) });
      },
    },
    {
      id: 'connection',
      title: "Show the metadata database's connection",
      keys: ['c'],
      where: 'environment',
      hint: 'connection',
      hinted: (context) => !onConnection(context),
      run: ({ console, route }) => {
        if (route.kind === 'environment') console.router.replace({ ...route, tab: 'connection' });
      },
    },
    {
      id: 'timeline',
      title: 'Show on one axis what happened to the ingestion within a day',
      keys: ['h'],
      where: 'environment',
      hint: 'timeline',
      hinted: ({ state }) => state.ingestion !== undefined,
      disabled: needsIngestion,
      run: ({ console, state }) => {
        if (state.environment === undefined || state.ingestion === undefined) return;
        const { dagId } = state.ingestion;
        console.router.push({ kind: 'timeline', environment: state.environment.name, dagId });
      },
    },
    {
      id: 'airflow',
      title: 'Open its Airflow in the browser, signed in by a token',
      keys: ['w'],
      where: 'environment',
      writes: true,
      run: async ({ console, route }) => {
        if (route.kind === 'environment') await openAirflowInBrowser(console, route.name);
      },
    },
    {
      id: 'update-log',
      title: 'Show what its last failed update logged while installing',
      keys: ['e'],
      where: 'environment',
      hint: 'update log',
      hinted: ({ state }) => state.environment?.lastUpdate?.status === 'FAILED',
      disabled: (context) =>
        needsEnvironment(context) ??
        (context.state.environment?.lastUpdate?.status === 'FAILED' ? undefined : 'Its last update has not failed'),
      run: ({ console, state }) => {
        if (state.environment !== undefined) openUpdateLog(console, state.environment);
      },
    },
    ...tabCommands<'environment', EnvironmentState>('environment', environmentTabs, title),
  ];
}

/** An ingestion's own streams of a log group that it shares. */
function streamsOf({ groups, ingestion }: EnvironmentState): { streamPrefix?: string } {
  const prefix = groups === undefined ? ingestion?.logStreamPrefix : undefined;
  return prefix === undefined ? {} : { streamPrefix: `${prefix}/` };
}

async function trigger({ console, state }: Context): Promise<void> {
  const { environment, dag } = state;
  if (environment !== undefined && dag !== undefined) await triggerDag(console, environment, dag.dagId);
}

async function pause({ console, state }: Context): Promise<void> {
  const { environment, dag } = state;
  if (environment !== undefined && dag !== undefined) await pauseDag(console, environment, dag);
}
