import { openAirflow } from '../airflow/airflow.ts';
import { PATH_LIMIT } from '../airflow/rest.ts';
import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';

/** Which of OpenMetadata's calls an environment refuses because their path is too long. */
export interface PathLimits {
  /** How many calls it makes for the DAGs and newest runs that there are. */
  readonly calls: number;
  /** DAGs whose runs can't be read, and so neither their tasks' statuses. */
  readonly runsOf: readonly string[];
  /** DAGs of whose runs the tasks' statuses can't be read: so many of the runs looked at. */
  readonly tasksOf: readonly { readonly dagId: string; readonly runs: number; readonly of: number }[];
  /** The paths themselves. */
  readonly refused: readonly string[];
}

/** How many runs of a DAG OpenMetadata asks for: `numberOfStatus` of the connection that we write. */
const RUNS = 10;

/**
 * Goes through the calls that OpenMetadata's MWAA client makes for an environment as it now is, and finds those whose
 * path is longer than the 64 characters that InvokeRestApi takes (ingestion, source/pipeline/airflow/api/mwaa.py: it puts
 * the query of a run list into the path, and quotes the run's id).
 */
export async function findPathLimits(
  session: Session,
  environment: Environment,
  signal: AbortSignal,
): Promise<PathLimits> {
  const airflow = openAirflow(session, environment);
  const dags = await airflow.dags(signal);
  const runs = await airflow.dagRunsOf(
    dags.map(({ dagId }) => dagId),
    { limit: 100 },
    signal,
  );
  return pathLimits(
    dags.map(({ dagId }) => dagId),
    runs,
  );
}

/** The same for DAG ids and runs that are known; runs newest first. */
export function pathLimits(
  dagIds: readonly string[],
  runs: readonly { readonly dagId: string; readonly runId: string }[],
): PathLimits {
  // One list of DAGs, of each its tasks and its runs.
  let calls = 1 + 2 * dagIds.length;
  const refused: string[] = [];
  const runsOf: string[] = [];
  const tasksOf: { dagId: string; runs: number; of: number }[] = [];
  const tooLong = (path: string): boolean => {
    if (path.length <= PATH_LIMIT) return false;
    refused.push(path);
    return true;
  };
  for (const dagId of dagIds) {
    const dag = `/dags/${encodeURIComponent(dagId.toWellFormed())}`;
    tooLong(`${dag}/tasks`);
    if (tooLong(`${dag}/dagRuns?order_by=-start_date&limit=${RUNS}`)) {
      runsOf.push(dagId);
      continue;
    }
    const newest = runs.filter((run) => run.dagId === dagId).slice(0, RUNS);
    calls += newest.length;
    const long = newest.filter(({ runId }) =>
      tooLong(`${dag}/dagRuns/${encodeURIComponent(runId.toWellFormed())}/taskInstances`),
    );
    if (long.length > 0) tasksOf.push({ dagId, runs: long.length, of: newest.length });
  }
  return { calls, runsOf, tasksOf, refused };
}

/** The limits in sentences, for people. */
export function pathLimitWords({ calls, runsOf, tasksOf, refused }: PathLimits): string[] {
  if (refused.length === 0)
    return [`Every one of OpenMetadata's ${calls} calls fits ${PATH_LIMIT} characters of path.`];
  return [
    `${refused.length} of OpenMetadata's ${calls} calls are refused for their length (${PATH_LIMIT} characters of path):`,
    ...(runsOf.length === 0 ? [] : [`no runs of ${runsOf.join(', ')}`]),
    ...(tasksOf.length === 0
      ? []
      : [`no task statuses of ${tasksOf.map(({ dagId, runs, of }) => `${dagId} (${runs} of ${of} runs)`).join(', ')}`]),
  ];
}
