import { accessOf, type Operation } from '../reference/operations.ts';
import type { Bucket } from './budget.ts';
import type { Clock } from './clock.ts';
import { isThrottle, kindOfServiceError } from './error-codes.ts';
import { factsOf } from './error-facts.ts';
import { isCut, neverArrived } from './network-failure.ts';

/** Attempts of one call at most: few, so that a poll says soon that something is wrong. */
const ATTEMPTS = 3;
/** A throttle is waited for in the bucket, visibly, so it may be tried once more. */
const THROTTLED_ATTEMPTS = 4;
/** Longest pause before the second attempt, in ms; doubled for the third. */
const PAUSE = 400;

/** What an attempt loop needs to know. */
export interface AttemptOptions {
  readonly operation: Operation;
  readonly input: object;
  readonly bucket: Bucket;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** See `CallOptions`. */
  readonly again?: (() => Promise<unknown>) | undefined;
  /** Called before each attempt with its number, from 1. */
  readonly began: (attempt: number) => void;
}

/**
 * Runs one call's attempts: each takes a token of the shared budget first. A throttle slows the whole
 * family down. What may have been carried out is repeated only when repeating does no harm; pauses are
 * on the session's clock and end with the signal.
 */
export async function attempts<Answer>(send: () => Promise<Answer>, options: AttemptOptions): Promise<Answer> {
  const { bucket, clock, signal } = options;
  for (let attempt = 1; ; attempt += 1) {
    await bucket.take(signal);
    // The machine may have slept since the last one.
    if (attempt > 1) await options.again?.();
    options.began(attempt);
    try {
      const answer = await send();
      bucket.answered();
      return answer;
    } catch (error) {
      const facts = factsOf(error);
      const throttled = isThrottle(facts.name, facts.status) || restStatus(error) === 429;
      if (throttled) bucket.throttled();
      else if (facts.status !== undefined) bucket.answered();
      signal.throwIfAborted();
      if (attempt >= (throttled ? THROTTLED_ATTEMPTS : ATTEMPTS)) throw error;
      if (!throttled && !mayRepeat(error, options)) throw error;
      if (!throttled && !facts.clockCorrected) {
        await clock.sleep(Math.random() * PAUSE * 2 ** (attempt - 1), signal);
      }
    }
  }
}

function mayRepeat(error: unknown, { operation, input }: AttemptOptions): boolean {
  const facts = factsOf(error);
  // The signature was refused, so nothing was done; the SDK has corrected its clock.
  if (facts.clockCorrected) return true;
  // Who has waited for a whole time-out wants to hear of it, not to wait again.
  if (facts.name === 'TimeoutError' && !isCut(facts.systemCode)) return false;
  if (neverArrived(error)) return facts.systemCode !== 'ENOTFOUND' && !isCertificate(facts.systemCode);
  const harmless = operation.repeatable || accessOf(operation, input) === 'read';
  if (facts.status === undefined) return harmless && facts.systemCode !== undefined;
  if (facts.unreadable) return harmless && facts.status >= 500;
  return harmless && kindOfServiceError(facts.name, facts.status, facts.message) === 'service';
}

function isCertificate(code: string | undefined): boolean {
  return code !== undefined && /CERT|TLS|SSL|UNABLE|SELF_SIGNED/.test(code);
}

/** MWAA passes Airflow's own status on within a 400. */
function restStatus(error: unknown): unknown {
  return typeof error === 'object' && error !== null && 'RestApiStatusCode' in error
    ? error.RestApiStatusCode
    : undefined;
}
