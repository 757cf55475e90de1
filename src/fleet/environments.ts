import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import { type DeploymentProgress, readDeploymentProgress } from './deployment-progress.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { environmentAttention, environmentColumns, environmentRemark } from './environment-columns.ts';
import { environmentJson } from './environment-json.ts';
import { type Ingestion, readIngestions } from './ingestions.ts';
import { type Drift, knownDrift } from './known-drift.ts';
import { ingestionFamily, type LastRun, readLastRuns } from './last-run.ts';
import { texts } from './members.ts';
import { Pool } from './pool.ts';
import type { Resource } from './resource.ts';
import { failureFrom, snapshots } from './snapshots.ts';

export { type Environment, readEnvironment } from './environment.ts';

export { environmentJson } from './environment-json.ts';

/** An environment's row of the dashboard: what could be read of it, and why the rest could not. */
export interface EnvironmentRow {
  readonly name: string;
  /** Undefined while it is being read, and when `failure` says why it can't be. */
  readonly environment?: Environment | undefined;
  /** Undefined until read, and when they can't be (a note says why). */
  readonly ingestions?: readonly Ingestion[] | undefined;
  /** The newest run of any of its ingestions. */
  readonly lastRun?: LastRun | undefined;
  /** The newest run of each ingestion, by DAG id. */
  readonly lastRuns?: Readonly<Record<string, LastRun>> | undefined;
  /** A deployment into it that has not come to its end. */
  readonly deployment?: DeploymentProgress | undefined;
  /** What of its ingestions was found to differ from what was deployed. */
  readonly drift?: readonly Drift[] | undefined;
  readonly failure?: Failure | undefined;
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
  /** Whether everything that can be read of it has been. */
  readonly complete: boolean;
}

/** ListEnvironments gives at most so many names a page. */
const PAGE = 25;
/** Environments read at once; and, apart from them so that a slow Airflow holds up nothing else, their runs. */
const AT_ONCE = 8;

/** A page of environment names after the other, as AWS lists them. */
async function* environmentNamePages(session: Session, signal: AbortSignal): AsyncGenerator<string[]> {
  let token: string | undefined;
  do {
    const page = await session.mwaa.listEnvironments(
      { MaxResults: PAGE, ...(token && { NextToken: token }) },
      { signal },
    );
    yield texts(page.Environments);
    token = page.NextToken;
  } while (token);
}

/** Names of all the region's environments, in the order AWS lists them. */
export async function listEnvironmentNames(session: Session, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  for await (const page of environmentNamePages(session, signal)) names.push(...page);
  return names;
}

// What each session read last, so that a refresh begins with the rows that were there and not with bare names.
const remembered = new WeakMap<Session, Map<string, EnvironmentRow>>();

/**
 * Snapshots of all environments: names first, then each as GetEnvironment, its bucket and its Airflow answer.
 * A row that can't be read holds its failure; what is thrown says that the names could not be listed.
 */
export function readEnvironments(session: Session, signal: AbortSignal): AsyncGenerator<EnvironmentRow[]> {
  const rows = new Map<string, EnvironmentRow>();
  const read = async (changed: () => void, reading: AbortSignal) => {
    const [basics, runs] = [new Pool(AT_ONCE), new Pool(AT_ONCE)];
    const before = remembered.get(session) ?? new Map<string, EnvironmentRow>();
    const put = (row: EnvironmentRow) => {
      rows.set(row.name, row);
      changed();
    };
    const work: Promise<void>[] = [];
    for await (const names of environmentNamePages(session, reading)) {
      for (const name of names) {
        rows.set(name, { notes: [], ...before.get(name), name, complete: false });
        work.push(readRow(session, name, put, { basics, runs }, reading));
        // Held until all names are known; a failure meanwhile must not count as unheard.
        work.at(-1)?.catch(() => {});
      }
      changed();
    }
    await Promise.all(work);
    remembered.set(session, new Map(rows));
  };
  return snapshots(() => [...rows.values()], read, signal);
}

