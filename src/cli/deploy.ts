import { applyPlan } from '../deployment/apply.ts';
import type { ApplyEvent, ApplyOutcome } from '../deployment/carry-out.ts';
import type { Planned } from '../deployment/plan.ts';
import { planFor, planJson, printPlan } from './plan.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';
import { agree, followed, teller } from './progress.ts';

/** `deploy ENV`: shows the plan, asks, applies it and tells each step as it ends. */
export const deploy: Verb = async (context, args, options) => {
  const planned = await planFor(context, args, options);
  const { plan } = planned;
  const { print } = context;
  if (plan.steps.length === 0) {
    await present(context, { ...planJson(plan), deployment: null, state: 'done' }, () =>
      printPlan(context, plan, false),
    );
    return 0;
  }
  if (context.format === 'table') printPlan(context, plan, false);
  await agree(context, `Apply these ${plan.steps.length} steps to ${plan.environment}?`, {
    environment: plan.environment,
    restartsWorkers: plan.steps.some(({ restartsWorkers }) => restartsWorkers),
    confirmed: options.confirm,
  });
  const outcome = await apply(context.signal, planned, teller(context), options.wait !== false);
  await present(context, { ...planJson(plan), deployment: outcome.deployment, state: outcome.state }, () => {
    if (outcome.state === 'waiting') print.line(`Begun: mwaa-console resume ${plan.environment} ${outcome.deployment}`);
    else print.line(`${outcome.state === 'done' ? 'Deployed' : 'Failed'}: deployment ${outcome.deployment}`);
  });
  if (outcome.failure) throw outcome.failure;
  return 0;
};

/** Applies a plan as the caller that its session is signed in as. */
export async function apply(
  signal: AbortSignal,
  { plan, target }: Planned,
  onEvent: (event: ApplyEvent) => void,
  patient = true,
): Promise<ApplyOutcome> {
  const { arn } = await target.session.identity(signal);
  return followed(applyPlan(plan, target, { who: arn, patient }, signal), onEvent);
}
