import { type Deployment, deploymentColumns, readDeployments } from '../../../deployment/history.ts';
import { useConsole, useRead, useViewState } from '../../hooks.ts';
import { useTable } from '../../use-table.ts';
import { TablePanel } from '../../widgets/table.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** How many deployments are listed, and how often they are read: ms. */
const LIMIT = 50;
const EVERY = 30_000;

/** The environment is the screen's own. */
const columns = deploymentColumns.filter(({ id }) => id !== 'environment');

/** What was deployed into the environment, newest first. */
export function HistoryTab({ environment, width, height }: TabProps) {
  const { router } = useConsole();
  const read = useRead<readonly Deployment[]>(
    `deployments of ${environment.name}`,
    (session, signal) =>
      readDeployments({ session, bucket: environment.sourceBucket }, environment.name, LIMIT, signal),
    EVERY,
  );
  const table = useTable<Deployment>({
    pane: 'history',
    title: `Deployments into ${environment.name}`,
    columns,
    key: ({ id }) => id,
    rows: read,
    empty: `Nothing was deployed into ${environment.name} by mwaa-console. I deploys an ingestion.`,
    open: ({ id }) => router.push({ kind: 'apply', environment: environment.name, deployment: id }),
    describe: async (deployment) => deployment,
    refresh: read.refresh,
  });
  useViewState({ environment, deployment: table.selected } satisfies EnvironmentState);
  return <TablePanel table={table} width={width} height={height} />;
}
