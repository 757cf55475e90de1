import { openAirflow } from '../airflow/airflow.ts';
import type { DagRun } from '../airflow/types.ts';
import { callerWords } from '../aws/identity.ts';
import type { Session } from '../aws/session.ts';
import type { Environment } from '../fleet/environments.ts';
import type { Ingestion } from '../fleet/ingestions.ts';
import { ingestionFamily, runOfTask } from '../fleet/last-run.ts';
import { failureFrom, snapshots } from '../fleet/snapshots.ts';
import type { Task } from '../fleet/tasks.ts';
import { lineParts } from '../logs/pretty.ts';
import { readGroup } from '../logs/read.ts';
import { knownTasks } from '../tasks/known-tasks.ts';
import type { TaskRecords } from '../tasks/records/records.ts';
import { age } from '../text/ages.ts';
import type { Tone } from '../text/columns.ts';
import type { Failure } from '../text/failure.ts';
import { stepAt } from './history.ts';
import { type Journal, readJournals } from './journal.ts';

/** What an event leads to. */
export type EventTarget =
  | { readonly kind: 'environment' }
  | { readonly kind: 'deployment'; readonly id: string }
  | { readonly kind: 'dag-run'; readonly runId: string }
  | { readonly kind: 'task'; readonly cluster: string; readonly arn: string }
  | { readonly kind: 'log'; readonly group: string; readonly stream: string };

/** One moment of an ingestion's story. */
export interface IncidentEvent {
  /** Ms since the epoch. */
  readonly at: number;
  readonly source: 'environment' | 'deployment' | 'dag run' | 'task' | 'log';
  readonly text: string;
  readonly tone: Tone;
  readonly target: EventTarget;
}

/** The events, newest first, and what could not be read. */
export interface Incident {
  readonly events: readonly IncidentEvent[];
  readonly failures: readonly Failure[];
}

/** How far back everything is looked for, ms, and how many log lines are kept. */
const SPAN = 24 * 3_600_000;
const LINES = 200;
const RUNS = 50;
const JOURNALS = 20;

/**
 * What happened to an ingestion and around it within a day, on one axis: the environment's last update, deployments
 * into it, the ingestion's DAG runs and ECS tasks, those too that ECS has forgotten and `records` has kept, and what Airflow's components logged of it as an error. Each source
 * fails alone, and its events are there as soon as it has answered.
 */
export async function* readIncident(
  session: Session,
  environment: Environment,
  ingestion: Ingestion,
  records: TaskRecords,
  signal: AbortSignal,
): AsyncGenerator<Incident> {
  const since = session.clock.now() - SPAN;
  const { dagId, cluster } = ingestion;
  const family = ingestionFamily(ingestion);
  const store = { session, bucket: environment.sourceBucket };
  const events: IncidentEvent[] = [...updateEvents(environment)];
  const failures: Failure[] = [];
  const take = (): Incident => ({
    events: events.filter(({ at }) => at >= since).sort((one, other) => other.at - one.at),
    failures: [...failures],
  });
  yield* snapshots(
    take,
    async (changed, reading) => {
      const add = async (read: Promise<readonly IncidentEvent[]>) => {
        try {
          events.push(...(await read));
        } catch (error) {
          failures.push(failureFrom(error, reading));
        }
        changed();
      };
      const runs = openAirflow(session, environment).dagRuns(dagId, { limit: RUNS }, reading);
      const journals = readJournals(store, environment.name, JOURNALS, reading);
      await Promise.all([
        add(journals.then((all) => all.flatMap(deploymentEvents))),
        add(runs.then((all) => all.flatMap(runEvents))),
        ...(cluster === undefined || family === undefined
          ? []
          : [add(tasksOf(session, { cluster, family, records }, ingestion, reading))]),
        ...errorGroups(environment).map((group) => add(logEvents(session, group, dagId, since, reading))),
      ]);
    },
    signal,
  );
}

function updateEvents({ name, status, lastUpdate }: Environment): readonly IncidentEvent[] {
  if (lastUpdate?.createdAt === undefined) return [];
  const { status: end, error } = lastUpdate;
  const failed = end === 'FAILED';
  const why = error?.message === undefined ? '' : `: ${error.message}`;
  return [
    {
      at: lastUpdate.createdAt,
      source: 'environment',
      text: `update of ${name} began; ${end.toLowerCase()}${why}, now ${status.toLowerCase().replaceAll('_', ' ')}`,
      tone: failed ? 'error' : end === 'SUCCESS' ? 'ok' : 'running',
      target: { kind: 'environment' },
    },
  ];
}

