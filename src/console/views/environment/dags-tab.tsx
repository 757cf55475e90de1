import { dags } from '../../../fleet/dags.ts';
import { useConsole, useNow, useViewState } from '../../hooks.ts';
import { useResourceTable } from '../../use-table.ts';
import { TableWithRemark } from '../table-with-remark.tsx';
import type { EnvironmentState, TabProps } from './state.ts';

/** The DAGs that the environment's Airflow knows, files with import errors first. */
export function DagsTab({ environment, width, height }: TabProps) {
  const { dialogs, router } = useConsole();
  const now = useNow();
  const table = useResourceTable(
    dags,
    { environment },
    {
      title: `DAGs of ${environment.name}`,
      empty: `Airflow knows no DAG in ${environment.name}. Files go to s3://${environment.sourceBucket}/${environment.dagsPath}/.`,
      open: ({ dag, importError }) => {
        if (importError !== undefined) {
          void dialogs.document({
            title: dag?.dagId ?? importError.file,
            load: async () => [importError.file, '', ...importError.stackTrace.split('\n')],
          });
        } else if (dag !== undefined) {
          const { name, airflowVersion } = environment;
          router.push({ kind: 'dag', environment: name, airflowVersion, dagId: dag.dagId });
        }
      },
    },
  );
  useViewState({ environment, dag: table.selected?.dag } satisfies EnvironmentState);
  const remark = table.selected && dags.attention?.(table.selected, now);
  return <TableWithRemark table={table} remark={remark} width={width} height={height} />;
}
