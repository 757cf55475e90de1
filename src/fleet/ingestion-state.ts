import { openAirflow } from '../airflow/airflow.ts';
import type { Dag, ImportError } from '../airflow/types.ts';
import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import { readStandings, type Standings } from './drift.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { rememberDrift } from './known-drift.ts';
import { noting } from './snapshots.ts';

/** How an ingestion stands in its environment now, beside what its record says. */
export interface IngestionState extends Standings {
  /** As its Airflow knows it; undefined where it does not, or could not be asked. */
  readonly dag: Dag | undefined;
  readonly importError: ImportError | undefined;
  /** What could not be asked. */
  readonly failures: readonly Failure[];
}

/**
 * Asks Airflow for an ingestion's DAG, and whether its file, its policy and its task definition are still those that
 * were deployed (drift).
 */
export async function readIngestionState(
  session: Session,
  environment: Pick<Environment, 'name' | 'airflowVersion' | 'sourceBucket'>,
  ingestion: Ingestion,
  signal: AbortSignal,
): Promise<IngestionState> {
  const { dagId, dagKey } = ingestion;
  const failures: Failure[] = [];
  const orNote = noting(failures, signal);
  const airflow = openAirflow(session, environment);
  const [standings, dag] = await Promise.all([
    readStandings(session, environment, ingestion, orNote, signal),
    orNote(airflow.dag(dagId, signal)),
  ]);
  // Only a DAG that Airflow does not have, or has with faults, is worth asking why.
  const errors = dag === undefined || dag.importErrors ? await orNote(airflow.importErrors(signal)) : [];
  rememberDrift(session, environment.name, dagId, standings);
  return {
    dag,
    importError: errors?.find(({ file: path }) => path.endsWith(`/${dagKey.split('/').at(-1)}`)),
    ...standings,
    failures,
  };
}
