import { Box } from 'ink';
import type { ReactNode } from 'react';
import { readEnvironment } from '../../../fleet/environments.ts';
import { useRead, useViewState } from '../../hooks.ts';
import { failureRows } from '../../message.ts';
import { type EnvironmentTab, environmentTabs } from '../../routes.ts';
import { segments } from '../../row.ts';
import { defineView, type ViewProps } from '../../view.ts';
import { Tabs } from '../../widgets/tabs.tsx';
import { Rows } from '../../widgets/text.tsx';
import { environmentCommands } from './commands.ts';
import { ConnectionTab } from './connection-tab.tsx';
import { DagsTab } from './dags-tab.tsx';
import { HistoryTab } from './history-tab.tsx';
import { IngestionTab } from './ingestion-tab.tsx';
import { LogGroupsTab } from './log-groups-tab.tsx';
import { OverviewTab } from './overview-tab.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

const TITLES: Record<EnvironmentTab, string> = {
  overview: 'overview',
  ingestion: 'ingestion',
  dags: 'DAGs',
  logs: 'log groups',
  connection: 'connection',
  history: 'history',
};

const TABS: Record<EnvironmentTab, (props: TabProps) => ReactNode> = {
  overview: OverviewTab,
  ingestion: IngestionTab,
  dags: DagsTab,
  logs: LogGroupsTab,
  connection: ConnectionTab,
  history: HistoryTab,
};

/** How often an environment is read again: ms. */
const EVERY = 15_000;

function EnvironmentScreen({ route: { name, tab }, width, height }: ViewProps<'environment'>) {
  const read = useRead(`environment ${name}`, (session, signal) => readEnvironment(session, name, signal), EVERY);
  const Tab = TABS[tab];
  return (
    <Box flexDirection="column" width={width} height={height}>
      <Tabs tabs={environmentTabs} open={tab} title={(each) => TITLES[each]} width={width} />
      {read.data === undefined ? (
        <Unread
          rows={
            read.failure
              ? failureRows(read.failure, width - 2).map((row) => [{ text: ' ' }, ...segments(row)])
              : [[{ text: ` Reading ${name} …`, tone: 'dim' }]]
          }
          width={width}
        />
      ) : (
        <Tab key={tab} environment={read.data} width={width} height={height - 1} />
      )}
    </Box>
  );
}

function Unread({ rows, width }: { rows: Parameters<typeof Rows>[0]['rows']; width: number }) {
  useViewState({ environment: undefined } satisfies EnvironmentState);
  return <Rows rows={rows} width={width} />;
}

/** One environment: everything about it, by tabs. */
export const environmentView = defineView<'environment', EnvironmentState>({
  kind: 'environment',
  initialState: { environment: undefined },
  crumbs: ({ name, tab }) => [name, TITLES[tab]],
  Component: EnvironmentScreen,
  commands: environmentCommands((tab) => TITLES[tab]),
});
