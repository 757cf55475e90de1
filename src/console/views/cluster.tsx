import { Box } from 'ink';
import { useMemo } from 'react';
import { clusters } from '../../fleet/clusters.ts';
import { services } from '../../fleet/services.ts';
import type { Task } from '../../fleet/tasks.ts';
import { knownTasks } from '../../tasks/known-tasks.ts';
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
import { detailHeight } from './detail-panel.tsx';
import { revisionsCommand } from './revisions-command.ts';
import { ServiceDetail } from './service-detail.tsx';
import { askToStop, whyNotStop } from './stop-task.ts';
import { tabCommands } from './tab-commands.ts';
import { TaskDetail } from './task-detail.tsx';
import { openTaskLogs } from './task-logs.ts';

/** What the screen's commands act on. */
interface ClusterState {
  readonly task: Task | undefined;
  /** Of the selected task or service. */
  readonly taskDefinition: string | undefined;
}

interface TabProps {
  readonly cluster: string;
  readonly width: number;
  readonly height: number;
}

function TasksTab({ cluster, width, height }: TabProps) {
  const { router, records } = useConsole();
  const table = useResourceTable(
    knownTasks,
    { cluster, records },
    {
      title: `Tasks of ${cluster}`,
      empty: `No task runs in ${cluster}, and none is known to have stopped there.`,
      open: ({ arn }) => router.push({ kind: 'run', cluster, taskArn: arn }),
    },
  );
  const { selected } = table;
  useViewState({ task: selected, taskDefinition: selected?.taskDefinition } satisfies ClusterState);
  const details = selected === undefined ? 0 : detailHeight(height);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={height - details} />
      {selected !== undefined && <TaskDetail key={selected.arn} task={selected} width={width} height={details} />}
    </Box>
  );
}

function ServicesTab({ cluster, width, height }: TabProps) {
  const table = useResourceTable(
    services,
    { cluster },
    { title: `Services of ${cluster}`, empty: `There is no service in ${cluster}: ingestion needs none.` },
  );
  const { selected } = table;
  useViewState({ task: undefined, taskDefinition: selected?.taskDefinition } satisfies ClusterState);
  const details = selected === undefined ? 0 : detailHeight(height);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={table} width={width} height={height - details} />
      {selected !== undefined && <ServiceDetail key={selected.arn} service={selected} width={width} height={details} />}
    </Box>
  );
}

function OverviewTab({ cluster, width, height }: TabProps) {
  const read = useRead<{ readonly arn: string; readonly described: unknown }>(
    `cluster ${cluster}`,
    async (session, signal) => {
      for await (const rows of clusters.list(session, undefined, signal)) {
        const row = rows.find(({ name }) => name === cluster);
        if (row !== undefined) return { arn: row.arn, described: await clusters.describe(session, row, signal) };
      }
      throw new Failure('not-found', `There is no cluster ${cluster} any more.`);
    },
    Number.POSITIVE_INFINITY,
  );
  useViewState({ task: undefined, taskDefinition: undefined } satisfies ClusterState);
  const { data } = read;
  const inner = panelInnerWidth(width);
  const rows = useMemo<readonly Row[]>(() => {
    if (data !== undefined) return describeRows(data.described);
    return read.failure ? failureRows(read.failure, inner) : [[{ text: `Reading ${cluster} …`, tone: 'dim' }]];
  }, [data, read.failure, cluster, inner]);
  const text = useTextPane({
    pane: 'overview',
    rows,
    width: inner,
    height: height - 2,
    copy: data && { id: cluster, arn: data.arn },
    inspect: data && { title: cluster, load: async () => data.described },
    refresh: read.refresh,
  });
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

/** One cluster: its tasks, stopped ones of the last hour included, its services, and everything about it. */
export const clusterView = defineView<'cluster', ClusterState>({
  kind: 'cluster',
  initialState: { task: undefined, taskDefinition: undefined },
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
      run: async ({ console, state }) => {
        if (state.task !== undefined) await openTaskLogs(console, state.task);
      },
    },
    {
      id: 'stop',
      title: 'Stop the task',
      keys: ['S'],
      where: 'cluster',
      hint: 'stop',
      hinted: ({ state }) => state.task !== undefined && whyNotStop(state.task) === undefined,
      writes: true,
      disabled: (context) => needsTask(context) ?? whyNotStop(context.state.task),
      run: async ({ console, state }) => {
        if (state.task !== undefined) await askToStop(console, state.task);
      },
    },
    revisionsCommand<ClusterState>('cluster', ({ taskDefinition }) => taskDefinition),
    ...tabCommands<'cluster', ClusterState>('cluster', clusterTabs, (tab) => tab),
  ],
});
