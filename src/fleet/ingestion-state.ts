import { openAirflow } from '../airflow/airflow.ts';
import type { Dag, ImportError } from '../airflow/types.ts';
import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import { policyStanding, type Standing, taskDefinitionStanding } from './drift.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { rememberDrift } from './known-drift.ts';
import { failureFrom } from './snapshots.ts';
import { readNewestVersion } from './stored-version.ts';

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
  const { dagId, dagKey, dagVersionId } = ingestion;
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
    orNote(readNewestVersion(session, environment.sourceBucket, dagKey, signal).then((newest) => ({ newest }))),
    orNote(airflow.dag(dagId, signal)),
    orNote(policyStanding(session, ingestion, signal)),
    orNote(taskDefinitionStanding(session, ingestion, signal)),
  ]);
  // Only a DAG that Airflow does not have, or has with faults, is worth asking why.
  const errors = dag === undefined || dag.importErrors ? await orNote(airflow.importErrors(signal)) : [];
  const file = judge(found, dagVersionId);
  const differing = { 'DAG file': file, policy, 'task definition': taskDefinition };
  const what = Object.entries(differing).filter(([, standing]) => standing === 'changed' || standing === 'missing');
  rememberDrift(
    session,
    environment.name,
    dagId,
    what.map(([name, standing]) => `${name} ${standing}`),
  );
  return {
    dag,
    importError: errors?.find(({ file: path }) => path.endsWith(`/${dagKey.split('/').at(-1)}`)),
    file,
    policy: policy ?? 'unknown',
    taskDefinition,
    fileWrittenAt: found?.newest?.writtenAt,
    failures,
  };
}

function judge(
  found: { newest: { readonly versionId: string | undefined } | undefined } | undefined,
  deployed: string | undefined,
): IngestionState['file'] {
  if (found === undefined) return 'unknown';
  if (found.newest === undefined) return 'missing';
  if (found.newest.versionId === undefined || deployed === undefined) return 'unknown';
  return found.newest.versionId === deployed ? 'as-deployed' : 'changed';
}