async function readRow(
  session: Session,
  name: string,
  put: (row: EnvironmentRow) => void,
  pools: { readonly basics: Pool; readonly runs: Pool },
  signal: AbortSignal,
): Promise<void> {
  try {
    const environment = await pools.basics.run(() => readEnvironment(session, name, signal), signal);
    const row = {
      notes: [],
      ...remembered.get(session)?.get(name),
      name,
      environment,
      failure: undefined,
      complete: false,
    };
    put(row);
    const found = (ingestions: readonly Ingestion[] | undefined) => put({ ...row, ingestions });
    const whole = await pools.runs.run(() => readWork(session, environment, signal, found), signal);
    put(whole);
    put(await pools.runs.run(() => withDrift(session, environment, whole, signal), signal));
  } catch (error) {
    put({ name, failure: failureFrom(error, signal), notes: [], complete: true });
  }
}

/** Task definition families of the ingestions that the session has read so far. */
export function knownFamilies(session: Session): ReadonlySet<string> {
  const rows = [...(remembered.get(session)?.values() ?? [])];
  return new Set(rows.flatMap((row) => row.ingestions?.flatMap((ingestion) => ingestionFamily(ingestion) ?? []) ?? []));
}

/** One environment with its ingestions and their last runs. @throws Failure when GetEnvironment fails. */
async function readEnvironmentRow(session: Session, name: string, signal: AbortSignal): Promise<EnvironmentRow> {
  const environment = await readEnvironment(session, name, signal);
  return withDrift(session, environment, await readWork(session, environment, signal), signal);
}

/** A row with what has drifted, which nothing else waits for. */
async function withDrift(
  session: Session,
  environment: Environment,
  row: EnvironmentRow,
  signal: AbortSignal,
): Promise<EnvironmentRow> {
  if (row.ingestions === undefined) return row;
  // It asks for more than the first frame may load.
  const { readDrift } = await import('./read-drift.ts');
  return { ...row, drift: await readDrift(session, environment, row.ingestions, signal) };
}

/**
 * What runs in an environment; each part that can't be read is a note.
 * @param found told the ingestions as soon as they are known, before their runs are.
 */
async function readWork(
  session: Session,
  environment: Environment,
  signal: AbortSignal,
  found: (ingestions: readonly Ingestion[] | undefined) => void = () => {},
): Promise<EnvironmentRow> {
  const part = async <T>(what: string, read: Promise<T>): Promise<{ value?: T; note?: string }> => {
    try {
      return { value: await read };
    } catch (error) {
      return { note: `${what} of ${environment.name} can't be read: ${failureFrom(error, signal).message}` };
    }
  };
  const [work, deployment] = await Promise.all([
    part('Ingestions', readIngestions(session, environment, signal)).then(async ({ value, note }) => {
      found(value?.ingestions);
      const runs = await readLastRuns(session, environment, value?.ingestions ?? [], signal);
      return { ingestions: value?.ingestions, unreadable: value?.unreadable ?? [], note, runs };
    }),
    part('Deployments', readDeploymentProgress(session, environment, signal)),
  ]);
  const unreadable = work.unreadable.map((failure) => failure.message);
  return {
    name: environment.name,
    environment,
    ingestions: work.ingestions,
    lastRun: work.runs.newest,
    lastRuns: work.runs.byDag,
    deployment: deployment.value,
    drift: knownDrift(session, environment.name),
    // Both lie in one bucket: what keeps the one from being read keeps the other, and is said once.
    notes: [work.note ?? deployment.note, ...unreadable, ...work.runs.notes].filter((each) => each !== undefined),
    complete: true,
  };
}

/** The region's MWAA environments. */
export const environments: Resource<EnvironmentRow> = {
  id: 'environments',
  title: 'MWAA environments',
  singular: 'environment',
  columns: environmentColumns,
  key: (row) => row.name,
  arn: (row) => row.environment?.arn || undefined,
  list: (session, _, signal) => readEnvironments(session, signal),
  describe: async (session, row, signal) => environmentJson(await readEnvironmentRow(session, row.name, signal)),
  attention: environmentAttention,
  remark: environmentRemark,
};
