import { createHash } from 'node:crypto';
import type { Session } from '../aws/session.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { Failure } from '../text/failure.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { describeRevision } from './registrable.ts';
import type { noting } from './snapshots.ts';
import { readNewestVersion } from './stored-version.ts';

/** How something that a deployment made stands against what that made. */
export type Standing = 'as-deployed' | 'changed' | 'missing' | 'unknown';

/** An ingestion's file, policy and revision against what its last deployment made. */
export interface Standings {
  /** Its file in the bucket, against the version that was deployed. */
  readonly file: Standing;
  /** Its policy on the environment's role. */
  readonly policy: Standing;
  /** The revision that its DAG pins; undefined where it has none. */
  readonly taskDefinition: Standing | undefined;
  /** When the file in the bucket was written: ms since the epoch. */
  readonly fileWrittenAt: number | undefined;
}

/** Reads all three; `orNote` hears what can't be read, which is then unknown. */
export async function readStandings(
  session: Session,
  environment: Pick<Environment, 'sourceBucket'>,
  ingestion: Ingestion,
  orNote: ReturnType<typeof noting>,
  signal: AbortSignal,
): Promise<Standings> {
  const [file, policy, taskDefinition] = await Promise.all([
    orNote(fileStanding(session, environment, ingestion, signal)),
    orNote(policyStanding(session, ingestion, signal)),
    orNote(taskDefinitionStanding(session, ingestion, signal)),
  ]);
  const fileWrittenAt = file?.writtenAt;
  return { file: file?.standing ?? 'unknown', policy: policy ?? 'unknown', taskDefinition, fileWrittenAt };
}

/** What a policy says, as its ingestion's record keeps it to tell a change by. */
export function policyDigest(document: object): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex').slice(0, 32);
}

/** The ingestion's policy on the environment's role, against what was deployed. */
async function policyStanding(
  { iam }: Session,
  { executionRoleName, policyName, policyDigest: deployed }: Ingestion,
  signal: AbortSignal,
): Promise<Standing> {
  if (policyName === '' || executionRoleName === '') return 'unknown';
  try {
    const found = await iam.getRolePolicy({ RoleName: executionRoleName, PolicyName: policyName }, { signal });
    if (deployed === undefined || found.PolicyDocument === undefined) return 'unknown';
    // IAM answers it percent-encoded (RFC 3986).
    const document: unknown = JSON.parse(decodeURIComponent(found.PolicyDocument));
    return policyDigest(document as object) === deployed ? 'as-deployed' : 'changed';
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return 'missing';
    if (error instanceof SyntaxError || error instanceof URIError) return 'changed';
    throw error;
  }
}

/** The revision that the ingestion's DAG pins: whether it can still run, and is the newest of its family. */
async function taskDefinitionStanding(
  session: Session,
  { taskDefinitionArn }: Ingestion,
  signal: AbortSignal,
): Promise<Standing | undefined> {
  if (taskDefinitionArn === undefined) return undefined;
  const family = taskDefinitionArn.split('/').at(-1)?.split(':')[0] ?? '';
  const newest = await describeRevision(session, family, signal);
  if (newest?.taskDefinitionArn === taskDefinitionArn) return 'as-deployed';
  const own = newest && (await describeRevision(session, taskDefinitionArn, signal));
  return own?.status === 'ACTIVE' ? 'changed' : 'missing';
}

/** The DAG's file in the bucket against the version that was deployed, and when it was written. */
async function fileStanding(
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
