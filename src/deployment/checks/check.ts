import type { Verdict } from '../../text/verdict.ts';
import type { Step, Target } from '../step.ts';
import type { Surroundings } from './surroundings.ts';

/** One question asked before anything is changed. */
export interface Check {
  readonly id: string;
  /** `fail` keeps the plan from being applied; `unknown` means that the caller may not look. */
  readonly verdict: Verdict;
  /** What was seen, in one sentence. */
  readonly evidence: string;
  /** What to do about it; empty when nothing has to be done. */
  readonly advice: string;
  /** The page or fact that the check rests on. */
  readonly source: string;
}

/** What a check finds; its id and source are the definition's. */
export type Finding = Pick<Check, 'verdict' | 'evidence'> & { readonly advice?: string };

/** What a check looks at: the deployment's target, what surrounds it, and the steps that are being found meanwhile. */
export interface Preflight extends Target {
  readonly surroundings: Surroundings;
  /** Only what depends on the steps waits for them: everything else is asked while they are read. */
  readonly steps: Promise<readonly Step[]>;
}

/** A check: several findings where it looks at several things; none where it does not apply. */
export interface CheckDefinition {
  readonly id: string;
  readonly source: string;
  look(preflight: Preflight, signal: AbortSignal): Promise<Finding | readonly Finding[] | undefined>;
}

/** Whether the plan restarts the environment's workers. */
export async function restartsWorkers({ steps }: Preflight): Promise<boolean> {
  return (await steps).some((step) => step.restartsWorkers);
}
