import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { policyStanding, type Standing, taskDefinitionStanding } from './drift.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { DRIFT_INTERVAL, type Drift, knownDrift, lookedAt, rememberDrift } from './known-drift.ts';
import { Pool } from './pool.ts';
import { readNewestVersion } from './stored-version.ts';

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
  let failed = false;
  await Promise.all(
    ingestions.map((ingestion) =>
      pool.run(async () => {
        const orNothing = async <T>(read: Promise<T>): Promise<T | undefined> => {
          try {
            return await read;
          } catch (error) {
            signal.throwIfAborted();
            if (!(error instanceof Failure)) throw error;
            failed = true;
            return undefined;
          }
        };
        const [file, policy, taskDefinition] = await Promise.all([
          orNothing(fileStanding(session, environment, ingestion, signal)),
          orNothing(policyStanding(session, ingestion, signal)),
          orNothing(taskDefinitionStanding(session, ingestion, signal)),
        ]);
        const standings = { file: file?.standing ?? 'unknown', policy: policy ?? 'unknown', taskDefinition } as const;
        rememberDrift(session, name, ingestion.dagId, standings);
      }, signal),
    ),
  );
  looking.interval = failed ? Math.min(looking.interval * 2, LONGEST) : DRIFT_INTERVAL;
  looking.next = now + looking.interval;
  return knownDrift(session, name);
}

/** The DAG's file in the bucket against the version that was deployed, and when it was written. */
export async function fileStanding(
  session: Session,
  { sourceBucket }: Pick<Environment, 'sourceBucket'>,
  { dagKey, dagVersionId }: Ingestion,
  signal: AbortSignal,
): Promise<{ readonly standing: Standing; readonly writtenAt: number | undefined }> {
  const newest = await readNewestVersion(session, sourceBucket, dagKey, signal);
  if (newest === undefined) return { standing: 'missing', writtenAt: undefined };
  const { versionId, writtenAt } = newest;
  if (versionId === undefined || dagVersionId === undefined) return { standing: 'unknown', writtenAt };
  return { standing: versionId === dagVersionId ? 'as-deployed' : 'changed', writtenAt };
}
