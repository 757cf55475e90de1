import { type ApplyEvent, type ApplyOutcome, applyPlan } from '../../deployment/apply.ts';
import type { Journal } from '../../deployment/journal.ts';
import type { Plan, Planned } from '../../deployment/plan.ts';
import type { Step, Target } from '../../deployment/step.ts';
import type { Console } from '../console.ts';
import { failureOf, isAborted } from '../stores/failures.ts';
import { actionCounts } from './step-words.ts';

/** How far one step is; times in ms since the epoch. */
export interface StepProgress {
  readonly state: 'waiting' | 'running' | 'done' | 'failed';
  readonly startedAt?: number;
  readonly endedAt?: number;
  /** What it says of itself: what it waits for, or why it failed. */
  readonly note?: string;
}

/** A deployment as its cockpit paints it: under way in this console, or read from its journal. */
export interface Progress {
  readonly environment: string;
  readonly dagId: string;
  readonly steps: readonly Pick<Step, 'id' | 'kind' | 'action' | 'resource'>[];
  readonly progress: Readonly<Record<string, StepProgress>>;
  readonly deployment?: string;
  readonly startedAt?: number;
  readonly endedAt?: number;
  readonly outcome?: Pick<ApplyOutcome, 'state' | 'failure'>;
  /** Who began it, where its journal tells. */
  readonly startedBy?: string;
  readonly logGroup?: string;
}

/** A deployment before its first event. */
function beginning(plan: Plan, { request }: Target): Progress {
  const logGroup = request.ecs?.logGroup;
  return {
    environment: plan.environment,
    dagId: plan.dagId,
    steps: plan.steps,
    progress: Object.fromEntries(plan.steps.map(({ id }) => [id, { state: 'waiting' as const }])),
    ...(logGroup === undefined ? {} : { logGroup }),
  };
}

/** A deployment after one more event. */
function applied(job: Progress, event: ApplyEvent): Progress {
  if (event.type === 'begun') return { ...job, deployment: event.deployment, startedAt: event.at };
  const id = event.type === 'note' ? event.step : event.id;
  const before = job.progress[id] ?? { state: 'waiting' };
  return { ...job, progress: { ...job.progress, [id]: progressed(before, event) } };
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

/** A deployment as its journal tells it. */
export function fromJournal(journal: Journal): Progress {
  const { environment, dagId, id, startedAt, startedBy, endedAt, state, steps, request } = journal;
  const logGroup = request.ecs?.logGroup;
  return {
    environment,
    dagId,
    steps,
    progress: Object.fromEntries(
      steps.map((step): [string, StepProgress] => [
        step.id,
        {
          state: step.state === 'planned' ? 'waiting' : step.state === 'doing' ? 'running' : step.state,
          ...(step.startedAt === undefined ? {} : { startedAt: step.startedAt }),
          ...(step.endedAt === undefined ? {} : { endedAt: step.endedAt }),
          ...(step.error === undefined ? {} : { note: step.error }),
        },
      ]),
    ),
    deployment: id,
    startedAt,
    startedBy,
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(state === 'applying' ? {} : { outcome: { state } }),
    ...(logGroup === undefined ? {} : { logGroup }),
  };
}

/** Asks, starts the deployment as a job that goes on when its screen is left, and opens the cockpit. */
export async function startApplying(console: Console, { plan, target }: Planned): Promise<void> {
  const warnings = plan.checks.filter(({ verdict }) => verdict === 'warning').length;
  const sure = await console.dialogs.confirm({
    title: `Deploy ${plan.dagId} to ${plan.environment}`,
    lines: [
      `${plan.steps.length} steps: ${actionCounts(plan.steps)}.`,
      ...(warnings === 0 ? [] : [`${warnings} ${warnings === 1 ? 'check warns' : 'checks warn'}: see the plan.`]),
      'No worker is restarted. Each step is written down first, with what was there before.',
    ],
    yes: 'deploy it',
    writes: true,
  });
  if (!sure) return;
  const job = console.jobs.start<Progress>({
    title: `deploy ${plan.dagId} to ${plan.environment}`,
    onQuit: 'it stops after the current request, and its journal keeps how far it came.',
    initial: beginning(plan, target),
    work: async ({ signal, update }) => {
      const end = (outcome: NonNullable<Progress['outcome']>) => {
        update((data) => ({ ...data, outcome, endedAt: target.session.clock.now() }));
        console.session.getState().pollers?.hurry();
      };
      try {
        const { arn } = await target.session.identity(signal);
        const events = applyPlan(plan, target, { who: arn }, signal);
        for (;;) {
          const next = await events.next();
          if (!next.done) {
            update((data) => applied(data, next.value));
            continue;
          }
          if (next.value.failure !== undefined) throw next.value.failure;
          end(next.value);
          return { text: `${plan.dagId} is deployed to ${plan.environment}`, tone: 'ok' };
        }
      } catch (error) {
        // A step that failed, or refused before it began, such as by somebody else's lock.
        if (!isAborted(error, signal)) end({ state: 'failed', failure: failureOf(error) });
        throw error;
      }
    },
  });
  console.router.replace({ kind: 'apply', environment: plan.environment, job: job.id });
}
