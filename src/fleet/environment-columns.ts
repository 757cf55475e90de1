import { airflowVersion } from '../reference/airflow-versions.ts';
import { isVersion } from '../reference/version.ts';
import { shortAge } from '../text/ages.ts';
import type { Cell, Column, Tone } from '../text/columns.ts';
import type { DeploymentProgress } from './deployment-progress.ts';
import type { Environment } from './environment.ts';
import type { EnvironmentRow } from './environments.ts';
import { runCell } from './run-cell.ts';
import { words } from './status-words.ts';

/** EnvironmentStatus of the service model 2020-07-01, and what each means for us. */
const STATUS_TONES: ReadonlyMap<string, Tone> = new Map([
  ['AVAILABLE', 'ok'],
  ['CREATING', 'running'],
  ['UPDATING', 'running'],
  ['ROLLING_BACK', 'warn'],
  ['CREATING_SNAPSHOT', 'running'],
  ['PENDING', 'warn'],
  ['MAINTENANCE', 'running'],
  ['DELETING', 'dim'],
  ['DELETED', 'dim'],
  ['CREATE_FAILED', 'error'],
  ['UPDATE_FAILED', 'error'],
  ['UNAVAILABLE', 'error'],
]);
const KNOWN = new Set(STATUS_TONES.keys());
const MOVING = new Set(['CREATING', 'UPDATING', 'ROLLING_BACK', 'CREATING_SNAPSHOT', 'PENDING', 'DELETING']);

const LOADING: Cell = { text: '…', tone: 'dim' };
const NONE: Cell = { text: '-', tone: 'dim' };
const UNKNOWN: Cell = { text: '?', tone: 'warn' };

/** A cell of what GetEnvironment tells: pending, unreadable, or `of` the environment. */
function cell(row: EnvironmentRow, of: (environment: Environment) => Cell): Cell {
  if (row.environment !== undefined) return of(row.environment);
  return row.failure === undefined ? LOADING : NONE;
}

/** When the state that an environment is in began: its last update, or its creation. */
function since(environment: Environment): number | undefined {
  return environment.lastUpdate?.createdAt ?? environment.createdAt;
}

function statusCell(row: EnvironmentRow, now: number): Cell {
  if (row.environment === undefined && row.failure !== undefined) {
    return { text: row.failure.kind === 'denied' ? 'denied' : 'not readable', tone: 'error' };
  }
  return cell(row, (environment) => {
    const { status } = environment;
    const began = since(environment);
    const text = words(status, KNOWN);
    return {
      text: MOVING.has(status) && began !== undefined ? `${text} ${shortAge(now - began)}` : text,
      tone: STATUS_TONES.get(status) ?? 'plain',
    };
  });
}

/** `2-10`, or `1` where both are the same; `?` for what was not told. */
function range(least: number | undefined, most: number | undefined): string {
  if (least === undefined && most === undefined) return '?';
  return least === most ? String(least) : `${least ?? '?'}-${most ?? '?'}`;
}

/** `deploying, 3 of 6`, or where a deployment stands that nobody carries on. */
export function deploymentCell({ state, step, steps, undo, updating }: DeploymentProgress, status = ''): Cell {
  if (state === 'deploying') {
    return { text: `${undo ? 'undoing' : 'deploying'}, ${step} of ${steps}`, tone: 'running' };
  }
  // MWAA's own update goes on while nobody carries the deployment on.
  const ended = state === 'paused' && updating && status === 'AVAILABLE' ? ', update finished' : '';
  const word = undo ? `undo ${state}` : state;
  return { text: `${word} at ${step} of ${steps}${ended}`, tone: state === 'failed' ? 'error' : 'warn' };
}

function ingestionsCell(row: EnvironmentRow): Cell {
  if (row.ingestions === undefined) return row.failure !== undefined ? NONE : row.complete ? UNKNOWN : LOADING;
  if (row.deployment !== undefined) return deploymentCell(row.deployment, row.environment?.status);
  const count = row.ingestions.length;
  if (count === 0) return { text: 'none', tone: 'dim' };
  const runs = Object.values(row.lastRuns ?? {});
  const failed = runs.filter((run) => run.state === 'failed').length;
  if (failed > 0) return { text: `${count}, ${failed} failed`, tone: 'error' };
  const running = runs.filter((run) => run.state === 'running').length;
  if (running > 0) return { text: `${count}, ${running} running`, tone: 'running' };
  const changed = new Set(row.drift?.map(({ dagId }) => dagId)).size;
  return changed > 0 ? { text: `${count}, ${changed} changed`, tone: 'warn' } : { text: String(count) };
}

function lastRunCell(row: EnvironmentRow, now: number): Cell {
  if (row.lastRun !== undefined) return runCell(row.lastRun, now);
  if (row.failure !== undefined) return NONE;
  if (!row.complete) return LOADING;
  return row.notes.length > 0 ? UNKNOWN : NONE;
}

function updatedAt(row: EnvironmentRow): number | undefined {
  return row.environment && since(row.environment);
}

