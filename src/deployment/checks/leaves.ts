import type { Session } from '../../aws/session.ts';
import type { Ingestion } from '../../fleet/ingestions.ts';
import { describeRevision } from '../../fleet/registrable.ts';
import type { DeploymentRequest } from '../../ingestion/request.ts';
import type { CheckDefinition } from './check.ts';

/** What the ingestion uses no more, nor any other one, and what no step takes away: others than ingestions may use it. */
export const leavesBehind: CheckDefinition = {
  id: 'leaves-behind',
  source: 'https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html#cost',
  look: async ({ session, earlier, others, request }, signal) => {
    if (earlier === undefined) return undefined;
    const theirs = await Promise.all(others.map((each) => usedBy(session, each, signal)));
    const used = new Set([...wantedBy(request), ...theirs.flat()]);
    const left = (await usedBy(session, earlier, signal)).filter((what) => !used.has(what));
    if (left.length === 0) return undefined;
    return {
      verdict: 'warning',
      evidence: `${request.dagId} leaves ${left.join(', ')}: no ingestion uses ${left.length === 1 ? 'it' : 'them'} any more`,
      advice: 'Nothing of it is removed. Undoing this deployment and the earlier ones removes what those had made.',
    };
  },
};

/** What a deployed ingestion uses beside what its own steps take away, in words. */
async function usedBy(
  session: Session,
  { secretArn, cluster, logGroup, taskDefinitionArn }: Ingestion,
  signal: AbortSignal,
): Promise<string[]> {
  const revision = taskDefinitionArn && (await describeRevision(session, taskDefinitionArn, signal));
  const { executionRoleArn, taskRoleArn } = revision || {};
  return words(secretNameOf(secretArn), cluster, logGroup, [executionRoleArn, taskRoleArn]);
}

/** A secret's name, given its ARN or its name. */
export function secretNameOf(secretArn: string): string {
  return secretArn.replace(/^arn:.*?:secret:(.*)-\w{6}$/, '$1');
}

function wantedBy({ secretName, ecs }: DeploymentRequest): string[] {
  return words(secretName, ecs?.cluster, ecs?.logGroup, [ecs?.executionRoleArn, ecs?.taskRoleArn]);
}

/** Clusters and roles by their names: a record has some by ARN. */
function words(
  secretName: string,
  cluster: string | undefined,
  logGroup: string | undefined,
  roleArns: readonly (string | undefined)[],
): string[] {
  const named = (kind: string, name: string | undefined) => (name === undefined ? [] : [`the ${kind} ${name}`]);
  return [
    ...named('secret', secretName),
    ...named('cluster', cluster?.split('/').at(-1)),
    ...named('log group', logGroup),
    ...new Set(roleArns.flatMap((arn) => named('role', arn?.split('/').at(-1)))),
  ];
}
