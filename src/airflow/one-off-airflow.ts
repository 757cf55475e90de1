import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { type AirflowPlace, openAirflow } from './airflow.ts';
import { airflowCommand } from './command-line.ts';
import { dagFrom, dagRunFrom, importErrorFrom, type Members, objects } from './read.ts';
import type { Airflow } from './types.ts';

/**
 * An environment's Airflow of which each call, where InvokeRestApi is denied for it (whoever is a Viewer there may only
 * read), goes by the Airflow command line with a CLI token instead. What the command line can't tell is refused as before:
 * XComs, task instances.
 */
export function openAirflowEitherWay(session: Session, place: AirflowPlace): Airflow {
  const airflow = openAirflow(session, place);
  const listed = async (words: string, signal: AbortSignal): Promise<Members[]> => {
    const { stdout } = await airflowCommand(session, place.name, `${words} -o json`, signal);
    return rows(stdout);
  };
  const command = async (words: string, signal: AbortSignal): Promise<'done' | 'unknown'> => {
    const { stdout, stderr } = await airflowCommand(session, place.name, words, signal);
    if (/could not be found|DagNotFound|not found/i.test(stderr)) return 'unknown';
    const trouble = /(?:Exception|Error|error): .*$/m.exec(stderr);
    if (trouble === null || /already exists/i.test(stderr + stdout)) return 'done';
    throw new Failure('failed', `\`airflow ${words}\` of ${place.name}: ${trouble[0]}`, { resource: place.name });
  };
  const listedDag = async (id: string, signal: AbortSignal) => {
    const found = (await listed('dags list', signal)).find((row) => row.dag_id === id);
    return found && dagFrom({ ...found, is_paused: /^true$/i.test(String(found.is_paused)), is_active: true });
  };
  const listedRun = async (id: string, runId: string, signal: AbortSignal) => {
    const found = (await listed(`dags list-runs -d ${id}`, signal)).find((row) => row.run_id === runId);
    return found && dagRunFrom({ dag_id: id, run_type: 'manual', ...found });
  };
  return {
    ...airflow,
    dag: (id, signal) => orElse(airflow.dag(id, signal), () => listedDag(id, signal)),
    record: (id, signal) => orElse(airflow.record(id, signal), () => listedDag(id, signal)),
    importErrors: (signal) =>
      orElse(airflow.importErrors(signal), async () =>
        (await listed('dags list-import-errors', signal)).map(({ filepath, error }) =>
          importErrorFrom({ filename: filepath, stack_trace: error }),
        ),
      ),
    dagRun: (id, runId, signal) => orElse(airflow.dagRun(id, runId, signal), () => listedRun(id, runId, signal)),
    setPaused: (id, paused, signal) =>
      orElse(airflow.setPaused(id, paused, signal), async () => {
        await command(`dags ${paused ? 'pause' : 'unpause'} ${id}`, signal);
      }),
    trigger: (id, { runId, ...run }, signal) =>
      orElse(airflow.trigger(id, { runId, ...run }, signal), async () => {
        await command(`dags trigger -r ${runId} ${id}`, signal);
        return { dagId: id, runId, state: 'queued', runType: 'manual' };
      }),
    deleteDag: (id, signal) =>
      orElse(airflow.deleteDag(id, signal), async () => (await command(`dags delete -y ${id}`, signal)) === 'done'),
  };
}

async function orElse<T>(call: Promise<T>, otherwise: () => Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'denied') throw error;
    return otherwise();
  }
}

/** The rows of `-o json`; Airflow 2 prints warnings before them. */
function rows(stdout: string): Members[] {
  const at = stdout.search(/^\[[\s\S]*\]\s*$/m);
  try {
    return objects(JSON.parse(at < 0 ? '[]' : stdout.slice(at)));
  } catch {
    return [];
  }
}
