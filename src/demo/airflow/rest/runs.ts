import { isStructure } from '../../members.ts';
import type { DagRecord, DagRun, TaskInstance } from '../runs.ts';
import { type RestAnswer, RestError, type RestRequest, restError, unprocessable } from './answer.ts';
import { requireDag } from './dags.ts';
import { bodyOf, onlyMembers, ordered, page, parameter, texts, time } from './lists.ts';
import { runShape, taskInstanceShape } from './shapes.ts';

const RUN_ORDER = {
  id: (run: DagRun) => run.number,
  state: (run: DagRun) => run.state,
  dag_id: (run: DagRun) => run.dagId,
  dag_run_id: (run: DagRun) => run.runId,
  run_id: (run: DagRun) => run.runId,
  run_type: (run: DagRun) => run.runType,
  run_after: (run: DagRun) => run.runAfter,
  logical_date: (run: DagRun) => run.logicalDate,
  execution_date: (run: DagRun) => run.logicalDate,
  start_date: (run: DagRun) => run.startedAt,
  end_date: (run: DagRun) => run.endedAt,
  queued_at: (run: DagRun) => run.queuedAt,
};

/** The run that a path names. */
function requireRun(request: RestRequest, dag: DagRecord, runId: string): DagRun {
  const run = dag.runs.find((each) => each.runId === runId);
  if (run !== undefined) return run;
  const { dagId } = dag.definition;
  throw request.airflow.third
    ? restError(request.airflow, 404, `The DagRun with dag_id: \`${dagId}\` and run_id: \`${runId}\` was not found`)
    : restError(
        request.airflow,
        404,
        `DAGRun with DAG ID: '${dagId}' and DagRun ID: '${runId}' not found`,
        'DAGRun not found',
      );
}

function runsAnswer(request: RestRequest, runs: readonly DagRun[], asked?: Parameters<typeof page>[2]): RestAnswer {
  const { airflow } = request;
  return {
    status: 200,
    body: { dag_runs: page(request, runs, asked).map((run) => runShape(airflow, run)), total_entries: runs.length },
  };
}

/** GET /dags/{id}/dagRuns; `~` for all DAGs. */
export function listRuns(request: RestRequest, dagId: string): RestAnswer {
  const dags = dagId === '~' ? request.airflow.dags() : [requireDag(request, dagId)];
  const states = request.query.get('state');
  const bound = (name: string) => time(request, name, parameter(request, name));
  const runs = dags
    .flatMap(({ runs: each }) => each)
    .filter((run) => states === undefined || states.includes(run.state))
    .filter((run) => within(run.startedAt, bound('start_date_gte'), bound('start_date_lte')))
    .filter((run) => within(run.endedAt, bound('end_date_gte'), bound('end_date_lte')))
    .filter((run) => within(run.runAfter, bound('run_after_gte'), bound('run_after_lte')))
    .filter((run) =>
      within(
        run.logicalDate,
        bound('execution_date_gte') ?? bound('logical_date_gte'),
        bound('execution_date_lte') ?? bound('logical_date_lte'),
      ),
    );
  return runsAnswer(request, ordered(request, runs, RUN_ORDER));
}

function within(at: number | undefined, from: number | undefined, to: number | undefined): boolean {
  if (from === undefined && to === undefined) return true;
  return at !== undefined && at >= (from ?? Number.NEGATIVE_INFINITY) && at <= (to ?? Number.POSITIVE_INFINITY);
}

/** POST /dags/~/dagRuns/list. */
export function findRuns(request: RestRequest): RestAnswer {
  const body = bodyOf(request);
  const dagIds = texts(body.dag_ids);
  const states = texts(body.states);
  const runs = request.airflow
    .dags()
    .filter((dag) => dagIds === undefined || dagIds.includes(dag.definition.dagId))
    .flatMap((dag) => dag.runs)
    .filter((run) => states === undefined || states.includes(run.state))
    .filter((run) =>
      within(
        run.startedAt,
        time(request, 'start_date_gte', body.start_date_gte),
        time(request, 'start_date_lte', body.start_date_lte),
      ),
    )
    .filter((run) =>
      within(
        run.endedAt,
        time(request, 'end_date_gte', body.end_date_gte),
        time(request, 'end_date_lte', body.end_date_lte),
      ),
    );
  const sorted = ordered(request, runs, RUN_ORDER, typeof body.order_by === 'string' ? [body.order_by] : []);
  return runsAnswer(request, sorted, { limit: body.page_limit, offset: body.page_offset });
}

