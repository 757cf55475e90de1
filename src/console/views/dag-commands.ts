import { openAirflow } from '../../airflow/airflow.ts';
import type { Dag, TaskInstance } from '../../airflow/types.ts';
import type { IngestionRun } from '../../tasks/dag-runs.ts';
import { Failure } from '../../text/failure.ts';
import type { Command, CommandContext } from '../command.ts';
import { openAirflowInBrowser } from './open-airflow.ts';
import { openTaskLogs } from './open-task-logs.ts';
import { pauseDag } from './pause-dag.ts';
import { triggerDag } from './trigger-dag.ts';

/** What the screen's commands act on: the selected run, the selected task, and the tasks that are marked. */
export interface DagState {
  readonly run: IngestionRun | undefined;
  readonly task: TaskInstance | undefined;
  readonly marked: readonly TaskInstance[];
}

type Context = CommandContext<DagState>;

const TIMEOUT = 30_000;
/** States that clearing lets run again (Airflow, `only_failed`). */
const CLEARABLE: ReadonlySet<string | undefined> = new Set(['failed', 'upstream_failed']);

/** The commands of a DAG's screen. */
export const dagCommands: readonly Command<DagState>[] = [
  {
    id: 'trigger',
    title: "Trigger the DAG, with the selected run's configuration to begin with",
    keys: ['T'],
    where: 'dag',
    hint: 'trigger',
    writes: true,
    run: async ({ console, route, state }) => {
      if (route.kind !== 'dag') return;
      const { environment: name, airflowVersion, dagId } = route;
      if ((await readDag({ console, route })).paused) {
        throw new Failure('refused', `${dagId} is paused: its run would only queue.`, {
          advice: 'P unpauses it.',
        });
      }
      await triggerDag(console, { name, airflowVersion }, dagId, state.run?.conf);
    },
  },
  {
    id: 'clear',
    title: 'Let the failed task run again, or those that are marked',
    keys: ['C'],
    where: 'dag',
    hint: 'clear',
    writes: true,
    disabled: ({ state }) => {
      if (state.run === undefined) return 'There is no run to clear a task of';
      return clearable(state).length === 0 ? whyNoneToClear(state) : undefined;
    },
    run: clear,
  },
  {
    id: 'pause',
    title: 'Pause or unpause the DAG',
    keys: ['P'],
    where: 'dag',
    writes: true,
    run: async ({ console, route }) => {
      if (route.kind !== 'dag') return;
      const { environment: name, airflowVersion } = route;
      await pauseDag(console, { name, airflowVersion }, await readDag({ console, route }));
    },
  },
  {
    id: 'airflow',
    title: "Open the environment's Airflow in the browser, signed in by a token",
    keys: ['w'],
    where: 'dag',
    writes: true,
    run: async ({ console, route }) => {
      if (route.kind === 'dag') await openAirflowInBrowser(console, route.environment);
    },
  },
  {
    id: 'logs',
    title: "Follow the selected task's log, or that of the whole run",
    keys: ['l'],
    where: 'dag',
    hint: 'logs',
    disabled: ({ state }) => (state.run === undefined ? 'There is no run to show the log of' : undefined),
    run: async ({ console, route, state, pane }) => {
      if (route.kind !== 'dag') return;
      const task = pane?.id === 'task-instances' ? state.task : undefined;
      await openTaskLogs(console, route.environment, state.run, task);
    },
  },
  {
    id: 'ecs-task',
    title: 'Go to the ECS task that the run, or the selected task of it, started',
    keys: ['x'],
    where: 'dag',
    hint: 'task',
    hinted: ({ state: { run, task } }) =>
      (run?.tasks?.length ?? 0) > 0 || (run !== undefined && task?.operator?.startsWith('Ecs') === true),
    disabled: ({ state }) => (state.run === undefined ? 'There is no run to show the task of' : undefined),
    run: async ({ console, route, state: { run, task }, pane }) => {
      if (route.kind !== 'dag' || run === undefined) return;
      const { environment, dagId } = route;
      const [known] = run.tasks ?? [];
      if (known !== undefined) {
        console.router.goTo({ kind: 'run', cluster: known.cluster, taskArn: known.arn, environment, dagId });
        return;
      }
      const { ecsTasksInLog } = await import('../../tasks/airflow-log.ts');
      const taskId = pane?.id === 'task-instances' ? task?.taskId : undefined;
      const session = console.openSession();
      const [newest, ...others] = await ecsTasksInLog(session, environment, run, taskId, AbortSignal.timeout(TIMEOUT));
      console.router.goTo({ kind: 'run', ...newest, environment, dagId });
      if (others.length > 0) console.notices.flash(`The newest of the ${others.length + 1} ECS tasks that it started`);
    },
  },
];

async function readDag({ console, route }: Pick<Context, 'console' | 'route'>): Promise<Dag> {
  if (route.kind !== 'dag') throw new Error('This is not the screen of a DAG');
  const { environment: name, airflowVersion, dagId } = route;
  const dag = await openAirflow(console.openSession(), { name, airflowVersion }).dag(
    dagId,
    AbortSignal.timeout(TIMEOUT),
  );
  if (dag !== undefined) return dag;
  throw new Failure('not-found', `Airflow of ${name} does not know ${dagId} any more.`, {
    advice: 'Is its file still in the bucket? Esc goes back to the DAGs.',
    resource: dagId,
  });
}

function clearable({ task, marked }: DagState): readonly TaskInstance[] {
  const chosen = marked.length > 0 || task === undefined ? marked : [task];
  return chosen.filter(({ state }) => CLEARABLE.has(state));
}

function whyNoneToClear({ task, marked }: DagState): string {
  return task === undefined || marked.length > 0
    ? 'Select or mark tasks that have failed: Tab goes to them'
    : `${task.taskId} has not failed: only what has is cleared`;
}

async function clear({ console, route, state }: Context): Promise<void> {
  const { run } = state;
  if (route.kind !== 'dag' || run === undefined) return;
  const { environment: name, airflowVersion, dagId } = route;
  const taskIds = [...new Set(clearable(state).map(({ taskId }) => taskId))];
  const what = taskIds.length === 1 ? (taskIds[0] ?? '') : `${taskIds.length} tasks`;
  const sure = await console.dialogs.confirm({
    title: `Clear ${what}`,
    lines: [
      ...(taskIds.length === 1 ? [] : [taskIds.join(', ')]),
      `What has failed of ${taskIds.length === 1 ? 'it' : 'them'} in ${run.runId} runs again, and what waits for it.`,
    ],
    yes: 'let it run again',
    writes: true,
  });
  if (!sure) return;
  const airflow = openAirflow(console.openSession(), { name, airflowVersion });
  await airflow.clearFailed(dagId, run.runId, taskIds, AbortSignal.timeout(TIMEOUT));
  console.session.getState().pollers?.hurry();
  console.notices.flash(`${what} runs again`);
}
