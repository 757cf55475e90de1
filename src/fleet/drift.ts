import { createHash } from 'node:crypto';
import type { Session } from '../aws/session.ts';
import { canonicalJson } from '../text/canonical-json.ts';
import { Failure } from '../text/failure.ts';
import type { Ingestion } from './ingestions.ts';
import { describeRevision } from './registrable.ts';

/** How something that a deployment made stands against what that made. */
export type Standing = 'as-deployed' | 'changed' | 'missing' | 'unknown';

/** What a policy says, as its ingestion's record keeps it to tell a change by. */
export function policyDigest(document: object): string {
  return createHash('sha256').update(canonicalJson(document)).digest('hex').slice(0, 32);
}

/** The ingestion's policy on the environment's role, against what was deployed. */
export async function policyStanding(
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
export async function taskDefinitionStanding(
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