/** POST /dags/{id}/dagRuns. */
export function triggerRun(request: RestRequest, dagId: string): RestAnswer {
  const { airflow } = request;
  const body = bodyOf(request);
  const dag = requireDag(request, dagId);
  const allowed = airflow.third
    ? [
        'dag_run_id',
        'conf',
        'logical_date',
        'note',
        'data_interval_start',
        'data_interval_end',
        'run_after',
        'partition_key',
      ]
    : ['dag_run_id', 'conf', 'logical_date', 'execution_date', 'note', 'data_interval_start', 'data_interval_end'];
  onlyMembers(request, body, allowed);
  if (airflow.third && !('logical_date' in body)) {
    throw unprocessable('missing', ['body', 'logical_date'], 'Field required', body);
  }
  if (!dag.active && !airflow.third) {
    throw restError(airflow, 404, `DAG with dag_id: '${dagId}' not found`, 'DAG not found');
  }
  if (dag.hasImportErrors) {
    throw restError(
      airflow,
      400,
      airflow.third
        ? `DAG with dag_id: '${dagId}' has import errors and cannot be triggered`
        : `DAG with dag_id: '${dagId}' has import errors`,
      'DAG cannot be triggered',
    );
  }
  const runId = typeof body.dag_run_id === 'string' ? body.dag_run_id : undefined;
  const dated = body.logical_date ?? body.execution_date;
  const logicalDate = dated === null && airflow.third ? null : time(request, 'logical_date', dated);
  const same = dag.runs.find(
    (run) => run.runId === runId || (typeof logicalDate === 'number' && run.logicalDate === logicalDate),
  );
  if (same !== undefined) throw duplicate(request, dagId, runId ?? same.runId);
  const run = airflow.scheduler.trigger(dag, {
    runId,
    conf: isStructure(body.conf) ? body.conf : {},
    logicalDate,
    note: typeof body.note === 'string' ? body.note : undefined,
  });
  return { status: 200, body: runShape(airflow, run) };
}

function duplicate(request: RestRequest, dagId: string, runId: string): RestError {
  if (!request.airflow.third) {
    const detail = `DAGRun with DAG ID: '${dagId}' and DAGRun ID: '${runId}' already exists`;
    return restError(request.airflow, 409, detail);
  }
  const detail = {
    reason: 'Unique constraint violation',
    statement: 'hidden',
    orig_error: 'hidden',
    message:
      'Serious error when handling your request. Check logs for more details - you will find it in api server when you look for ID 4b6f1c0e',
  };
  return new RestError({ status: 409, body: { detail } });
}

/** GET /dags/{id}/dagRuns/{run}. */
export function getRun(request: RestRequest, dagId: string, runId: string): RestAnswer {
  return { status: 200, body: runShape(request.airflow, requireRun(request, requireDag(request, dagId), runId)) };
}

/** PATCH /dags/{id}/dagRuns/{run}: a state, or a note. */
export function patchRun(request: RestRequest, dagId: string, runId: string): RestAnswer {
  const { airflow } = request;
  const dag = requireDag(request, dagId);
  const run = requireRun(request, dag, runId);
  const body = bodyOf(request);
  onlyMembers(request, body, ['state', 'note']);
  if (typeof body.note === 'string') run.note = body.note;
  if (body.state === 'success' || body.state === 'failed' || body.state === 'queued')
    airflow.scheduler.mark(dag, run, body.state);
  else if (body.state !== undefined && body.state !== null) {
    throw airflow.third
      ? unprocessable('enum', ['body', 'state'], "Input should be 'queued', 'success' or 'failed'", body.state)
      : restError(airflow, 400, "{'state': ['Must be one of: success, failed, queued.']}");
  }
  return { status: 200, body: runShape(airflow, run) };
}

/** DELETE /dags/{id}/dagRuns/{run}. */
export function deleteRun(request: RestRequest, dagId: string, runId: string): RestAnswer {
  const dag = requireDag(request, dagId);
  request.airflow.scheduler.remove(dag, requireRun(request, dag, runId));
  return { status: 204, body: undefined };
}

interface Placed {
  readonly run: DagRun;
  readonly instance: TaskInstance;
}

const TASK_ORDER = {
  id: ({ instance }: Placed) => instance.taskId,
  task_id: ({ instance }: Placed) => instance.taskId,
  dag_id: ({ run }: Placed) => run.dagId,
  state: ({ instance }: Placed) => instance.state,
  start_date: ({ instance }: Placed) => instance.startedAt,
  end_date: ({ instance }: Placed) => instance.endedAt,
  duration: ({ instance }: Placed) => (instance.endedAt ?? 0) - (instance.startedAt ?? 0),
};

function placed(run: DagRun): Placed[] {
  return [...run.tasks.values()].map((instance) => ({ run, instance }));
}

function tasksAnswer(request: RestRequest, tasks: readonly Placed[], asked?: Parameters<typeof page>[2]): RestAnswer {
  const { airflow } = request;
  const shapes = page(request, tasks, asked).map(({ run, instance }) => taskInstanceShape(airflow, run, instance));
  return { status: 200, body: { task_instances: shapes, total_entries: tasks.length } };
}

/** GET /dags/{id}/dagRuns/{run}/taskInstances; `~` for all. */
export function listTaskInstances(request: RestRequest, dagId: string, runId: string): RestAnswer {
  const dags = dagId === '~' ? request.airflow.dags() : [requireDag(request, dagId)];
  const runs = dags.flatMap((dag) => (runId === '~' ? dag.runs : [requireRun(request, dag, runId)]));
  const states = request.query.get('state');
  const tasks = runs
    .flatMap(placed)
    .filter(({ instance }) => states === undefined || states.includes(instance.state ?? 'none'));
  return tasksAnswer(request, ordered(request, tasks, TASK_ORDER));
}

