import type { families } from '../reference/api-families.ts';
import type { Clock } from './clock.ts';
import type { Operations } from './service.ts';

/** One AWS call as it was made, for the `@` list and `--debug`. */
export interface CallRecord {
  readonly at: number;
  readonly service: string;
  readonly operation: string;
  readonly input: object;
  /** Set when it has ended: ms taken, attempts, and the error's code if it failed. */
  duration?: number;
  attempts?: number;
  error?: string;
}

/** Who the credentials belong to (STS GetCallerIdentity). */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  /** The role's or user's own name, for the header. */
  readonly name: string;
}

/** How often each API family is being throttled, for the footer. */
export interface ThrottleState {
  /** API family, such as `logs:FilterLogEvents`, and until when (ms since the epoch) it waits. */
  readonly family: string;
  readonly until: number;
}

/** Read-only or not; consulted for every call at the door to AWS. */
export interface Guard {
  readonly readOnly: boolean;
}

/**
 * Everything a domain needs to talk to one account and region. Made by `openSession`; nothing of the
 * SDK is loaded before the first call. Dispose with `close()`.
 */
export interface Session {
  readonly profile: string | undefined;
  readonly region: string;
  readonly endpoint: string | undefined;
  readonly clock: Clock;
  guard: Guard;
  readonly mwaa: Operations<typeof import('./clients/mwaa.ts')>;
  readonly ecs: Operations<typeof import('./clients/ecs.ts')>;
  readonly logs: Operations<typeof import('./clients/logs.ts')>;
  readonly s3: Operations<typeof import('./clients/s3.ts')>;
  readonly sts: Operations<typeof import('./clients/sts.ts')>;
  readonly iam: Operations<typeof import('./clients/iam.ts')>;
  readonly ec2: Operations<typeof import('./clients/ec2.ts')>;
  readonly secretsManager: Operations<typeof import('./clients/secrets-manager.ts')>;
  /** Asked once, then remembered; a failure is not remembered. */
  identity(signal?: AbortSignal): Promise<Identity>;
  /** When the credentials in use expire (ms since the epoch), once known; undefined for long-lived ones. */
  readonly credentialsExpireAt: number | undefined;
  /** The last calls made, newest last, bounded. */
  readonly calls: readonly CallRecord[];
  /** Requests a second that an API family is allowed now: its budget, less what throttles have taught. */
  rate(family: keyof typeof families): number;
  /** API families that wait for their budget or after a throttle, now. */
  throttles(): readonly ThrottleState[];
  /** Called after any change of `calls`, `throttles()`, `guard` or the credentials' expiry. */
  subscribe(listener: () => void): () => void;
  /** Drops clients and connections; calls under way are aborted. */
  close(): void;
}
