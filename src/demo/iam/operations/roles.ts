import { optionalNumber, optionalString, optionalStrings, optionalStructures } from '../../members.ts';
import { AwsError, type Input, type Operations } from '../../service.ts';
import { ACCOUNT } from '../../world/names.ts';
import type { IamService, Role } from '../service.ts';
import { constraint, encodeDocument, listed, name, text } from './input.ts';

const ROLE_NAME = 64;
const TAGS_PER_ROLE = 50;

function roleShape(role: Role, details: boolean): object {
  return {
    Path: role.path,
    RoleName: role.name,
    RoleId: role.id,
    Arn: role.arn,
    CreateDate: new Date(role.createdAt),
    AssumeRolePolicyDocument: encodeDocument(role.trust),
    Description: role.description,
    MaxSessionDuration: role.maxSessionDuration,
    ...(details ? roleDetails(role) : {}),
  };
}

/** Members that GetRole and CreateRole have but ListRoles leaves out. */
function roleDetails(role: Role): object {
  return {
    PermissionsBoundary:
      role.permissionsBoundary === undefined
        ? undefined
        : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: role.permissionsBoundary },
    Tags: role.tags.size === 0 ? undefined : tagList(role),
    RoleLastUsed: role.lastUsedAt === undefined ? {} : { LastUsedDate: new Date(role.lastUsedAt), Region: 'eu-west-1' },
  };
}

function tagList(role: Role): object[] {
  return [...role.tags].map(([Key, Value]) => ({ Key, Value }));
}

function readTags(input: Input): [string, string][] {
  return (optionalStructures(input, 'Tags') ?? []).map((tag) => {
    const key = text(tag, 'Key');
    const value = text(tag, 'Value');
    if (key.length < 1 || key.length > 128) {
      throw constraint('tags.1.member.key', key, 'Member must have length less than or equal to 128');
    }
    if (value.length > 256) {
      throw constraint('tags.1.member.value', value, 'Member must have length less than or equal to 256');
    }
    if (key.toLowerCase().startsWith('aws:')) {
      throw new AwsError('InvalidInput', 'Tag keys that start with aws: are reserved for AWS use.');
    }
    return [key, value];
  });
}

function addTags(role: Role, tags: readonly (readonly [string, string])[]): void {
  const all = new Map([...role.tags, ...tags]);
  if (all.size > TAGS_PER_ROLE) {
    throw new AwsError('LimitExceeded', 'The number of tags has reached the maximum limit.', 409);
  }
  for (const [key, value] of tags) role.tags.set(key, value);
}

/** Roles themselves: create, read, list, tag, delete. */
export function roleOperations(iam: IamService): Operations {
  return {
    CreateRole: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      const path = optionalString(input, 'Path') ?? '/';
      if (!/^\/(?:[\x21-\x7e]+\/)?$/.test(path)) {
        throw new AwsError('ValidationError', 'The specified value for path is invalid. It must begin and end with /.');
      }
      call.authorize('iam:CreateRole', `arn:aws:iam::${ACCOUNT}:role${path}${roleName}`);
      if (iam.role(roleName) !== undefined) {
        throw new AwsError('EntityAlreadyExists', `Role with name ${roleName} already exists.`, 409);
      }
      const trust = text(input, 'AssumeRolePolicyDocument');
      iam.document(trust, true);
      const duration = optionalNumber(input, 'MaxSessionDuration');
      if (duration !== undefined && (duration < 3600 || duration > 43200)) {
        throw constraint('maxSessionDuration', duration, 'Member must have value between 3600 and 43200');
      }
      const boundary = optionalString(input, 'PermissionsBoundary');
      if (boundary !== undefined && iam.policy(boundary) === undefined) {
        throw new AwsError('NoSuchEntity', `Scope ARN: ${boundary} does not exist or is not attachable.`, 404);
      }
      const tags = Object.fromEntries(readTags(input));
      const role = iam.addRole({
        name: roleName,
        path,
        trust,
        tags,
        description: optionalString(input, 'Description'),
        maxSessionDuration: duration,
        permissionsBoundary: boundary,
      });
      return { Role: roleShape(role, true) };
    },

    GetRole: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      call.authorize('iam:GetRole', resourceOf(iam, roleName));
      return { Role: roleShape(iam.requireRole(roleName), true) };
    },

    ListRoles: (input, call) => {
      call.authorize('iam:ListRoles', `arn:aws:iam::${ACCOUNT}:role/`);
      const prefix = optionalString(input, 'PathPrefix') ?? '/';
      const roles = iam.roles().filter((role) => role.path.startsWith(prefix));
      const { items, tail } = listed(input, roles, (role) => role.name);
      return { Roles: items.map((role) => roleShape(role, false)), ...tail };
    },

    DeleteRole: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      call.authorize('iam:DeleteRole', resourceOf(iam, roleName));
      const role = iam.requireRole(roleName);
      if (role.inline.size > 0) {
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must delete policies first.', 409);
      }
      if (role.attached.size > 0) {
        throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
      }
      iam.deleteRole(roleName);
      return undefined;
    },

    UpdateAssumeRolePolicy: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      call.authorize('iam:UpdateAssumeRolePolicy', resourceOf(iam, roleName));
      const role = iam.requireRole(roleName);
      const document = text(input, 'PolicyDocument');
      iam.document(document, true);
      role.trust = document;
      return undefined;
    },

    TagRole: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      call.authorize('iam:TagRole', resourceOf(iam, roleName));
      addTags(iam.requireRole(roleName), readTags(input));
      return undefined;
    },

    UntagRole: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      call.authorize('iam:UntagRole', resourceOf(iam, roleName));
      const role = iam.requireRole(roleName);
      for (const key of optionalStrings(input, 'TagKeys') ?? []) role.tags.delete(key);
      return undefined;
    },

    ListRoleTags: (input, call) => {
      const roleName = name(input, 'RoleName', ROLE_NAME);
      call.authorize('iam:ListRoleTags', resourceOf(iam, roleName));
      const { items, tail } = listed(input, [...iam.requireRole(roleName).tags], ([key]) => key);
      return { Tags: items.map(([Key, Value]) => ({ Key, Value })), ...tail };
    },
  };
}

/** The ARN that a role's permissions are asked on; a role that is not there is taken to have no path. */
export function resourceOf(iam: IamService, role: string): string {
  return iam.role(role)?.arn ?? `arn:aws:iam::${ACCOUNT}:role/${role}`;
}
