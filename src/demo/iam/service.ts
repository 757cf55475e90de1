import type { Region } from '../region.ts';
import type { Caller, ConditionContext, Operations } from '../service.ts';
import { AwsError } from '../service.ts';
import { ACCOUNT } from '../world/names.ts';
import { type PolicyDocument, readPolicyDocument } from './document.ts';
import { type Decision, evaluate, type NamedPolicy, type Verdict } from './evaluate.ts';
import { contextOf, holds } from './match.ts';
import { iamOperations } from './operations.ts';
import { seedRoles } from './world.ts';

/** A role as IAM keeps it; policy documents are kept as the text that came. */
export interface Role {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  description: string | undefined;
  maxSessionDuration: number;
  permissionsBoundary: string | undefined;
  trust: string;
  readonly inline: Map<string, string>;
  /** ARNs of managed policies, in the order of attachment. */
  readonly attached: Set<string>;
  readonly tags: Map<string, string>;
  lastUsedAt: number | undefined;
}

/** A managed policy with its one version in force. */
export interface ManagedPolicy {
  readonly name: string;
  readonly path: string;
  readonly id: string;
  readonly arn: string;
  readonly createdAt: number;
  readonly description: string | undefined;
  readonly version: string;
  readonly document: string;
}

/** What a new role needs; everything else has a default. */
export interface NewRole {
  readonly name: string;
  readonly trust: string;
  readonly path?: string | undefined;
  readonly description?: string | undefined;
  readonly maxSessionDuration?: number | undefined;
  readonly permissionsBoundary?: string | undefined;
  readonly createdAt?: number;
  readonly inline?: Readonly<Record<string, object>>;
  readonly attached?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** Identity and Access Management: roles, their policies, and whether they allow a request. */
export class IamService {
  readonly operations: Operations;
  readonly #region: Region;
  readonly #roles = new Map<string, Role>();
  readonly #policies = new Map<string, ManagedPolicy>();
  /** Parsed documents by their text: every request is evaluated against them. */
  readonly #documents = new Map<string, PolicyDocument>();

  constructor(region: Region) {
    this.#region = region;
    this.operations = iamOperations(this);
  }

