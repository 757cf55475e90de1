import { unlessMissing } from '../../aws/found.ts';
import { describeRevision } from '../../fleet/registrable.ts';
import { policyName } from '../../ingestion/names.ts';
import { ingestionPolicies, type PolicyHolder } from '../../ingestion/policies.ts';
import { amount } from '../../text/amount.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { withKnown } from './known.ts';

/** What a role's inline policies may hold together: characters, white space not counted (IAM quotas). */
const INLINE_LIMIT = 10_240;

/** How either is taken back: the policy says what it said before, or is gone where there was none. */
const backToBefore: Pick<StepDefinition, 'lookBack' | 'takeBack'> = {
  lookBack: async (target, step, signal) => {
    const { role, name } = placeOf(step.resource);
    const before = step.before as { readonly document: string } | null;
    const found = await readPolicy(target, role, name, signal);
    if (found === canonical(before)) return undefined;
    return before === null
      ? { action: 'remove', text: 'is removed' }
      : { action: 'restore', text: 'has its previous statements again' };
  },
  takeBack: async (target, { step, signal }) => {
    const { iam } = target.session;
    const { role, name } = placeOf(step.resource);
    const place = { RoleName: role, PolicyName: name };
    const before = step.before as { readonly document: string } | null;
    if ((await readPolicy(target, role, name, signal)) === canonical(before)) return;
    if (before === null) await unlessMissing(iam.deleteRolePolicy(place, { signal }));
    else {
      const document = JSON.stringify(JSON.parse(before.document));
      await iam.putRolePolicy({ ...place, PolicyDocument: document }, { signal });
    }
  },
};

/** The ingestion's own inline policy on each role that needs one; other policies of the role are left alone. */
export const policies: readonly StepDefinition[] = [
  policy('policy-environment', 'environment'),
  policy('policy-execution', 'execution'),
  policy('policy-task', 'task'),
];

/** The ingestion's inline policy on each role that it needs no more, after its DAG and its update. */
export const policiesLeft: readonly StepDefinition[] = [
  policyLeft('policy-environment-left', 'environment'),
  policyLeft('policy-execution-left', 'execution'),
  policyLeft('policy-task-left', 'task'),
];

const HOLDERS: readonly PolicyHolder[] = ['environment', 'execution', 'task'];

function policyLeft(id: string, holder: PolicyHolder): StepDefinition {
  return {
    id,
    kind: 'role-policy',
    shared: false,
    look: async (target, signal) => {
      const name = policyName(target.request.dagId);
      const earlier = await earlierRoles(target, signal);
      const [role, ...before] = HOLDERS.slice(0, HOLDERS.indexOf(holder) + 1)
        .map((each) => earlier[each]?.split('/').at(-1))
        .reverse();
      // A role that served as several had one policy for all.
      if (before.includes(role)) return undefined;
      const wanted = ingestionPolicies(withKnown(target)).map((each) => each.role);
      if (role === undefined || wanted.includes(role)) return undefined;
      const found = await readPolicy(target, role, name, signal);
      if (found === undefined) return undefined;
      const resource = `${role} / ${name}`;
      return {
        action: 'delete',
        resource,
        diff: await unifiedDiff(found, undefined, resource),
        reason: 'the ingestion acts as this role no more',
        before: { document: found },
      };
    },
    act: async (target, { step, signal }) => {
      const { role, name } = placeOf(step.resource);
      await unlessMissing(target.session.iam.deleteRolePolicy({ RoleName: role, PolicyName: name }, { signal }));
      return { role, name };
    },
    ...backToBefore,
  };
}

/** The roles that the ingestion acted as until now, as its record and the revision that its DAG pinned tell. */
async function earlierRoles(
  { session, earlier, known }: Target,
  signal: AbortSignal,
): Promise<Partial<Record<PolicyHolder, string | undefined>>> {
  if (earlier === undefined) return {};
  const { taskDefinitionArn: arn, executionRoleName } = earlier;
  const own = { environment: executionRoleName || undefined };
  // The same revision has the same roles.
  if (arn === undefined || arn === known.taskDefinitionArn) return own;
  const revision = await describeRevision(session, arn, signal);
  return { ...own, execution: revision?.executionRoleArn, task: revision?.taskRoleArn };
}

function policy(id: string, holder: PolicyHolder): StepDefinition {
  return {
    id,
    kind: 'role-policy',
    shared: false,
    look: async (target, signal) => {
      const wanted = wantedPolicy(target, holder);
      if (wanted === undefined) return undefined;
      const name = policyName(target.request.dagId);
      const found = await readPolicy(target, wanted.role, name, signal);
      if (found === wanted.text) return undefined;
      return {
        action: found === undefined ? 'create' : 'update',
        resource: `${wanted.role} / ${name}`,
        diff: await unifiedDiff(found, wanted.text, `${wanted.role} / ${name}`),
        reason: `${amount(wanted.actions, 'action')} on ${amount(wanted.resources, 'resource')}`,
        before: found === undefined ? null : { document: found },
      };
    },
    act: async (target, { signal }) => {
      const wanted = wantedPolicy(target, holder);
      if (wanted === undefined) return null;
      const name = policyName(target.request.dagId);
      if (wanted.text.replace(/\s/g, '').length > INLINE_LIMIT) {
        throw new Failure('invalid-request', `The policy ${name} is longer than IAM takes.`, {
          advice: 'Deploy the ingestion with fewer subnets, secrets or keys, or with another role.',
          resource: wanted.role,
        });
      }
      const { iam } = target.session;
      const document = JSON.stringify(JSON.parse(wanted.text));
      await iam.putRolePolicy({ RoleName: wanted.role, PolicyName: name, PolicyDocument: document }, { signal });
      const found = await readPolicy(target, wanted.role, name, signal);
      if (found !== wanted.text) {
        throw new Failure('failed', `${wanted.role} / ${name} was written by somebody else at the same moment.`, {
          advice: 'Plan again to see what it holds now.',
          resource: wanted.role,
        });
      }
      return { role: wanted.role, name };
    },
    ...backToBefore,
  };
}

/** A step's resource as it names it: `role / policy`. */
function placeOf(resource: string): { readonly role: string; readonly name: string } {
  const [role = '', name = ''] = resource.split(' / ');
  return { role, name };
}

function canonical(before: { readonly document: string } | null): string | undefined {
  return before === null ? undefined : canonicalJson(JSON.parse(before.document));
}

interface WantedPolicy {
  readonly role: string;
  /** Canonical JSON. */
  readonly text: string;
  readonly actions: number;
  readonly resources: number;
}

function wantedPolicy(target: Target, holder: PolicyHolder): WantedPolicy | undefined {
  const wanted = ingestionPolicies(withKnown(target)).find((each) => each.holder === holder);
  if (wanted === undefined) return undefined;
  const statements = wanted.document.Statement;
  return {
    role: wanted.role,
    text: canonicalJson(wanted.document),
    actions: new Set(statements.flatMap(({ Action }) => Action)).size,
    resources: new Set(statements.flatMap(({ Resource }) => Resource)).size,
  };
}

/** The policy's document in canonical form; IAM answers it percent-encoded (RFC 3986). */
async function readPolicy(
  { session }: Target,
  role: string,
  name: string,
  signal: AbortSignal,
): Promise<string | undefined> {
  const read = session.iam.getRolePolicy({ RoleName: role, PolicyName: name }, { signal });
  const document = (await unlessMissing(read))?.PolicyDocument;
  return document === undefined ? undefined : canonicalJson(JSON.parse(decodeURIComponent(document)));
}
