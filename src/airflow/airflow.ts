import type { Session } from '../aws/session.ts';
import { isoTime } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import {
  dagFrom,
  dagRunFrom,
  healthFrom,
  importErrorFrom,
  type Members,
  members,
  objects,
  taskInstanceFrom,
} from './read.ts';
import { invoke, PATH_LIMIT, type RestRequest } from './rest.ts';
import type { Airflow, Dag, DagRun } from './types.ts';
import { restVersion } from './versions.ts';

/** Airflow's own largest page. */
const PAGE = 100;
/** A listing that goes on beyond so many pages is not one to read in a console. */
const PAGES = 50;
/** How many of a DAG's newest runs are searched for one run id. */
const SEARCHED_RUNS = 300;
/** How far back the logical date of a run lies, in ms: one that is ahead of Airflow's clock would wait for it. */
const LOGICAL_DATE_LAG = 120_000;

/** The environment whose Airflow is called. */
export interface AirflowPlace {
  readonly name: string;
  readonly airflowVersion: string;
}

/**
 * An environment's Airflow over InvokeRestApi, versions 1 and 2 of its REST API behind one face. Needs
 * airflow:InvokeRestApi on one of the environment's Airflow roles. Listings page; ids of any length work where
 * Airflow has a way that keeps the path within 64 characters.
 */