  start(): void {
    seedRoles(this, this.#region);
  }

  get region(): Region {
    return this.#region;
  }

  /** A role by name or ARN. */
  role(nameOrArn: string): Role | undefined {
    const name = /^arn:aws:iam::\d*:role\/(?:.*\/)?([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
    const role = this.#roles.get(name);
    return role !== undefined && (name === nameOrArn || role.arn === nameOrArn) ? role : undefined;
  }

  roles(): readonly Role[] {
    return [...this.#roles.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  policy(arn: string): ManagedPolicy | undefined {
    return this.#policies.get(arn);
  }

  addRole(role: NewRole): Role {
    const path = role.path ?? '/';
    const made: Role = {
      name: role.name,
      path,
      id: `AROA${this.#identifier()}`,
      arn: `arn:aws:iam::${ACCOUNT}:role${path}${role.name}`,
      createdAt: role.createdAt ?? this.#region.clock.now(),
      description: role.description,
      maxSessionDuration: role.maxSessionDuration ?? 3600,
      permissionsBoundary: role.permissionsBoundary,
      trust: role.trust,
      inline: new Map(Object.entries(role.inline ?? {}).map(([name, value]) => [name, JSON.stringify(value, null, 2)])),
      attached: new Set(role.attached),
      tags: new Map(Object.entries(role.tags ?? {})),
      lastUsedAt: undefined,
    };
    this.#roles.set(role.name, made);
    return made;
  }

  deleteRole(name: string): void {
    this.#roles.delete(name);
  }

  addPolicy(name: string, document: object, path = '/', description?: string): ManagedPolicy {
    const aws = path.startsWith('/service-role/') || path === '/aws/';
    const shown = path === '/aws/' ? '/' : path;
    const policy: ManagedPolicy = {
      name,
      path: shown,
      id: `ANPA${this.#identifier()}`,
      arn: `arn:aws:iam::${aws ? 'aws' : ACCOUNT}:policy${shown}${name}`,
      createdAt: this.#region.clock.now() - 400 * 86_400_000,
      description,
      version: 'v1',
      document: JSON.stringify(document, null, 2),
    };
    this.#policies.set(policy.arn, policy);
    return policy;
  }

  /** Whether a role (name or ARN) may do an action, for what acts as a role inside the region. */
  allows(role: string, action: string, resource: string, context: ConditionContext = {}): boolean {
    const found = this.role(role);
    return found !== undefined && this.#decideRole(found, action, resource, context).decision === 'allowed';
  }

  /** The decision for a caller of the wire. */
  decide(caller: Caller, action: string, resource: string, context: ConditionContext): Decision {
    const role = caller.role === undefined ? undefined : this.#roles.get(caller.role);
    if (role === undefined) return 'implicitDeny';
    role.lastUsedAt = this.#region.clock.now();
    return this.#decideRole(role, action, resource, { 'aws:userid': caller.userId, ...context }).decision;
  }

  /**
   * Whether a role's trust policy lets a service (`ecs-tasks.amazonaws.com`) take it on for this account;
   * `aws:SourceArn` in the context says for which resource.
   */
  trusts(role: string, service: string, context: ConditionContext = {}): boolean {
    const found = this.role(role);
    const given = { 'aws:SourceAccount': ACCOUNT, ...context };
    return found !== undefined && this.trustOf(found, 'Service', [service], 'sts:AssumeRole', given) === 'allowed';
  }

  /** The trust policy's own decision for a principal that goes by any of `ids`. */
  trustOf(role: Role, kind: string, ids: readonly string[], action: string, context: ConditionContext): Decision {
    const given = contextOf({ ...this.#global(role), ...context });
    let decision: Decision = 'implicitDeny';
    for (const statement of this.document(role.trust, true).statements) {
      const named = statement.principals ?? {};
      const principals = [...(named[kind] ?? []), ...(named['*'] ?? [])];
      if (!principals.some((principal) => principal === '*' || ids.includes(principal))) continue;
      const actions = statement.actions ?? [];
      if (!actions.some((one) => one === '*' || one === 'sts:*' || one === action)) continue;
      if (!statement.conditions.every((condition) => holds(condition, given))) continue;
      if (statement.effect === 'Deny') return 'explicitDeny';
      decision = 'allowed';
    }
    return decision;
  }

  /** The policies of a role: inline by name, then attached. */
  policiesOf(role: Role): readonly NamedPolicy[] {
    const inline = [...role.inline].map(([name, text]) => ({
      id: `role_${role.name}_${name}`,
      type: 'role',
      document: this.document(text),
    }));
    const attached = [...role.attached].flatMap((arn) => {
      const policy = this.#policies.get(arn);
      return policy === undefined
        ? []
        : [{ id: policy.name, type: managedType(policy), document: this.document(policy.document) }];
    });
    return [...inline, ...attached];
  }

  /** What IAM puts into every request's context; the clock's time among it. */
  #global(role: Role): ConditionContext {
    const now = this.#region.clock.now();
    const tags = [...role.tags].map(([key, value]) => [`aws:PrincipalTag/${key}`, value] as const);
    return {
      ...Object.fromEntries(tags),
      'aws:PrincipalArn': role.arn,
      'aws:PrincipalAccount': ACCOUNT,
      'aws:PrincipalType': 'AssumedRole',
      'aws:RequestedRegion': this.#region.name,
      'aws:SourceIp': '127.0.0.1',
      'aws:SecureTransport': 'true',
      'aws:ViaAWSService': 'false',
      'aws:CurrentTime': new Date(now).toISOString(),
      'aws:EpochTime': String(Math.floor(now / 1000)),
    };
  }

  #decideRole(role: Role, action: string, resource: string, context: ConditionContext): Verdict {
    const request = { action, resource, context: { ...this.#global(role), ...context } };
    const verdict = evaluate(this.policiesOf(role), request);
    const boundary = role.permissionsBoundary === undefined ? undefined : this.#policies.get(role.permissionsBoundary);
    if (verdict.decision !== 'allowed' || boundary === undefined) return verdict;
    const limit = { id: boundary.name, type: managedType(boundary), document: this.document(boundary.document) };
    return { ...verdict, decision: evaluate([limit], request).decision };
  }

  /** A document's parsed form. Throws `AwsError` MalformedPolicyDocument. */
  document(text: string, trust = false): PolicyDocument {
    const key = `${trust}${text}`;
    let document = this.#documents.get(key);
    if (document === undefined) {
      document = readPolicyDocument(text, trust);
      this.#documents.set(key, document);
    }
    return document;
  }

  /** The role of that name, or the error that IAM has for none. */
  requireRole(name: string): Role {
    const role = this.#roles.get(name);
    if (role === undefined) {
      throw new AwsError('NoSuchEntity', `The role with name ${name} cannot be found.`, 404);
    }
    return role;
  }

  #identifier(): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
    return Array.from({ length: 17 }, () => letters.charAt(Math.floor(this.#region.random() * 32))).join('');
  }
}

/** How SimulatePrincipalPolicy calls a managed policy (PolicySourceType of the model). */
function managedType(policy: ManagedPolicy): string {
  return policy.arn.startsWith('arn:aws:iam::aws:') ? 'aws-managed' : 'user-managed';
}
