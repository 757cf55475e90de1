import { Box } from 'ink';
import { clusters } from '../../fleet/clusters.ts';
import { environments } from '../../fleet/environments.ts';
import { useConsole, useNow, useViewState } from '../hooks.ts';
import { useResourceTable } from '../use-table.ts';
import { defineView, type ViewProps } from '../view.ts';
import { TablePanel } from '../widgets/table.tsx';
import { type DashboardState, dashboardCommands } from './dashboard-commands.ts';
import { Remark } from './table-with-remark.tsx';

/** Borders and the head of a table's panel. */
const PANEL_ROWS = 3;
/** Rows that the clusters keep in any case. */
const LEAST_CLUSTERS = 3;
/** Rows for what is wrong with the selected row. */
const REMARK_ROWS = 2;
const REMARK_ROWS_WHEN_LOW = 1;
const LOW = 18;

function Dashboard({ width, height }: ViewProps<'dashboard'>) {
  const { router } = useConsole();
  const now = useNow();
  const estate = useResourceTable(environments, undefined, {
    empty: 'There is no MWAA environment in this region. :region changes the region, :profile the account.',
    open: ({ name }) => router.push({ kind: 'environment', name, tab: 'overview' }),
  });
  const compute = useResourceTable(clusters, undefined, {
    empty: 'There is no ECS cluster in this region. Deploying an ingestion in ECS mode makes one.',
    open: ({ name }) => router.push({ kind: 'cluster', name, tab: 'tasks' }),
  });
  useViewState({ environment: estate.focused ? estate.selected : undefined } satisfies DashboardState);

  const remarkRows = height < LOW ? REMARK_ROWS_WHEN_LOW : REMARK_ROWS;
  const room = height - remarkRows - 2 * PANEL_ROWS;
  const clusterRows = Math.max(LEAST_CLUSTERS, Math.min(compute.total, room - Math.max(1, estate.total)));
  const clusterHeight = clusterRows + PANEL_ROWS;
  const remark = estate.focused
    ? estate.selected && environments.remark?.(estate.selected, now)
    : compute.selected && clusters.remark?.(compute.selected, now);
  return (
    <Box flexDirection="column" width={width} height={height}>
      <TablePanel table={estate} width={width} height={height - remarkRows - clusterHeight} />
      <TablePanel table={compute} width={width} height={clusterHeight} />
      <Remark text={remark} rows={remarkRows} width={width} />
    </Box>
  );
}

/** The estate at a glance: environments and clusters, each row failing alone. */
export const dashboardView = defineView<'dashboard', DashboardState>({
  kind: 'dashboard',
  crumbs: () => ['Dashboard'],
  Component: Dashboard,
  initialState: { environment: undefined },
  commands: dashboardCommands,
});
