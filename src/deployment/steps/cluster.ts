import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { userOf } from './user.ts';

const CAPACITY_PROVIDERS = ['FARGATE', 'FARGATE_SPOT'];

/** The cluster that the ingestion's tasks run in; an empty Fargate cluster costs nothing. */
export const cluster: StepDefinition = {
  id: 'cluster',
  kind: 'cluster',
  shared: true,
  look: async (target, signal) => {
    const name = target.request.ecs?.cluster;
    if (name === undefined || (await status(target, name, signal)) === 'ACTIVE') return undefined;
    return {
      action: 'create',
      resource: name,
      diff: await unifiedDiff(
        undefined,
        canonicalJson({ clusterName: name, capacityProviders: CAPACITY_PROVIDERS }),
        name,
      ),
      reason: 'runs on Fargate; costs nothing while no task runs',
      before: null,
    };
  },
  act: async (target, { signal }) => {
    const name = target.request.ecs?.cluster ?? '';
    const { ecs } = target.session;
    if ((await status(target, name, signal)) !== 'ACTIVE') {
      await ecs.createCluster({ clusterName: name, capacityProviders: CAPACITY_PROVIDERS }, { signal });
    }
    if ((await status(target, name, signal)) !== 'ACTIVE') {
      throw new Failure('failed', `The cluster ${name} was made but is not active.`, {
        advice: 'Try `resume` in a moment.',
        resource: name,
      });
    }
    return { name };
  },
  lookBack: async (target, { resource }, signal) => {
    const found = await describe(target, resource, signal);
    if (found?.status !== 'ACTIVE') return undefined;
    const user = await userOf(target, (each) => each.cluster?.split('/').at(-1) === resource, 'runs in it');
    const tasks = (found.runningTasksCount ?? 0) + (found.pendingTasksCount ?? 0);
    const why =
      user !== undefined
        ? user
        : tasks > 0
          ? `${tasks} ${tasks === 1 ? 'task runs' : 'tasks run'} in it`
          : (found.activeServicesCount ?? 0) > 0
            ? 'it has services'
            : undefined;
    if (why === undefined) return { action: 'remove', text: 'is removed: nothing runs in it' };
    return { action: 'keep', text: why, remains: `the cluster ${resource}: ${why}`, kept: true };
  },
  takeBack: async (target, { step, signal }) => {
    const restoration = await cluster.lookBack(target, step, signal);
    if (restoration?.action === 'remove')
      await target.session.ecs.deleteCluster({ cluster: step.resource }, { signal });
  },
};

async function status(target: Target, name: string, signal: AbortSignal): Promise<string | undefined> {
  return (await describe(target, name, signal))?.status;
}

async function describe({ session }: Target, name: string, signal: AbortSignal) {
  return (await session.ecs.describeClusters({ clusters: [name] }, { signal })).clusters?.[0];
}
