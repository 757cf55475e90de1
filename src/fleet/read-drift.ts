import type { Session } from '../aws/session.ts';
import type { Failure } from '../text/failure.ts';
import { readStandings } from './drift.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { DRIFT_INTERVAL, type Drift, knownDrift, lookedAt, rememberDrift } from './known-drift.ts';
import { Pool } from './pool.ts';
import { noting } from './snapshots.ts';

/** How seldom it is looked where something can't be read, ms. */
const LONGEST = 60 * 60_000;
/** Ingestions looked at together. */
const AT_ONCE = 2;

/**
 * What of an environment's ingestions differs from what was deployed. Looks every five minutes at most, and less often
 * while something can't be read; in between it is what was found before. What can't be read counts as no difference.
 */
export async function readDrift(
  session: Session,
  environment: Pick<Environment, 'name' | 'sourceBucket'>,
  ingestions: readonly Ingestion[],
  signal: AbortSignal,
): Promise<readonly Drift[]> {
  const { name } = environment;
  const looking = lookedAt(session, name);
  const now = session.clock.now();
  const known = new Set(ingestions.map(({ dagId }) => dagId));
  for (const dagId of looking.found.keys()) if (!known.has(dagId)) looking.found.delete(dagId);
  if (now < looking.next) return knownDrift(session, name);
  looking.next = now + looking.interval;
  const pool = new Pool(AT_ONCE);
  const failures: Failure[] = [];
  await Promise.all(
    ingestions.map((ingestion) =>
      pool.run(async () => {
        const standings = await readStandings(session, environment, ingestion, noting(failures, signal), signal);
        rememberDrift(session, name, ingestion.dagId, standings);
      }, signal),
    ),
  );
  looking.interval = failures.length > 0 ? Math.min(looking.interval * 2, LONGEST) : DRIFT_INTERVAL;
  looking.next = now + looking.interval;
  return knownDrift(session, name);
}
