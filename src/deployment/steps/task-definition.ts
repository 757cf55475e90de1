import type { Session } from '../../aws/session.ts';
import { taskDefinitionFamily } from '../../ingestion/names.ts';
import { taskDefinition as wantedDefinition } from '../../ingestion/task-definition.ts';
import { partitionOf } from '../../reference/partitions.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { canonicalJson } from './found.ts';
import { withKnown } from './known.ts';

type RegisterInput = Parameters<Session['ecs']['registerTaskDefinition']>[0];

/**
 * The ingestion's own task definition. Revisions can't be changed: one that says what is wanted is used again, else a
 * new one is registered. The DAG pins its ARN.
 */
export const taskDefinition: StepDefinition = {
  id: 'task-definition',
  kind: 'task-definition',
  shared: false,
  look: async (target, signal) => {
    if (target.request.ecs === undefined) return undefined;
    const family = taskDefinitionFamily(target.request.environment, target.request.dagId);
    const newest = await newestRevision(target, family, signal);
    const wanted = canonicalJson(wantedDefinition(withKnown(target)));
    if (newest !== undefined && newest.text === wanted) {
      target.known.taskDefinitionArn = newest.arn;
      return undefined;
    }
    // The revision that registering will make, so that the DAG's diff shows the line it will hold.
    target.known.taskDefinitionArn = nextArn(target, family, newest?.revision ?? 0);
    const { cpu, memory, image } = target.request.ecs;
    return {
      action: newest === undefined ? 'create' : 'update',
      resource: family,
      diff: await unifiedDiff(newest?.text, wanted, family),
      reason: `${cpu / 1024} vCPU, ${memory / 1024} GB, ${image.split('/').at(-1)}`,
      before: newest === undefined ? null : { arn: newest.arn },
    };
  },
  act: async (target, signal) => {
    const { ecs } = target.session;
    const family = taskDefinitionFamily(target.request.environment, target.request.dagId);
    const input = wantedDefinition(withKnown(target)) as RegisterInput;
    const wanted = canonicalJson(input);
    let newest = await newestRevision(target, family, signal);
    if (newest?.text !== wanted) {
      await ecs.registerTaskDefinition(input, { signal });
      newest = await newestRevision(target, family, signal);
    }
    if (newest?.text !== wanted) {
      throw new Failure('failed', `${family} got another revision from somebody else at the same moment.`, {
        advice: 'Plan again to see what it holds now.',
        resource: family,
      });
    }
    target.known.taskDefinitionArn = newest.arn;
    return { arn: newest.arn };
  },
};

interface Revision {
  readonly arn: string;
  readonly revision: number;
  /** What it says, as far as we say anything, in canonical form. */
  readonly text: string;
}

async function newestRevision(target: Target, family: string, signal: AbortSignal): Promise<Revision | undefined> {
  const { ecs } = target.session;
  try {
    const { taskDefinition: found } = await ecs.describeTaskDefinition({ taskDefinition: family }, { signal });
    if (found?.taskDefinitionArn === undefined) return undefined;
    const wanted = wantedDefinition(withKnown(target));
    return {
      arn: found.taskDefinitionArn,
      revision: found.revision ?? 0,
      text: canonicalJson(pick(found, wanted)),
    };
  } catch (error) {
    // ECS has no code of its own for it: ClientException, "Unable to describe task definition."
    if (error instanceof Failure && /unable to describe task definition/i.test(error.message)) return undefined;
    if (error instanceof Failure && error.kind === 'not-found') return undefined;
    throw error;
  }
}

/** Of what ECS answers, the members that `like` has: it fills in defaults of its own beside them. */
function pick(value: unknown, like: unknown): unknown {
  if (Array.isArray(like)) {
    if (!Array.isArray(value)) return value;
    return value.map((item, index) => pick(item, like[index] ?? like[0]));
  }
  if (like === null || typeof like !== 'object' || value === null || typeof value !== 'object') return value;
  const source = value as Record<string, unknown>;
  const members = Object.entries(like).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([key, member]) => [key, pick(source[key], member)]));
}

function nextArn({ request }: Target, family: string, revision: number): string {
  return `arn:${partitionOf(request.region)}:ecs:${request.region}:${request.account}:task-definition/${family}:${revision + 1}`;
}
