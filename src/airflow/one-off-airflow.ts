import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { type AirflowPlace, openAirflow } from './airflow.ts';
import { airflowCommand } from './command-line.ts';
import type { Airflow } from './types.ts';

/**
 * An environment's Airflow whose writes, where InvokeRestApi is denied for them (whoever is a Viewer there may read only),
 * go by the Airflow command line with a CLI token. Reading always needs InvokeRestApi.
 */
export function openAirflowEitherWay(session: Session, place: AirflowPlace): Airflow {
  const airflow = openAirflow(session, place);
  const command = async (words: string, signal: AbortSignal): Promise<void> => {
    const { stdout, stderr } = await airflowCommand(session, place.name, words, signal);
    const trouble = /(?:Exception|Error|error): (.*)$/m.exec(stderr);
    if (trouble === null || /already exists/i.test(stderr + stdout)) return;
    throw new Failure('failed', `\`airflow ${words}\` of ${place.name}: ${trouble[0]}`, { resource: place.name });
  };
  const orElse = async <T>(write: Promise<T>, otherwise: () => Promise<T>): Promise<T> => {
    try {
      return await write;
    } catch (error) {
      if (!(error instanceof Failure) || error.kind !== 'denied') throw error;
      return otherwise();
    }
  };
  return {
    ...airflow,
    setPaused: (id, paused, signal) =>
      orElse(airflow.setPaused(id, paused, signal), () =>
        command(`dags ${paused ? 'pause' : 'unpause'} ${id}`, signal),
      ),
    trigger: (id, run, signal) =>
      orElse(airflow.trigger(id, run, signal), async () => {
        await command(`dags trigger -r ${run.runId} ${id}`, signal);
        const { runId } = run;
        return (await airflow.dagRun(id, runId, signal)) ?? { dagId: id, runId, state: 'queued', runType: 'manual' };
      }),
    deleteDag: (id, signal) =>
      orElse(airflow.deleteDag(id, signal), async () => {
        if ((await airflow.record(id, signal)) === undefined) return false;
        await command(`dags delete -y ${id}`, signal);
        return true;
      }),
  };
}
