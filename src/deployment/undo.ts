import { persist } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { readEnvironment } from '../fleet/environments.ts';
import { Failure } from '../text/failure.ts';
import type { Applier } from './apply.ts';
import { type ApplyEvent, type ApplyOutcome, begunSteps, carryBack, definitionOf } from './carry-out.ts';
import type { DocumentStore } from './documents.ts';
import { guardedSession } from './guarded-session.ts';
import { inheritedSteps, withInherited } from './inherited.ts';
import {
  isUnfinished,
  type Journal,
  type JournalStep,
  listDeployments,
  openJournal,
  readJournals,
  readLaterJournals,
  refuseOutdated,
} from './journal.ts';
import { takeLock } from './lock.ts';
import type { Restoration, Target } from './step.ts';
import { formerOthersOf, targetOf } from './target.ts';

/** How many of the newest deployments are searched for one to take back. */
const SEARCHED = 50;

/** What taking one step back does. */
export interface UndoStep extends Restoration, Pick<JournalStep, 'id' | 'kind' | 'resource'> {}

/** What taking a deployment back does, as pure data, in the order in which it is done. */
export interface UndoPlan {
  readonly environment: string;
  readonly deployment: string;
  readonly dagId: string;
  readonly steps: readonly UndoStep[];
  /** What will not be as it was before, in words. */
  readonly remains: readonly string[];
  /** Whether an update of the environment is needed for it. */
  readonly restartsWorkers: boolean;
}

/** A preview and what taking back works on. */
export interface PlannedUndo {
  readonly plan: UndoPlan;
  readonly target: Target;
}

/** What stays after every undo, and harms nothing. */
const ALWAYS_REMAINS = ["the deployment's journal, and the earlier versions that S3 keeps"];

/**
 * Says what taking a deployment back does, and what remains: the newest one that is not taken back, or that of `id`. It
 * changes nothing.
 * @throws Failure 'refused' when a later deployment builds on it; 'not-found' when there is none.
 */
export async function planUndo(
  session: Session,
  environmentName: string,
  id: string | undefined,
  signal: AbortSignal,
): Promise<PlannedUndo> {
  const environment = await readEnvironment(session, environmentName, signal);
  const store: DocumentStore = { session, bucket: environment.sourceBucket };
  const { standing: deployments } = await listDeployments(store, environment.name, signal);
  const journal = await choose(store, environment.name, id, signal);
  await refuseBuiltOn(store, journal, signal);
  const formerOthers = await formerOthersOf(store, journal, signal);
  const target = { ...(await targetOf(session, environment, journal, signal)), formerOthers, deployments };
  const inherited = journal.undo === undefined ? await inheritedSteps(store, target, journal, signal) : [];
  const steps: UndoStep[] = [];
  for (const step of begunSteps({ steps: withInherited(journal.steps, inherited) })) {
    const restoration = await definitionOf(step.id).lookBack(target, step, signal);
    const { id: stepId, kind, resource } = step;
    if (restoration !== undefined) steps.push({ id: stepId, kind, resource, ...restoration });
  }
  const remains = steps.flatMap((step) => (step.remains === undefined ? [] : [step.remains]));
  return {
    plan: {
      environment: environment.name,
      deployment: journal.id,
      dagId: journal.dagId,
      steps,
      remains: [...remains, ...ALWAYS_REMAINS],
      restartsWorkers: steps.some((step) => step.restartsWorkers === true),
    },
    target,
  };
}

/**
 * Takes a deployment back, step by step in reverse order, under the environment's lock and in its journal, so that
 * `resume` goes on with it after an interruption.
 * @throws Failure 'refused' when somebody works on the environment, or any deployment has gone on since the preview.
 */
export async function* undoDeployment(
  { plan, target: { session, environment, deployments } }: PlannedUndo,
  { who }: Applier,
  signal: AbortSignal,
): AsyncGenerator<ApplyEvent, ApplyOutcome> {
  const store: DocumentStore = { session, bucket: environment.sourceBucket };
  const { now } = await listDeployments(store, environment.name, signal);
  const lock = await takeLock(store, environment.name, { deployment: plan.deployment, who, since: now }, signal);
  try {
    await refuseOutdated(store, environment.name, deployments, signal);
    const guarded = guardedSession(session, lock);
    const writer = await openJournal({ ...store, session: guarded }, environment.name, plan.deployment, signal);
    await refuseBuiltOn(store, writer.journal, signal);
    const { journal } = writer;
    const formerOthers = await persist(session.clock, signal, () => formerOthersOf(store, journal, signal));
    const known = await persist(session.clock, signal, () => targetOf(guarded, environment, journal, signal));
    const target = { ...known, formerOthers };
    if (journal.undo === undefined) {
      const inherited = await persist(session.clock, signal, () => inheritedSteps(store, target, journal, signal));
      journal.steps.splice(0, journal.steps.length, ...withInherited(journal.steps, inherited));
    }
    yield { type: 'begun', deployment: plan.deployment, steps: journal.steps, at: session.clock.now() };
    return yield* carryBack({ writer, lock, who, signal, patient: true }, target);
  } finally {
    await lock.release();
  }
}

async function choose(
  store: DocumentStore,
  environment: string,
  id: string | undefined,
  signal: AbortSignal,
): Promise<Journal> {
  const journal =
    id === undefined
      ? (await readJournals(store, environment, SEARCHED, signal)).find(({ state }) => state !== 'undone')
      : (await openJournal(store, environment, id, signal)).journal;
  if (journal === undefined) {
    throw new Failure('not-found', `${environment} has no deployment that could be taken back.`, {
      resource: environment,
    });
  }
  if (journal.state === 'undone') {
    throw new Failure('refused', `Deployment ${journal.id} of ${environment} is taken back already.`, {
      resource: environment,
    });
  }
  return journal;
}

async function refuseBuiltOn(store: DocumentStore, journal: Journal, signal: AbortSignal): Promise<void> {
  const later = await readLaterJournals(store, journal.environment, journal.id, signal);
  for (const each of later) {
    const why = buildsOn(each, journal);
    if (why === undefined) continue;
    throw new Failure('refused', `Deployment ${each.id} of ${each.dagId} builds on ${journal.id}: ${why}.`, {
      advice: `Take that one back first: mwaa-console undo ${journal.environment} ${each.id}`,
      resource: journal.environment,
    });
  }
}

/**
 * Why a later deployment would lose what it stands on. What several ingestions share is left where another uses it, and
 * of shared files only this ingestion's part is taken out; but one that is unfinished is in no list of ingestions yet.
 */
function buildsOn(later: Journal, journal: Journal): string | undefined {
  if (later.state === 'undone' || begunSteps(later).length === 0) return undefined;
  if (later.dagId === journal.dagId) return 'it deployed the ingestion again';
  if (!isUnfinished(later)) return undefined;
  const { cluster, logGroup, executionRoleArn, taskRoleArn } = later.request.ecs ?? {};
  const used = new Set([cluster, logGroup, executionRoleArn, taskRoleArn].map((name) => name?.split('/role/').at(-1)));
  const shared = begunSteps(journal).find((step) => step.shared && used.has(step.resource));
  return shared === undefined ? undefined : `it is unfinished and uses ${shared.resource}`;
}
