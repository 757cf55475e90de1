import { Failure } from '../text/failure.ts';
import { pages } from './pages.ts';
import type { Session } from './session.ts';

/** One call to predict: an action, and the ARN it would act on (`*` for actions without resources). */
export interface PredictedCall {
  readonly action: string;
  readonly resource: string;
}

/** What IAM predicts for one call. */
export interface Prediction extends PredictedCall {
  /** `unknown`: IAM gave no decision for it. */
  readonly decision: 'allowed' | 'denied' | 'unknown';
}

/** One question to the policy simulator. */
export interface Question {
  /** ARN of a role, user or group. */
  readonly principal: string;
  readonly calls: readonly PredictedCall[];
  /** Condition keys that the calls would carry, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
  /** Policy documents that count as if the principal had them already. */
  readonly policies?: readonly string[];
}

/** SimulatePrincipalPolicy takes actions in any number but answers by pages; this keeps an answer small. */
const ACTIONS_AT_ONCE = 50;

/** IAM answers some actions together and refuses others beside each other, by a rule that it documents nowhere. */
const NOT_TOGETHER = /require different authorization information/;

/**
 * Asks IAM what it would decide (SimulatePrincipalPolicy). A prediction: it sees no service control policies of
 * other accounts, no endpoint policies and no session policies. All calls go in one question, since every action is
 * answered for every resource, and each action in one of its own where IAM refuses them together; it answers one result
 * an action with details by resource since 2026-07-30, one an action and resource before: both are read.
 * @throws Failure `denied` when the caller may not ask.
 */
export async function simulate(session: Session, question: Question, signal: AbortSignal): Promise<Prediction[]> {
  const decisions = new Map<string, string>();
  try {
    await ask(session, question, decisions, signal);
  } catch (error) {
    if (!(error instanceof Failure) || !NOT_TOGETHER.test(error.message)) throw error;
    for (const action of new Set(question.calls.map((call) => call.action))) {
      const calls = question.calls.filter((call) => call.action === action);
      await ask(session, { ...question, calls }, decisions, signal);
    }
  }
  return question.calls.map((call) => ({ ...call, decision: decisionIn(decisions, call) }));
}

async function ask(session: Session, question: Question, decisions: Map<string, string>, signal: AbortSignal) {
  const actions = [...new Set(question.calls.map(({ action }) => action))];
  const resources = [...new Set(question.calls.map(({ resource }) => resource))];
  const context = Object.entries(question.context ?? {});
  for (let at = 0; at < actions.length; at += ACTIONS_AT_ONCE) {
    const results = pages(
      (Marker) =>
        session.iam.simulatePrincipalPolicy(
          {
            PolicySourceArn: question.principal,
            ActionNames: actions.slice(at, at + ACTIONS_AT_ONCE),
            ResourceArns: resources,
            ...(question.policies && { PolicyInputList: [...question.policies] }),
            ...(context.length > 0 && {
              ContextEntries: context.map(([ContextKeyName, value]) => ({
                ContextKeyName,
                ContextKeyType: 'string' as const,
                ContextKeyValues: [value],
              })),
            }),
            ...(Marker && { Marker }),
          },
          { signal },
        ),
      (page) => (page.IsTruncated ? page.Marker : undefined),
    );
    for await (const page of results) {
      for (const result of page.EvaluationResults ?? []) keep(result, decisions);
    }
  }
}

type Result = NonNullable<Awaited<ReturnType<Session['iam']['simulatePrincipalPolicy']>>['EvaluationResults']>[number];

/** Remembers a result under its action and resource; the action's own decision stands where no resource has one. */
function keep(result: Result, decisions: Map<string, string>): void {
  const action = result.EvalActionName ?? '';
  const details = result.ResourceSpecificResults ?? [];
  for (const { EvalResourceName, EvalResourceDecision } of details) {
    decisions.set(`${action} ${EvalResourceName}`, EvalResourceDecision ?? '');
  }
  if (details.length === 0) decisions.set(`${action} ${result.EvalResourceName ?? '*'}`, result.EvalDecision ?? '');
}

function decisionIn(decisions: ReadonlyMap<string, string>, { action, resource }: PredictedCall) {
  const decision = decisions.get(`${action} ${resource}`);
  if (decision === undefined) return 'unknown';
  return decision === 'allowed' ? 'allowed' : /Deny$/.test(decision) ? 'denied' : 'unknown';
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
