import type { FailureKind } from '../text/failure.ts';
import type { Cluster } from './clusters.ts';
import type { EnvironmentRow } from './environments.ts';

/** Something of the dashboard that could not be read; the rest stands. */
export interface DashboardError {
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
