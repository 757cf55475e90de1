import type { Target } from '../step.ts';

/** One question asked before anything is changed. */
export interface Check {
  readonly id: string;
  /** `fail` keeps the plan from being applied; `unknown` means that the caller may not look. */
  readonly verdict: 'pass' | 'warning' | 'fail' | 'unknown';
  /** What was seen, in one sentence. */
  readonly evidence: string;
  /** What to do about it; empty when nothing has to be done. */
  readonly advice: string;
  /** The page or fact that the check rests on. */
  readonly source: string;
}

/** What a check finds; its id and source are the definition's. */
export type Finding = Pick<Check, 'verdict' | 'evidence'> & { readonly advice?: string };

/** A check: several findings where it looks at several things; none where it does not apply. */
export interface CheckDefinition {
  readonly id: string;
  readonly source: string;
  look(target: Target, signal: AbortSignal): Promise<Finding | readonly Finding[] | undefined>;
}