function deploymentEvents(journal: Journal): IncidentEvent[] {
  const { id, dagId, state, startedAt, endedAt, startedBy, steps } = journal;
  const target = { kind: 'deployment', id } as const;
  const began: IncidentEvent = {
    at: startedAt,
    source: 'deployment',
    text: `deployment of ${dagId} began, by ${callerWords(startedBy)}`,
    tone: 'plain',
    target,
  };
  if (endedAt === undefined) return [began];
  const failed = state === 'failed';
  const end = failed
    ? `failed at ${stepAt(journal)} of ${steps.length}`
    : state === 'undone'
      ? 'was taken back'
      : 'done';
  const tone = failed ? 'error' : state === 'undone' ? 'warn' : 'ok';
  return [began, { at: endedAt, source: 'deployment', text: `deployment of ${dagId} ${end}`, tone, target }];
}

function runEvents({ runId, state, queuedAt, startedAt, endedAt, runType }: DagRun): IncidentEvent[] {
  const target = { kind: 'dag-run', runId } as const;
  const began = startedAt ?? queuedAt;
  const events: IncidentEvent[] = [];
  if (began !== undefined) {
    const word = startedAt === undefined ? 'queued' : 'began';
    events.push({ at: began, source: 'dag run', text: `${runType} run ${word}: ${runId}`, tone: 'plain', target });
  }
  if (endedAt !== undefined) {
    const took = startedAt === undefined ? '' : ` after ${age(endedAt - startedAt)}`;
    const tone = state === 'failed' ? 'error' : state === 'success' ? 'ok' : 'plain';
    events.push({ at: endedAt, source: 'dag run', text: `${state}${took}: ${runId}`, tone, target });
  }
  return events;
}

async function tasksOf(
  session: Session,
  scope: Parameters<typeof knownTasks.list>[1],
  ingestion: Ingestion,
  signal: AbortSignal,
): Promise<IncidentEvent[]> {
  let known: readonly Task[] = [];
  for await (const rows of knownTasks.list(session, scope, signal)) known = rows;
  return known.flatMap((task) => taskEvents(task, ingestion));
}

/** What happened comes first: a narrow screen cuts the id. */
function taskEvents(task: Task, ingestion: Ingestion): IncidentEvent[] {
  const { arn, id, cluster, createdAt, startedAt, stoppedAt } = task;
  const target = { kind: 'task', cluster, arn } as const;
  const events: IncidentEvent[] = [];
  if (createdAt !== undefined) {
    events.push({ at: createdAt, source: 'task', text: `asked for: task ${id}`, tone: 'plain', target });
  }
  if (startedAt !== undefined) {
    const took = createdAt === undefined ? '' : `, ${age(startedAt - createdAt)} later`;
    events.push({ at: startedAt, source: 'task', text: `runs${took}: task ${id}`, tone: 'plain', target });
  }
  if (stoppedAt !== undefined) {
    const { state, reason } = runOfTask(task, ingestion);
    const why = reason === undefined ? '' : `, ${reason}`;
    const tone = state === 'success' ? 'ok' : state === 'failed' ? 'error' : 'warn';
    events.push({ at: stoppedAt, source: 'task', text: `stopped, ${state}${why}: task ${id}`, tone, target });
  }
  return events;
}

/** Where Airflow's components write why something did not run. */
function errorGroups({ logGroups }: Environment): readonly string[] {
  return [logGroups.scheduler, logGroups.dagProcessing, logGroups.worker, logGroups.task].flatMap((log) =>
    log?.enabled === true && log.group !== undefined ? [log.group] : [],
  );
}

async function logEvents(
  session: Session,
  group: string,
  dagId: string,
  since: number,
  signal: AbortSignal,
): Promise<IncidentEvent[]> {
  const events: IncidentEvent[] = [];
  const report = {
    duplicate: () => {},
    failed: (failure: Failure) => {
      throw failure;
    },
    bridges: () => false,
    waiting: () => {},
    requested: () => {},
  };
  // Both terms must be in a line (CloudWatch Logs filter pattern syntax).
  const filter = `"ERROR" "${dagId.replaceAll('"', '')}"`;
  const request = { groups: [group], since, until: session.clock.now(), filter, follow: false };
  for await (const batch of readGroup(session, request, group, report, signal)) {
    for (const { timestamp, stream, message } of batch) {
      // Its own time stands in its own column.
      const [text = ''] = lineParts(message).text.trimStart().split('\n');
      events.push({ at: timestamp, source: 'log', text, tone: 'error', target: { kind: 'log', group, stream } });
    }
    if (events.length > LINES) events.splice(0, events.length - LINES);
  }
  return events;
}
