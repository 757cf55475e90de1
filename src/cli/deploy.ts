import { type ApplyEvent, type ApplyOutcome, applyPlan } from '../deployment/apply.ts';
import type { Planned } from '../deployment/plan.ts';
import { clockTime } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import type { Context } from './context.ts';
import { planFor, planJson, printPlan } from './plan.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';

/** `deploy ENV`: shows the plan, asks, applies it and tells each step as it ends. */
export const deploy: Verb = async (context, args, options) => {
  const planned = await planFor(context, args, options);
  const { plan } = planned;
  if (plan.steps.length === 0) {
    await present(context, { ...planJson(plan), deployment: null, state: 'done' }, () =>
      printPlan(context, plan, false),
    );
    return 0;
  }
  if (context.format === 'table') printPlan(context, plan, false);
  const question = `Apply these ${plan.steps.length} steps to ${plan.environment}?`;
  if (!(await context.confirm(question))) {
    throw new Failure('refused', 'Nothing was changed.');
  }
  const outcome = await apply(context.signal, planned, (event) => tell(context, planned, event));
  await present(context, { ...planJson(plan), deployment: outcome.deployment, state: outcome.state }, () =>
    context.print.line(`${outcome.state === 'done' ? 'Deployed' : 'Failed'}: deployment ${outcome.deployment}`),
  );
  if (outcome.failure) throw outcome.failure;
  return 0;
};

/** Applies a plan as the caller that its session is signed in as. */
export async function apply(
  signal: AbortSignal,
  { plan, target }: Planned,
  onEvent: (event: ApplyEvent) => void,
): Promise<ApplyOutcome> {
  const { arn } = await target.session.identity(signal);
  const events = applyPlan(plan, target, { who: arn }, signal);
  for (;;) {
    const next = await events.next();
    if (next.done) return next.value;
    onEvent(next.value);
  }
}

/** One line of progress for each event, beside the data. */
export function tell({ print }: Context, { plan }: Planned, event: ApplyEvent): void {
  const time = clockTime(event.at, 'utc');
  if (event.type === 'begun') print.note(`${time} deployment ${event.deployment} has begun`, 'dim');
  else if (event.type === 'note') print.note(`${time}   ${event.text}`, 'dim');
  else {
    const step = plan.steps.find(({ id }) => id === event.id);
    const detail = event.detail === undefined ? '' : `: ${event.detail}`;
    const tone = event.state === 'failed' ? 'error' : event.state === 'done' ? 'ok' : 'plain';
    print.note(`${time} ${event.state.padEnd(7)} ${step?.kind ?? event.id} ${step?.resource ?? ''}${detail}`, tone);
  }
}
