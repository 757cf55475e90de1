import { Box } from 'ink';
import { useMemo } from 'react';
import { taskInstances } from '../../fleet/dags.ts';
import { type IngestionRun, ingestionRuns } from '../../tasks/dag-runs.ts';
import { useConsole, useViewState } from '../hooks.ts';
import { useResourceTable } from '../use-table.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Panel } from '../widgets/panel.tsx';
import { TablePanel } from '../widgets/table.tsx';
import { type DagState, dagCommands } from './dag-commands.ts';
import { openTaskLogs } from './open-task-logs.ts';

const NOTHING: DagState = { run: undefined, task: undefined, marked: [] };

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
  useViewState(NOTHING);
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
      openTaskLogs(console, environment.name, run, task).catch((error: unknown) =>
        console.notices.error(error, 'logs'),
      );
    },
  });
  useViewState({ run, task: table.selected, marked: table.marked } satisfies DagState);
  return <TablePanel table={table} width={width} height={height} />;
}

/** A DAG's runs and their tasks. */
export const dagView = defineView<'dag', DagState>({
  kind: 'dag',
  initialState: NOTHING,
  crumbs: ({ environment, dagId }) => [environment, 'DAGs', dagId],
  Component: DagScreen,
  commands: dagCommands,
});
