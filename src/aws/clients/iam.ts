import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  SimulatePrincipalPolicyCommand,
  TagRoleCommand,
} from '@aws-sdk/client-iam';

export const Client = IAMClient;
export const commands = {
  CreateRole: CreateRoleCommand,
  DeleteRole: DeleteRoleCommand,
  DeleteRolePolicy: DeleteRolePolicyCommand,
  GetPolicy: GetPolicyCommand,
  GetPolicyVersion: GetPolicyVersionCommand,
  GetRole: GetRoleCommand,
  GetRolePolicy: GetRolePolicyCommand,
  ListAttachedRolePolicies: ListAttachedRolePoliciesCommand,
  ListRolePolicies: ListRolePoliciesCommand,
  ListRoles: ListRolesCommand,
  PutRolePolicy: PutRolePolicyCommand,
  SimulatePrincipalPolicy: SimulatePrincipalPolicyCommand,
  TagRole: TagRoleCommand,
};