/** The version; one that AWS no longer supports is marked, one that we don't know is shown as any other. */
function airflowCell({ airflowVersion: version }: Environment): Cell {
  if (version === '') return { text: '?' };
  const known = isVersion(version) ? airflowVersion(version) : undefined;
  return known?.exact === true && known.row.retired !== undefined
    ? { text: `${version} EOS`, tone: 'warn' }
    : { text: version };
}

/** Columns of the environments; the name and state stay longest. */
export const environmentColumns: readonly Column<EnvironmentRow>[] = [
  { id: 'name', title: 'NAME', priority: 1, maxWidth: 40, cell: (row) => ({ text: row.name, tone: 'accent' }) },
  { id: 'status', title: 'STATUS', priority: 1, cell: statusCell, sortKey: (row) => row.environment?.status ?? '' },
  {
    id: 'airflow',
    title: 'AIRFLOW',
    priority: 3,
    cell: (row) => cell(row, airflowCell),
  },
  {
    id: 'class',
    title: 'CLASS',
    priority: 6,
    cell: (row) => cell(row, (environment) => ({ text: environment.environmentClass || '?' })),
  },
  {
    id: 'workers',
    title: 'WORKERS',
    priority: 7,
    cell: (row) => cell(row, (environment) => ({ text: range(environment.minWorkers, environment.maxWorkers) })),
    sortKey: (row) => row.environment?.maxWorkers ?? -1,
  },
  {
    id: 'ingestions',
    title: 'INGESTIONS',
    priority: 2,
    cell: ingestionsCell,
    sortKey: (row) => row.ingestions?.length ?? -1,
  },
  {
    id: 'lastRun',
    title: 'LAST RUN',
    priority: 4,
    cell: lastRunCell,
    sortKey: (row) => row.lastRun?.startedAt ?? -1,
  },
  {
    id: 'updated',
    title: 'UPDATED',
    priority: 5,
    cell: (row, now) => {
      const at = updatedAt(row);
      return at === undefined ? cell(row, () => NONE) : { text: shortAge(now - at) };
    },
    sortKey: (row) => updatedAt(row) ?? -1,
  },
];

/** What is wrong with an environment, in one line: the environment's own trouble before its ingestions'. */
export function environmentAttention(row: EnvironmentRow, now: number): string | undefined {
  const { name, environment, failure } = row;
  if (failure !== undefined) return `${name}: ${failure.message}`;
  if (environment === undefined) return undefined;
  return statusTrouble(environment, now) ?? deploymentTrouble(row) ?? runTrouble(row, now);
}

function statusTrouble(environment: Environment, now: number): string | undefined {
  const { name, status, lastUpdate } = environment;
  const began = since(environment);
  const when = began === undefined ? '' : ` ${shortAge(now - began)} ago`;
  const error = lastUpdate?.error;
  const why = error === undefined ? '' : `: ${error.message || error.code}`;
  switch (status) {
    case 'UPDATE_FAILED':
      return `${name}: update failed${when}${why || '; it goes on as it was before the update'}`;
    case 'CREATE_FAILED':
      return `${name}: could not be created${why}`;
    case 'UNAVAILABLE':
      return `${name}: unavailable since its last update${when}${why}`;
    case 'ROLLING_BACK':
      return `${name}: an update failed and is being rolled back${why}`;
    case 'PENDING':
      return `${name}: waits for the VPC endpoints that its owner has to make (72 hours, then it fails)`;
    default:
      return lastUpdate?.status === 'FAILED' ? `${name}: its last update failed${when}${why}` : undefined;
  }
}

function deploymentTrouble({ name, deployment }: EnvironmentRow): string | undefined {
  if (deployment === undefined || deployment.state === 'deploying') return undefined;
  const { dagId, state, step, steps, id, undo, error } = deployment;
  // What to do stands before the reason, which may be long: a line is cut at its end.
  const next = undo ? `resume ${id}` : `resume or undo ${id}`;
  const what = `the ${undo ? 'undo' : 'deployment'} of ${dagId}`;
  return state === 'failed'
    ? `${name}: ${what} failed at step ${step} of ${steps}, ${next}${error === undefined ? '' : `: ${error}`}`
    : `${name}: nobody carries on ${what}, paused at ${step} of ${steps}: ${next}`;
}

function runTrouble(row: EnvironmentRow, now: number): string | undefined {
  const failed = Object.values(row.lastRuns ?? {})
    .filter((run) => run.state === 'failed')
    .sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0));
  const [newest] = failed;
  if (newest === undefined) return undefined;
  const at = newest.endedAt ?? newest.startedAt;
  const others = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
  const when = at === undefined ? '' : ` ${shortAge(now - at)} ago`;
  return `${row.name}: ${newest.dagId} failed${when}${others}${newest.reason === undefined ? '' : `: ${newest.reason}`}`;
}

/** What the bottom line says of a selected environment: its trouble, else what could not be read of it. */
export function environmentRemark(row: EnvironmentRow, now: number): string | undefined {
  const trouble = environmentAttention(row, now);
  if (trouble !== undefined) return row.failure?.advice === undefined ? trouble : `${trouble} ${row.failure.advice}`;
  return row.notes.length === 0 ? undefined : row.notes.join(' · ');
}
