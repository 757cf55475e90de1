import { unlessMissing, unlessThere } from '../../aws/found.ts';
import type { Session } from '../../aws/session.ts';
import type { Ingestion } from '../../fleet/ingestions.ts';
import { describeRevision } from '../../fleet/registrable.ts';
import { policyName } from '../../ingestion/names.ts';
import { ecsTrustPolicy } from '../../ingestion/policies.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import type { StepDefinition, Target } from '../step.ts';
import { userOf } from './user.ts';

/** The roles that ECS and the ingestion act as; one that is there keeps its trust policy and everything else. */
export const roles: readonly StepDefinition[] = [
  role('role-execution', 'ECS acts as it to start the task', (target) => target.request.ecs?.executionRoleArn),
  role('role-task', 'the ingestion itself acts as it', ({ request: { ecs } }) =>
    ecs?.taskRoleArn === ecs?.executionRoleArn ? undefined : ecs?.taskRoleArn,
  ),
];

function role(id: string, reason: string, arnOf: (target: Target) => string | undefined): StepDefinition {
  return {
    id,
    kind: 'role',
    shared: true,
    look: async (target, signal) => {
      const name = nameOf(arnOf(target));
      if (name === undefined || (await exists(target, name, signal))) return undefined;
      return {
        action: 'create',
        resource: name,
        diff: await unifiedDiff(undefined, canonicalJson(ecsTrustPolicy(target.request)), `${name} trust policy`),
        reason,
        before: null,
      };
    },
    act: async (target, { signal }) => {
      const name = nameOf(arnOf(target)) ?? '';
      const document = JSON.stringify(ecsTrustPolicy(target.request));
      const { iam } = target.session;
      await unlessThere(
        iam.createRole(
          {
            RoleName: name,
            AssumeRolePolicyDocument: document,
            Description: 'OpenMetadata ingestion, by mwaa-console',
          },
          { signal },
        ),
      );
      return { name };
    },
    lookBack: async (target, { resource }, signal) => {
      if (!(await exists(target, resource, signal))) return undefined;
      const own = policyName(target.request.dagId);
      const user = await actorOf(target, resource, signal);
      if (user !== undefined) {
        return { action: 'keep', text: user, remains: `the role ${resource}: ${user}`, kept: true };
      }
      const held = (await policiesOf(target, resource, signal)).filter((name) => name !== own);
      if (held.length === 0) return { action: 'remove', text: 'is removed: no other ingestion has a policy on it' };
      const text = `it holds ${held[0]}${held.length > 1 ? ` and ${held.length - 1} more policies` : ''}`;
      return { action: 'keep', text, remains: `the role ${resource}: ${text}`, kept: true };
    },
    takeBack: async (target, { step: { resource }, signal }) => {
      if (!(await exists(target, resource, signal))) return;
      // IAM deletes no role that holds a policy; its own policies on it are taken back before.
      if ((await policiesOf(target, resource, signal)).length > 0) return;
      if ((await actorOf(target, resource, signal)) !== undefined) return;
      await unlessMissing(target.session.iam.deleteRole({ RoleName: resource }, { signal }));
    },
  };
}

/** Another ingestion whose task acts as the role, with a policy on it or without. */
function actorOf(target: Target, role: string, signal: AbortSignal): Promise<string | undefined> {
  const acts = async ({ taskDefinitionArn }: Ingestion) =>
    taskDefinitionArn !== undefined && (await rolesOf(target.session, taskDefinitionArn, signal)).includes(role);
  return userOf(target, acts, 'acts as it');
}

/** Roles by revision: as a revision never changes, a step that is begun anew has no need to ask again. */
const rolesRead = new WeakMap<Session, Map<string, readonly string[]>>();

/** The names of the roles that a revision's task acts as, or is started as. */
async function rolesOf(session: Session, revision: string, signal: AbortSignal): Promise<readonly string[]> {
  const read = rolesRead.get(session) ?? new Map<string, readonly string[]>();
  rolesRead.set(session, read);
  const known = read.get(revision);
  if (known !== undefined) return known;
  const { executionRoleArn, taskRoleArn } = (await describeRevision(session, revision, signal)) ?? {};
  const roles = [executionRoleArn, taskRoleArn].flatMap((arn) => nameOf(arn) ?? []);
  read.set(revision, roles);
  return roles;
}

/** A role's own name; its ARN may have a path before it. */
function nameOf(arn: string | undefined): string | undefined {
  return arn?.split('/').at(-1);
}

async function exists({ session }: Target, name: string, signal: AbortSignal): Promise<boolean> {
  return (await unlessMissing(session.iam.getRole({ RoleName: name }, { signal }))) !== undefined;
}

/** The names of a role's inline and managed policies. */
async function policiesOf({ session: { iam } }: Target, role: string, signal: AbortSignal): Promise<string[]> {
  const inline = await iam.listRolePolicies({ RoleName: role }, { signal });
  const managed = await iam.listAttachedRolePolicies({ RoleName: role }, { signal });
  return [...(inline.PolicyNames ?? []), ...(managed.AttachedPolicies ?? []).map(({ PolicyName = '' }) => PolicyName)];
}
