import { unlessMissing, unlessThere } from '../../aws/found.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { userOf } from './user.ts';

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
  act: async (target, { signal }) => {
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
  lookBack: async (target, step, signal) => {
    const { resource } = step;
    if (!(await exists(target, resource, signal))) return undefined;
    const user = await userOf(target, ({ logGroup: name }) => name === resource, 'writes to it');
    if (user !== undefined) {
      return { action: 'keep', text: user, remains: `the log group ${resource}: ${user}`, kept: true };
    }
    if (await holdsStreams(target, resource, signal)) {
      return { action: 'keep', text: 'it holds lines', remains: `the log group ${resource}: it holds lines` };
    }
    return { action: 'remove', text: 'is removed: it holds no lines' };
  },
  takeBack: async (target, { step, signal }) => {
    const restoration = await logGroup.lookBack(target, step, signal);
    if (restoration?.action !== 'remove') return;
    await unlessMissing(target.session.logs.deleteLogGroup({ logGroupName: step.resource }, { signal }));
  },
};

async function exists({ session }: Target, name: string, signal: AbortSignal): Promise<boolean> {
  const found = await session.logs.describeLogGroups({ logGroupNamePrefix: name, limit: 50 }, { signal });
  return (found.logGroups ?? []).some((group) => group.logGroupName === name);
}

async function holdsStreams({ session }: Target, name: string, signal: AbortSignal): Promise<boolean> {
  const found = await session.logs.describeLogStreams({ logGroupName: name, limit: 1 }, { signal });
  return (found.logStreams ?? []).length > 0;
}
