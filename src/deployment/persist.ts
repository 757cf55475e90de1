import type { Clock } from '../aws/clock.ts';
import { Failure, type FailureKind } from '../text/failure.ts';

/** What may be otherwise a moment later: no answer, an answer that was cut, a throttle, a service that is ill. */
const PASSING: ReadonlySet<FailureKind> = new Set(['unreachable', 'throttled', 'service']);
const TRIES = 4;
/** Before the second try, in ms; doubled for each later one. */
const PAUSE = 2_000;

/**
 * Does something that finds its own finished work, again after a passing failure: so that one lost answer neither ends
 * a deployment nor makes anything twice. `tell` hears of each new try.
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
      if (!(error instanceof Failure) || !PASSING.has(error.kind) || signal.aborted || attempt >= TRIES) throw error;
      tell(`${error.message} Trying again.`);
      await clock.sleep(PAUSE * 2 ** (attempt - 1), signal);
    }
  }
}
