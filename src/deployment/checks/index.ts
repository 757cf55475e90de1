import { Failure } from '../../text/failure.ts';
import type { Target } from '../step.ts';
import { callerAllowed } from './caller.ts';
import type { Check, CheckDefinition } from './check.ts';
import { bucketVersioning, dagIdFree, environmentUsable, nobodyElse } from './environment.ts';
import { modeFits } from './mode.ts';
import { airflow3Workers, imageRoute } from './network.ts';
import { serverMatches } from './server.ts';

export type { Check } from './check.ts';

const definitions: readonly CheckDefinition[] = [
  modeFits,
  environmentUsable,
  nobodyElse,
  bucketVersioning,
  dagIdFree,
  serverMatches,
  imageRoute,
  airflow3Workers,
  callerAllowed,
];

/** Runs all checks side by side. One that the caller may not make is `unknown`, and says which permission it lacks. */
export async function runChecks(target: Target, signal: AbortSignal): Promise<Check[]> {
  const found = await Promise.all(definitions.map((definition) => run(definition, target, signal)));
  return found.flat();
}

async function run({ id, source, look }: CheckDefinition, target: Target, signal: AbortSignal): Promise<Check[]> {
  try {
    const found = await look(target, signal);
    const findings = found === undefined ? [] : Array.isArray(found) ? found : [found];
    return findings.map(({ verdict, evidence, advice }) => ({ id, verdict, evidence, advice: advice ?? '', source }));
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    const evidence =
      error.kind === 'denied' ? `Not allowed to check: ${error.message}` : `Could not check: ${error.message}`;
    return [{ id, verdict: 'unknown', evidence, advice: error.advice ?? '', source }];
  }
}
