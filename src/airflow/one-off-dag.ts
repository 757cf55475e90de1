import { randomInt } from 'node:crypto';
import { persist } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import { type AirflowPlace, openAirflow } from './airflow.ts';
import { eventually, type OneOffWork } from './eventually.ts';
import { openAirflowEitherWay } from './one-off-airflow.ts';
import { isTerminal, ONE_OFF_RUN, unlessGone, untilSucceeded } from './one-off-run.ts';
import { markedLines } from './task-lines.ts';
import type { Airflow, Dag } from './types.ts';

/** The environment that a one-off DAG is put into. */
export interface OneOffPlace extends AirflowPlace {
  readonly sourceBucket: string;
  /** DagS3Path, such as `dags`. */
  readonly dagsPath: string;
  /** The log group of its tasks: for a result that can't be read as an XCom, and to tell where to look. */
  readonly logGroups?: {
    readonly task?: { readonly enabled: boolean; readonly group: string | undefined } | undefined;
  };
}

/**
 * A DAG that is there for one run. Its file defines the one task `t`, which pushes its result under the key `k`: the
 * path to that fits InvokeRestApi's 64 characters with a DAG id of at most 18.
 */
export interface OneOffDag {
  readonly dagId: string;
  readonly source: string;
  /**
   * For whom InvokeRestApi is denied altogether: the same, but printing its result in one line after a mark, which is
   * then read from the task's log. A result that must not stay there has to be sealed.
   */
  readonly byLog?: { readonly source: string; readonly mark: string };
}

const TASK = 't';
const KEY = 'k';

/** MWAA takes a new file up to five minutes after it was put, a removed one as well; the double means trouble: ms. */
const PICK_UP = 10 * 60_000;
/** Airflow may take so long to forget a DAG whose task still runs: ms. */
const FORGETTING = 10 * 60_000;
/** A task's lines are in CloudWatch a minute after its end at the latest; ms. */
const LOGGED = 3 * 60_000;
/** A run that is to be taken away gets so long to end by itself: ms. */
const ENDING = 3 * 60_000;
/** A file that went before Airflow told of it may have been read at that moment: ms. */
const SETTLE = 90_000;

/**
 * Puts a one-off DAG, waits until Airflow has it, runs it once and answers what its task pushed, as REST gives it.
 * Each part finds its own finished work: after a crash it goes on where it was. What is left behind is taken away by
 * `removeOneOffDag`, which the caller runs in any case, after a crash too: so it writes the id down before.
 * @throws Failure `failed` when Airflow can't import the file or the task fails; else as S3 and Airflow refuse.
 */
export async function runOneOffDag(
  session: Session,
  place: OneOffPlace,
  dag: OneOffDag,
  work: OneOffWork,
): Promise<unknown> {
  const airflow = openAirflowEitherWay(session, place);
  const { dagId } = dag;
  const { signal } = work;
  const again = <T>(make: () => Promise<T>): Promise<T> => persist(session.clock, signal, make, work.tell);
  const byLog = (await again(() => readsXComs(session, place, signal))) ? undefined : logHandOver(place, dag);
  const known = await again(() => airflow.dagRun(dagId, ONE_OFF_RUN, signal).catch(unlessGone));
  if (known === undefined) {
    const file = { dagId, source: byLog?.source ?? dag.source };
    const writtenAt = await again(() => put(session, place, file, signal));
    const seen = await untilSeen(session, place, airflow, dag, writtenAt, work);
    // A run of a paused DAG would stay queued.
    if (seen.paused) await again(() => airflow.setPaused(dagId, false, signal));
    await again(() => airflow.trigger(dagId, { runId: ONE_OFF_RUN }, signal));
  }
  await untilSucceeded(session, place, airflow, dagId, work);
  if (byLog === undefined) return again(() => airflow.xcom(dagId, ONE_OFF_RUN, TASK, KEY, signal));
  const complaint = `The log of ${dagId} does not hold its result`;
  return eventually(session, LOGGED, work, complaint, async (waited) => {
    const [line] = await markedLines(session, byLog.group, dagId, byLog.mark, signal);
    if (line === undefined) work.tell(`waiting for the line in ${byLog.group}, ${age(waited)}`);
    return line;
  });
}

/** Whether the caller may read what tasks push: reading needs InvokeRestApi, the command line has no XComs. */
async function readsXComs(session: Session, place: OneOffPlace, signal: AbortSignal): Promise<boolean> {
  try {
    await openAirflow(session, place).dagRun('mwaa_console', ONE_OFF_RUN, signal).catch(unlessGone);
    return true;
  } catch (error) {
    if (error instanceof Failure && error.kind === 'denied') return false;
    throw error;
  }
}

function logHandOver({ name, logGroups }: OneOffPlace, { byLog }: OneOffDag) {
  const group = logGroups?.task?.group;
  if (byLog !== undefined && group !== undefined && logGroups?.task?.enabled === true) return { ...byLog, group };
  throw new Failure('denied', `Without airflow:InvokeRestApi nobody can read what a task of ${name} hands back.`, {
    advice:
      byLog === undefined
        ? `Let it be allowed on role/${name}/Viewer at least.`
        : `Let it be allowed on role/${name}/Viewer at least, or switch the task logs on: the answer can come by a line there.`,
    action: 'airflow:InvokeRestApi',
    resource: name,
  });
}

/** The id of a one-off DAG that nobody else has, as long as may be. */
export function oneOffId(): string {
  return `mwaa_console_${randomInt(36 ** 5)
    .toString(36)
    .padStart(5, '0')}`;
}

