import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { canonicalJson, unlessThere } from './found.ts';

/** How long a log group that we make keeps its events: days. One that is there keeps its own retention. */
const RETENTION_DAYS = 30;

/** The log group of the ingestion's containers: it has to be there before the task starts. */
export const logGroup: StepDefinition = {
  id: 'log-group',
  kind: 'log-group',
  shared: true,
  look: async (target, signal) => {
    const name = target.request.ecs?.logGroup;
    if (name === undefined || (await exists(target, name, signal))) return undefined;
    return {
      action: 'create',
      resource: name,
      diff: await unifiedDiff(undefined, canonicalJson({ logGroupName: name, retentionInDays: RETENTION_DAYS }), name),
      reason: `${RETENTION_DAYS} days`,
      before: null,
    };
  },
  act: async (target, signal) => {
    const name = target.request.ecs?.logGroup ?? '';
    const { logs } = target.session;
    await unlessThere(logs.createLogGroup({ logGroupName: name }, { signal }));
    await logs.putRetentionPolicy({ logGroupName: name, retentionInDays: RETENTION_DAYS }, { signal });
    if (!(await exists(target, name, signal))) {
      throw new Failure('failed', `The log group ${name} was made but is not listed.`, {
        advice: 'Try `resume` in a moment.',
        resource: name,
      });
    }
    return { name };
  },
};

async function exists({ session }: Target, name: string, signal: AbortSignal): Promise<boolean> {
  const found = await session.logs.describeLogGroups({ logGroupNamePrefix: name, limit: 50 }, { signal });
  return (found.logGroups ?? []).some((group) => group.logGroupName === name);
}
