import { linkedAbort } from '../aws/linked-abort.ts';
import { persist } from '../aws/persist.ts';
import type { Session } from '../aws/session.ts';
import { mainContainer } from '../fleet/task-definitions.ts';
import type { Task } from '../fleet/tasks.ts';
import type { LogEvent } from '../logs/event.ts';
import { type Follower, type FollowState, openFollower } from '../logs/follow.ts';
import { age } from '../text/ages.ts';
import { Failure } from '../text/failure.ts';
import { type TaskLog, taskLog } from './log.ts';
import { ErrorCollector } from './log-error.ts';
import { phasesOf } from './phases.ts';
import { stopTask } from './stop.ts';
import { SummaryCollector } from './summary.ts';
import type { FollowedRun, FollowedTask, RunEvent } from './types.ts';
import { judge } from './verdict.ts';
import { type Sighting, watchTask } from './watch.ts';

const SECOND = 1000;
/** Lines arrive up to so long after their container has ended: the driver's buffer, then ingestion. */
const TAIL = 30 * SECOND;
/** Events may be stamped a little before the task's creation by clocks that differ. */
const CLOCKS_APART = 60 * SECOND;

/**
 * Follows a task to its end: phases, its container's log stream from the first line on, the tail drained once it has
 * stopped, then the verdict. Aborting the signal (or leaving the loop) ends the following, not the task. With a
 * `timeout` the task is stopped when it has existed that long, and followed to its end as usual.
 */
export async function* followTask(
  session: Session,
  followed: FollowedTask,
  signal: AbortSignal,
): AsyncGenerator<RunEvent, FollowedRun> {
  const abort = linkedAbort(signal);
  try {
    return yield* new TaskFollow(session, followed, abort.signal).run();
  } finally {
    abort.abort();
    abort.unlink();
  }
}

type Step =
  | { readonly from: 'task'; readonly result: IteratorResult<Sighting, void> }
  | { readonly from: 'log'; readonly result: IteratorResult<LogEvent[], void> }
  | { readonly from: 'log-failure'; readonly failure: Failure }
  | { readonly from: 'tail' };

class TaskFollow {
  readonly #session: Session;
  readonly #followed: FollowedTask;
  readonly #signal: AbortSignal;
  readonly #started: number;
  readonly #observed = new Map<string, number>();
  readonly #summary = new SummaryCollector();
  readonly #errors = new ErrorCollector();
  #task: Task | undefined;
  /** When the task was seen last, by ECS's own clock. */
  #seenAt: number | undefined;
  #log: TaskLog | undefined;
  #follower: Follower | undefined;
  #events = 0;
  #timedOut = false;
  #shown = '';

  constructor(session: Session, followed: FollowedTask, signal: AbortSignal) {
    this.#session = session;
    this.#followed = followed;
    this.#signal = signal;
    this.#started = session.clock.now();
  }

  async *run(): AsyncGenerator<RunEvent, FollowedRun> {
    let state: FollowState | undefined;
    const sightings = watchTask(this.#session, this.#followed, this.#signal);
    let lines: AsyncIterator<LogEvent[], void> | undefined;
    let nextSighting: Promise<Step> | undefined = this.#sighting(sightings);
    let nextLines: Promise<Step> | undefined;
    let tail: Promise<Step> | undefined;
    while (nextSighting !== undefined || nextLines !== undefined) {
      const step: Step = await Promise.race([nextSighting, nextLines, tail].filter((promise) => promise !== undefined));
      switch (step.from) {
        case 'task': {
          if (step.result.done === true) {
            nextSighting = undefined;
            if (nextLines !== undefined) {
              yield { type: 'note', text: 'The task has stopped; reading its last lines.' };
              tail = this.#tail();
            }
            break;
          }
          if ('note' in step.result.value) yield { type: 'note', text: step.result.value.note };
          else {
            const first = this.#task === undefined;
            this.#seenAt = step.result.value.at;
            yield* this.#see(step.result.value.task);
            if (first) {
              yield* this.#openLog(step.result.value.task);
              lines = this.#follower?.batches(this.#signal)[Symbol.asyncIterator]();
              if (lines !== undefined) nextLines = this.#lines(lines);
            }
            yield* this.#keepTime(step.result.value.task);
          }
          nextSighting = this.#sighting(sightings);
          break;
        }
        case 'log': {
          if (step.result.done === true || lines === undefined) nextLines = undefined;
          else {
            this.#events += step.result.value.length;
            this.#summary.add(step.result.value);
            this.#errors.add(step.result.value);
            nextLines = this.#lines(lines);
            yield { type: 'lines', events: step.result.value };
          }
          break;
        }
        case 'log-failure':
          nextLines = undefined;
          yield {
            type: 'note',
            text: `The log can't be followed: ${step.failure.message} ${step.failure.advice ?? ''}`.trim(),
          };
          break;
        case 'tail':
          tail = undefined;
          this.#follower?.finish();
      }
      if (this.#follower !== undefined && this.#follower.state() !== state) {
        state = this.#follower.state();
        yield { type: 'follow', state };
      }
    }
    return this.#result();
  }

  #sighting(sightings: AsyncIterator<Sighting, void>): Promise<Step> {
    return heard(sightings.next().then((result) => ({ from: 'task', result })));
  }

