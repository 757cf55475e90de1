import type { Region } from './region.ts';

/** Who calls, found from the access key of the request's signature. */
export interface Caller {
  readonly accessKeyId: string;
  readonly arn: string;
  readonly userId: string;
  /** The role's name when the caller is a role session; undefined for the account's administrator. */
  readonly role: string | undefined;
}

/** One operation being answered. */
export interface Call {
  readonly region: Region;
  readonly caller: Caller;
  /** The operation's name as AWS has it, such as `RunTask`. */
  readonly operation: string;
  /**
   * Refuses with the service's own AccessDenied error unless the caller's policies allow the action on
   * the resource. Each operation calls it before it acts.
   */
  authorize(action: string, resource: string, context?: Readonly<Record<string, string>>): void;
}

/** An operation's members as the wire had them: untrusted, each operation checks what it uses. */
export type Input = Readonly<Record<string, unknown>>;

/** An operation: input as the wire had it, output as the wire will have it. */
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
