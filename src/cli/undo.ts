import { kindColumn } from '../deployment/step-words.ts';
import { planUndo, type UndoPlan, undoDeployment } from '../deployment/undo.ts';
import type { Context } from './context.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';
import { agree, followed, teller } from './progress.ts';

/** `undo ENV [ID]`: says what taking a deployment back does and what remains, asks, and does it. */
export const undo: Verb = async (context, [environment = '', id], options) => {
  const session = await context.session();
  const { signal, print } = context;
  const planned = await planUndo(session, environment, id, signal);
  const { plan } = planned;
  if (context.format === 'table') printUndo(context, plan);
  await agree(context, `Take deployment ${plan.deployment} of ${plan.dagId} back?`, {
    environment: plan.environment,
    restartsWorkers: plan.restartsWorkers,
    confirmed: options.confirm,
  });
  const { arn } = await session.identity(signal);
  const outcome = await followed(undoDeployment(planned, { who: arn }, signal), teller(context));
  await present(context, { ...undoJson(plan), state: outcome.state }, () =>
    print.line(`${outcome.state === 'undone' ? 'Taken back' : 'Not taken back'}: deployment ${outcome.deployment}`),
  );
  if (outcome.failure) throw outcome.failure;
  return 0;
};

const SIGNS = { restore: '~', remove: '-', keep: '·' } as const;
const TONES = { restore: 'warn', remove: 'error', keep: 'dim' } as const;

function printUndo({ print }: Context, plan: UndoPlan): void {
  print.line(`Taking back deployment ${plan.deployment} of ${plan.dagId} in ${plan.environment}`, 'accent');
  if (plan.steps.length === 0) print.line('Nothing of it is there any more.');
  for (const { action, kind, resource, text } of plan.steps) {
    print.line(`${SIGNS[action]} ${kindColumn(kind)} ${resource}  ${text}`, TONES[action]);
  }
  print.line('Remains:');
  for (const text of plan.remains) print.line(`  ${text}`);
}

/** A preview as `-o json` prints it. */
function undoJson({ environment, deployment, dagId, steps, remains, restartsWorkers }: UndoPlan) {
  return {
    environment,
    deployment,
    dagId,
    restartsWorkers,
    steps: steps.map(({ id, kind, resource, action, text }) => ({ id, kind, resource, action, text })),
    remains,
  };
}
