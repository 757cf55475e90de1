import { openAirflow } from '../../airflow/airflow.ts';
import type { Dag } from '../../airflow/types.ts';
import { persist } from '../../aws/persist.ts';
import { dagKey } from '../../ingestion/names.ts';
import { age } from '../../text/ages.ts';
import { Failure } from '../../text/failure.ts';
import { PENDING, type StepDefinition, type Target } from '../step.ts';

/** MWAA takes a new file up to five minutes after it was put; the double means that something is wrong: ms. */
const PATIENCE = 10 * 60_000;
const INTERVAL = 5_000;

/**
 * The ingestion's DAG as Airflow has it, for planning: where Airflow can't be asked, or may not be, everything else of a
 * plan can still be told, and `silent` says why.
 */
export async function askForDag(
  { session, environment, request }: Target,
  signal: AbortSignal,
): Promise<{ readonly found?: Dag | undefined; readonly silent?: string }> {
  try {
    return { found: await openAirflow(session, environment).dag(request.dagId, signal) };
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    return { silent: `Airflow can't be asked now: ${error.message}` };
  }
}

/** Airflow has picked the DAG up, as it now is, without an import error. */
export const airflow: StepDefinition = {
  id: 'airflow',
  kind: 'airflow',
  shared: false,
  look: async (target, signal) => {
    const { found, silent } = await askForDag(target, signal);
    const picked = found?.active === true && !found.importErrors;
    const written = target.known.dagWrittenAt;
    const fresh = written !== undefined && (found?.lastParsed === undefined || found.lastParsed >= written);
    if (picked && fresh) return undefined;
    return {
      action: 'wait',
      resource: target.request.dagId,
      diff: '',
      reason: silent ?? 'Airflow picks the file up within some minutes; an import error shows here',
      before: null,
    };
  },
  act: async (target, { signal, tell, patient }) => {
    const { session, environment, request, known } = target;
    const api = openAirflow(session, environment);
    const began = session.clock.now();
    const file = dagKey('', request.dagId);
    for (;;) {
      const found = await persist(session.clock, signal, () => api.dag(request.dagId, signal), tell);
      const parsed =
        known.dagWrittenAt === undefined || (found?.lastParsed ?? known.dagWrittenAt) >= known.dagWrittenAt;
      if (found?.active && parsed && !found.importErrors) return { dagId: found.dagId };
      const errors = await persist(session.clock, signal, () => api.importErrors(signal), tell);
      const broken = errors.find(
        (error) => error.file.endsWith(`/${file}`) && (error.at ?? 0) >= (known.dagWrittenAt ?? 0),
      );
      if (broken !== undefined) {
        throw new Failure('failed', `Airflow can't import ${file}: ${lastLine(broken.stackTrace)}`, {
          advice: 'The whole trace is on the DAGs tab. Take the deployment back, or deploy a pipeline that imports.',
          resource: request.dagId,
        });
      }
      if (!patient) return PENDING;
      const waited = session.clock.now() - began;
      if (waited > PATIENCE) {
        throw new Failure('failed', `Airflow has not picked up ${file} within ${age(waited)}.`, {
          advice: `See the DAG processing log group of ${environment.name}; \`resume\` goes on waiting.`,
          resource: request.dagId,
        });
      }
      tell(`waiting for Airflow to pick ${file} up, ${age(waited)}`);
      await session.clock.sleep(INTERVAL, signal);
    }
  },
  lookBack: async () => undefined,
  takeBack: async () => {},
};

function lastLine(trace: string): string {
  return trace.trim().split('\n').at(-1) ?? trace;
}
