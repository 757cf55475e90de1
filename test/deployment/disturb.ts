import { accessOf, findOperation } from '../../src/reference/operations.ts';
import { Failure } from '../../src/text/failure.ts';
import type { Border, Interference } from '../support/virtual-region.ts';

/** A run that ends at a request's border, as a process that is killed there. */
export interface Kill {
  readonly interference: Interference;
  /** Resolves when the run is dead. */
  readonly dead: Promise<'killed'>;
  /** Whether the configuration had reached its secret. */
  stored(): boolean;
}

/** Whether a request changes anything; a renewal of a lock that is held says the same again and counts once. */
export function changes({ service, operation, input }: Border): boolean {
  const row = findOperation(service, operation);
  return row !== undefined && accessOf(row, input) === 'write';
}

/**
 * Which requests are met: those that change something, since what lies between two of these leaves the same world behind;
 * these and the first reads after each, beyond which a run only waits; those that an Airflow command follows; or all.
 */
export type Met = 'writes' | 'writes and reads' | 'commands' | 'requests';

/** How many reads after a write are met, until the run is held to be waiting. */
const READS = 12;

/** Kills a run before its `at`-th request, from 0, of those that are met. */
export function kill(at: number, of: Met = 'writes'): Kill {
  const seen = new Set<string>();
  let reads = 0;
  let met = 0;
  let over = false;
  let stored = false;
  let die: (word: 'killed') => void = () => {};
  const dead = new Promise<'killed'>((resolve) => {
    die = resolve;
  });
  const never = new Promise<never>(() => {});
  return {
    dead,
    stored: () => stored,
    interference: {
      before: (border) => {
        if (over) return never;
        if (of === 'commands' && border.operation !== 'CreateCliToken') return;
        if (of === 'writes' || of === 'writes and reads') {
          const text = JSON.stringify([border.operation, border.input]);
          const write = changes(border) && !(text.includes('lock.json') && seen.has(text));
          if (write) reads = 0;
          else reads += 1;
          if (!write && (of === 'writes' || reads > READS)) return;
          seen.add(text);
        }
        met += 1;
        if (met <= at) {
          if (/^(Create|Put)Secret/.test(border.operation)) stored = true;
          return;
        }
        over = true;
        die('killed');
        return never;
      },
    },
  };
}

/** How a request fails: before it was carried out, or after, its answer lost. */
export const FAULTS = ['throttled', 'service', 'timeout', 'cut'] as const;

/** Operations that no token keeps from being carried out twice, nor the service from making two of what they make. */
const ONCE = new Set(['UpdateEnvironment', 'RegisterTaskDefinition']);

/** How often each operation was carried out that must not be twice. */
class CarriedOut {
  readonly #counts = new Map<string, number>();

  add({ operation }: Border): void {
    if (ONCE.has(operation)) this.#counts.set(operation, (this.#counts.get(operation) ?? 0) + 1);
  }

  counts(): object {
    return Object.fromEntries([...this.#counts].sort());
  }
}

/** Fails each request whose number, counted from 0, `strikes`; the same request sent again passes. */
export function failing(strikes: (request: number) => (typeof FAULTS)[number] | undefined): Interference & {
  on: boolean;
  count(): number;
  carriedOut(): object;
} {
  let count = 0;
  const carriedOut = new CarriedOut();
  let due: (typeof FAULTS)[number] | undefined;
  const state = {
    on: true,
    count: () => count,
    carriedOut: () => carriedOut.counts(),
    before: () => {
      due = state.on ? strikes(count++) : undefined;
      if (due === 'throttled') throw new Failure('throttled', 'Rate exceeded.', { code: 'ThrottlingException' });
      if (due === 'service')
        throw new Failure('service', 'We encountered an internal error.', { code: 'InternalError' });
    },
    after: (border: Border) => {
      carriedOut.add(border);
      if (due === 'timeout') throw new Failure('unreachable', 'No answer within 25 s.');
      if (due === 'cut') throw new Failure('unreachable', 'The connection was cut.');
    },
  };
  return state;
}
