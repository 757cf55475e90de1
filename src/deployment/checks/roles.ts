import { simulate } from '../../aws/simulate.ts';
import { policyName } from '../../ingestion/names.ts';
import { type IngestionPolicy, ingestionPolicies } from '../../ingestion/policies.ts';
import { Failure } from '../../text/failure.ts';
import type { CheckDefinition, Finding, Preflight } from './check.ts';

/** What a role's inline policies may hold together: characters, white space not counted (IAM quotas). */
const INLINE_LIMIT = 10_240;

/** With the ingestion's own policy on it, each role may do what the ingestion does: nothing else forbids it. */
export const rolesAllowed: CheckDefinition = {
  id: 'role-permissions',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html',
  look: async (target, signal) => {
    const findings = await Promise.all(
      ingestionPolicies(target.request).map((policy) => refusedTo(policy, target, signal)),
    );
    return findings.flatMap((finding) => (finding === undefined ? [] : [finding]));
  },
};

/** The roles that ECS is to act as let it: a role of another service can't start a task. */
export const rolesTrusted: CheckDefinition = {
  id: 'role-trust',
  source: 'https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html',
  look: async (target) => {
    const { ecs } = target.request;
    if (ecs === undefined) return undefined;
    const arns = [ecs.executionRoleArn, ...(ecs.taskRoleArn === undefined ? [] : [ecs.taskRoleArn])];
    const findings = await Promise.all(
      [...new Set(arns)].map(async (arn): Promise<Finding | undefined> => {
        const name = nameOf(arn);
        const role = await target.surroundings.role(name);
        if (role === undefined) return undefined;
        if (role.trust.includes('ecs-tasks.amazonaws.com')) {
          return { verdict: 'pass', evidence: `${name} trusts ECS tasks` };
        }
        return {
          verdict: 'fail',
          evidence: `${name} does not trust ecs-tasks.amazonaws.com: no task can start with it`,
          advice: 'Add that service to its trust policy, or name another role (--execution-role, --task-role).',
        };
      }),
    );
    return findings.flatMap((finding) => (finding === undefined ? [] : [finding]));
  },
};

/** A role's inline policies have room for one more. */
export const policyRoom: CheckDefinition = {
  id: 'policy-size',
  source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  look: async (target, signal) => {
    if (!(await target.steps).some(({ kind }) => kind === 'role-policy')) return undefined;
    const findings = await Promise.all(
      ingestionPolicies(target.request).map(async (policy): Promise<Finding | undefined> => {
        const others = await otherPolicies(policy.role, target, signal);
        const size = sizeOf(JSON.stringify(policy.document)) + others.reduce((sum, text) => sum + sizeOf(text), 0);
        if (size <= INLINE_LIMIT) return undefined;
        return {
          verdict: 'fail',
          evidence: `The inline policies of ${policy.role} would hold ${size} characters; IAM takes ${INLINE_LIMIT}`,
          advice: 'Move some of its policies into managed ones, or undo ingestions that are no longer used.',
        };
      }),
    );
    const full = findings.flatMap((finding) => (finding === undefined ? [] : [finding]));
    return full.length > 0 ? full : { verdict: 'pass', evidence: 'Every role has room for its inline policy' };
  },
};

/** What IAM predicts that a role is refused though it has the ingestion's policy; undefined for a role to be made. */
async function refusedTo(
  { role, document }: IngestionPolicy,
  { session, surroundings }: Preflight,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const found = await surroundings.role(role);
  if (found === undefined) return undefined;
  const question = {
    principal: found.arn,
    calls: document.Statement.flatMap(({ Action, Resource }) =>
      Action.flatMap((action) => Resource.map((resource) => ({ action, resource }))),
    ),
    // The condition keys of all statements, as the calls themselves would carry them.
    context: Object.assign({}, ...document.Statement.flatMap(({ Condition }) => Object.values(Condition ?? {}))),
    policies: [JSON.stringify(document)],
  };
  const predictions = await simulate(session, question, signal);
  const denied = new Set(predictions.filter(({ decision }) => decision === 'denied').map(({ action }) => action));
  if (denied.size === 0) return { verdict: 'pass', evidence: `${role} may do what the ingestion does` };
  return {
    verdict: 'warning',
    evidence: `Even with the ingestion's policy, IAM predicts that ${role} is refused ${[...denied].join(', ')}`,
    advice: 'Something forbids it: a permissions boundary, another policy of the role, or the organisation.',
  };
}

/** The texts of a role's other inline policies; none for a role that is still to be made. */
async function otherPolicies(role: string, { session, request }: Preflight, signal: AbortSignal): Promise<string[]> {
  const own = policyName(request.dagId);
  try {
    const { PolicyNames: names = [] } = await session.iam.listRolePolicies({ RoleName: role }, { signal });
    const read = names
      .filter((name) => name !== own)
      .map((PolicyName) => session.iam.getRolePolicy({ RoleName: role, PolicyName }, { signal }));
    return (await Promise.all(read)).map(({ PolicyDocument }) => decodeURIComponent(PolicyDocument ?? ''));
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return [];
    throw error;
  }
}

function sizeOf(text: string): number {
  return text.replace(/\s/g, '').length;
}

function nameOf(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
