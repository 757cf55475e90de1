import { randomUUID } from 'node:crypto';
import { persist } from '../aws/persist.ts';
import { ingestionKey } from '../fleet/ingestions.ts';
import { Failure } from '../text/failure.ts';
import { type ApplyEvent, type ApplyOutcome, carryOut } from './carry-out.ts';
import type { DocumentStore } from './documents.ts';
import { guardedSession } from './guarded-session.ts';
import {
  type Journal,
  type JournalStep,
  JournalWriter,
  listDeployments,
  nextDeploymentId,
  refuseOutdated,
} from './journal.ts';
import { takeLock } from './lock.ts';
import type { Plan } from './plan.ts';
import { readRecord } from './record.ts';
import type { Target } from './step.ts';

/** Who applies, for the journal and the lock. */
export interface Applier {
  readonly who: string;
  /** False: returns as soon as something was begun that takes minutes; `resume` goes on. True when absent. */
  readonly patient?: boolean;
}

/**
 * Applies a plan step by step under the environment's lock. A plan without steps does nothing but say what it is of.
 * Throws Failure 'refused' when a check of the plan failed, somebody else works on the environment, or has since the plan.
 */
export async function* applyPlan(
  plan: Plan,
  target: Target,
  { who, patient = true }: Applier,
  signal: AbortSignal,
): AsyncGenerator<ApplyEvent, ApplyOutcome> {
  const { session, environment, request } = target;
  const store: DocumentStore = { session, bucket: environment.sourceBucket };
  refuseFailedChecks(plan);
  const { ids, now } = await listDeployments(store, environment.name, signal);
  const id = nextDeploymentId(now, ids);
  const lock = await takeLock(store, environment.name, { deployment: id, who, since: now }, signal);
  try {
    await refuseOutdated(store, environment.name, target.deployments, signal);
    const guarded = guardedSession(session, lock);
    const key = ingestionKey(environment.name, request.dagId);
    const before = await persist(session.clock, signal, () => readRecord(store, key, signal));
    const journal = newJournal(plan, target, { id, who, now, before: before ?? null });
    const writer = new JournalWriter({ session: guarded, bucket: store.bucket }, journal);
    await writer.save(signal);
    yield { type: 'begun', deployment: id, steps: journal.steps, at: session.clock.now() };
    return yield* carryOut({ writer, lock, who, signal, patient }, { ...target, session: guarded });
  } finally {
    await lock.release();
  }
}

function refuseFailedChecks(plan: Plan): void {
  const failed = plan.checks.filter((check) => check.verdict === 'fail');
  const [first] = failed;
  if (first === undefined) return;
  const more = failed.length > 1 ? ` (and ${failed.length - 1} more failed checks)` : '';
  throw new Failure('refused', `${first.evidence}${more}`, {
    advice: first.advice,
    resource: plan.environment,
  });
}

function newJournal(
  plan: Plan,
  { request, known }: Target,
  begin: { readonly id: string; readonly who: string; readonly now: number; readonly before: string | null },
): Journal {
  return {
    schema: 1,
    id: begin.id,
    environment: plan.environment,
    dagId: plan.dagId,
    request: withoutSecrets(request),
    startedAt: begin.now,
    startedBy: begin.who,
    state: 'applying',
    record: { before: begin.before },
    known,
    steps: plan.steps.map(
      (step): JournalStep => ({
        id: step.id,
        kind: step.kind,
        action: step.action,
        resource: step.resource,
        shared: step.shared,
        token: randomUUID(),
        state: 'planned',
        before: plan.before[step.id] ?? null,
      }),
    ),
  };
}

/** The request as the journal may hold it: the pipeline's text and values are in the secret and nowhere else. */
function withoutSecrets(request: Target['request']): Target['request'] {
  // An index of packages may be named with its password.
  const { requirements: _, ...kept } = request;
  return { ...kept, pipeline: { ...request.pipeline, text: '', value: {}, findings: [] } };
}
