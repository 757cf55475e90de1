import { persist } from '../aws/persist.ts';
import { Failure } from '../text/failure.ts';
import type { Journal, JournalStep, JournalWriter } from './journal.ts';
import type { Lock } from './lock.ts';
import { keepIngestion, restoreIngestion, settleRecord } from './record.ts';
import { PENDING, type StepDefinition, type Target, type Work } from './step.ts';
import { stepDefinitions } from './steps/index.ts';
import type { UpdateLine } from './update-log.ts';

/** What happens while a deployment is carried out or taken back. `at` in ms since the epoch, by this machine's clock. */
export type ApplyEvent =
  | { readonly type: 'waiting'; readonly text: string; readonly at: number }
  | {
      readonly type: 'begun';
      readonly deployment: string;
      /** Every step that may be told of. */
      readonly steps: readonly Pick<JournalStep, 'id' | 'kind' | 'resource'>[];
      readonly at: number;
    }
  | {
      readonly type: 'step';
      readonly id: string;
      readonly state: 'running' | 'done' | 'failed' | 'undoing' | 'undone';
      readonly at: number;
      readonly detail?: string;
    }
  | { readonly type: 'note'; readonly step: string; readonly text: string; readonly at: number }
  /** A line that the containers of an environment's update wrote. */
  | { readonly type: 'log'; readonly step: string; readonly line: UpdateLine; readonly at: number };

/** How it ended. */
export interface ApplyOutcome {
  readonly deployment: string;
  /** `waiting`: something was begun that takes its time, and `resume` goes on when it has ended. */
  readonly state: 'done' | 'waiting' | 'failed' | 'undone' | 'undo-failed';
  readonly failure?: Failure;
}

/** A deployment under way: its journal, and the lock under which it is written. */
export interface Run {
  readonly writer: JournalWriter;
  /** Who carries it out, for the journal. */
  readonly who: string;
  readonly lock: Lock;
  readonly signal: AbortSignal;
  /** False: returns as soon as something was begun that takes minutes. */
  readonly patient: boolean;
}

/**
 * Takes every step of a journal that is not done. Each is journalled before it acts, with what was there before; one
 * that fails ends the deployment and leaves the journal for `resume` and `undo`.
 */
export async function* carryOut(run: Run, target: Target): AsyncGenerator<ApplyEvent, ApplyOutcome> {
  const { writer, lock, signal } = run;
  const { journal } = writer;
  const { clock } = target.session;
  const persisting = <T>(make: () => Promise<T>) => persist(clock, signal, make);
  journal.state = 'applying';
  delete journal.endedAt;
  for (const step of journal.steps) {
    if (step.state === 'done') continue;
    const retried = begin(step, 'doing', await lock.ensureHeld(signal));
    await writer.save(signal);
    yield { type: 'step', id: step.id, state: 'running', at: clock.now() };
    try {
      const made = yield* told(run, target, { step, retried }, (work) => definitionOf(step.id).act(target, work));
      if (made === PENDING) return { deployment: journal.id, state: 'waiting' };
      step.after = made;
    } catch (error) {
      const failure = yield* failed(run, target, step, error, 'failed');
      return { deployment: journal.id, state: 'failed', failure };
    }
    step.state = 'done';
    step.endedAt = await lock.ensureHeld(signal);
    yield { type: 'step', id: step.id, state: 'done', at: clock.now() };
  }
  await persisting(() => keepIngestion(target, journal, signal));
  journal.state = 'done';
  journal.endedAt = await lock.ensureHeld(signal);
  await writer.save(signal);
  return { deployment: journal.id, state: 'done' };
}

/** Takes back every step of a journal that was begun, the last one first. */
export async function* carryBack(run: Run, target: Target): AsyncGenerator<ApplyEvent, ApplyOutcome> {
  const { writer, lock, who, signal } = run;
  const { journal } = writer;
  const { clock } = target.session;
  journal.state = 'undoing';
  delete journal.endedAt;
  journal.undo ??= { startedAt: await lock.ensureHeld(signal), startedBy: who };
  await writer.save(signal);
  await persist(clock, signal, () => restoreIngestion(target, journal, signal));
  for (const step of begunSteps(journal)) {
    const definition = definitionOf(step.id);
    const retried = begin(step, 'undoing', await lock.ensureHeld(signal));
    await writer.save(signal);
    yield { type: 'step', id: step.id, state: 'undoing', at: clock.now() };
    try {
      const restoration = await persist(clock, signal, () => definition.lookBack(target, step, signal));
      if (restoration?.remains === undefined) delete step.remains;
      else step.remains = restoration.remains;
      if (restoration?.kept === true) step.kept = true;
      else delete step.kept;
      yield* told(run, target, { step, retried }, (work) => definition.takeBack(target, work));
    } catch (error) {
      const failure = yield* failed(run, target, step, error, 'undo-failed');
      return { deployment: journal.id, state: 'undo-failed', failure };
    }
    step.state = 'undone';
    step.endedAt = await lock.ensureHeld(signal);
    yield { type: 'step', id: step.id, state: 'undone', at: clock.now() };
  }
  await persist(clock, signal, () => settleRecord(target, journal, signal));
  journal.state = 'undone';
  journal.endedAt = await lock.ensureHeld(signal);
  await writer.save(signal);
  return { deployment: journal.id, state: 'undone' };
}

