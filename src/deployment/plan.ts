import type { Session } from '../aws/session.ts';
import { readEnvironment } from '../fleet/environments.ts';
import type { Finding } from '../ingestion/pipeline.ts';
import type { IngestionMode } from '../ingestion/request.ts';
import { type Check, runChecks } from './checks/index.ts';
import { listDeployments } from './journal.ts';
import type { PlanRequest } from './options.ts';
import { resolveRequest } from './resolve.ts';
import type { Step, Target } from './step.ts';
import { stepDefinitions } from './steps/index.ts';

export type { Check } from './checks/index.ts';

/** What a deployment would do, as pure data: no steps means that there is nothing to do. */
export interface Plan {
  readonly environment: string;
  readonly mode: IngestionMode;
  readonly dagId: string;
  readonly openmetadataVersion: string;
  readonly airflowVersion: string;
  readonly steps: readonly Step[];
  readonly checks: readonly Check[];
  /** What the pipeline file could do better; errors end planning before this. */
  readonly findings: readonly Finding[];
  /** By step id, what is there now, for the journal. Never a secret's value. */
  readonly before: Readonly<Record<string, unknown>>;
}

/** A plan and what applying it works on. */
export interface Planned {
  readonly plan: Plan;
  readonly target: Target;
}

/**
 * Reads what is there, resolves what is wanted, and says the difference; it changes nothing. Failure 'invalid-input'
 * for a pipeline with errors, 'usage' for an option that is missing, 'not-found' for an unknown environment.
 */
export async function planDeployment(session: Session, request: PlanRequest, signal: AbortSignal): Promise<Planned> {
  const environment = await readEnvironment(session, request.environment, signal);
  const store = { session, bucket: environment.sourceBucket };
  const { standing: deployments } = await listDeployments(store, environment.name, signal);
  // Read again: a deployment may have ended between the two.
  const current = await readEnvironment(session, environment.name, signal);
  const target = { ...(await resolveRequest(session, current, request, signal)), deployments };
  const looking = lookAtSteps(target, signal);
  const checks = runChecks(
    target,
    looking.then(({ steps }) => steps),
    signal,
  );
  // A check may fail while the steps are still being read; the await below is where it is heard.
  checks.catch(() => {});
  const { steps, before } = await looking;
  return {
    plan: {
      environment: environment.name,
      mode: target.request.mode,
      dagId: target.request.dagId,
      openmetadataVersion: target.request.openmetadataVersion,
      airflowVersion: target.request.airflowVersion,
      steps,
      checks: await checks,
      findings: target.request.pipeline.findings,
      before,
    },
    target,
  };
}

/** One after the other: a later step's diff shows what an earlier one found. */
async function lookAtSteps(target: Target, signal: AbortSignal): Promise<Pick<Plan, 'steps' | 'before'>> {
  const steps: Step[] = [];
  const before: Record<string, unknown> = {};
  for (const definition of stepDefinitions) {
    const change = await definition.look(target, signal);
    if (change === undefined) continue;
    const { id, kind, shared } = definition;
    const { action, resource, diff, reason } = change;
    steps.push({
      id,
      action,
      kind,
      resource,
      diff,
      reason,
      restartsWorkers: definition.restartsWorkers === true,
      shared,
    });
    before[id] = change.before;
  }
  return { steps, before };
}
