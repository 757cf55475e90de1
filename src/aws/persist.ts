import { Failure, type FailureKind } from '../text/failure.ts';
import type { Clock } from './clock.ts';

const PASSING: ReadonlySet<FailureKind> = new Set(['unreachable', 'throttled', 'service']);
const TRIES = 4;
/** Before the second try, in ms; doubled for each later one. */
const PAUSE = 2_000;

/** Whether it may be otherwise a moment later: no answer, an answer that was cut, a throttle, a service that is ill. */
export function isPassing(error: unknown): error is Failure {
  return error instanceof Failure && PASSING.has(error.kind);
}

/**
 * Does something that finds its own finished work, again after a passing failure: so that one lost answer neither ends
 * what it is a part of nor makes anything twice. `tell` hears of each new try.
 */
export async function persist<T>(
  clock: Clock,
  signal: AbortSignal,
  make: () => Promise<T>,
  tell: (text: string) => void = () => {},
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await make();
    } catch (error) {
      if (!isPassing(error) || signal.aborted || attempt >= TRIES) throw error;
      tell(`${error.message} Trying again.`);
      await clock.sleep(PAUSE * 2 ** (attempt - 1), signal);
    }
  }
}
