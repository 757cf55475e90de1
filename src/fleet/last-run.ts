import { openAirflow } from '../airflow/airflow.ts';
import type { DagRun } from '../airflow/types.ts';
import type { Session } from '../aws/session.ts';
import type { Environment } from './environment.ts';
import type { Ingestion } from './ingestions.ts';
import { lastSegment } from './members.ts';
import { failureFrom } from './snapshots.ts';
import type { Task } from './task.ts';
import { taskReason } from './task-columns.ts';
import { readTasks } from './tasks.ts';

/** The newest run of an ingestion, whether Airflow or an ECS task tells of it. */
export interface LastRun {
  readonly source: 'ecs' | 'airflow';
  readonly dagId: string;
  /** `stopped`: somebody ended it on purpose. */
  readonly state: 'queued' | 'running' | 'success' | 'failed' | 'stopped' | 'unknown';
  /** The state in the source's own words. */
  readonly rawState: string;
  /** When it began, or was asked for while it waits (ms since the epoch). */
  readonly startedAt: number | undefined;
  readonly endedAt?: number | undefined;
  /** The task's ARN or the DAG run's id. */
  readonly id: string;
  /** Why it ended badly, as far as known. */
  readonly reason?: string | undefined;
}

/** The newest runs of an environment's ingestions. */
export interface LastRuns {
  readonly byDag: Readonly<Record<string, LastRun>>;
  /** The newest of them all. */
  readonly newest: LastRun | undefined;
  /** What could not be asked, one sentence each. */
  readonly notes: readonly string[];
}

/** An environment is asked for its runs at most this often. */
const ASKED_EVERY = 60_000;
/** DAG runs asked for in the one call that serves all of an environment's ingestions. */
const RUNS_AT_ONCE = 100;

interface Asked {
  readonly at: number;
  /** Which ingestions were asked about. */
  readonly ingestions: string;
  readonly answer: LastRuns;
}
const asked = new WeakMap<Session, Map<string, Asked>>();

/**
 * The newest run of each ingestion, from its ECS tasks (remembered for an hour after their end) and its DAG
 * runs, whichever began later. Asked at most once a minute an environment; what can't be read is a note.
 */
export async function readLastRuns(
  session: Session,
  environment: Environment,
  ingestions: readonly Ingestion[],
  signal: AbortSignal,
): Promise<LastRuns> {
  if (ingestions.length === 0) return { byDag: {}, newest: undefined, notes: [] };
  const now = session.clock.now();
  const remembered = asked.get(session) ?? new Map<string, Asked>();
  asked.set(session, remembered);
  const identity = ingestions.map((ingestion) => `${ingestion.dagId} ${ingestion.deploymentId}`).join('\n');
  const before = remembered.get(environment.name);
  if (before !== undefined && before.ingestions === identity && now - before.at < ASKED_EVERY) return before.answer;
  const [tasks, dagRuns] = await Promise.all([
    taskRuns(session, environment, ingestions, signal),
    airflowRuns(session, environment, ingestions, signal),
  ]);
  const byDag: Record<string, LastRun> = Object.create(null);
  for (const run of [...dagRuns.runs, ...tasks.runs]) {
    const other = byDag[run.dagId];
    if (other === undefined || (run.startedAt ?? 0) > (other.startedAt ?? 0)) byDag[run.dagId] = run;
  }
  const answer = {
    byDag,
    newest: Object.values(byDag).sort((a, b) => (b.startedAt ?? 0) - (a.startedAt ?? 0))[0],
    notes: [...tasks.notes, ...dagRuns.notes],
  };
  remembered.set(environment.name, { at: now, ingestions: identity, answer });
  return answer;
}

/** Makes the next look at an environment ask for its runs again; for after a run was started from here. */
export function forgetLastRuns(session: Session, environment: string): void {
  asked.get(session)?.delete(environment);
}

interface Runs {
  readonly runs: LastRun[];
  readonly notes: string[];
}

