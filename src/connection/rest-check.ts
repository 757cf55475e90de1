import { invoke } from '../airflow/rest.ts';
import type { Session } from '../aws/session.ts';
import { simulate } from '../aws/simulate.ts';
import type { Statement } from '../ingestion/policies.ts';
import { Failure } from '../text/failure.ts';

/** Whether InvokeRestApi answers somebody with the environment's DAGs. */
export interface RestCheck {
  readonly ok: boolean;
  /** How many DAGs there are, or why there is no answer. */
  readonly detail: string;
  readonly advice: string | null;
}

/** Asks an environment's Airflow for its DAGs as whoever is signed in. */
export async function checkRestRoute(session: Session, environment: string, signal: AbortSignal): Promise<RestCheck> {
  try {
    const request = { method: 'GET', path: '/dags', query: { limit: '1' } } as const;
    const answer = (await invoke(session, environment, request, signal)) as { total_entries?: unknown };
    const total = answer?.total_entries;
    return { ok: true, detail: `${String(total ?? '?')} ${total === 1 ? 'DAG' : 'DAGs'}`, advice: null };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return { ok: false, detail: error.message, advice: error.advice ?? null };
  }
}

/** What IAM predicts of a role's call, where nothing can call as that role. */
export interface RolePrediction {
  /** The role's ARN. */
  readonly role: string;
  /** What acts as it, such as `ingestion inside Airflow`. */
  readonly of: string;
  /** Null where IAM could not be asked, or decides nothing. */
  readonly allowed: boolean | null;
  readonly detail: string;
  readonly advice: string | null;
}

/**
 * Predicts whether a role's InvokeRestApi would be let through by the statement's resources (SimulatePrincipalPolicy). It
 * is no call: Airflow itself is not asked, and neither organisation nor endpoint policies count.
 */
export async function predictRestRoute(
  session: Session,
  whose: Pick<RolePrediction, 'role' | 'of'>,
  { Action, Resource }: Statement,
  signal: AbortSignal,
): Promise<RolePrediction> {
  const calls = Action.flatMap((action) => [Resource].flat().map((resource) => ({ action, resource })));
  try {
    const found = await simulate(session, { principal: whose.role, calls }, signal);
    if (found.some(({ decision }) => decision === 'unknown')) {
      return { ...whose, allowed: null, detail: 'IAM predicts nothing', advice: null };
    }
    const allowed = found.every(({ decision }) => decision === 'allowed');
    return {
      ...whose,
      allowed,
      detail: `${allowed ? 'allowed' : 'denied'}, as IAM predicts it; nothing was called as it`,
      advice: allowed ? null : 'It lacks the statement below: a deployment that reads Airflow adds it.',
    };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return { ...whose, allowed: null, detail: `not predicted: ${error.message}`, advice: error.advice ?? null };
  }
}
