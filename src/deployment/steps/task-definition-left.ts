import { describeRevision, registrable } from '../../fleet/registrable.ts';
import { taskDefinitionFamily } from '../../ingestion/names.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import type { StepDefinition, Target } from '../step.ts';
import { activeRevisions, wordsOf } from './revisions.ts';

/** What was there before: the revisions that could be run, the oldest first. */
interface Before {
  readonly arns: readonly string[];
}

/**
 * The task definition of an ingestion that runs by the ECS operator no more. Its DAG pins none of it by then; tasks that
 * run go on. ECS takes no revision back once it is deregistered: undoing registers the same anew, and the DAG's earlier
 * text is given the new number (see `withLiveRevisions`).
 */
export const taskDefinitionLeft: StepDefinition = {
  id: 'task-definition-left',
  kind: 'task-definition',
  shared: false,
  look: async (target, signal) => {
    const { request, earlier, session } = target;
    const family = taskDefinitionFamily(request.environment, request.dagId);
    // A family of that name that no deployment of this ingestion has made is somebody else's.
    if (request.mode === 'ecs' || !earlier?.taskDefinitionArn?.includes(`:task-definition/${family}:`))
      return undefined;
    const arns = await activeRevisions(session, family, signal);
    const newest = arns.length === 0 ? undefined : await describeRevision(session, arns.at(-1) ?? '', signal);
    if (newest === undefined) return undefined;
    return {
      action: 'delete',
      resource: family,
      diff: await unifiedDiff(canonicalJson(registrable(newest)), undefined, family),
      reason: `${revisionWords(arns)} deregistered: the ingestion runs on the workers now`,
      before: { arns } satisfies Before,
    };
  },
  act: async ({ session }, { step, signal }) => {
    const { arns } = step.before as Before;
    const active = await activeRevisions(session, step.resource, signal);
    // The newest first: if this stops in the middle, what is registered again still comes after what was left.
    for (const taskDefinition of [...arns].reverse().filter((arn) => active.includes(arn))) {
      await session.ecs.deregisterTaskDefinition({ taskDefinition }, { signal });
    }
    return { arns };
  },
  lookBack: async (target, step, signal) => {
    const missing = await unrestored(target, step.resource, step.before as Before, signal);
    if (missing.length === 0) return undefined;
    return {
      action: 'restore',
      text: `${missing.length === 1 ? 'a revision that says the same is' : `${missing.length} revisions that say the same are`} registered`,
      remains: `${step.resource} under new revision numbers, which the DAG then pins`,
    };
  },
  takeBack: async (target, { step, signal }) => {
    for (const definition of await unrestored(target, step.resource, step.before as Before, signal)) {
      await target.session.ecs.registerTaskDefinition(
        { ...registrable(definition), family: step.resource },
        { signal },
      );
    }
  },
};

/** Of the revisions of before, those that are neither active nor registered again, the oldest first. */
async function unrestored({ session }: Target, family: string, { arns }: Before, signal: AbortSignal) {
  const active = await activeRevisions(session, family, signal);
  const described = async (arn: string) => (await describeRevision(session, arn, signal)) ?? [];
  const gone = (await Promise.all(arns.filter((arn) => !active.includes(arn)).map(described))).flat();
  const again = (await Promise.all(active.filter((arn) => !arns.includes(arn)).map(described))).flat();
  // They are registered in order, so that those that are there again are the first ones.
  const done = again.map(wordsOf);
  return gone.filter((definition) => {
    if (done[0] !== wordsOf(definition)) return true;
    done.shift();
    return false;
  });
}

function revisionWords(arns: readonly string[]): string {
  const numbers = arns.map((arn) => arn.split(':').at(-1));
  return numbers.length === 1 ? `revision ${numbers[0]} is` : `revisions ${numbers.join(', ')} are`;
}
