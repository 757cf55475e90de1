import type { Session } from '../aws/session.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import type { AirflowPlace } from './airflow.ts';
import { type Complaint, eventually, type OneOffWork } from './eventually.ts';
import type { OneOffPlace } from './one-off-dag.ts';
import type { Airflow, DagRun, TaskInstance } from './types.ts';

/** The id of a one-off DAG's only run. */
export const ONE_OFF_RUN = 'r';

/** Longest that the task may take, its worker's start included: ms. */
const RUN_TIME = 10 * 60_000;
/** Waiting for the scheduler or a worker so long is worth a word: ms. */
const LONG = 60_000;

/** What a run is waiting for, in words: now, and when patience ends. */
interface Delay {
  readonly told: string;
  readonly complaint: Complaint;
}

/**
 * Waits for the end of a one-off DAG's run, telling what it waits for: the scheduler, a worker, its task. Somebody's pause
 * is taken back.
 * @throws Failure `failed` where it ends otherwise than well, or not in time: each reason with its own advice.
 */
export async function untilSucceeded(
  session: Session,
  place: AirflowPlace & Pick<OneOffPlace, 'logGroups'>,
  airflow: Airflow,
  dagId: string,
  work: OneOffWork,
): Promise<void> {
  let delay: Delay | undefined;
  const complaint = () => delay?.complaint ?? unlisted(dagId, '').complaint;
  const run = await eventually(session, RUN_TIME, work, complaint, async (waited) => {
    const seen = await airflow.dagRun(dagId, ONE_OFF_RUN, work.signal);
    if (seen !== undefined && isTerminal(seen)) return seen;
    if (waited > LONG && seen?.state === 'queued' && (await airflow.dag(dagId, work.signal))?.paused === true) {
      work.tell(`somebody has paused ${dagId}: unpausing it`);
      await airflow.setPaused(dagId, false, work.signal);
      return undefined;
    }
    delay = await delayOf(airflow, place, dagId, seen, waited, work.signal);
    work.tell(delay.told);
    return undefined;
  });
  if (run.state !== 'success') throw await failureOf(airflow, place, run, work.signal);
}

async function delayOf(
  airflow: Airflow,
  { name }: AirflowPlace,
  dagId: string,
  run: DagRun | undefined,
  waited: number,
  signal: AbortSignal,
): Promise<Delay> {
  const since = age(waited);
  if (run === undefined) return unlisted(dagId, since);
  if (run.state === 'queued') {
    const scheduler = waited > LONG ? (await orUnknown(airflow.health(signal), undefined))?.scheduler : undefined;
    if (scheduler !== undefined && scheduler !== 'healthy') {
      return {
        told: `the scheduler of ${name} is ${scheduler}: it starts no run, ${since}`,
        complaint: {
          text: `The scheduler of ${name} is ${scheduler} and has not started the run of ${dagId}`,
          advice: `See the Scheduler log group of ${name}; an update of the environment starts it anew.`,
        },
      };
    }
    return {
      told:
        waited > LONG ? `${dagId} has been queued for ${since}: the scheduler is busy` : `${dagId} is queued, ${since}`,
      complaint: {
        text: `The scheduler of ${name} has not started the run of ${dagId}`,
        advice: 'It is busy: try again when fewer DAGs run, or give the environment more schedulers or a larger class.',
      },
    };
  }
  const task = waited > LONG ? await taskOf(airflow, dagId, signal) : undefined;
  if (task !== undefined && isWaiting(task)) {
    const busy = await othersRunning(airflow, signal);
    return {
      told: `the task of ${dagId} has been ${task.state ?? 'waiting'} for ${since}: the workers are busy${busy}`,
      complaint: { text: `No worker has taken the task of ${dagId}${busy}`, advice: WORKERS },
    };
  }
  return {
    told: `${dagId} is ${task?.state ?? run.state}, ${since}`,
    complaint: {
      text: `The run of the one-off DAG ${dagId} has not ended`,
      advice: `Its lines are in the Task log group of ${name}, under dag_id=${dagId}.`,
    },
  };
}

const WORKERS =
  'The workers are busy. Try again when fewer tasks run, or raise MaxWorkers or celery.worker_autoscale of the environment.';

function unlisted(dagId: string, since: string): Delay {
  return {
    told: `${dagId} has been triggered, its run is not listed yet, ${since}`,
    complaint: {
      text: `Airflow took the trigger of ${dagId} and lists no run of it`,
      advice: 'See the log groups of the scheduler and the web server, then try again.',
    },
  };
}

/** Why a run did not end well. DAG runs time out, and then a task that never ran has no lines to look at. */
async function failureOf(
  airflow: Airflow,
  { name, logGroups }: AirflowPlace & Pick<OneOffPlace, 'logGroups'>,
  run: DagRun,
  signal: AbortSignal,
): Promise<Failure> {
  const { dagId, state } = run;
  const task = await taskOf(airflow, dagId, signal);
  if (task !== undefined && task.startedAt === undefined && task.tryNumber === 0) {
    return new Failure('failed', `The one-off DAG ${dagId} ended as ${state} before a worker took its task.`, {
      advice: WORKERS,
      resource: dagId,
    });
  }
  return new Failure('failed', `The one-off DAG ${dagId} ended as ${state}.`, {
    advice:
      logGroups?.task?.enabled === false
        ? `The task logs of ${name} are off, so nothing tells why: switch them on (LoggingConfiguration, TaskLogs) and try again.`
        : `Its lines are in the Task log group of ${name}, under dag_id=${dagId}.`,
    resource: dagId,
  });
}

function isWaiting({ state }: TaskInstance): boolean {
  return state === undefined || state === 'scheduled' || state === 'queued';
}

/** Its only task; undefined where that can't be told: the command line does not list them. */
async function taskOf(airflow: Airflow, dagId: string, signal: AbortSignal): Promise<TaskInstance | undefined> {
  return (await orUnknown(airflow.taskInstances(dagId, ONE_OFF_RUN, signal), []))[0];
}

async function othersRunning(airflow: Airflow, signal: AbortSignal): Promise<string> {
  const { total } = await orUnknown(airflow.runningTasks(signal), { tasks: [], total: 0 });
  return total === 0 ? '' : ` (${total} ${total === 1 ? 'task runs' : 'tasks run'} now)`;
}

/** What only explains a wait may fail without ending it. */
async function orUnknown<T, U>(read: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof Failure) return otherwise;
    throw error;
  }
}

/** Whether a run has ended. */
export function isTerminal({ state }: DagRun): boolean {
  return state === 'success' || state === 'failed';
}

/** Airflow answers 404 for the runs of a DAG that it has never seen. */
export function unlessGone(error: unknown): undefined {
  if (error instanceof Failure && error.kind === 'not-found') return undefined;
  throw error;
}
