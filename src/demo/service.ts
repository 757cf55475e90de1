import type { Region } from './region.ts';

/** Who calls, found from the access key of the request's signature. */
export interface Caller {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly userId: string;
  /** The role's name when the caller is a role session with that role's policies. */
  readonly role: string | undefined;
}

/** Condition keys of a request and their values, such as `ecs:cluster` or `iam:PassedToService`. */
export type ConditionContext = Readonly<Record<string, string | readonly string[]>>;

/** One operation being answered. */
export interface Call {
  readonly region: Region;
  readonly caller: Caller;
  /** The operation's name as AWS has it, such as `RunTask`. */
  readonly operation: string;
  /** The request id that the answer carries. */
  readonly id: string;
  /**
   * Refuses with the service's own AccessDenied error unless the caller's policies allow the action on
   * the resource (`*` where the action has no resource level). Each operation calls it before it acts.
   */
  authorize(action: string, resource: string, context?: ConditionContext): void;
}

/** An operation's members as the wire had them: untrusted, each operation checks what it uses (`members.ts`). */
export type Input = Readonly<Record<string, unknown>>;

/** An operation: input as the wire had it, output (or a promise of it) as the wire will have it. */
export type Operation = (input: Input, call: Call) => unknown;

/** A table of operations behind one of the JSON or query protocols, by AWS operation name. */
export type Operations = Readonly<Record<string, Operation>>;

/** An error answered in the protocol's own shape. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Further members of the error's shape. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, status = 400, members: Readonly<Record<string, unknown>> = {}) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.members = members;
  }
}