/**
 * Takes a one-off DAG away in the order that leaves nothing: its run has ended, its file is removed with all its
 * versions, Airflow has taken note, then Airflow forgets it, and stays so. A DELETE before that would let it come back.
 * Finds its own finished work; what was never there is no error. Where its file went before Airflow told of the DAG, a
 * while is waited in which it may still turn up.
 */
export async function removeOneOffDag(
  session: Session,
  place: OneOffPlace,
  dagId: string,
  work: OneOffWork,
): Promise<void> {
  const airflow = openAirflowEitherWay(session, place);
  const { signal } = work;
  await untilOver(session, airflow, dagId, work);
  const key = oneOffKey(place, dagId);
  await persist(session.clock, signal, () => removeVersions(session, place.sourceBucket, key, signal), work.tell);
  await eventually(session, PICK_UP, work, `Airflow still has the one-off DAG ${dagId}`, async (waited) => {
    const record = await airflow.record(dagId, signal);
    const broken = (await airflow.importErrors(signal)).some(({ file }) => isFile(file, dagId));
    if (!broken && (record === undefined ? waited >= SETTLE : !record.active)) return true;
    work.tell(`waiting for Airflow to let go of ${dagId}, ${age(waited)}`);
    return undefined;
  });
  await eventually(session, FORGETTING, work, `Airflow does not forget the one-off DAG ${dagId}`, async () => {
    try {
      // Until there is nothing to forget any more: what comes back does so within moments.
      return (await airflow.deleteDag(dagId, signal)) ? undefined : true;
    } catch (error) {
      // A task of it still runs.
      if (error instanceof Failure && error.kind === 'in-use') return undefined;
      throw error;
    }
  });
}

/** Waits for the run's end; one that does not end by itself is marked failed, which kills its task. */
async function untilOver(session: Session, airflow: Airflow, dagId: string, work: OneOffWork): Promise<void> {
  let marked = false;
  await eventually(session, 2 * ENDING, work, `The run of the one-off DAG ${dagId} does not end`, async (waited) => {
    const run = await airflow.dagRun(dagId, ONE_OFF_RUN, work.signal).catch(unlessGone);
    if (run === undefined || isTerminal(run)) return true;
    if (waited > ENDING && !marked) {
      await airflow.failRun(dagId, ONE_OFF_RUN, work.signal);
      marked = true;
    }
    work.tell(`waiting for the run of ${dagId} to end, ${age(waited)}`);
    return undefined;
  });
}

/**
 * Removes an object with all its versions. Who may not list or delete versions leaves a delete marker, which takes it out
 * of MWAA's folder as well.
 */
export async function removeVersions({ s3 }: Session, bucket: string, key: string, signal: AbortSignal): Promise<void> {
  try {
    const found = await s3.listObjectVersions({ Bucket: bucket, Prefix: key }, { signal });
    for (const { Key, VersionId } of [...(found.Versions ?? []), ...(found.DeleteMarkers ?? [])]) {
      if (Key !== key || VersionId === undefined) continue;
      await s3.deleteObject({ Bucket: bucket, Key: key, VersionId }, { signal });
    }
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'denied') throw error;
    await s3.deleteObject({ Bucket: bucket, Key: key }, { signal });
  }
}

/** The key of a one-off DAG's file in the environment's bucket. */
export function oneOffKey({ dagsPath }: Pick<OneOffPlace, 'dagsPath'>, dagId: string): string {
  const folder = dagsPath.replace(/^\/+|\/+$/g, '');
  return folder === '' ? `${dagId}.py` : `${folder}/${dagId}.py`;
}

/** Puts the file unless it is there as it should be; when it was written, by S3's clock (ms since the epoch). */
async function put(
  session: Session,
  place: OneOffPlace,
  { dagId, source }: OneOffDag,
  signal: AbortSignal,
): Promise<number> {
  const object = { Bucket: place.sourceBucket, Key: oneOffKey(place, dagId) };
  const read = async () => {
    const found = await session.s3.getObject(object, { signal }).catch(unlessGone);
    if (found === undefined || (await found.Body?.transformToString()) !== source) return undefined;
    return found.LastModified?.getTime() ?? 0;
  };
  const there = await read();
  if (there !== undefined) return there;
  await session.s3.putObject({ ...object, Body: source, ContentType: 'text/x-python' }, { signal });
  return (await read()) ?? 0;
}

async function untilSeen(
  session: Session,
  { name }: OneOffPlace,
  airflow: Airflow,
  { dagId }: OneOffDag,
  writtenAt: number,
  work: OneOffWork,
): Promise<Dag> {
  const file = `${dagId}.py`;
  return eventually(session, PICK_UP, work, `Airflow of ${name} has not picked up ${file}`, async (waited) => {
    const dag = await airflow.dag(dagId, work.signal);
    if (dag !== undefined && !dag.importErrors && (dag.lastParsed ?? writtenAt) >= writtenAt) return dag;
    const errors = await airflow.importErrors(work.signal);
    const broken = errors.find((error) => isFile(error.file, dagId) && (error.at ?? 0) >= writtenAt);
    if (broken !== undefined) {
      const last = broken.stackTrace.trim().split('\n').at(-1) ?? '';
      throw new Failure('failed', `Airflow can't import ${file}: ${last}`, {
        advice: 'The whole trace is on the DAGs tab.',
        resource: dagId,
      });
    }
    work.tell(`waiting for Airflow to pick ${file} up, ${age(waited)} (new files take up to 5 minutes)`);
    return undefined;
  });
}

function isFile(path: string, dagId: string): boolean {
  return path.split('/').at(-1) === `${dagId}.py`;
}
