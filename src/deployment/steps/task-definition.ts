import { maskSettings } from '../../fleet/masking.ts';
import { describeRevision, type RegisterInput } from '../../fleet/registrable.ts';
import { taskDefinitionFamily } from '../../ingestion/names.ts';
import { taskDefinition as wantedDefinition } from '../../ingestion/task-definition.ts';
import { partitionOf } from '../../reference/partitions.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { JournalStep } from '../journal.ts';
import type { StepDefinition, Target } from '../step.ts';
import { withKnown } from './known.ts';
import { liveRevision } from './revisions.ts';

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
    target.known.taskDefinitionArn = nextArn(target, family, await highestRevision(target, family, newest, signal));
    const { cpu, memory, image } = target.request.ecs;
    return {
      action: newest === undefined ? 'create' : 'update',
      resource: family,
      diff: await unifiedDiff(newest?.shown, wanted, family),
      reason: `${cpu / 1024} vCPU, ${memory / 1024} GB, ${image.split('/').at(-1)}`,
      before: newest === undefined ? null : { arn: newest.arn },
    };
  },
  act: async (target, { signal }) => {
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
  lookBack: async (target, step, signal) => {
    const made = await madeRevision(target, step, signal);
    if (made === undefined) return undefined;
    const name = made.split('/').at(-1);
    return {
      action: 'remove',
      text: `revision ${name?.split(':').at(-1)} is deregistered`,
      remains: `${name}, which ECS keeps as inactive`,
    };
  },
  takeBack: async (target, { step, signal }) => {
    const made = await madeRevision(target, step, signal);
    if (made !== undefined) await target.session.ecs.deregisterTaskDefinition({ taskDefinition: made }, { signal });
  },
};

/** The revision that a step has registered, while it is active; also that of one that was stopped right after. */
async function madeRevision(
  target: Target,
  { resource, before, after }: JournalStep,
  signal: AbortSignal,
): Promise<string | undefined> {
  const earlier = (before as { readonly arn: string } | null)?.arn;
  const noted = (after as { readonly arn: string } | undefined)?.arn;
  if (noted === undefined) {
    const newest = await newestRevision(target, resource, signal);
    const wanted = canonicalJson(wantedDefinition(withKnown(target)));
    return newest?.text === wanted && newest.arn !== earlier ? newest.arn : undefined;
  }
  return noted === earlier ? undefined : liveRevision(target.session, noted, signal);
}

/** The family's highest revision, an inactive one too: revisions are never given twice. */
async function highestRevision(
  { session }: Target,
  family: string,
  newest: Revision | undefined,
  signal: AbortSignal,
): Promise<number> {
  const inactive = await session.ecs.listTaskDefinitions(
    { familyPrefix: family, status: 'INACTIVE', sort: 'DESC', maxResults: 1 },
    { signal },
  );
  const [arn = ''] = inactive.taskDefinitionArns ?? [];
  return Math.max(newest?.revision ?? 0, Number(arn.split(':').at(-1)) || 0);
}

interface Revision {
  readonly arn: string;
  readonly revision: number;
  /** What it says, as far as we say anything, in canonical form. */
  readonly text: string;
  /** The same for eyes: variables of whoever registered it may be secrets. */
  readonly shown: string;
}

async function newestRevision(target: Target, family: string, signal: AbortSignal): Promise<Revision | undefined> {
  const found = await describeRevision(target.session, family, signal);
  if (found?.taskDefinitionArn === undefined) return undefined;
  const wanted = wantedDefinition(withKnown(target));
  const containerDefinitions = found.containerDefinitions?.map((container) => ({
    ...container,
    environment: container.environment?.map(({ name = '', value = '' }) => ({
      name,
      value: maskSettings({ [name]: value })[name],
    })),
  }));
  return {
    arn: found.taskDefinitionArn,
    revision: found.revision ?? 0,
    text: canonicalJson(pick(found, wanted)),
    shown: canonicalJson(pick({ ...found, containerDefinitions }, wanted)),
  };
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