async function taskRuns(
  session: Session,
  environment: Environment,
  ingestions: readonly Ingestion[],
  signal: AbortSignal,
): Promise<Runs> {
  const runs: LastRun[] = [];
  const notes = new Set<string>();
  await Promise.all(
    ingestions.map(async (ingestion) => {
      const family = ingestionFamily(ingestion);
      if (ingestion.cluster === undefined || family === undefined) return;
      try {
        const tasks = await readTasks(session, { cluster: ingestion.cluster, family }, signal);
        if (tasks[0] !== undefined) runs.push(runOfTask(tasks[0], ingestion));
      } catch (error) {
        notes.add(`ECS tasks of ${environment.name} can't be read: ${failureFrom(error, signal).message}`);
      }
    }),
  );
  return { runs, notes: [...notes] };
}

async function airflowRuns(
  session: Session,
  environment: Environment,
  ingestions: readonly Ingestion[],
  signal: AbortSignal,
): Promise<Runs> {
  const ids = ingestions.map((ingestion) => ingestion.dagId);
  try {
    const airflow = openAirflow(session, environment);
    const found = await airflow.dagRunsOf(ids, { limit: RUNS_AT_ONCE }, signal);
    const newest = new Map<string, DagRun>();
    // Newest first, but a run that waits has not begun and sorts where its Airflow's database likes.
    for (const run of found) {
      const other = newest.get(run.dagId);
      if (other === undefined || began(run) > began(other)) newest.set(run.dagId, run);
    }
    const missing = found.length < RUNS_AT_ONCE ? [] : ids.filter((id) => !newest.has(id));
    for (const [run] of await Promise.all(missing.map((id) => airflow.dagRuns(id, { limit: 1 }, signal)))) {
      if (run !== undefined) newest.set(run.dagId, run);
    }
    return { runs: [...newest.values()].map(runOfDagRun), notes: [] };
  } catch (error) {
    return {
      runs: [],
      notes: [`DAG runs of ${environment.name} can't be read: ${failureFrom(error, signal).message}`],
    };
  }
}

/** The task definition family that an ingestion owns, in ECS mode. */
export function ingestionFamily(ingestion: Ingestion): string | undefined {
  if (ingestion.taskDefinitionArn === undefined) return undefined;
  return lastSegment(ingestion.taskDefinitionArn).replace(/:\d+$/, '') || undefined;
}

function began(run: DagRun): number {
  return run.startedAt ?? run.queuedAt ?? run.logicalDate ?? 0;
}

/** An ECS task as a run of its ingestion: it ended well when the ingestion's container did. */
export function runOfTask(task: Task, ingestion: Pick<Ingestion, 'dagId' | 'container'>): LastRun {
  const container =
    task.containers.find(({ name }) => name === ingestion.container) ??
    (task.containers.length === 1 ? task.containers[0] : undefined);
  const exitCode = container === undefined ? worstExitCode(task) : container.exitCode;
  const run = { source: 'ecs' as const, dagId: ingestion.dagId, id: task.arn, rawState: task.lastStatus };
  const startedAt = task.startedAt ?? task.createdAt;
  if (task.lastStatus === 'STOPPED') {
    const endedAt = task.executionStoppedAt ?? task.stoppedAt;
    if (exitCode === 0) return { ...run, state: 'success', startedAt, endedAt };
    const exit = exitCode === undefined ? '' : `exit ${exitCode}`;
    const reason = [exit, container?.reason ?? taskReason(task)].filter(Boolean).join(', ');
    const state = task.stopCode === 'UserInitiated' ? 'stopped' : 'failed';
    return { ...run, state, startedAt, endedAt, reason: reason || undefined };
  }
  const waiting = task.startedAt === undefined && task.stoppingAt === undefined;
  return { ...run, state: waiting ? 'queued' : 'running', startedAt };
}

function worstExitCode(task: Task): number | undefined {
  const codes = task.containers.map((container) => container.exitCode);
  return codes.find((code) => code !== 0) ?? codes[0];
}

const STATES: Readonly<Record<string, LastRun['state']>> = {
  queued: 'queued',
  running: 'running',
  success: 'success',
  failed: 'failed',
};

/** A DAG run as a run of its ingestion. */
function runOfDagRun(run: DagRun): LastRun {
  return {
    source: 'airflow',
    dagId: run.dagId,
    id: run.runId,
    rawState: run.state,
    state: STATES[run.state] ?? 'unknown',
    startedAt: run.startedAt ?? run.queuedAt ?? run.logicalDate,
    endedAt: run.endedAt,
  };
}
