import type { Airflow } from '../airflow.ts';
import { type RestAnswer, RestError, type RestRequest, restError } from './answer.ts';
import * as dags from './dags.ts';
import { getImportError, health, listImportErrors, listPools, version } from './instance.ts';
import * as runs from './runs.ts';

type Handler = (request: RestRequest, ...parts: string[]) => RestAnswer;

/** The routes that the stand-in has, `*` for a part of the path that a handler takes. */
const ROUTES: readonly (readonly [method: string, path: string, handler: Handler])[] = [
  ['GET', 'dags', dags.listDags],
  ['PATCH', 'dags', dags.patchDags],
  ['POST', 'dags/~/dagRuns/list', runs.findRuns],
  ['POST', 'dags/~/dagRuns/~/taskInstances/list', runs.findTaskInstances],
  ['GET', 'dags/*', (request, dagId = '') => dags.getDag(request, dagId)],
  ['PATCH', 'dags/*', (request, dagId = '') => dags.patchDag(request, dagId)],
  ['DELETE', 'dags/*', (request, dagId = '') => dags.deleteDag(request, dagId)],
  ['GET', 'dags/*/details', (request, dagId = '') => dags.getDagDetails(request, dagId)],
  ['GET', 'dags/*/tasks', (request, dagId = '') => dags.listTasks(request, dagId)],
  ['POST', 'dags/*/clearTaskInstances', (request, dagId = '') => runs.clearTaskInstances(request, dagId)],
  ['GET', 'dags/*/dagRuns', (request, dagId = '') => runs.listRuns(request, dagId)],
  ['POST', 'dags/*/dagRuns', (request, dagId = '') => runs.triggerRun(request, dagId)],
  ['GET', 'dags/*/dagRuns/*', (request, dagId = '', runId = '') => runs.getRun(request, dagId, runId)],
  ['PATCH', 'dags/*/dagRuns/*', (request, dagId = '', runId = '') => runs.patchRun(request, dagId, runId)],
  ['DELETE', 'dags/*/dagRuns/*', (request, dagId = '', runId = '') => runs.deleteRun(request, dagId, runId)],
  [
    'GET',
    'dags/*/dagRuns/*/taskInstances',
    (request, dagId = '', runId = '') => runs.listTaskInstances(request, dagId, runId),
  ],
  [
    'GET',
    'dags/*/dagRuns/*/taskInstances/*',
    (request, dagId = '', runId = '', taskId = '') => runs.getTaskInstance(request, dagId, runId, taskId),
  ],
  [
    'GET',
    'dags/*/dagRuns/*/taskInstances/*/xcomEntries',
    (request, dagId = '', runId = '', taskId = '') => runs.listXcoms(request, dagId, runId, taskId),
  ],
  [
    'GET',
    'dags/*/dagRuns/*/taskInstances/*/xcomEntries/*',
    (request, dagId = '', runId = '', taskId = '', key = '') => runs.getXcom(request, dagId, runId, taskId, key),
  ],
  ['GET', 'importErrors', listImportErrors],
  ['GET', 'importErrors/*', (request, id = '') => getImportError(request, id)],
  ['GET', 'health', health],
  ['GET', 'monitor/health', health],
  ['GET', 'version', version],
  ['GET', 'pools', listPools],
];

/** What a caller of the REST API may do, by the Airflow role that it acts as. */
export type AirflowRole = 'Admin' | 'Op' | 'User' | 'Viewer' | 'Public';

/** Answers a request to an environment's REST API: path without `/api/v1` or `/api/v2`, query already read. */
export function answerRest(
  airflow: Airflow,
  role: AirflowRole,
  call: {
    readonly method: string;
    readonly path: string;
    readonly query: ReadonlyMap<string, readonly string[]>;
    readonly body: unknown;
  },
): RestAnswer {
  const path = call.path
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  const request: RestRequest = { airflow, method: call.method, path, query: call.query, body: call.body };
  try {
    if (!permitted(role, call.method, path)) {
      throw restError(airflow, 403, airflow.third ? 'Forbidden' : null);
    }
    const matches = ROUTES.map(([method, pattern, handler]) => ({
      method,
      handler,
      parts: match(pattern, path),
    })).filter(({ parts }) => parts !== undefined);
    if (airflow.third && path.join('/') === 'health') matches.length = 0;
    const route = matches.find(({ method }) => method === call.method);
    if (route !== undefined) return route.handler(request, ...(route.parts ?? []));
    if (matches.length > 0) throw restError(airflow, 405, 'Method Not Allowed');
    throw airflow.third
      ? restError(airflow, 404, 'Not Found')
      : restError(
          airflow,
          404,
          'The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again.',
        );
  } catch (error) {
    if (error instanceof RestError) return error.answer;
    throw error;
  }
}

/** Viewers read, users also run and pause; nobody reads as Public. */
function permitted(role: AirflowRole, method: string, path: readonly string[]): boolean {
  const read = method === 'GET' || path.at(-1) === 'list';
  if (role === 'Public') return ['health', 'monitor', 'version'].includes(path[0] ?? '');
  return role !== 'Viewer' || read;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function match(pattern: string, path: readonly string[]): string[] | undefined {
  const wanted = pattern.split('/');
  if (wanted.length !== path.length) return undefined;
  const parts: string[] = [];
  for (const [index, part] of wanted.entries()) {
    const given = path[index] ?? '';
    if (part === '*') parts.push(given);
    else if (part !== given) return undefined;
  }
  return parts;
}
