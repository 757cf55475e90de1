import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import type { LastRun } from './last-run.ts';

export { type Environment, type LastUpdate, readEnvironment } from './environment.ts';

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
  readonly failure?: Failure | undefined;
  /** What could not be read, one sentence each. */
  readonly notes: readonly string[];
}

/** Names of all the region's environments, in the order AWS lists them (25 a page). */
export async function listEnvironmentNames(session: Session, signal: AbortSignal): Promise<string[]> {
  const names: string[] = [];
  let token: string | undefined;
  do {
    const page = await session.mwaa.listEnvironments(
      { MaxResults: 25, ...(token && { NextToken: token }) },
      { signal },
    );
    names.push(...(page.Environments ?? []));
    token = page.NextToken;
  } while (token);
  return names;
}
