import { Box } from 'ink';
import { useMemo } from 'react';
import { clusters } from '../../fleet/clusters.ts';
import { services } from '../../fleet/services.ts';
import { logStream, logTarget, readTaskDefinition } from '../../fleet/task-definitions.ts';
import { type Task, tasks } from '../../fleet/tasks.ts';
import { stopTask } from '../../tasks/stop.ts';
import { Failure } from '../../text/failure.ts';
import type { CommandContext } from '../command.ts';
import { describeRows } from '../describe.ts';
import { useConsole, useRead, useViewState } from '../hooks.ts';
import { failureRows } from '../message.ts';
import { type ClusterTab, clusterTabs } from '../routes.ts';
import type { Row } from '../row.ts';
import { useResourceTable } from '../use-table.ts';
import { useTextPane } from '../use-text-pane.ts';
import { defineView, type ViewProps } from '../view.ts';
import { Panel, panelInnerWidth } from '../widgets/panel.tsx';
import { TablePanel } from '../widgets/table.tsx';
import { Tabs } from '../widgets/tabs.tsx';
import { tabCommands } from './tab-commands.ts';

/** What the screen's commands act on. */
interface ClusterState {
  readonly task: Task | undefined;
}

interface TabProps {
  readonly cluster: string;
  readonly width: number;
  readonly height: number;
}

function TasksTab({ cluster, width, height }: TabProps) {
  const { router } = useConsole();
  const table = useResourceTable(
    tasks,
    { cluster },
    {
      title: `Tasks of ${cluster}`,
      empty: `No task runs in ${cluster}, and none stopped within the last hour.`,
      open: ({ arn }) => router.push({ kind: 'run', cluster, taskArn: arn }),
    },
  );
  useViewState({ task: table.selected } satisfies ClusterState);
  return <TablePanel table={table} width={width} height={height} />;
}

function ServicesTab({ cluster, width, height }: TabProps) {
  const table = useResourceTable(
    services,
    { cluster },
    { title: `Services of ${cluster}`, empty: `There is no service in ${cluster}: ingestion needs none.` },
  );
  useViewState({ task: undefined } satisfies ClusterState);
  return <TablePanel table={table} width={width} height={height} />;
}

function OverviewTab({ cluster, width, height }: TabProps) {
  const read = useRead<unknown>(
    `cluster ${cluster}`,
    async (session, signal) => {
      for await (const rows of clusters.list(session, undefined, signal)) {
        const row = rows.find(({ name }) => name === cluster);
        if (row !== undefined) return clusters.describe(session, row, signal);
      }
      throw new Failure('not-found', `There is no cluster ${cluster} any more.`);
    },
    Number.POSITIVE_INFINITY,
  );
  useViewState({ task: undefined } satisfies ClusterState);
  const inner = panelInnerWidth(width);
  const rows = useMemo<readonly Row[]>(() => {
    if (read.data !== undefined) return describeRows(read.data);
    return read.failure ? failureRows(read.failure, inner) : [[{ text: `Reading ${cluster} …`, tone: 'dim' }]];
  }, [read.data, read.failure, cluster, inner]);
  const text = useTextPane({ pane: 'overview', rows, width: inner, height: height - 2, refresh: read.refresh });
  return (
    <Panel
      title={cluster}
      note={text.position}
      rows={text.visible}
      width={width}
      height={height}
      focused={text.focused}
    />
  );
}

const TABS = { tasks: TasksTab, services: ServicesTab, overview: OverviewTab } as const;

function ClusterScreen({ route: { name, tab }, width, height }: ViewProps<'cluster'>) {
  const Tab = TABS[tab];
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Tabs<ClusterTab> tabs={clusterTabs} open={tab} title={(each) => each} width={width} />
      <Tab key={tab} cluster={name} width={width} height={height - 1} />
    </Box>
  );
}

function needsTask({ state }: CommandContext<ClusterState>): string | undefined {
  return state.task === undefined ? 'Select a task first: 1 lists them' : undefined;
}

async function stop({ console, state }: CommandContext<ClusterState>): Promise<void> {
  const { task } = state;
  if (task === undefined) return;
  const sure = await console.dialogs.confirm({
    title: `Stop task ${task.id}`,
    lines: [`${task.family}:${task.revision ?? '?'} in ${task.cluster}.`, 'It gets SIGTERM, then SIGKILL.'],
    yes: 'stop it',
    writes: true,
  });
  if (!sure) return;
  const request = { cluster: task.cluster, taskArn: task.arn, reason: 'Stopped from mwaa-console' };
  await stopTask(console.openSession(), request, AbortSignal.timeout(30_000));
  console.notices.flash(`${task.id} is being stopped`);
}

async function logs({ console, state }: CommandContext<ClusterState>): Promise<void> {
  const { task } = state;
  if (task === undefined) return;
  const definition = await readTaskDefinition(console.openSession(), task.taskDefinition, AbortSignal.timeout(30_000));
  const target = logTarget(definition);
  const container = definition.containers.find(({ essential }) => essential)?.name;
  if (target === undefined) throw new Failure('not-found', `${task.family} does not log to CloudWatch.`);
  const stream =
    target.streamPrefix === undefined || container === undefined
      ? undefined
      : logStream(target.streamPrefix, container, task.id);
  console.router.push({
    kind: 'logs',
    groups: [target.group],
    since: '1d',
    ...(stream === undefined ? {} : { streams: [stream] }),
  });
}

/** One cluster: its tasks, stopped ones of the last hour included, its services, and everything about it. */
export const clusterView = defineView<'cluster', ClusterState>({
  kind: 'cluster',
  initialState: { task: undefined },
  crumbs: ({ name, tab }) => [name, tab],
  Component: ClusterScreen,
  commands: [
    {
      id: 'logs',
      title: "Follow the task's log stream",
      keys: ['l'],
      where: 'cluster',
      hint: 'logs',
      disabled: needsTask,
      run: logs,
    },
    {
      id: 'stop',
      title: 'Stop the task',
      keys: ['S'],
      where: 'cluster',
      hint: 'stop',
      writes: true,
      disabled: (context) =>
        needsTask(context) ?? (context.state.task?.lastStatus === 'STOPPED' ? 'It has stopped already' : undefined),
      run: stop,
    },
    ...tabCommands<'cluster', ClusterState>('cluster', clusterTabs, (tab) => tab),
  ],
});
