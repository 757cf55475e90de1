import { describe, expect, test } from 'vitest';
import { untilSucceeded } from '../../src/airflow/one-off-run.ts';
import type { Airflow, Dag, DagRun, TaskInstance } from '../../src/airflow/types.ts';
import type { Clock } from '../../src/aws/clock.ts';
import type { Session } from '../../src/aws/session.ts';
import { Failure } from '../../src/text/failure.ts';
import { HandClock } from '../support/hand-clock.ts';

const { signal } = new AbortController();
const place = { name: 'data-prod', airflowVersion: '2.10.3' };
const ID = 'mwaa_console_abcde';

/** What an Airflow answers, by ms since the trigger. */
interface Story {
  readonly run?: (at: number) => string | undefined;
  readonly task?: (at: number) => Partial<TaskInstance>;
  readonly scheduler?: string;
  readonly running?: number;
  readonly denied?: boolean;
}

/** Waits for the run of a story to its end: what was told, and how it ended. */
async function waited({ run = () => 'running', task = () => ({}), scheduler = 'healthy', running = 0, denied }: Story) {
  const clock: Clock = new HandClock(0, { passing: Number.POSITIVE_INFINITY });
  const refuse = () => {
    throw new Failure('denied', 'Not by the command line.');
  };
  const asked = <T>(answer: () => T) => (denied ? async () => refuse() : async () => answer());
  const airflow = {
    dagRun: async () => {
      const state = run(clock.now());
      return state === undefined ? undefined : ({ dagId: ID, runId: 'r', state, runType: 'manual' } satisfies DagRun);
    },
    dag: async () => ({ dagId: ID, paused: false }) as Dag,
    health: asked(() => ({ scheduler })),
    taskInstances: asked(() => [
      { dagId: ID, runId: 'r', taskId: 't', tryNumber: 0, state: 'queued', ...task(clock.now()) },
    ]),
    runningTasks: asked(() => ({ tasks: [], total: running })),
  } as unknown as Airflow;
  const told: string[] = [];
  const tell = (text: string) => void told.push(text);
  const failure = await untilSucceeded({ clock } as Session, place, airflow, ID, { signal, tell }).then(
    () => undefined,
    (error: Failure) => ({ message: error.message, advice: error.advice }),
  );
  return { told, failure };
}

describe('the wait for a one-off DAG’s run tells apart', () => {
  test('a task that waits for a worker, and takes one in the end', async () => {
    const { told, failure } = await waited({
      run: (at) => (at < 300_000 ? 'running' : 'success'),
      running: 50,
    });
    expect(failure).toBeUndefined();
    expect(told).toContain(`the task of ${ID} has been queued for 2m00s: the workers are busy (50 tasks run now)`);
  });

  test('one that no worker takes', async () => {
    const { failure } = await waited({ running: 1 });
    expect(failure?.message).toMatch(/^No worker has taken the task of \w+ \(1 task runs now\) within 10m/);
    expect(failure?.advice).toMatch(/MaxWorkers/);
  });

  test('one whose run timed out before a worker took it', async () => {
    const { failure } = await waited({
      run: (at) => (at < 400_000 ? 'running' : 'failed'),
      task: (at) => (at < 400_000 ? {} : { state: 'skipped' }),
    });
    expect(failure?.message).toBe(`The one-off DAG ${ID} ended as failed before a worker took its task.`);
    expect(failure?.advice).toMatch(/workers are busy/);
  });

  test('a task that runs and does not end, and one that fails', async () => {
    const running = await waited({ task: () => ({ state: 'running', tryNumber: 1, startedAt: 1 }) });
    expect(running.failure).toMatchObject({
      message: expect.stringMatching(/^The run of the one-off DAG \w+ has not ended within 10m/),
      advice: `Its lines are in the Task log group of data-prod, under dag_id=${ID}.`,
    });
    const failed = await waited({
      run: () => 'failed',
      task: () => ({ state: 'failed', tryNumber: 1, startedAt: 1 }),
    });
    expect(failed.failure?.message).toBe(`The one-off DAG ${ID} ended as failed.`);
  });

  test('a scheduler that is busy, and one that is ill', async () => {
    const busy = await waited({ run: () => 'queued' });
    expect(busy.told).toContain(`${ID} has been queued for 2m00s: the scheduler is busy`);
    expect(busy.failure?.message).toMatch(/^The scheduler of data-prod has not started the run of \w+ within 10m/);
    const ill = await waited({ run: () => 'queued', scheduler: 'unhealthy' });
    expect(ill.told).toContain('the scheduler of data-prod is unhealthy: it starts no run, 2m00s');
    expect(ill.failure).toMatchObject({
      message: expect.stringMatching(/^The scheduler of data-prod is unhealthy and has not started the run/),
      advice: expect.stringContaining('Scheduler log group'),
    });
  });

  test('a trigger that was accepted and leads to no run', async () => {
    const { failure } = await waited({ run: () => undefined });
    expect(failure?.message).toMatch(/^Airflow took the trigger of \w+ and lists no run of it within 10m/);
  });

  test('less, but no worse, where only the command line is allowed', async () => {
    const { told, failure } = await waited({ denied: true });
    expect(told).toContain(`${ID} is running, 2m00s`);
    expect(failure?.message).toMatch(/has not ended within 10m/);
    expect((await waited({ run: () => 'failed', denied: true })).failure?.message).toMatch(/ended as failed\.$/);
  });
});