/** POST /dags/~/dagRuns/~/taskInstances/list. */
export function findTaskInstances(request: RestRequest): RestAnswer {
  const body = bodyOf(request);
  const among = (name: string, value: string | undefined): boolean =>
    texts(body[name])?.includes(value ?? 'none') ?? true;
  const tasks = request.airflow
    .dags()
    .flatMap((dag) => dag.runs.flatMap(placed))
    .filter(
      ({ run, instance }) =>
        among('dag_ids', run.dagId) &&
        among('dag_run_ids', run.runId) &&
        among('task_ids', instance.taskId) &&
        among('state', instance.state),
    );
  const sorted = ordered(request, tasks, TASK_ORDER, typeof body.order_by === 'string' ? [body.order_by] : []);
  return tasksAnswer(request, sorted, { limit: body.page_limit, offset: body.page_offset });
}

function requireInstance(request: RestRequest, run: DagRun, taskId: string): TaskInstance {
  const instance = run.tasks.get(taskId);
  if (instance !== undefined) return instance;
  throw request.airflow.third
    ? restError(
        request.airflow,
        404,
        `The Task Instance with dag_id: \`${run.dagId}\`, run_id: \`${run.runId}\` and task_id: \`${taskId}\` was not found`,
      )
    : restError(request.airflow, 404, 'Task instance not found', 'Task instance not found');
}

/** GET /dags/{id}/dagRuns/{run}/taskInstances/{task}. */
export function getTaskInstance(request: RestRequest, dagId: string, runId: string, taskId: string): RestAnswer {
  const run = requireRun(request, requireDag(request, dagId), runId);
  return { status: 200, body: taskInstanceShape(request.airflow, run, requireInstance(request, run, taskId)) };
}

function xcomShape(
  request: RestRequest,
  run: DagRun,
  taskId: string,
  key: string,
  at: number,
): Record<string, unknown> {
  const stamp = new Date(at).toISOString();
  const date = run.logicalDate === undefined ? null : new Date(run.logicalDate).toISOString();
  return {
    key,
    timestamp: stamp,
    ...(request.airflow.third ? { logical_date: date, run_id: run.runId } : { execution_date: date }),
    map_index: -1,
    task_id: taskId,
    dag_id: run.dagId,
  };
}

/** GET …/taskInstances/{task}/xcomEntries: keys without values, as Airflow lists them. */
export function listXcoms(request: RestRequest, dagId: string, runId: string, taskId: string): RestAnswer {
  const run = requireRun(request, requireDag(request, dagId), runId);
  const entries = [...requireInstance(request, run, taskId).xcoms];
  const shapes = page(request, entries).map(([key, { at }]) => xcomShape(request, run, taskId, key, at));
  return { status: 200, body: { xcom_entries: shapes, total_entries: entries.length } };
}

/** GET …/taskInstances/{task}/xcomEntries/{key}. */
export function getXcom(request: RestRequest, dagId: string, runId: string, taskId: string, key: string): RestAnswer {
  const run = requireRun(request, requireDag(request, dagId), runId);
  const entry = requireInstance(request, run, taskId).xcoms.get(key);
  if (entry === undefined) {
    throw request.airflow.third
      ? restError(request.airflow, 404, `XCom entry with key: \`${key}\` not found`)
      : restError(request.airflow, 404, `XComEntry not found`, 'XCom entry not found');
  }
  const value = request.airflow.third || typeof entry.value === 'string' ? entry.value : JSON.stringify(entry.value);
  return { status: 200, body: { ...xcomShape(request, run, taskId, key, entry.at), value } };
}

/** POST /dags/{id}/clearTaskInstances. */
export function clearTaskInstances(request: RestRequest, dagId: string): RestAnswer {
  const { airflow } = request;
  const dag = requireDag(request, dagId);
  const body = bodyOf(request);
  const runId = typeof body.dag_run_id === 'string' ? body.dag_run_id : undefined;
  const runs = runId === undefined ? dag.runs : [requireRun(request, dag, runId)];
  const wanted = texts(body.task_ids);
  const failedOnly = body.only_failed !== false;
  const runningOnly = body.only_running === true;
  const chosen = runs
    .flatMap(placed)
    .filter(({ instance }) => wanted === undefined || wanted.includes(instance.taskId))
    .filter(({ instance }) => !failedOnly || instance.state === 'failed' || instance.state === 'upstream_failed')
    .filter(({ instance }) => !runningOnly || instance.state === 'running');
  if (body.dry_run === false) {
    for (const run of new Set(chosen.map((each) => each.run))) {
      airflow.scheduler.clear(
        dag,
        run,
        new Set(chosen.filter((each) => each.run === run).map(({ instance }) => instance.taskId)),
      );
    }
  }
  if (airflow.third) return tasksAnswer(request, chosen, { limit: 100 });
  const references = chosen.map(({ run, instance }) => ({
    dag_id: run.dagId,
    dag_run_id: run.runId,
    execution_date: runShape(airflow, run).execution_date,
    task_id: instance.taskId,
  }));
  return { status: 200, body: { task_instances: references } };
}
