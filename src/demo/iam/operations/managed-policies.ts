import { optionalString } from '../../members.ts';
import { AwsError, type Operations } from '../../service.ts';
import type { IamService, ManagedPolicy } from '../service.ts';
import { encodeDocument, listed, name, text } from './input.ts';
import { resourceOf } from './roles.ts';

const ATTACHED_LIMIT = 20;

function requirePolicy(iam: IamService, arn: string): ManagedPolicy {
  if (!/^arn:aws:iam::(aws|\d{12}):policy\/.+$/.test(arn)) {
    throw new AwsError('InvalidInput', `ARN ${arn} is not valid.`);
  }
  const policy = iam.policy(arn);
  if (policy === undefined) throw new AwsError('NoSuchEntity', `Policy ${arn} was not found.`, 404);
  return policy;
}

/** Managed policies and their attachment to roles. */
export function managedPolicyOperations(iam: IamService): Operations {
  return {
    ListAttachedRolePolicies: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      call.authorize('iam:ListAttachedRolePolicies', resourceOf(iam, roleName));
      const prefix = optionalString(input, 'PathPrefix') ?? '/';
      const policies = [...iam.requireRole(roleName).attached].flatMap((arn) => iam.policy(arn) ?? []);
      const { items, tail } = listed(
        input,
        policies.filter((policy) => policy.path.startsWith(prefix)),
        (policy) => policy.arn,
      );
      return { AttachedPolicies: items.map(({ name, arn }) => ({ PolicyName: name, PolicyArn: arn })), ...tail };
    },

    AttachRolePolicy: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      const policyArn = text(input, 'PolicyArn');
      call.authorize('iam:AttachRolePolicy', resourceOf(iam, roleName), { 'iam:PolicyARN': policyArn });
      const role = iam.requireRole(roleName);
      requirePolicy(iam, policyArn);
      if (!role.attached.has(policyArn) && role.attached.size >= ATTACHED_LIMIT) {
        throw new AwsError('LimitExceeded', `Cannot exceed quota for PoliciesPerRole: ${ATTACHED_LIMIT}`, 409);
      }
      role.attached.add(policyArn);
      return undefined;
    },

    DetachRolePolicy: (input, call) => {
      const roleName = name(input, 'RoleName', 64);
      const policyArn = text(input, 'PolicyArn');
      call.authorize('iam:DetachRolePolicy', resourceOf(iam, roleName), { 'iam:PolicyARN': policyArn });
      if (!iam.requireRole(roleName).attached.delete(policyArn)) {
        throw new AwsError('NoSuchEntity', `Policy ${policyArn} was not found.`, 404);
      }
      return undefined;
    },

    GetPolicy: (input, call) => {
      const policyArn = text(input, 'PolicyArn');
      call.authorize('iam:GetPolicy', policyArn);
      const policy = requirePolicy(iam, policyArn);
      return {
        Policy: {
          PolicyName: policy.name,
          PolicyId: policy.id,
          Arn: policy.arn,
          Path: policy.path,
          DefaultVersionId: policy.version,
          AttachmentCount: iam.roles().filter((role) => role.attached.has(policy.arn)).length,
          PermissionsBoundaryUsageCount: iam.roles().filter((role) => role.permissionsBoundary === policy.arn).length,
          IsAttachable: true,
          Description: policy.description,
          CreateDate: new Date(policy.createdAt),
          UpdateDate: new Date(policy.createdAt),
          Tags: [],
        },
      };
    },

    GetPolicyVersion: (input, call) => {
      const policyArn = text(input, 'PolicyArn');
      const version = text(input, 'VersionId');
      call.authorize('iam:GetPolicyVersion', policyArn);
      const policy = requirePolicy(iam, policyArn);
      if (version !== policy.version) {
        const message = `Policy ${policyArn} version ${version} does not exist or is not attachable.`;
        throw new AwsError('NoSuchEntity', message, 404);
      }
      return {
        PolicyVersion: {
          Document: encodeDocument(policy.document),
          VersionId: policy.version,
          IsDefaultVersion: true,
          CreateDate: new Date(policy.createdAt),
        },
      };
    },
  };
}
