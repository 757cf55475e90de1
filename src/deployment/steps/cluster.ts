import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { canonicalJson } from './found.ts';

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
  act: async (target, signal) => {
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
};

async function status({ session }: Target, name: string, signal: AbortSignal): Promise<string | undefined> {
  const found = await session.ecs.describeClusters({ clusters: [name] }, { signal });
  return found.clusters?.[0]?.status;
}