export function openAirflow(session: Session, place: AirflowPlace): Airflow {
  const environment = place.name;
  const apiVersion = restVersion(place.airflowVersion);

  const call = (request: RestRequest, signal: AbortSignal): Promise<unknown> => {
    if (apiVersion === undefined) throw tooOld(place);
    return invoke(session, environment, request, signal);
  };

  const listing = async (path: string, member: string, query: Record<string, string>, signal: AbortSignal) => {
    const all: Members[] = [];
    for (let page = 0; page < PAGES; page++) {
      const paging = { limit: String(PAGE), offset: String(all.length) };
      const answer = members(await call({ method: 'GET', path, query: { ...query, ...paging } }, signal));
      const rows = objects(answer[member]);
      all.push(...rows);
      if (rows.length === 0 || !(all.length < total(answer))) break;
    }
    return all;
  };

  const dagRunsOf = async (ids: readonly string[], limit: number, offset: number, signal: AbortSignal) => {
    const body = { dag_ids: [...ids], order_by: '-start_date', page_limit: limit, page_offset: offset };
    const answer = members(await call({ method: 'POST', path: '/dags/~/dagRuns/list', body }, signal));
    return { runs: objects(answer.dag_runs).map(dagRunFrom), total: total(answer) };
  };

  const newestRuns = async (id: string, limit: number, offset: number, signal: AbortSignal) => {
    const path = `/dags/${segment(id)}/dagRuns`;
    if (path.length > PATH_LIMIT) return dagRunsOf([id], limit, offset, signal);
    const query = { order_by: '-start_date', limit: String(limit), offset: String(offset) };
    const answer = members(await call({ method: 'GET', path, query }, signal));
    return { runs: objects(answer.dag_runs).map(dagRunFrom), total: total(answer) };
  };

  const airflow: Airflow = {
    environment,
    airflowVersion: place.airflowVersion,
    apiVersion: apiVersion ?? 'v1',

    async dags(signal) {
      return (await listing('/dags', 'dags', { order_by: 'dag_id' }, signal)).map(dagFrom);
    },

    async dag(id, signal) {
      // By the collection: single objects may be stale for a while. The pattern is a substring match.
      const found = await listing('/dags', 'dags', { dag_id_pattern: id }, signal);
      return found.map(dagFrom).find((dag: Dag) => dag.dagId === id && dag.active);
    },

    async record(id, signal) {
      const all = apiVersion === 'v2' ? { exclude_stale: 'false' } : { only_active: 'false' };
      const found = await listing('/dags', 'dags', { dag_id_pattern: id, ...all }, signal);
      return found.map(dagFrom).find((dag: Dag) => dag.dagId === id);
    },

    async importErrors(signal) {
      return (await listing('/importErrors', 'import_errors', {}, signal)).map(importErrorFrom);
    },

    async setPaused(id, paused, signal) {
      const path = `/dags/${segment(id)}`;
      await call({ method: 'PATCH', path, query: { update_mask: 'is_paused' }, body: { is_paused: paused } }, signal);
    },

    async trigger(id, { runId, conf = {} }, signal) {
      const body =
        apiVersion === 'v2'
          ? // A required member of v2, and unique among a DAG's runs.
            { dag_run_id: runId, logical_date: isoTime(session.clock.now() - LOGICAL_DATE_LAG), conf }
          : { dag_run_id: runId, conf };
      try {
        return dagRunFrom(members(await call({ method: 'POST', path: `/dags/${segment(id)}/dagRuns`, body }, signal)));
      } catch (error) {
        if (!(error instanceof Failure) || (error.kind !== 'in-use' && error.kind !== 'invalid-request')) throw error;
        // A duplicate is a 409, or a refusal without a word.
        const run = await airflow.dagRun(id, runId, signal);
        if (run === undefined) throw error;
        return run;
      }
    },

    async dagRuns(id, { limit }, signal) {
      return (await newestRuns(id, Math.min(limit, PAGE), 0, signal)).runs;
    },

    async dagRunsOf(ids, { limit }, signal) {
      return ids.length === 0 ? [] : (await dagRunsOf(ids, Math.min(limit, PAGE), 0, signal)).runs;
    },

    async dagRun(id, runId, signal) {
      for (let offset = 0; offset < SEARCHED_RUNS; offset += PAGE) {
        const page = await newestRuns(id, PAGE, offset, signal);
        const run = page.runs.find((each: DagRun) => each.runId === runId);
        if (run !== undefined) return run;
        if (page.runs.length === 0 || offset + page.runs.length >= page.total) return undefined;
      }
      return undefined;
    },

    async taskInstances(dagId, runId, signal) {
      const all: Members[] = [];
      for (let page = 0; page < PAGES; page++) {
        const body = { dag_ids: [dagId], dag_run_ids: [runId], page_limit: PAGE, page_offset: all.length };
        const path = '/dags/~/dagRuns/~/taskInstances/list';
        const answer = members(await call({ method: 'POST', path, body }, signal));
        const rows = objects(answer.task_instances);
        all.push(...rows);
        if (rows.length === 0 || !(all.length < total(answer))) break;
      }
      return all.map(taskInstanceFrom).filter((task) => task.dagId === dagId && task.runId === runId);
    },

    async runningTasks(signal) {
      const body = { state: ['running'], page_limit: PAGE };
      const path = '/dags/~/dagRuns/~/taskInstances/list';
      const answer = members(await call({ method: 'POST', path, body }, signal));
      const tasks = objects(answer.task_instances).map(taskInstanceFrom);
      return { tasks, total: Math.max(total(answer), tasks.length) };
    },

    async failRun(id, runId, signal) {
      const path = `/dags/${segment(id)}/dagRuns/${segment(runId)}`;
      return unlessUnknown(call({ method: 'PATCH', path, body: { state: 'failed' } }, signal));
    },

    async xcom(dagId, runId, taskId, key, signal) {
      const path = `/dags/${segment(dagId)}/dagRuns/${segment(runId)}/taskInstances/${segment(taskId)}/xcomEntries/${segment(key)}`;
      return members(await call({ method: 'GET', path }, signal)).value;
    },

    async clearFailed(id, runId, taskIds, signal) {
      // Both versions default to a dry run. What was upstream_failed has to run as well, and the run has to go on.
      const body = {
        dry_run: false,
        dag_run_id: runId,
        task_ids: [...taskIds],
        only_failed: true,
        include_downstream: true,
        reset_dag_runs: true,
      };
      await call({ method: 'POST', path: `/dags/${segment(id)}/clearTaskInstances`, body }, signal);
    },

    async deleteDag(id, signal) {
      return unlessUnknown(call({ method: 'DELETE', path: `/dags/${segment(id)}` }, signal));
    },

    async health(signal) {
      const [first, second] = apiVersion === 'v2' ? ['/monitor/health', '/health'] : ['/health', '/monitor/health'];
      try {
        return healthFrom(members(await call({ method: 'GET', path: first }, signal)));
      } catch (error) {
        if (!(error instanceof Failure) || error.kind !== 'not-found') throw error;
        return healthFrom(members(await call({ method: 'GET', path: second }, signal)));
      }
    },
  };
  return airflow;
}

/** Whether a write found what it was for. */
async function unlessUnknown(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'not-found') return false;
    throw error;
  }
}

function total(answer: Members): number {
  const entries = answer.total_entries;
  return typeof entries === 'number' ? entries : 0;
}

/** An id as a path segment; Airflow's ids are of letters, digits, dashes, dots and underscores mostly. */
function segment(id: string): string {
  return encodeURIComponent(id.toWellFormed());
}

function tooOld({ name, airflowVersion }: AirflowPlace): Failure {
  return new Failure('refused', `Airflow ${airflowVersion} of ${name} can't be reached through InvokeRestApi.`, {
    advice: 'InvokeRestApi serves Airflow 2.4.3 and later; use its web interface, or upgrade the environment.',
    resource: name,
  });
}
