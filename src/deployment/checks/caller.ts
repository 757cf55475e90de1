import { callerPrincipal, simulate } from '../../aws/simulate.ts';
import { actionsFor } from '../../reference/operations.ts';
import type { CheckDefinition } from './check.ts';

/** What IAM predicts for the caller: every action that deploying takes. */
export const callerAllowed: CheckDefinition = {
  id: 'caller-permissions',
  source: 'https://docs.aws.amazon.com/IAM/latest/APIReference/API_SimulatePrincipalPolicy.html',
  look: async ({ session }, signal) => {
    const actions = actionsFor('deploy').filter((action) => !action.startsWith('airflow:Update'));
    const principal = await callerPrincipal(session, signal);
    const context = { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' };
    const predictions = await simulate(session, { principal, actions, context }, signal);
    const denied = predictions.filter(({ decision }) => decision === 'denied').map(({ action }) => action);
    if (denied.length === 0) return { verdict: 'pass', evidence: `${principal} may deploy, as IAM predicts it` };
    return {
      verdict: 'warning',
      evidence: `IAM predicts a refusal of ${denied.join(', ')} for ${principal}`,
      advice: 'It asked for all resources; a policy on single ones may allow it. docs/PERMISSIONS.md has the policy.',
    };
  },
};
