import { Box } from 'ink';
import { useLayoutEffect, useMemo } from 'react';
import { openAirflow } from '../../airflow/airflow.ts';
import { taskLogPrefix } from '../../airflow/log-stream.ts';
import type { TaskInstance } from '../../airflow/types.ts';
import { taskInstances } from '../../fleet/dags.ts';
import { readEnvironment } from '../../fleet/environments.ts';
import { type IngestionRun, ingestionRuns } from '../../tasks/dag-runs.ts';
import { isoTime } from '../../text/ages.ts';
import { Failure } from '../../text/failure.ts';
import type { CommandContext } from '../command.ts';
import { useConsole, useViewState } from '../hooks.ts';
import { useResourceTable } from '../use-table.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Panel } from '../widgets/panel.tsx';
import { TablePanel } from '../widgets/table.tsx';
import { triggerDag } from './trigger-dag.ts';

/** What the screen's commands act on. */
interface DagState {
  readonly run: IngestionRun | undefined;
  readonly task: TaskInstance | undefined;
}

/** Rows of the tasks' table at least: borders, head and two tasks. */
const LEAST_TASKS = 6;

function DagScreen({ route, width, height }: ViewProps<'dag'>) {
  const { router, records } = useConsole();
  const { environment: name, airflowVersion, dagId } = route;
  const environment = useMemo(() => ({ name, airflowVersion }), [name, airflowVersion]);
  const scope = useMemo(() => ({ environment, dagId, records }), [environment, dagId, records]);
  const runs = useResourceTable(ingestionRuns, scope, {
    title: `Runs of ${dagId}`,
    empty: `${dagId} has not run yet. T triggers it.`,
    open: () => router.focus('task-instances'),
  });
  useLayoutEffect(() => {
    // With rows at hand the tasks' table is there before the runs' one, and would have the focus.
    if (router.place().focus === undefined) router.focus(ingestionRuns.id);
  }, [router]);
  const runId = runs.selected?.runId;
  const tasksHeight = Math.max(LEAST_TASKS, Math.floor(height / 3));
  const area = { width, height: tasksHeight };
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={runs} width={width} height={height - tasksHeight} />
      {runId === undefined ? (
        <NoTasks {...area} />
      ) : (
        <Tasks key={runId} environment={environment} dagId={dagId} runId={runId} run={runs.selected} {...area} />
      )}
    </Box>
  );
}

function NoTasks({ width, height }: { width: number; height: number }) {
  useViewState({ run: undefined, task: undefined } satisfies DagState);
  return <Panel title="Tasks of the run" rows={[]} width={width} height={height} />;
}

function Tasks({
  environment,
  dagId,
  runId,
  run,
  width,
  height,
}: {
  environment: { readonly name: string; readonly airflowVersion: string };
  dagId: string;
  runId: string;
  run: IngestionRun | undefined;
  width: number;
  height: number;
}) {
  const console = useConsole();
  const scope = useMemo(() => ({ environment, dagId, runId }), [environment, dagId, runId]);
  const table = useResourceTable(taskInstances, scope, {
    title: `Tasks of ${runId}`,
    empty: 'The scheduler has made no task of this run yet.',
    open: (task) => {
      openLogs(console, environment.name, run, task).catch((error: unknown) => console.notices.error(error, 'logs'));
    },
  });
  useViewState({ run, task: table.selected } satisfies DagState);
  return <TablePanel table={table} width={width} height={height} />;
}

/** Lines are looked for from a little before the run was made: ms. */
const BEFORE = 60_000;

/** Opens what a run's task, or all its tasks, wrote. */
async function openLogs(
  console: CommandContext['console'],
  environmentName: string,
  run: IngestionRun | undefined,
  task: TaskInstance | undefined,
): Promise<void> {
  if (run === undefined) return;
  const environment = await readEnvironment(console.openSession(), environmentName, AbortSignal.timeout(30_000));
  const log = environment.logGroups.task;
  if (log?.enabled !== true || log.group === undefined) {
    throw new Failure('not-found', `${environmentName} does not send its tasks' logs to CloudWatch.`, {
      advice: "Switch the environment's task logs on.",
      resource: environmentName,
    });
  }
  const began = run.queuedAt ?? run.startedAt ?? run.logicalDate;
  console.router.push({
    kind: 'logs',
    groups: [log.group],
    streamPrefix: taskLogPrefix(run, task?.taskId),
    since: began === undefined ? '1d' : isoTime(began - BEFORE),
  });
}

/** A DAG's runs and their tasks. */
export const dagView = defineView<'dag', DagState>({
  kind: 'dag',
  initialState: { run: undefined, task: undefined },
  crumbs: ({ environment, dagId }) => [environment, 'DAGs', dagId],
  Component: DagScreen,
  commands: [
    {
      id: 'trigger',
      title: 'Trigger the DAG',
      keys: ['T'],
      where: 'dag',
      hint: 'trigger',
      writes: true,
      run: async ({ console, route }) => {
        if (route.kind !== 'dag') return;
        const { environment: name, airflowVersion, dagId } = route;
        const airflow = openAirflow(console.openSession(), { name, airflowVersion });
        const dag = await airflow.dag(dagId, AbortSignal.timeout(30_000));
        if (dag?.paused === true) {
          throw new Failure('refused', `${dagId} is paused: its run would only queue.`, {
            advice: 'Unpause it first: Esc, then :pause.',
          });
        }
        await triggerDag(console, { name, airflowVersion }, dagId);
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
        await openLogs(console, route.environment, state.run, task);
      },
    },
    {
      id: 'ecs-task',
      title: 'Go to the ECS task that the run started',
      keys: ['x'],
      where: 'dag',
      hint: 'ECS task',
      hinted: ({ state }) => (state.run?.tasks?.length ?? 0) > 0,
      disabled: ({ state: { run } }) => {
        if (run === undefined) return 'There is no run to show the task of';
        if (run.tasks === undefined) return 'Its tasks are not read yet, or can not be';
        return run.tasks.length === 0 ? 'No ECS task of this run is known' : undefined;
      },
      run: ({ console, route, state }) => {
        const [task] = state.run?.tasks ?? [];
        if (route.kind !== 'dag' || task === undefined) return;
        const { environment, dagId } = route;
        console.router.push({ kind: 'run', cluster: task.cluster, taskArn: task.arn, environment, dagId });
      },
    },
  ],
});
