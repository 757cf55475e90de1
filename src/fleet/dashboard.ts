import type { Session } from '../aws/session.ts';
import type { Failure, FailureKind } from '../text/failure.ts';
import { type Cluster, readClusters } from './clusters.ts';
import { type EnvironmentRow, readEnvironments } from './environments.ts';
import { failureFrom, snapshots } from './snapshots.ts';

/** Something of the dashboard that could not be read; the rest stands. */
interface DashboardError {
  /** `environments`, `clusters`, `account`, or the name of the one environment or cluster. */
  readonly resource: string;
  readonly message: string;
  readonly advice: string | undefined;
  readonly kind: FailureKind;
  readonly action?: string | undefined;
  readonly code?: string | undefined;
}

/** One look at the estate, as far as it has been read. */
export interface Dashboard {
  /** Undefined until known. */
  readonly account: string | undefined;
  readonly region: string;
  readonly environments: readonly EnvironmentRow[];
  readonly clusters: readonly Cluster[];
  readonly errors: readonly DashboardError[];
  /** Whether all names are known: without it an empty list is not yet an empty estate. */
  readonly environmentsListed: boolean;
  readonly clustersListed: boolean;
  /** Whether everything that can be read has been. */
  readonly complete: boolean;
}

interface Parts {
  account: string | undefined;
  environments: readonly EnvironmentRow[];
  clusters: readonly Cluster[];
  environmentsListed: boolean;
  clustersListed: boolean;
  complete: boolean;
  readonly failures: Map<string, Failure>;
}

/**
 * Snapshots of the estate: account, environments and clusters are read side by side and fail alone.
 * @throws Failure `not-signed-in` or `expired` when that is why none of them can be read.
 */
export function readDashboard(session: Session, signal: AbortSignal): AsyncGenerator<Dashboard> {
  const parts: Parts = {
    account: undefined,
    environments: [],
    clusters: [],
    environmentsListed: false,
    clustersListed: false,
    complete: false,
    failures: new Map(),
  };
  const read = async (changed: () => void, reading: AbortSignal) => {
    const part = async (resource: string, work: () => Promise<void>) => {
      try {
        await work();
      } catch (error) {
        parts.failures.set(resource, failureFrom(error, reading));
      }
      changed();
    };
    await Promise.all([
      part('account', async () => {
        parts.account = (await session.identity(reading)).account;
      }),
      part('environments', async () => {
        for await (const rows of readEnvironments(session, reading)) {
          parts.environments = rows;
          parts.environmentsListed = true;
          changed();
        }
        parts.environmentsListed = true;
      }),
      part('clusters', async () => {
        for await (const rows of readClusters(session, reading)) {
          parts.clusters = rows;
          parts.clustersListed = true;
          changed();
        }
        parts.clustersListed = true;
      }),
    ]);
    const signIn = signInFailure(parts.failures);
    if (signIn !== undefined) throw signIn;
    parts.complete = true;
    changed();
  };
  return snapshots(() => look(session, parts), read, signal);
}

function signInFailure(failures: ReadonlyMap<string, Failure>): Failure | undefined {
  const failure = failures.get('environments');
  const others = failures.has('clusters');
  return others && (failure?.kind === 'not-signed-in' || failure?.kind === 'expired') ? failure : undefined;
}

function look(session: Session, parts: Parts): Dashboard {
  const errors = [...parts.failures].map(([resource, failure]) => dashboardError(resource, failure));
  for (const row of parts.environments)
    if (row.failure !== undefined) errors.push(dashboardError(row.name, row.failure));
  const { account, environments, clusters, environmentsListed, clustersListed, complete } = parts;
  return {
    account,
    region: session.region,
    environments,
    clusters,
    errors,
    environmentsListed,
    clustersListed,
    complete,
  };
}

function dashboardError(resource: string, failure: Failure): DashboardError {
  const { message, advice, kind, action, code } = failure;
  return { resource, message, advice, kind, action, code };
}
