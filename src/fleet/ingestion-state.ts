import { openAirflow } from '../airflow/airflow.ts';
import type { Dag, ImportError } from '../airflow/types.ts';
import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import { policyStanding, type Standing, taskDefinitionStanding } from './drift.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { rememberDrift } from './known-drift.ts';
import { fileStanding } from './read-drift.ts';
import { failureFrom } from './snapshots.ts';

/** How an ingestion stands in its environment now, beside what its record says. */
export interface IngestionState {
  /** As its Airflow knows it; undefined where it does not, or could not be asked. */
  readonly dag: Dag | undefined;
  readonly importError: ImportError | undefined;
  /** Its file in the bucket, against the version that was deployed. */
  readonly file: Standing;
  /** Its policy on the environment's role. */
  readonly policy: Standing;
  /** The revision that its DAG pins; undefined where it has none. */
  readonly taskDefinition: Standing | undefined;
  /** When the file in the bucket was written: ms since the epoch. */
  readonly fileWrittenAt: number | undefined;
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
  const orNote = async <T>(read: Promise<T>): Promise<T | undefined> => {
    try {
      return await read;
    } catch (error) {
      failures.push(failureFrom(error, signal));
      return undefined;
    }
  };
  const airflow = openAirflow(session, environment);
  const [found, dag, policy, taskDefinition] = await Promise.all([
    orNote(fileStanding(session, environment, ingestion, signal)),
    orNote(airflow.dag(dagId, signal)),
    orNote(policyStanding(session, ingestion, signal)),
    orNote(taskDefinitionStanding(session, ingestion, signal)),
  ]);
  // Only a DAG that Airflow does not have, or has with faults, is worth asking why.
  const errors = dag === undefined || dag.importErrors ? await orNote(airflow.importErrors(signal)) : [];
  const standings = { file: found?.standing ?? 'unknown', policy: policy ?? 'unknown', taskDefinition } as const;
  rememberDrift(session, environment.name, dagId, standings);
  return {
    dag,
    importError: errors?.find(({ file: path }) => path.endsWith(`/${dagKey.split('/').at(-1)}`)),
    ...standings,
    fileWrittenAt: found?.writtenAt,
    failures,
  };
}
