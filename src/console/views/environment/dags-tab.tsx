import { dags } from '../../../fleet/dags.ts';
import { useConsole, useViewState } from '../../hooks.ts';
import { useResourceTable } from '../../use-table.ts';
import { TablePanel } from '../../widgets/table.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** The DAGs that the environment's Airflow knows, files with import errors first. */
export function DagsTab({ environment, width, height }: TabProps) {
  const { dialogs } = useConsole();
  const table = useResourceTable(
    dags,
    { environment },
    {
      title: `DAGs of ${environment.name}`,
      empty: `Airflow knows no DAG in ${environment.name}. Files go to s3://${environment.sourceBucket}/${environment.dagsPath}/.`,
      open: ({ dag, importError }) => {
        if (importError === undefined) return;
        const title = dag?.dagId ?? importError.file;
        void dialogs.document({
          title,
          load: async () => [importError.file, '', ...importError.stackTrace.split('\n')],
        });
      },
    },
  );
  useViewState({ environment, dag: table.selected?.dag } satisfies EnvironmentState);
  return <TablePanel table={table} width={width} height={height} />;
}