  /** The log may be unreadable (denied, INFREQUENT_ACCESS): the task is followed all the same. */
  #lines(lines: AsyncIterator<LogEvent[], void>): Promise<Step> {
    const next = async (): Promise<Step> => {
      try {
        return { from: 'log', result: await lines.next() };
      } catch (failure) {
        this.#signal.throwIfAborted();
        if (!(failure instanceof Failure)) throw failure;
        return { from: 'log-failure', failure };
      }
    };
    return heard(next());
  }

  /** Ends the log's following once its last lines have had the time to arrive. */
  #tail(): Promise<Step> {
    return heard(
      this.#session.clock.sleep(tailOf(this.#task, this.#seenAt), this.#signal).then(() => ({ from: 'tail' })),
    );
  }

  /** Stops a task that has outlived the run's timeout. */
  async *#keepTime(task: Task): AsyncGenerator<RunEvent> {
    const { timeout, cluster, taskArn } = this.#followed;
    if (timeout === undefined || this.#timedOut || task.desiredStatus === 'STOPPED') return;
    if (this.#session.clock.now() - (task.createdAt ?? this.#started) < timeout) return;
    this.#timedOut = true;
    const reason = `mwaa-console: timeout of ${age(timeout)}`;
    try {
      await stopTask(this.#session, { cluster, taskArn, reason }, this.#signal);
      yield { type: 'note', text: `The task has existed for ${age(timeout)}, its timeout: it is being stopped.` };
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      yield { type: 'note', text: `The task has reached its timeout, but can't be stopped: ${error.message}` };
    }
  }

  *#see(task: Task): Generator<RunEvent> {
    const now = this.#session.clock.now();
    this.#task = task;
    if (!this.#observed.has(task.lastStatus)) this.#observed.set(task.lastStatus, now);
    const shown = JSON.stringify(task);
    if (shown === this.#shown) return;
    this.#shown = shown;
    yield { type: 'phase', phases: phasesOf(task, this.#observed, now), task };
  }

  async *#openLog(task: Task): AsyncGenerator<RunEvent> {
    try {
      const read = () => taskLog(this.#session, task, this.#followed.container, this.#signal);
      this.#log = await persist(this.#session.clock, this.#signal, read);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (!(error instanceof Failure)) throw error;
      yield { type: 'note', text: `The log can't be found: ${error.message} ${error.advice ?? ''}`.trim() };
      return;
    }
    for (const text of this.#log.notes) yield { type: 'note', text };
    const { group, stream } = this.#log;
    if (group === undefined || stream === undefined) return;
    this.#follower = openFollower(this.#session, {
      groups: [group],
      streams: [stream],
      since: Math.max(0, (task.createdAt ?? this.#session.clock.now()) - CLOCKS_APART),
      follow: true,
      patient: true,
    });
  }

  #result(): FollowedRun {
    const task = this.#task;
    if (task === undefined) throw new Error('A task that was never seen was followed to its end');
    const definition = this.#log?.definition;
    const essential = definition?.containers.filter((container) => container.essential);
    const roles = {
      main: this.#followed.container ?? (definition && mainContainer(definition)?.name),
      essential: essential && new Set(essential.map((container) => container.name)),
    };
    const verdict = judge(task, roles, this.#errors.error);
    const { group, stream } = this.#log ?? {};
    return {
      task,
      log: group === undefined || stream === undefined ? undefined : { group, stream },
      result: {
        taskArn: task.arn,
        ...verdict,
        phases: phasesOf(task, this.#observed, this.#session.clock.now()),
        summary: this.#summary.summary,
        logEvents: this.#events,
      },
    };
  }
}

/** A step that may fail after the following has ended otherwise: its failure counts only when it is awaited. */
function heard(step: Promise<Step>): Promise<Step> {
  step.catch(() => {});
  return step;
}

/** How long to wait for last lines, ms: from the container's end on, judged by ECS's own times; nothing if it never ran. */
function tailOf(task: Task | undefined, seenAt: number | undefined): number {
  if (
    task === undefined ||
    (task.startedAt === undefined && task.containers.every((each) => each.exitCode === undefined))
  ) {
    return 0;
  }
  const { executionStoppedAt, stoppedAt } = task;
  const ended = executionStoppedAt ?? stoppedAt;
  if (ended === undefined) return TAIL;
  return Math.max(2 * SECOND, TAIL - (Math.max(seenAt ?? ended, stoppedAt ?? ended) - ended));
}
