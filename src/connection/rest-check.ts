import { invoke } from '../airflow/rest.ts';
import type { Session } from '../aws/session.ts';
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
    return { ok: true, detail: `${String(answer?.total_entries ?? '?')} DAGs`, advice: null };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return { ok: false, detail: error.message, advice: error.advice ?? null };
  }
}
