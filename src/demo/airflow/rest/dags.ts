import type { DagRecord } from '../runs.ts';
import { type RestAnswer, type RestRequest, restError, unprocessable } from './answer.ts';
import { bodyOf, flag, like, onlyMembers, ordered, page, parameter } from './lists.ts';
import { dagDetails, dagShape, taskShape } from './shapes.ts';

/** The DAG that a path names; 404 in the version's words. */
export function requireDag(request: RestRequest, dagId: string): DagRecord {
  const dag = request.airflow.dag(dagId);
  if (dag !== undefined) return dag;
  throw request.airflow.third
    ? restError(request.airflow, 404, `The DAG with ID: \`${dagId}\` was not found`)
    : restError(request.airflow, 404, `The DAG with dag_id: ${dagId} was not found`, 'DAG not found');
}

function selected(request: RestRequest): readonly DagRecord[] {
  const { airflow } = request;
  const pattern = parameter(request, 'dag_id_pattern');
  const paused = flag(request, 'paused');
  const activeOnly = (airflow.third ? flag(request, 'exclude_stale') : flag(request, 'only_active')) ?? true;
  const tags = request.query.get('tags');
  return airflow
    .dags()
    .filter((dag) => !activeOnly || dag.active)
    .filter((dag) => paused === undefined || dag.paused === paused)
    .filter((dag) => pattern === undefined || like(pattern, dag.definition.dagId))
    .filter((dag) => tags === undefined || tags.some((tag) => dag.definition.tags.includes(tag)));
}

/** GET /dags. */
export function listDags(request: RestRequest): RestAnswer {
  const { airflow } = request;
  const dags = ordered(request, selected(request), {
    dag_id: (dag) => dag.definition.dagId,
    dag_display_name: (dag) => dag.definition.dagId,
    next_dagrun: (dag) => airflow.scheduler.planned(dag)?.runAfter,
  });
  return {
    status: 200,
    body: { dags: page(request, dags).map((dag) => dagShape(airflow, dag)), total_entries: dags.length },
  };
}

/** GET /dags/{id}. */
export function getDag(request: RestRequest, dagId: string): RestAnswer {
  return { status: 200, body: dagShape(request.airflow, requireDag(request, dagId)) };
}

/** GET /dags/{id}/details. */
export function getDagDetails(request: RestRequest, dagId: string): RestAnswer {
  return { status: 200, body: dagDetails(request.airflow, requireDag(request, dagId)) };
}

/** GET /dags/{id}/tasks. */
export function listTasks(request: RestRequest, dagId: string): RestAnswer {
  const dag = requireDag(request, dagId);
  const tasks = [...dag.definition.tasks.values()];
  const body = { tasks: tasks.map((task) => taskShape(request.airflow, dag, task)), total_entries: tasks.length };
  return { status: 200, body };
}

/** The wanted `is_paused` of a PATCH, the only thing that it may change. */
function wantedPause(request: RestRequest): boolean {
  const { airflow } = request;
  const mask = request.query.get('update_mask')?.flatMap((each) => each.split(','));
  if (mask !== undefined && (mask.length !== 1 || mask[0] !== 'is_paused')) {
    throw restError(airflow, 400, 'Only `is_paused` field can be updated through the REST API');
  }
  const body = bodyOf(request);
  onlyMembers(request, body, ['is_paused']);
  if (typeof body.is_paused === 'boolean') return body.is_paused;
  if (airflow.third) throw unprocessable('missing', ['body', 'is_paused'], 'Field required', body);
  throw restError(airflow, 400, "{'is_paused': ['Not a valid boolean.']}");
}

/** PATCH /dags/{id}. */
export function patchDag(request: RestRequest, dagId: string): RestAnswer {
  const paused = wantedPause(request);
  const dag = requireDag(request, dagId);
  request.airflow.setPaused(dag, paused);
  return { status: 200, body: dagShape(request.airflow, dag) };
}

/** PATCH /dags?dag_id_pattern=…: pauses or resumes many. */
export function patchDags(request: RestRequest): RestAnswer {
  const { airflow } = request;
  if (!airflow.third && parameter(request, 'dag_id_pattern') === undefined) {
    throw restError(airflow, 400, "Missing query parameter 'dag_id_pattern'");
  }
  const paused = wantedPause(request);
  const dags = page(request, selected(request));
  for (const dag of dags) airflow.setPaused(dag, paused);
  return { status: 200, body: { dags: dags.map((dag) => dagShape(airflow, dag)), total_entries: dags.length } };
}

/** DELETE /dags/{id}: not while a task of it runs. */
export function deleteDag(request: RestRequest, dagId: string): RestAnswer {
  const dag = requireDag(request, dagId);
  const running = dag.runs.some((run) => [...run.tasks.values()].some(({ state }) => state === 'running'));
  if (running) {
    throw restError(request.airflow, 409, `Task instances of dag with id: '${dagId}' are still running`);
  }
  request.airflow.deleteDag(dag);
  return { status: 204, body: undefined };
}
