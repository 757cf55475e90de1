import type { Tone } from './columns.ts';

/** How a check came out; `unknown` where it could not be made. */
export type Verdict = 'pass' | 'warning' | 'fail' | 'unknown';

export const verdictTones: Readonly<Record<Verdict, Tone>> = {
  pass: 'ok',
  warning: 'warn',
  fail: 'error',
  unknown: 'dim',
};
