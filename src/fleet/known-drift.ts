import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { policyStanding, type Standing, taskDefinitionStanding } from './drift.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { Pool } from './pool.ts';
import { readNewestVersion } from './stored-version.ts';

/** Something of an ingestion that is not as its last deployment left it. */
export interface Drift {
  readonly dagId: string;
  readonly resource: 'DAG file' | 'policy' | 'task definition';
  readonly standing: 'changed' | 'missing';
}

/** Three requests an ingestion: the dashboard looks no more often than this, and less where it can't: ms. */
const INTERVAL = 5 * 60_000;
const LONGEST = 60 * 60_000;
/** Ingestions looked at together. */
const AT_ONCE = 2;

interface Looked {
  /** When the dashboard looks again: ms since the epoch. */
  next: number;
  interval: number;
  readonly found: Map<string, readonly Drift[]>;
}

const looked = new WeakMap<Session, Map<string, Looked>>();

/** An ingestion's file, policy and revision against what its last deployment made. */
export interface Standings {
  readonly file: Standing;
  readonly policy: Standing;
  readonly taskDefinition: Standing | undefined;
}

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
  looking.interval = failed ? Math.min(looking.interval * 2, LONGEST) : INTERVAL;
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

function lookedAt(session: Session, environment: string): Looked {
  const environments = looked.get(session) ?? new Map<string, Looked>();
  looked.set(session, environments);
  const found = environments.get(environment) ?? { next: 0, interval: INTERVAL, found: new Map() };
  environments.set(environment, found);
  return found;
}
