import { resumeDeployment } from '../deployment/resume.ts';
import { present } from './present.ts';
import type { Verb } from './program.ts';
import { followed, teller } from './progress.ts';

/** `resume ENV [ID]`: goes on where a deployment, or its undo, stopped; anybody may, and nothing is asked. */
export const resume: Verb = async (context, [environment = '', id], options) => {
  const session = await context.session();
  const { signal, print } = context;
  const { arn } = await session.identity(signal);
  const resumer = { who: arn, patient: options.wait !== false };
  const outcome = await followed(resumeDeployment(session, environment, id, resumer, signal), teller(context));
  const result = { environment, deployment: outcome?.deployment ?? null, state: outcome?.state ?? 'nothing-to-resume' };
  await present(context, result, () => {
    if (outcome === undefined) print.line(`Nothing to resume in ${environment}.`);
    else print.line(`${WORDS[outcome.state]}: deployment ${outcome.deployment}`);
  });
  if (outcome?.failure) throw outcome.failure;
  return 0;
};

const WORDS = {
  done: 'Deployed',
  waiting: 'Begun',
  failed: 'Failed',
  undone: 'Taken back',
  'undo-failed': 'Not taken back',
} as const;
