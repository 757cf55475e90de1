import { describe, expect, test, vi } from 'vitest';
import { followTask } from '../../src/tasks/follow.ts';
import type { RunEvent, RunResult } from '../../src/tasks/types.ts';
import { Failure } from '../../src/text/failure.ts';
import { FakeEcs, GROUP, type Life, START, TASK_ARN } from './fake-ecs.ts';

// Long stretches of virtual time: a busy machine must not fail them.
vi.setConfig({ testTimeout: 120_000 });

const WELL: Life = {
  pending: 9,
  pullStarted: 12,
  pullStopped: 50,
  started: 52,
  ended: 300,
  stopped: 325,
  stopCode: 'EssentialContainerExited',
  stoppedReason: 'Essential container in task exited',
  exitCode: 0,
};

async function followed(ecs: FakeEcs, options: { timeout?: number } = {}, signal = new AbortController().signal) {
  const events: RunEvent[] = [];
  const run = async (): Promise<RunResult> => {
    const following = followTask(
      ecs.session,
      { cluster: 'openmetadata-ingestion', taskArn: TASK_ARN, ...options },
      signal,
    );
    for (;;) {
      const next = await following.next();
      if (next.done === true) return next.value.result;
      events.push(next.value);
    }
  };
  const result = await ecs.clock.run(run());
  const lines = events.flatMap((event) => (event.type === 'lines' ? event.events.map((line) => line.message) : []));
  const notes = events.flatMap((event) => (event.type === 'note' ? [event.text] : []));
  const statuses = events.flatMap((event) => (event.type === 'phase' ? [event.task.lastStatus] : []));
  return { result, events, lines, notes, statuses: [...new Set(statuses)] };
}

