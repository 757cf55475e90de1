import type { RestAnswer, RestRequest } from './answer.ts';
import { restError, restTime } from './answer.ts';
import { ordered, page } from './lists.ts';
import { importErrorShape } from './shapes.ts';

/** GET /importErrors. */
export function listImportErrors(request: RestRequest): RestAnswer {
  const { airflow } = request;
  const errors = ordered(request, airflow.importErrors(), {
    import_error_id: (error) => error.id,
    id: (error) => error.id,
    timestamp: (error) => error.at,
    filename: (error) => error.file,
  });
  const shapes = page(request, errors).map((error) => importErrorShape(airflow, error));
  return { status: 200, body: { import_errors: shapes, total_entries: errors.length } };
}

/** GET /importErrors/{id}. */
export function getImportError(request: RestRequest, id: string): RestAnswer {
  const error = request.airflow.importErrors().find((each) => String(each.id) === id);
  if (error === undefined) {
    throw request.airflow.third
      ? restError(request.airflow, 404, `The ImportError with import_error_id: \`${id}\` was not found`)
      : restError(
          request.airflow,
          404,
          `The ImportError with import_error_id: \`${id}\` was not found`,
          'Import error not found',
        );
  }
  return { status: 200, body: importErrorShape(request.airflow, error) };
}

/** GET /health of v1 and /monitor/health of v2. */
export function health(request: RestRequest): RestAnswer {
  const { airflow } = request;
  const now = airflow.host.region.clock.now();
  const beat = (age: number) => restTime(airflow, now - age);
  return {
    status: 200,
    body: {
      metadatabase: { status: 'healthy' },
      scheduler: { status: 'healthy', latest_scheduler_heartbeat: beat(1_900) },
      triggerer: { status: 'healthy', latest_triggerer_heartbeat: beat(2_600) },
      dag_processor: airflow.third
        ? { status: 'healthy', latest_dag_processor_heartbeat: beat(3_100) }
        : { status: null, latest_dag_processor_heartbeat: null },
    },
  };
}

/** GET /version. */
export function version(request: RestRequest): RestAnswer {
  return { status: 200, body: { version: request.airflow.version, git_version: null } };
}

/** GET /pools: the one that every Airflow has. */
export function listPools(request: RestRequest): RestAnswer {
  const running = request.airflow.dags().flatMap((dag) => dag.runs.flatMap((run) => [...run.tasks.values()]));
  const count = (...states: (string | undefined)[]) => running.filter(({ state }) => states.includes(state)).length;
  const used = count('running');
  const pool = {
    name: 'default_pool',
    slots: 10_000,
    description: 'Default pool',
    include_deferred: false,
    occupied_slots: used + count('queued'),
    running_slots: used,
    queued_slots: count('queued'),
    scheduled_slots: count('scheduled'),
    deferred_slots: 0,
    open_slots: 10_000 - used - count('queued'),
  };
  return { status: 200, body: { pools: [pool], total_entries: 1 } };
}
