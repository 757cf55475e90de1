import type { ConditionContext } from '../service.ts';
import type { PolicyDocument, Statement } from './document.ts';
import { contextOf, glob, holds, substitute } from './match.ts';

export type Decision = 'allowed' | 'explicitDeny' | 'implicitDeny';

/** What is asked of the policies. */
export interface AccessRequest {
  /** Such as `ecs:RunTask`; compared without regard to case. */
  readonly action: string;
  /** An ARN, or `*` for an action without a resource level. */
  readonly resource: string;
  readonly context: ConditionContext;
}

/** A policy by the name that SimulatePrincipalPolicy gives it. */
export interface NamedPolicy {
  readonly id: string;
  readonly type: string;
  readonly document: PolicyDocument;
}

export interface Verdict {
  readonly decision: Decision;
  /** Policies whose statements decided. */
  readonly matched: readonly NamedPolicy[];
  /** Condition keys that statements ask for and the context lacks. */
  readonly missing: readonly string[];
}

/**
 * Evaluates identity policies as IAM does: an explicit deny wins, else any allow, else denied
 * (IAM user guide, "Policy evaluation logic").
 */
export function evaluate(policies: readonly NamedPolicy[], request: AccessRequest): Verdict {
  const context = contextOf(request.context);
  const allowing: NamedPolicy[] = [];
  const denying: NamedPolicy[] = [];
  const missing = new Set<string>();
  for (const policy of policies) {
    for (const statement of policy.document.statements) {
      if (!covers(statement, request, context)) continue;
      for (const { key } of statement.conditions) if (!context.has(key)) missing.add(key);
      if (!statement.conditions.every((condition) => holds(condition, context))) continue;
      const list = statement.effect === 'Deny' ? denying : allowing;
      if (!list.includes(policy)) list.push(policy);
    }
  }
  const decision = denying.length > 0 ? 'explicitDeny' : allowing.length > 0 ? 'allowed' : 'implicitDeny';
  return { decision, matched: denying.length > 0 ? denying : allowing, missing: [...missing] };
}

/** Whether a statement speaks of the action and the resource at all. */
function covers(
  statement: Statement,
  request: AccessRequest,
  context: ReadonlyMap<string, readonly string[]>,
): boolean {
  const action = request.action.toLowerCase();
  const named = (pattern: string): boolean => glob(pattern.toLowerCase(), action);
  const placed = (pattern: string): boolean => {
    const resource = substitute(pattern, context);
    return resource !== undefined && glob(resource, request.resource);
  };
  if (statement.actions !== undefined && !statement.actions.some(named)) return false;
  if (statement.notActions?.some(named) === true) return false;
  if (statement.resources !== undefined && !statement.resources.some(placed)) return false;
  return statement.notResources?.some(placed) !== true;
}
