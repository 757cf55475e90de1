import { AwsError, type Operations } from '../../service.ts';
import type { IamService, Role } from '../service.ts';
import { constraint, encodeDocument, listed, name, text } from './input.ts';
import { resourceOf } from './roles.ts';

/** Inline policies of a role together, in characters that are not blank (IAM user guide, "IAM and STS quotas"). */
const INLINE_LIMIT = 10_240;
const DOCUMENT_LIMIT = 131_072;

function inlineSize(documents: Iterable<string>): number {
  let size = 0;
  for (const document of documents) size += document.replace(/\s/g, '').length;
  return size;
}

function requirePolicy(role: Role, policyName: string): string {
  const document = role.inline.get(policyName);
  if (document === undefined) {
    throw new AwsError('NoSuchEntity', `The role policy with name ${policyName} cannot be found.`, 404);
  }
  return document;
}

/** Policies embedded in a role. */
export function rolePolicyOperations(iam: IamService): Operations {
  return {
    ListRolePolicies: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      call.authorize('iam:ListRolePolicies', resourceOf(iam, roleName));
      const names = [...iam.requireRole(roleName).inline.keys()].sort();
      const { items, tail } = listed(input, names, (policy) => policy);
      return { PolicyNames: items, ...tail };
    },

    GetRolePolicy: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      const policyName = name(input, 'PolicyName', 128);
      call.authorize('iam:GetRolePolicy', resourceOf(iam, roleName));
      const document = requirePolicy(iam.requireRole(roleName), policyName);
      return { RoleName: roleName, PolicyName: policyName, PolicyDocument: encodeDocument(document) };
    },

    PutRolePolicy: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      const policyName = name(input, 'PolicyName', 128);
      const document = text(input, 'PolicyDocument');
      call.authorize('iam:PutRolePolicy', resourceOf(iam, roleName));
      const role = iam.requireRole(roleName);
      if (document.length > DOCUMENT_LIMIT) {
        throw constraint('policyDocument', '…', `Member must have length less than or equal to ${DOCUMENT_LIMIT}`);
      }
      if (!/^[\t\n\r\u0020-\u00FF]+$/.test(document)) {
        throw new AwsError('ValidationError', 'The specified value for policyDocument is invalid.');
      }
      iam.document(document);
      const others = [...role.inline].filter(([other]) => other !== policyName).map(([, other]) => other);
      if (inlineSize([...others, document]) > INLINE_LIMIT) {
        const message = `Maximum policy size of ${INLINE_LIMIT} bytes exceeded for role ${roleName}`;
        throw new AwsError('LimitExceeded', message, 409);
      }
      role.inline.set(policyName, document);
      return undefined;
    },

    DeleteRolePolicy: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      const policyName = name(input, 'PolicyName', 128);
      call.authorize('iam:DeleteRolePolicy', resourceOf(iam, roleName));
      const role = iam.requireRole(roleName);
      requirePolicy(role, policyName);
      role.inline.delete(policyName);
      return undefined;
    },
  };
}
