import { Failure } from '../../text/failure.ts';
import type { Step, Target } from '../step.ts';
import { callerAllowed, passRole } from './caller.ts';
import type { Check, CheckDefinition, Preflight } from './check.ts';
import { bucketVersioning, dagIdFree, environmentUsable, nobodyElse, runningTasks } from './environment.ts';
import { leavesBehind } from './leaves.ts';
import { maintenanceWindow } from './maintenance.ts';
import { modeFits } from './mode.ts';
import { subnetsThere } from './network.ts';
import { replacesIngestion } from './replaces.ts';
import { requirementsFit } from './requirements.ts';
import { policyRoom, rolesAllowed, rolesTrusted } from './roles.ts';
import { airflow3Workers, imageRoute, operatorRoute, serverRoute, servicesRoute } from './routes.ts';
import { endpointGroups, securityGroups } from './security-groups.ts';
import { serverMatches } from './server.ts';
import { taskSize } from './size.ts';
import { Surroundings } from './surroundings.ts';
import { namesTaken } from './taken.ts';
import { wheelsShipped } from './wheels.ts';

export type { Check } from './check.ts';

/** Every check, in the order in which a review reads them. */
const definitions: readonly CheckDefinition[] = [
  modeFits,
  requirementsFit,
  wheelsShipped,
  environmentUsable,
  nobodyElse,
  bucketVersioning,
  dagIdFree,
  replacesIngestion,
  namesTaken,
  leavesBehind,
  runningTasks,
  maintenanceWindow,
  serverMatches,
  serverRoute,
  subnetsThere,
  securityGroups,
  endpointGroups,
  taskSize,
  imageRoute,
  servicesRoute,
  operatorRoute,
  airflow3Workers,
  rolesTrusted,
  rolesAllowed,
  policyRoom,
  callerAllowed,
  passRole,
];

/**
 * Runs all checks side by side, while the plan's steps are still being found. One that the caller may not make is
 * `unknown`, and says which permission it lacks.
 */
export async function runChecks(
  target: Target,
  steps: Promise<readonly Step[]>,
  signal: AbortSignal,
): Promise<Check[]> {
  const preflight: Preflight = { ...target, steps, surroundings: new Surroundings(target.session, signal) };
  const found = await Promise.all(definitions.map((definition) => run(definition, preflight, signal)));
  return found.flat();
}

async function run({ id, source, look }: CheckDefinition, preflight: Preflight, signal: AbortSignal): Promise<Check[]> {
  try {
    const found = await look(preflight, signal);
    const findings = found === undefined ? [] : Array.isArray(found) ? found : [found];
    return findings.map(({ verdict, evidence, advice }) => ({ id, verdict, evidence, advice: advice ?? '', source }));
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    const evidence =
      error.kind === 'denied' ? `Not allowed to check: ${error.message}` : `Could not check: ${error.message}`;
    return [{ id, verdict: 'unknown', evidence, advice: error.advice ?? '', source }];
  }
}
