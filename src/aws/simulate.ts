import { Failure } from '../text/failure.ts';
import type { Session } from './session.ts';

/** What IAM predicts for one action. */
export interface Prediction {
  readonly action: string;
  /** `unknown`: IAM gave no decision for it. */
  readonly decision: 'allowed' | 'denied' | 'unknown';
}

/** One question to the policy simulator. */
export interface Question {
  /** ARN of a role, user or group. */
  readonly principal: string;
  readonly actions: readonly string[];
  /** `*` when absent. */
  readonly resources?: readonly string[];
  /** Condition keys that the call would carry, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Policy documents that count as if the principal had them already. */
  readonly policies?: readonly string[];
}

/** SimulatePrincipalPolicy takes actions in any number but answers by pages; this keeps an answer small. */
const ACTIONS_AT_ONCE = 50;

/**
 * Asks IAM what it would decide (SimulatePrincipalPolicy). A prediction: it sees no service control policies of
 * other accounts, no endpoint policies and no session policies. It answers one result an action since 2026-07-30, one
 * an action and resource before: both are read, and an action counts as denied where any resource is.
 * @throws Failure `denied` when the caller may not ask.
 */
export async function simulate(session: Session, question: Question, signal: AbortSignal): Promise<Prediction[]> {
  const decisions = new Map<string, Prediction['decision']>();
  for (let at = 0; at < question.actions.length; at += ACTIONS_AT_ONCE) {
    let marker: string | undefined;
    do {
      const answer = await session.iam.simulatePrincipalPolicy(
        {
          PolicySourceArn: question.principal,
          ActionNames: question.actions.slice(at, at + ACTIONS_AT_ONCE),
          ...(question.resources && { ResourceArns: [...question.resources] }),
          ...(question.policies && { PolicyInputList: [...question.policies] }),
          ContextEntries: Object.entries(question.context ?? {}).map(([ContextKeyName, value]) => ({
            ContextKeyName,
            ContextKeyType: 'string' as const,
            ContextKeyValues: [value],
          })),
          ...(marker && { Marker: marker }),
        },
        { signal },
      );
      for (const result of answer.EvaluationResults ?? []) {
        const action = result.EvalActionName ?? '';
        const each = [
          result.EvalDecision,
          ...(result.ResourceSpecificResults ?? []).map((one) => one.EvalResourceDecision),
        ];
        const denied = each.some((decision) => decision === 'explicitDeny' || decision === 'implicitDeny');
        decisions.set(action, denied || decisions.get(action) === 'denied' ? 'denied' : 'allowed');
      }
      marker = answer.IsTruncated ? answer.Marker : undefined;
    } while (marker);
  }
  return question.actions.map((action) => ({ action, decision: decisions.get(action) ?? 'unknown' }));
}

/**
 * The ARN that the simulator takes for the caller: a role session's own role, found through GetRole since the
 * session's ARN leaves out the role's path (SSO roles have one); a user as it is.
 * @throws Failure `refused` for the account's root, which can't be simulated.
 */
export async function callerPrincipal(session: Session, signal: AbortSignal): Promise<string> {
  const { arn } = await session.identity(signal);
  const role = /:assumed-role\/([^/]+)\//.exec(arn)?.[1];
  if (role !== undefined) {
    const answer = await session.iam.getRole({ RoleName: role }, { signal });
    return answer.Role?.Arn ?? arn;
  }
  if (/:(root|federated-user\/.*)$/.test(arn)) {
    throw new Failure('refused', `${arn} can't be simulated: IAM predicts for roles and users only.`);
  }
  return arn;
}
