import { ingestions } from '../../../fleet/ingestion-rows.ts';
import { useViewState } from '../../hooks.ts';
import { useResourceTable } from '../../use-table.ts';
import { TablePanel } from '../../widgets/table.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** The environment's ingestions with their last runs. */
export function IngestionTab({ environment, width, height }: TabProps) {
  const table = useResourceTable(
    ingestions,
    { environment },
    { title: `Ingestions of ${environment.name}`, empty: `No ingestion in ${environment.name}. I deploys one.` },
  );
  useViewState({ environment, ingestion: table.selected?.ingestion } satisfies EnvironmentState);
  return <TablePanel table={table} width={width} height={height} />;
}