describe('a task', () => {
  test('is followed through every phase to a good end, with every line and the summary', async () => {
    const ecs = new FakeEcs(WELL);
    for (let at = 52; at < 299; at += 1) ecs.line(at, `line ${at}`, at % 7);
    const summary = [
      'Workflow Postgres Summary:',
      'Processed records: 4100',
      'Warnings: 2',
      'Filtered: 3',
      'Errors: 0',
      'Success %: 100.0',
    ];
    for (const line of summary)
      ecs.line(299.5, `[2026-11-22 11:05:00] INFO     {metadata.Utils:logger:201} - ${line}`, 28);
    const { result, lines, statuses } = await followed(ecs);
    expect(statuses).toEqual(['PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING', 'DEPROVISIONING', 'STOPPED']);
    expect(result).toMatchObject({
      taskArn: TASK_ARN,
      ok: true,
      exitCode: 0,
      stopCode: 'EssentialContainerExited',
      advice: '',
      logEvents: 247 + 6,
      summary: { records: 4100, warnings: 2, filtered: 3, errors: 0, success: 100, steps: [{ name: 'Postgres' }] },
    });
    expect(lines).toHaveLength(253);
    expect(result.phases.map(({ name, duration, pull }) => [name, Math.round(duration / 1000), pull])).toEqual([
      ['provisioning', expect.closeTo(10, -1), undefined],
      ['pending', expect.closeTo(41, -1), 38_000],
      ['activating', 2, undefined],
      ['running', 248, undefined],
      ['stopping', 25, undefined],
    ]);
  });

  test('that is over before it was seen running still has its phases, lines and exit code', async () => {
    const ecs = new FakeEcs({
      ...WELL,
      pending: 1,
      pullStarted: 1,
      pullStopped: 1.4,
      started: 1.5,
      ended: 1.7,
      stopped: 1.9,
      exitCode: 1,
    });
    ecs.line(1.6, 'RuntimeError: Missing environment variable', 20);
    const { result, lines } = await followed(ecs);
    expect(lines).toEqual(['RuntimeError: Missing environment variable']);
    expect(result).toMatchObject({
      ok: false,
      exitCode: 1,
      reason: expect.stringContaining('The ingestion itself failed'),
    });
    expect(result.phases.map((phase) => phase.name)).toEqual([
      'provisioning',
      'pending',
      'activating',
      'running',
      'stopping',
    ]);
  });

  test('that stopped long ago is judged at once, with all its lines', async () => {
    const ecs = new FakeEcs(WELL);
    ecs.line(60, 'first');
    ecs.line(299, 'last', 29);
    await ecs.clock.advance(20 * 60_000);
    const from = ecs.clock.now();
    const { result, lines } = await followed(ecs);
    expect(result).toMatchObject({ ok: true, exitCode: 0, logEvents: 2 });
    expect(lines).toEqual(['first', 'last']);
    expect(ecs.clock.now() - from).toBeLessThan(10_000);
  });

  test("that stopped just now has its last lines waited for by ECS's clock, however far ours is from it", async () => {
    const ecs = new FakeEcs({ ...WELL, stopped: 302 });
    ecs.ahead = -60 * 60_000;
    ecs.line(299, 'last', 29);
    await ecs.clock.advance(303_000);
    expect((await followed(ecs)).lines).toEqual(['last']);
  });

  test('that never started reads as what it is and is not waited for', async () => {
    const ecs = new FakeEcs({
      pending: 9,
      pullStarted: 12,
      ended: 40,
      stopped: 45,
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref docker.io/openmetadata/ingestion-base:9.9.9: not found',
    });
    const { result } = await followed(ecs);
    expect(result).toMatchObject({
      ok: false,
      exitCode: null,
      stopCode: 'TaskFailedToStart',
      reason: expect.stringMatching(/no such image or tag.*not found/),
      advice: expect.stringContaining('tag'),
      logEvents: 0,
      summary: null,
    });
    expect(result.phases.map((phase) => phase.name)).toEqual(['provisioning', 'pending', 'stopping']);
    expect(ecs.clock.now() - START).toBeLessThan(55_000);
  });

  test('whose log group does not exist ends with the reason for it', async () => {
    const ecs = new FakeEcs({
      stopped: 20,
      stopCode: 'TaskFailedToStart',
      stoppedReason:
        'ResourceInitializationError: failed to initialize logging driver: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist. : exit status 1',
    });
    ecs.logOptions = { ...ecs.logOptions, 'awslogs-group': '/ecs/nowhere' };
    const { result } = await followed(ecs);
    expect(result).toMatchObject({ ok: false, advice: expect.stringContaining('Create the log group'), logEvents: 0 });
  });

  test('is followed through eventual consistency, throttles, an outage and expired credentials', async () => {
    const ecs = new FakeEcs(WELL);
    ecs.unknownFor = 3;
    ecs.line(60, 'first');
    ecs.line(200, 'second');
    const trouble = async () => {
      await ecs.clock.sleep(70_000);
      ecs.outage = new Failure('expired', 'The credentials have expired.', { advice: 'aws sso login' });
      ecs.logs.outage = new Failure('expired', 'The credentials have expired.');
      await ecs.clock.sleep(180_000);
      ecs.outage = undefined;
      ecs.logs.outage = undefined;
    };
    const [{ result, notes, lines }] = await Promise.all([followed(ecs), trouble()]);
    expect(result).toMatchObject({ ok: true, logEvents: 2 });
    expect(lines).toEqual(['first', 'second']);
    expect(notes.join('\n')).toMatch(/have expired\. Following goes on\. aws sso login\nECS answers again/);
  });

  test('that ECS does not know is a failure, after the time that eventual consistency takes', async () => {
    const ecs = new FakeEcs(WELL);
    ecs.unknownFor = 1000;
    await expect(followed(ecs)).rejects.toMatchObject({ kind: 'not-found' });
    expect(ecs.clock.now() - START).toBeGreaterThan(60_000);
  });

  test('whose log may not be read is followed all the same', async () => {
    const ecs = new FakeEcs(WELL);
    ecs.logs.refused.set(GROUP, new Failure('denied', 'Not allowed: logs:FilterLogEvents.', { advice: 'Ask for it.' }));
    const { result, notes } = await followed(ecs);
    expect(result.ok).toBe(true);
    expect(notes).toContain("The log can't be followed: Not allowed: logs:FilterLogEvents. Ask for it.");
  });

  test('that outlives its timeout is stopped, and the end says so', async () => {
    const ecs = new FakeEcs({ ...WELL, ended: 4000, stopped: 4010 });
    const { result, notes } = await followed(ecs, { timeout: 120_000 });
    expect(result).toMatchObject({
      ok: false,
      exitCode: 143,
      stopCode: 'UserInitiated',
      reason: expect.stringContaining('mwaa-console: timeout of 2m00s'),
    });
    expect(notes.join('\n')).toContain('its timeout: it is being stopped');
    expect(ecs.calls.filter((call) => call.operation === 'ecs.stopTask')).toHaveLength(1);
  });

  test('goes on when the reader leaves: nothing is asked any more, nothing is stopped', async () => {
    const ecs = new FakeEcs(WELL);
    const abort = new AbortController();
    const reason = new Failure('interrupted', 'Interrupted');
    const leave = async () => {
      await ecs.clock.sleep(100_000);
      abort.abort(reason);
    };
    await expect(Promise.all([followed(ecs, {}, abort.signal), leave()])).rejects.toBe(reason);
    const calls = ecs.calls.length;
    await ecs.clock.run(ecs.clock.sleep(60_000));
    expect(ecs.calls).toHaveLength(calls);
    expect(ecs.calls.some((call) => call.operation === 'ecs.stopTask')).toBe(false);
  });

  test('with a non-blocking log driver, or none, says what that means for its lines', async () => {
    const ecs = new FakeEcs(WELL);
    ecs.logOptions = { 'awslogs-group': GROUP, 'awslogs-stream-prefix': 'ingest' };
    expect((await followed(ecs)).notes.join()).toContain('lines may be lost inside the task');
    const elsewhere = new FakeEcs(WELL);
    elsewhere.logOptions = { ...elsewhere.logOptions, 'awslogs-region': 'us-east-1' };
    expect((await followed(elsewhere)).notes.join()).toContain('in us-east-1');
  });
});
