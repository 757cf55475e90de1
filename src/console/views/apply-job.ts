import type { ApplyEvent, ApplyOutcome } from '../../deployment/apply.ts';
import type { Plan } from '../../deployment/plan.ts';
import type { Target } from '../../deployment/step.ts';

/** How far one step is; times in ms since the epoch. */
export interface StepProgress {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What it says of itself: what it waits for, or why it failed. */
  readonly note?: string;
}

/** A deployment under way, as its job brings it and its cockpit paints it. */
export interface ApplyJob {
  readonly plan: Plan;
  readonly target: Target;
  readonly deployment?: string;
  readonly startedAt?: number;
  readonly steps: Readonly<Record<string, StepProgress>>;
  readonly outcome?: ApplyOutcome;
}

/** A deployment before its first event. */
export function beginning(plan: Plan, target: Target): ApplyJob {
  return { plan, target, steps: Object.fromEntries(plan.steps.map(({ id }) => [id, { state: 'waiting' as const }])) };
}

/** A deployment after one more event. */
export function applied(job: ApplyJob, event: ApplyEvent): ApplyJob {
  if (event.type === 'begun') return { ...job, deployment: event.deployment, startedAt: event.at };
  const id = event.type === 'note' ? event.step : event.id;
  const before = job.steps[id] ?? { state: 'waiting' };
  return { ...job, steps: { ...job.steps, [id]: progressed(before, event) } };
}

function progressed(before: StepProgress, event: Exclude<ApplyEvent, { type: 'begun' }>): StepProgress {
  if (event.type === 'note') return { ...before, note: event.text };
  if (event.state === 'running') return { state: 'running', startedAt: event.at };
  const { startedAt } = before;
  return {
    state: event.state,
    ...(startedAt === undefined ? {} : { startedAt }),
    endedAt: event.at,
    ...(event.detail === undefined ? {} : { note: event.detail }),
  };
}
