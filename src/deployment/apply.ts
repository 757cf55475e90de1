import { Failure } from '../text/failure.ts';
import type { DocumentStore } from './documents.ts';
import { deploymentId, type Journal, type JournalStep, JournalWriter } from './journal.ts';
import { type Lock, takeLock } from './lock.ts';
import type { Plan } from './plan.ts';
import { keepIngestion } from './record.ts';
import type { StepDefinition, Target } from './step.ts';
import { stepDefinitions } from './steps/index.ts';

/** What happens while a plan is applied. `at` in ms since the epoch. */
export type ApplyEvent =
  | { readonly type: 'begun'; readonly deployment: string; readonly at: number }
  | {
      readonly type: 'step';
      readonly id: string;
      readonly state: 'running' | 'done' | 'failed';
      readonly at: number;
      readonly detail?: string;
    }
  | { readonly type: 'note'; readonly step: string; readonly text: string; readonly at: number };

/** How an application ended. */
export interface ApplyOutcome {
  readonly deployment: string;
  readonly state: 'done' | 'failed';
  readonly failure?: Failure;
}

/** Who applies, for the journal and the lock. */
export interface Applier {
  readonly who: string;
}

/**
 * Applies a plan step by step under the environment's lock. Each step is journalled before it acts, with what was
 * there before; a step that fails ends the deployment and leaves the journal for `resume` and `undo`. A plan without
 * steps does nothing. Throws Failure 'refused' when a check of the plan failed or somebody else works on the environment.
 */
export async function* applyPlan(
  plan: Plan,
  target: Target,
  applier: Applier,
  signal: AbortSignal,
): AsyncGenerator<ApplyEvent, ApplyOutcome> {
  const { session, environment } = target;
  const store: DocumentStore = { session, bucket: environment.sourceBucket };
  refuseFailedChecks(plan);
  const id = deploymentId(session.clock.now());
  const lock = await takeLock(store, environment.name, { deployment: id, who: applier.who }, signal);
  try {
    const writer = new JournalWriter(store, newJournal(plan, target, id, applier, session.clock.now()));
    await writer.save(signal);
    yield { type: 'begun', deployment: id, at: session.clock.now() };
    return yield* carryOut(writer, target, lock, signal);
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

function newJournal(plan: Plan, target: Target, id: string, applier: Applier, now: number): Journal {
  return {
    schema: 1,
    id,
    environment: plan.environment,
    dagId: plan.dagId,
    request: withoutSecrets(target),
    startedAt: now,
    startedBy: applier.who,
    state: 'applying',
    steps: plan.steps.map(
      (step): JournalStep => ({
        id: step.id,
        kind: step.kind,
        action: step.action,
        resource: step.resource,
        shared: step.shared,
        state: 'planned',
        before: plan.before[step.id] ?? null,
      }),
    ),
  };
}

/** The request as the journal may hold it: the pipeline's text and values are in the secret and nowhere else. */
function withoutSecrets({ request }: Target): Target['request'] {
  return { ...request, pipeline: { ...request.pipeline, text: '', value: {}, findings: [] } };
}

async function* carryOut(
  writer: JournalWriter,
  target: Target,
  lock: Lock,
  signal: AbortSignal,
): AsyncGenerator<ApplyEvent, ApplyOutcome> {
  const { journal } = writer;
  const { clock } = target.session;
  for (const step of journal.steps) {
    if (step.state === 'done') continue;
    await lock.ensureHeld(signal);
    step.state = 'doing';
    step.startedAt ??= clock.now();
    await writer.save(signal);
    yield { type: 'step', id: step.id, state: 'running', at: clock.now() };
    try {
      step.after = yield* act(definitionOf(step.id), target, signal);
      step.state = 'done';
    } catch (error) {
      if (!(error instanceof Failure) || error.kind === 'interrupted') throw error;
      step.state = 'failed';
      step.error = error.message;
      step.endedAt = clock.now();
      journal.state = 'failed';
      journal.endedAt = clock.now();
      await writer.save(signal);
      yield { type: 'step', id: step.id, state: 'failed', at: clock.now(), detail: error.message };
      return { deployment: journal.id, state: 'failed', failure: error };
    }
    step.endedAt = clock.now();
    await writer.save(signal);
    yield { type: 'step', id: step.id, state: 'done', at: clock.now() };
  }
  await lock.ensureHeld(signal);
  await keepIngestion(target, journal, signal);
  journal.state = 'done';
  journal.endedAt = clock.now();
  await writer.save(signal);
  return { deployment: journal.id, state: 'done' };
}

/** Runs one step and passes on what it tells while it works. */
async function* act(
  definition: StepDefinition,
  target: Target,
  signal: AbortSignal,
): AsyncGenerator<ApplyEvent, unknown> {
  const told: string[] = [];
  let wake = () => {};
  let ended = false;
  const work = definition
    .act(target, signal, (text) => {
      told.push(text);
      wake();
    })
    .finally(() => {
      ended = true;
      wake();
    });
  // Settled below; without a handler now, a rejection while a note is read would count as unhandled.
  work.catch(() => {});
  for (;;) {
    for (let text = told.shift(); text !== undefined; text = told.shift()) {
      yield { type: 'note', step: definition.id, text, at: target.session.clock.now() };
    }
    if (ended) return await work;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ended || told.length > 0) resolve();
    });
  }
}

function definitionOf(id: string): StepDefinition {
  const found = stepDefinitions.find((definition) => definition.id === id);
  if (found === undefined) {
    throw new Failure('invalid-input', `The journal has a step that this version does not know: ${id}.`, {
      advice: 'Go on with the version of mwaa-console that began this deployment, or a newer one.',
    });
  }
  return found;
}
