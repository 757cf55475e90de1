import type { Session } from '../aws/session.ts';
import type { Standings } from './drift.ts';

/** Something of an ingestion that is not as its last deployment left it. */
export interface Drift {
  readonly dagId: string;
  readonly resource: 'DAG file' | 'policy' | 'task definition';
  readonly standing: 'changed' | 'missing';
}

/** Three requests an ingestion: the dashboard looks no more often than this, ms. */
export const DRIFT_INTERVAL = 5 * 60_000;

interface Looked {
  /** When the dashboard looks again: ms since the epoch. */
  next: number;
  interval: number;
  readonly found: Map<string, readonly Drift[]>;
}

const looked = new WeakMap<Session, Map<string, Looked>>();

/** Keeps what of an ingestion was found to differ. */
export function rememberDrift(
  session: Session,
  environment: string,
  dagId: string,
  { file, policy, taskDefinition }: Standings,
): void {
  const standings = { 'DAG file': file, policy, 'task definition': taskDefinition } as const;
  const found = Object.entries(standings).flatMap(([resource, standing]): Drift[] =>
    standing === 'changed' || standing === 'missing'
      ? [{ dagId, resource: resource as Drift['resource'], standing }]
      : [],
  );
  lookedAt(session, environment).found.set(dagId, found);
}

/** What of an environment's ingestions was found to differ from what was deployed, when it was last looked at. */
export function knownDrift(session: Session, environment: string): readonly Drift[] {
  return [...lookedAt(session, environment).found.values()].flat();
}

/** What is remembered of an environment in a session. */
export function lookedAt(session: Session, environment: string): Looked {
  const environments = looked.get(session) ?? new Map<string, Looked>();
  looked.set(session, environments);
  const found = environments.get(environment) ?? { next: 0, interval: DRIFT_INTERVAL, found: new Map() };
  environments.set(environment, found);
  return found;
}
