import { Failure } from '../text/failure.ts';
import type { FollowCondition } from './follow-state.ts';

/** What a failed request means for the read that made it. */
export type Obstacle =
  /** It passes by itself or by signing in: the same page is asked for again after `wait` ms. */
  | { readonly kind: 'wait'; readonly condition: FollowCondition; readonly wait: number }
  /** The page token is no longer good: the query starts anew. */
  | { readonly kind: 'restart' }
  /** The group, or every stream asked for, isn't there (yet). */
  | { readonly kind: 'missing' }
  /** Nothing that waiting cures. */
  | { readonly kind: 'fatal' };

const SECOND = 1000;
/** After a throttle the request rate falls to 0.5/s and, while throttles go on, lower. */
const THROTTLE_WAITS = [2, 4, 8, 16].map((seconds) => seconds * SECOND);
const OUTAGE_WAITS = [1, 2, 4, 8, 15].map((seconds) => seconds * SECOND);
/** Credentials are renewed by a person in another terminal; asking costs nothing but the try. */
const SIGN_IN_WAIT = 5 * SECOND;

/** Judges a failed FilterLogEvents request: `attempt` is 0 for the first failure in a row. */
export function obstacleOf(failure: Failure, request: { token: boolean; attempt: number }): Obstacle {
  const { attempt } = request;
  switch (failure.kind) {
    case 'throttled':
      return { kind: 'wait', condition: 'throttled', wait: waitOf(THROTTLE_WAITS, attempt) };
    case 'unreachable':
    case 'service':
      return { kind: 'wait', condition: 'unreachable', wait: outageWait(attempt) };
    case 'expired':
    case 'not-signed-in':
      return { kind: 'wait', condition: 'signed-out', wait: SIGN_IN_WAIT };
    case 'denied':
      // After a renewal the role may be another one for a while; whether it is bridged is the reader's choice.
      return { kind: 'wait', condition: 'failed', wait: outageWait(attempt) };
    case 'not-found':
      return { kind: 'missing' };
    default:
      return request.token && failure.code === 'InvalidParameterException' ? { kind: 'restart' } : { kind: 'fatal' };
  }
}

/** How long to wait, ms, after the failure `attempt` (0 for the first) of a service that is away. */
export function outageWait(attempt: number): number {
  return waitOf(OUTAGE_WAITS, attempt);
}

function waitOf(waits: readonly number[], attempt: number): number {
  return waits[Math.min(attempt, waits.length - 1)] ?? SECOND;
}

/** Whether `not-found` means the group, and not the streams asked for ("The specified log stream does not exist."). */
export function isMissingGroup(failure: Failure): boolean {
  return !/log stream/i.test(failure.message);
}

/** What the reader of a group should be told beside what the service said. Times in ms since the epoch. */
export function explained(failure: Failure, group: string, since: number, until: number): Failure {
  const details = {
    resource: group,
    ...(failure.action && { action: failure.action }),
    ...(failure.code && { code: failure.code }),
    cause: failure,
  };
  if (failure.code === 'InvalidOperationException') {
    return new Failure(failure.kind, `${group} can't be read line by line: ${failure.message}`, {
      ...details,
      advice: `Groups of class INFREQUENT_ACCESS are read by Logs Insights alone: ${startQuery(group, since, until)}`,
    });
  }
  if (failure.kind === 'not-found' && !isMissingGroup(failure)) {
    return new Failure('not-found', `${group} has no such log stream`, {
      ...details,
      advice: 'Check the name of the stream. It comes into being with its first line; a follow waits for it.',
    });
  }
  if (failure.kind === 'not-found') {
    return new Failure('not-found', `There is no log group ${group}`, {
      ...details,
      advice: 'Check name and region. A group comes into being with its first writer; a follow waits for it.',
    });
  }
  return failure;
}

/** The command that reads an INFREQUENT_ACCESS group (StartQuery takes seconds). */
function startQuery(group: string, since: number, until: number): string {
  const seconds = (time: number) => Math.floor(time / SECOND);
  return (
    `aws logs start-query --log-group-name '${group}' --start-time ${seconds(since)} --end-time ${seconds(until)} ` +
    `--query-string 'fields @timestamp, @logStream, @message | sort @timestamp asc | limit 10000'`
  );
}
