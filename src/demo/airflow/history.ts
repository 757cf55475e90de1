import { HISTORY_DAGS, type HistoryDag, runTimes } from '../logs/history/dags.ts';
import { hash, Random } from '../logs/random.ts';
import { airflowLogGroup } from '../world/names.ts';
import type { AirflowHost } from './host.ts';
import { type DagRecord, type DagRun, newInstance, runIdOf, type TaskInstance } from './runs.ts';
import { atLeast } from './versions.ts';

const DAY = 86_400_000;
/** Runs of a DAG that there are when the region starts. */
const MOST = 60;

/** A try of a task, ms since the epoch. */
interface Try {
  readonly taskId: string;
  readonly attempt: number;
  readonly begin: number;
  readonly end: number;
  readonly failing: boolean;
}

function worldDag(host: AirflowHost, dagId: string): HistoryDag | undefined {
  return HISTORY_DAGS.find((each) => each.environment === host.environment && each.dagId === dagId);
}

/**
 * Whether CloudWatch Logs makes the task log of a run by itself, as it does for the scheduled runs of the
 * world's other DAGs: then this Airflow keeps their times and writes nothing.
 */
export function isReplayed(host: AirflowHost, run: DagRun): boolean {
  return run.runType === 'scheduled' && worldDag(host, run.dagId)?.ingestion === false;
}

/** The tries of a scheduled run of the world, at the times of its log streams (`logs/history/tasks.ts`). */
function* tries(host: AirflowHost, world: HistoryDag, runAt: number): Generator<Try> {
  const seed = host.region.options.seed ?? 1;
  const random = new Random(hash(seed, airflowLogGroup(host.environment, 'Task'), world.dagId, runAt));
  let at = runAt + random.between(4_000, 30_000);
  for (const task of world.tasks) {
    const failing = task.failing === true;
    const count = failing ? 2 : 1;
    for (let attempt = 1; attempt <= count; attempt++) {
      const begin = Math.floor(at);
      const end = begin + Math.floor(task.seconds * random.between(700, 1400));
      yield { taskId: task.taskId, attempt, begin, end, failing };
      at = end + random.between(3_000, 20_000) + (attempt < count ? 300_000 : 0);
    }
  }
}

/** When a task of a replayed run ends, ms since the epoch. */
export function replayedEnd(host: AirflowHost, run: DagRun, taskId: string): number | undefined {
  const world = worldDag(host, run.dagId);
  if (world === undefined || !isReplayed(host, run)) return undefined;
  return [...tries(host, world, run.runAfter)].find((each) => each.taskId === taskId)?.end;
}

/** The runs that a DAG of the world has had before the region started. */
export function seedHistory(host: AirflowHost, dag: DagRecord): void {
  const world = worldDag(host, dag.definition.dagId);
  if (world === undefined) return;
  const now = host.region.clock.now();
  const times = [...runTimes(world, now - 30 * DAY, now)].slice(-MOST);
  for (const [index, at] of times.entries()) {
    const run = historicRun(host, dag, world, at, index - times.length);
    const all = [...tries(host, world, at)];
    for (const each of all) {
      const instance = run.tasks.get(each.taskId);
      if (instance !== undefined) settle(instance, each, now);
    }
    const end = Math.max(...all.map((each) => each.end));
    const state = all.some(({ failing }) => failing) ? 'failed' : 'success';
    const close = (): void => {
      for (const each of all) {
        const instance = run.tasks.get(each.taskId);
        if (instance !== undefined && run.historic) settle(instance, each, Number.POSITIVE_INFINITY);
      }
      if (run.historic) Object.assign(run, { state, endedAt: end + 1_100, lastDecisionAt: end + 1_100 });
    };
    dag.runs.push(run);
    if (end <= now) close();
    else host.region.clock.after(end - now, close);
  }
}

function historicRun(host: AirflowHost, dag: DagRecord, world: HistoryDag, at: number, number: number): DagRun {
  const start = atLeast(host.airflowVersion, '3.0.0') ? at : at - world.period * 60_000;
  return {
    dagId: world.dagId,
    runId: runIdOf('scheduled', start),
    runType: 'scheduled',
    conf: {},
    logicalDate: start,
    intervalStart: start,
    intervalEnd: at,
    runAfter: at,
    externalTrigger: false,
    number,
    historic: true,
    state: 'running',
    queuedAt: at + 400,
    startedAt: at + 900,
    endedAt: undefined,
    lastDecisionAt: at + 1_900,
    note: undefined,
    tasks: new Map([...dag.definition.tasks].map(([taskId, definition]) => [taskId, newInstance(definition)])),
  };
}

/** A try that began by `now`; one that is still to end stays running. */
function settle(instance: TaskInstance, { attempt, begin, end, failing }: Try, now: number): void {
  if (begin > now) return;
  const last = attempt > instance.definition.retries;
  Object.assign(instance, {
    tryNumber: attempt,
    scheduledAt: begin - 2_400,
    queuedAt: begin - 1_600,
    startedAt: begin,
    endedAt: end > now ? undefined : end,
    hostname: 'ip-10-192-20-118.eu-west-1.compute.internal',
    pid: 214,
    state: end > now ? 'running' : failing ? (last ? 'failed' : 'up_for_retry') : 'success',
  });
}
