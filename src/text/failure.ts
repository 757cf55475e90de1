/** What went wrong, as far as a reader or a script has to tell cases apart. */
export type FailureKind =
  | 'usage'
  | 'invalid-input'
  | 'refused'
  | 'not-signed-in'
  | 'expired'
  | 'denied'
  | 'throttled'
  | 'not-found'
  | 'in-use'
  | 'invalid-request'
  | 'unreachable'
  | 'service'
  | 'failed'
  | 'interrupted';

/** The documented exit codes; 10 is `plan --detailed-exitcode` with changes. */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 10 | 130;

const EXIT_CODES: Record<FailureKind, ExitCode> = {
  usage: 2,
  'invalid-input': 2,
  refused: 3,
  'not-signed-in': 4,
  expired: 4,
  denied: 1,
  throttled: 1,
  'not-found': 1,
  'in-use': 1,
  'invalid-request': 1,
  unreachable: 1,
  service: 1,
  failed: 1,
  interrupted: 130,
};

/** Details of a failure beside its message. */
export interface FailureDetails {
  /** What to try next, one sentence or a command line. */
  readonly advice?: string;
  /** What it happened to: an environment, a file, an ARN. */
  readonly resource?: string;
  /** The IAM action that was refused, such as `ecs:RunTask`. */
  readonly action?: string;
  /** The error code as the service gave it, raw. */
  readonly code?: string;
  readonly cause?: unknown;
}

/**
 * An expected error: it says what happened, and its advice says what to try. Everything else that is
 * thrown is a bug and is reported with its stack. Texts may hold remote text: print through `printable`.
 */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly advice: string | undefined;
  readonly resource: string | undefined;
  readonly action: string | undefined;
  readonly code: string | undefined;

  constructor(kind: FailureKind, message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'Failure';
    this.kind = kind;
    this.advice = details.advice;
    this.resource = details.resource;
    this.action = details.action;
    this.code = details.code;
  }

  /** The process's exit code when this failure ends it. */
  get exitCode(): ExitCode {
    return EXIT_CODES[this.kind];
  }
}
