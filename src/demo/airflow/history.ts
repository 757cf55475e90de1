import type { PastRun } from '../ecs/world/ingestions.ts';
import { HISTORY_DAGS, type HistoryDag, runTimes } from '../logs/history/dags.ts';
import { hash, Random } from '../logs/random.ts';
import { airflowLogGroup } from '../world/names.ts';
import type { Airflow } from './airflow.ts';
import type { AirflowHost } from './host.ts';
import { type DagRecord, type DagRun, newInstance, runIdOf, type TaskInstance } from './runs.ts';
import { atLeast } from './versions.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
/** Runs of a DAG that there are when the region starts. */
const MOST = 60;
/** What Airflow's own part of an ECS run takes before and after the ECS task. */
const BEFORE = 6_000;
const AFTER = 21_000;

/** A try of a task, ms since the epoch; one without an end is still running. */
interface Try {
  readonly taskId: string;
  readonly attempt: number;
  readonly begin: number;
  readonly end: number | undefined;
  readonly failed: boolean;
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
function* scheduledTries(host: AirflowHost, world: HistoryDag, runAt: number): Generator<Try> {
  const seed = host.region.options.seed ?? 1;
  const random = new Random(hash(seed, airflowLogGroup(host.environment, 'Task'), world.dagId, runAt));
  let at = runAt + random.between(4_000, 30_000);
  for (const task of world.tasks) {
    const begin = Math.floor(at);
    const end = begin + Math.floor(task.seconds * random.between(700, 1400));
    yield { taskId: task.taskId, attempt: 1, begin, end, failed: task.failing === true };
    at = end + random.between(3_000, 20_000);
  }
}

/** When a task of a replayed run ends, ms since the epoch. */
export function replayedEnd(host: AirflowHost, run: DagRun, taskId: string): number | undefined {
  const world = worldDag(host, run.dagId);
  if (world === undefined || !isReplayed(host, run)) return undefined;
  return [...scheduledTries(host, world, run.runAfter)].find((each) => each.taskId === taskId)?.end;
}

/** The runs that a DAG of the world has had before the region started, as the logs and ECS tell of them. */
export function seedHistory(airflow: Airflow, dag: DagRecord): void {
  const { host } = airflow;
  const world = worldDag(host, dag.definition.dagId);
  if (world === undefined) return;
  // A deployment ends by unpausing it.
  if (world.ingestion) dag.paused = false;
  const now = host.region.clock.now();
  const past = world.ecs
    ? host.region.ecs.pastRuns.filter((run) => run.environment === host.environment && run.dagId === world.dagId)
    : [];
  const firstPast = past[0]?.dueAt ?? now;
  const times = [...runTimes(world, now - 30 * DAY, now)]
    .filter((at) => !world.ecs || at < firstPast - MINUTE)
    .slice(-MOST);
  for (const at of times) seedScheduled(airflow, dag, world, at);
  const byRun = new Map<string, PastRun[]>();
  for (const run of past) byRun.set(run.runId, [...(byRun.get(run.runId) ?? []), run]);
  for (const runs of byRun.values()) seedEcsRun(airflow, dag, world, runs);
  dag.runs.sort((left, right) => left.runAfter - right.runAfter);
}

function seedScheduled(airflow: Airflow, dag: DagRecord, world: HistoryDag, at: number): void {
  const { clock } = airflow.host.region;
  const run = historicRun(airflow, dag, world, { runType: 'scheduled', at, runId: undefined });
  const tries = [...scheduledTries(airflow.host, world, at)];
  const end = Math.max(...tries.map((each) => each.end ?? 0));
  const close = (): void => {
    if (!run.historic) return;
    for (const each of tries) settle(run, each);
    finish(run, end);
  };
  dag.runs.push(run);
  if (end <= clock.now()) {
    close();
    return;
  }
  for (const each of tries)
    if (each.begin <= clock.now()) settle(run, (each.end ?? 0) > clock.now() ? { ...each, end: undefined } : each);
  clock.after(end - clock.now(), close);
}

/** A run whose tries started ECS tasks; one still running is followed to its end, a first failure is tried again. */
function seedEcsRun(airflow: Airflow, dag: DagRecord, world: HistoryDag, tries: readonly PastRun[]): void {
  const [first] = tries;
  const last = tries.at(-1);
  const [taskId] = dag.definition.tasks.keys();
  if (first === undefined || last === undefined || taskId === undefined) return;
  const at = first.trigger === 'manual' ? first.dueAt : Math.floor(first.dueAt / MINUTE) * MINUTE;
  const run = historicRun(airflow, dag, world, { runType: first.trigger, at, runId: first.runId });
  for (const each of tries) {
    const end = each.endedAt === undefined ? undefined : each.endedAt + AFTER;
    settle(run, { taskId, attempt: each.attempt, begin: each.dueAt + BEFORE, end, failed: each.exitCode !== 0 });
  }
  dag.runs.push(run);
  const instance = run.tasks.get(taskId);
  if (last.endedAt === undefined) follow(airflow, dag, run, instance, last.taskId);
  else if (instance?.state === 'up_for_retry') {
    run.historic = false;
    airflow.scheduler.retryAt(dag, run, instance, last.endedAt + AFTER + instance.definition.retryDelaySeconds * 1000);
  } else finish(run, last.endedAt + AFTER);
}

/** Ends a run that was under way at the start when its ECS task stops. */
function follow(
  airflow: Airflow,
  dag: DagRecord,
  run: DagRun,
  instance: TaskInstance | undefined,
  taskId: string,
): void {
  const { ecs, clock } = airflow.host.region;
  const stop = ecs.onTaskChange((task) => {
    if (task.id !== taskId || task.lastStatus !== 'STOPPED') return;
    stop();
    clock.after(AFTER, () => {
      if (!run.historic || instance === undefined) return;
      const failed = task.containers.some(({ exitCode }) => exitCode !== 0);
      instance.state = failed ? 'failed' : 'success';
      instance.endedAt = clock.now();
      finish(run, clock.now());
      airflow.scheduler.consider(dag);
    });
  });
}

function finish(run: DagRun, end: number): void {
  run.state = [...run.tasks.values()].some(({ state }) => state === 'failed') ? 'failed' : 'success';
  run.endedAt = end + 1_100;
  run.lastDecisionAt = end + 1_100;
}

function historicRun(
  airflow: Airflow,
  dag: DagRecord,
  world: HistoryDag,
  { runType, at, runId }: { runType: 'scheduled' | 'manual'; at: number; runId: string | undefined },
): DagRun {
  const lag = runType === 'manual' || atLeast(airflow.version, '3.0.0') ? 0 : world.period * MINUTE;
  return {
    dagId: world.dagId,
    runId: runId ?? runIdOf(runType, at - lag),
    runType,
    conf: {},
    logicalDate: at - lag,
    intervalStart: at - lag,
    intervalEnd: at,
    runAfter: at,
    externalTrigger: runType === 'manual',
    number: dag.runs.length - 1_000_000,
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

/** Puts a try onto its task instance. */
function settle(run: DagRun, { taskId, attempt, begin, end, failed }: Try): void {
  const instance = run.tasks.get(taskId);
  if (instance === undefined) return;
  const again = attempt <= instance.definition.retries;
  Object.assign(instance, {
    tryNumber: attempt,
    scheduledAt: begin - 2_400,
    queuedAt: begin - 1_600,
    startedAt: begin,
    endedAt: end,
    hostname: 'ip-10-192-20-118.eu-west-1.compute.internal',
    pid: 214,
    state: end === undefined ? 'running' : failed ? (again ? 'up_for_retry' : 'failed') : 'success',
  });
}