/** The steps that a deployment has begun and not taken back, the last one first. */
export function begunSteps({ steps }: Pick<Journal, 'steps'>): JournalStep[] {
  return steps.filter(({ state }) => state !== 'planned' && state !== 'undone').reverse();
}

/** Which definition a step of a journal follows: `cluster` also for the `cluster@other` that it has inherited beside its own. */
export function definitionId(id: string): string {
  return id.split('@', 1)[0] ?? id;
}

/** The kind of a journal's step. Failure 'invalid-input' for one that this version does not know. */
export function definitionOf(id: string): StepDefinition {
  const found = stepDefinitions.find((definition) => definition.id === definitionId(id));
  if (found === undefined) {
    throw new Failure('invalid-input', `The journal has a step that this version does not know: ${id}.`, {
      advice: 'Go on with the version of mwaa-console that began this deployment, or a newer one.',
    });
  }
  return found;
}

/** Whether it was begun before in this direction and has failed. */
function begin(step: JournalStep, state: 'doing' | 'undoing', now: number): boolean {
  const turned = state === 'undoing' && step.state !== 'undoing';
  if (turned) delete step.progress;
  if (turned || step.startedAt === undefined) step.startedAt = now;
  const failed = step.error !== undefined && !turned;
  step.state = state;
  delete step.error;
  delete step.advice;
  delete step.endedAt;
  return failed;
}

/** Notes a step that failed; what interrupts the run, or takes its lock, is thrown on and leaves the journal as it is. */
async function* failed(
  { writer, lock, signal }: Run,
  target: Target,
  step: JournalStep,
  error: unknown,
  state: 'failed' | 'undo-failed',
): AsyncGenerator<ApplyEvent, Failure> {
  if (!(error instanceof Failure) || error.kind === 'interrupted' || lock.lost || signal.aborted) throw error;
  const { journal } = writer;
  const now = await lock.ensureHeld(signal);
  if (state === 'failed') step.state = 'failed';
  step.error = error.message;
  if (error.advice !== undefined) step.advice = error.advice;
  step.endedAt = now;
  journal.state = state;
  journal.endedAt = now;
  await writer.save(signal);
  yield { type: 'step', id: step.id, state: 'failed', at: target.session.clock.now(), detail: error.message };
  return error;
}

/** Does one step's work and passes on what it tells meanwhile. */
async function* told<T>(
  { writer, lock, signal, patient }: Run,
  { session: { clock } }: Target,
  { step, retried }: Pick<Work, 'step' | 'retried'>,
  make: (work: Work) => Promise<T>,
): AsyncGenerator<ApplyEvent, T> {
  const told: ApplyEvent[] = [];
  let wake = () => {};
  let ended = false;
  const pass = (event: ApplyEvent) => {
    told.push(event);
    wake();
  };
  const tell = (text: string) => pass({ type: 'note', step: step.id, text, at: clock.now() });
  const log = (line: UpdateLine) => pass({ type: 'log', step: step.id, line, at: clock.now() });
  const note: Work['note'] = async (keep) => {
    step.progress = keep(await lock.ensureHeld(signal));
    await writer.save(signal);
  };
  const doing: Work = { step, signal, tell, log, note, patient, retried };
  const work = persist(clock, signal, () => make(doing), tell).finally(() => {
    ended = true;
    wake();
  });
  // Settled below; without a handler now, a rejection while a note is read would count as unhandled.
  work.catch(() => {});
  for (;;) {
    for (let event = told.shift(); event !== undefined; event = told.shift()) yield event;
    if (ended) return await work;
    await new Promise<void>((resolve) => {
      wake = resolve;
      if (ended || told.length > 0) resolve();
    });
  }
}
