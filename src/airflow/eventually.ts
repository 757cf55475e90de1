import { isPassing } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';

/** How a caller follows one-off work: `tell` gets what is waited for, `alive` is called before each wait. */
export interface OneOffWork {
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
  readonly alive?: () => Promise<void>;
}

/** What is said when patience runs out: a sentence that goes on with ` within 10m.`, and what to do. */
export interface Complaint {
  readonly text: string;
  readonly advice: string;
}

/** Between two looks; MWAA lets 10 calls a second through for everybody: ms. */
const INTERVAL = 10_000;

/** Asks until there is an answer; Failure `failed` when `patience` (ms) runs out. */
export async function eventually<T>(
  { clock }: Session,
  patience: number,
  work: OneOffWork,
  complaint: string | (() => Complaint),
  look: (waited: number) => Promise<T | undefined>,
): Promise<T> {
  const began = clock.now();
  for (;;) {
    const found = await look(clock.now() - began).catch((error: unknown) => {
      // A wait of minutes does not end by one answer that was lost.
      if (!isPassing(error) || work.signal.aborted) throw error;
      work.tell(error.message);
      return undefined;
    });
    if (found !== undefined) return found;
    const waited = clock.now() - began;
    if (waited > patience) {
      const { text, advice } = typeof complaint === 'string' ? { text: complaint, advice: LOOK } : complaint();
      throw new Failure('failed', `${text} within ${age(waited)}.`, { advice });
    }
    await work.alive?.();
    await clock.sleep(INTERVAL, work.signal);
  }
}

const LOOK = 'See the log groups of the scheduler and the DAG processor, then try again.';
