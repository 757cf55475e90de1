import { policyName } from '../../ingestion/names.ts';
import { ingestionPolicies, type PolicyHolder } from '../../ingestion/policies.ts';
import { amount } from '../../text/amount.ts';
import { canonicalJson } from '../../text/canonical-json.ts';
import { unifiedDiff } from '../../text/diff.ts';
import { Failure } from '../../text/failure.ts';
import type { StepDefinition, Target } from '../step.ts';
import { unlessMissing } from './found.ts';
import { withKnown } from './known.ts';

/** What a role's inline policies may hold together: characters, white space not counted (IAM quotas). */
const INLINE_LIMIT = 10_240;

/** The ingestion's own inline policy on each role that needs one; other policies of the role are left alone. */
export const policies: readonly StepDefinition[] = [
  policy('policy-environment', 'environment'),
  policy('policy-execution', 'execution'),
  policy('policy-task', 'task'),
];

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
        throw new Failure('invalid-request', `The policy ${name} is longer than IAM takes.`, { resource: wanted.role });
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
