import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createRouter } from '../../../src/console/router.ts';
import { createDialogs } from '../../../src/console/stores/dialogs.ts';
import { createJobs } from '../../../src/console/stores/jobs.ts';
import { LogWindow } from '../../../src/console/stores/log-window.ts';
import { createNotices } from '../../../src/console/stores/notices.ts';
import { Pace } from '../../../src/console/stores/pace.ts';
import { createPanes, type Pane } from '../../../src/console/stores/panes.ts';
import { Failure } from '../../../src/text/failure.ts';

describe('router', () => {
  test('goes back and forward, and each place keeps what its panes remember', () => {
    const router = createRouter({ kind: 'dashboard' });
    router.remember('environments', { cursor: 'data-prod', filter: 'prod' });
    router.remember('environments', { sort: { column: 'status', descending: true } });
    router.push({ kind: 'environment', name: 'data-prod', tab: 'overview' });
    router.replace({ kind: 'environment', name: 'data-prod', tab: 'dags' });
    router.focus('dags');
    expect(router.place()).toMatchObject({ route: { tab: 'dags' }, focus: 'dags', panes: {} });
    expect(router.back()).toBe(true);
    expect(router.place().panes.environments).toEqual({
      cursor: 'data-prod',
      filter: 'prod',
      sort: { column: 'status', descending: true },
    });
    expect(router.back()).toBe(false);
    expect(router.forward()).toBe(true);
    expect(router.place().route).toEqual({ kind: 'environment', name: 'data-prod', tab: 'dags' });
    expect(router.forward()).toBe(false);
  });

  test('there and back between two screens leaves the history as it was, whichever of them knew more', () => {
    const router = createRouter({ kind: 'dashboard' });
    const run = { kind: 'run', cluster: 'batch', taskArn: 'arn:task/1' } as const;
    const dag = { kind: 'dag', environment: 'data-prod', airflowVersion: '2.10.3', dagId: 'dbt' } as const;
    router.push(run);
    router.goTo(dag);
    router.goTo({ ...run, environment: 'data-prod', dagId: 'dbt' });
    expect(router.place().route).toEqual(run);
    expect(router.getState().position).toBe(1);
    router.goTo(dag);
    router.goTo({ ...run, taskArn: 'arn:task/2' });
    expect(router.getState().places.map(({ route }) => route.kind)).toEqual(['dashboard', 'run', 'dag', 'run']);
  });

  test('going elsewhere forgets what was ahead; long histories keep the root', () => {
    const router = createRouter({ kind: 'dashboard' });
    router.push({ kind: 'logs', groups: ['a'] });
    router.back();
    router.push({ kind: 'logs', groups: ['b'] });
    expect(router.forward()).toBe(false);
    for (let times = 0; times < 200; times += 1) router.push({ kind: 'logs', groups: [`${times}`] });
    const { places, position } = router.getState();
    expect(places.length).toBe(position + 1);
    expect(places.length).toBeLessThanOrEqual(100);
    expect(places[0]?.route.kind).toBe('dashboard');
    router.reset({ kind: 'dashboard' });
    expect(router.getState().places).toHaveLength(1);
  });
});

describe('notices', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('good news fades after 3 s, a warning stays until a key', () => {
    const notices = createNotices(() => 7);
    notices.flash('copied');
    vi.advanceTimersByTime(2999);
    expect(notices.getState().flash?.text).toBe('copied');
    vi.advanceTimersByTime(1);
    expect(notices.getState().flash).toBeUndefined();
    notices.flash('first');
    vi.advanceTimersByTime(2000);
    notices.flash('not now', 'warn');
    vi.advanceTimersByTime(60_000);
    expect(notices.getState().flash?.text).toBe('not now');
    notices.keyPressed();
    expect(notices.getState().flash).toBeUndefined();
  });

  test('errors are told, kept, and counted when they come again', () => {
    let now = 1;
    const notices = createNotices(() => now);
    notices.error(new Failure('denied', 'no'), 'data-prod');
    now = 2;
    notices.record(new Failure('denied', 'no'), 'data-prod');
    notices.error(new Error('broken'));
    expect(notices.getState().flash).toEqual({ text: 'Internal error: broken', tone: 'error' });
    expect(notices.getState().errors).toMatchObject([
      { at: 2, times: 2, about: 'data-prod', failure: { message: 'no' } },
      { times: 1, failure: { message: 'Internal error: broken' } },
    ]);
    for (let times = 0; times < 300; times += 1) notices.record(new Failure('failed', `${times}`));
    expect(notices.getState().errors).toHaveLength(200);
  });
});

describe('pace', () => {
  test('runs what was asked together, once each, at most 12 times a second', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const pace = new Pace();
      const one = vi.fn();
      const other = vi.fn();
      for (let at = 0; at < 1000; at += 1) {
        pace.request(one);
        pace.request(other);
        vi.advanceTimersByTime(1);
      }
      expect(one.mock.calls.length).toBeLessThanOrEqual(13);
      expect(one.mock.calls.length).toBeGreaterThanOrEqual(11);
      expect(other).toHaveBeenCalledTimes(one.mock.calls.length);
      pace.request(one);
      pace.close();
      const before = one.mock.calls.length;
      vi.advanceTimersByTime(1000);
      expect(one).toHaveBeenCalledTimes(before);
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('jobs', () => {
  const setting = () => {
    const notices = createNotices(() => 0);
    return { notices, jobs: createJobs(notices, new Pace()) };
  };

  test('go on by themselves, bring data, and end with what they say', async () => {
    const { notices, jobs } = setting();
    let go: () => void = () => {};
    const job = jobs.start({
      title: 'deploy',
      onQuit: 'stops',
      initial: 0,
      work: async ({ update }) => {
        update((count) => count + 1);
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        update((count) => count + 1);
        return { text: 'deployed', tone: 'ok' };
      },
    });
    expect(jobs.getState().running).toHaveLength(1);
    await vi.waitFor(() => expect(job.data.getState()).toBe(1));
    go();
    await job.done;
    expect(job.data.getState()).toBe(2);
    expect(jobs.getState().running).toHaveLength(0);
    expect(jobs.find(job.id)).toBe(job);
    expect(notices.getState().flash?.text).toBe('deployed');
  });

  test('that fail are told; those that are stopped are not', async () => {
    const { notices, jobs } = setting();
    const failing = jobs.start({
      title: 'deploy',
      onQuit: '',
      initial: null,
      work: () => Promise.reject(new Failure('denied', 'no')),
    });
    await failing.done;
    expect(notices.getState().errors).toMatchObject([{ about: 'deploy' }]);
    jobs.start({
      title: 'follow',
      onQuit: '',
      initial: null,
      work: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
    });
    await jobs.stopAll();
    expect(notices.getState().errors).toHaveLength(1);
    expect(jobs.getState().running).toHaveLength(0);
  });
});

describe('dialogs', () => {
  test('are answered one by one, the top one first; closing all is a no', async () => {
    const dialogs = createDialogs();
    const sure = dialogs.confirm({ title: 'Sure?', lines: [], yes: 'go', writes: false });
    const chosen = dialogs.select({ title: 'Which?', choices: [{ label: 'a', value: 1 }] });
    dialogs.getState().open.at(-1)?.answer(1);
    expect(await chosen).toBe(1);
    dialogs.getState().open.at(-1)?.answer(true);
    expect(await sure).toBe(true);
    const all = [dialogs.confirm({ title: '', lines: [], yes: '', writes: true }), dialogs.show('help')];
    dialogs.closeAll();
    expect(await Promise.all(all)).toEqual([false, undefined]);
    expect(dialogs.getState().open).toHaveLength(0);
  });
});

describe('panes', () => {
  const pane = (id: string, more: Partial<Pane> = {}): Pane => ({
    id,
    move: () => {},
    page: () => {},
    first: () => {},
    last: () => {},
    ...more,
  });

  test('tell only what comes, goes or offers something else', () => {
    const panes = createPanes();
    const told = vi.fn();
    panes.subscribe(told);
    panes.set(pane('one'), 1);
    panes.set(pane('two'), 2);
    const newer = pane('one');
    panes.set(newer, 1);
    expect(told).toHaveBeenCalledTimes(2);
    expect(panes.getState().panes[0]).toBe(newer);
    panes.set(pane('one', { copy: { id: 'x' } }), 1);
    panes.set(pane('one', { copy: { id: 'y' } }), 1);
    panes.set(pane('one', { copy: { id: 'y', arn: 'z' } }), 1);
    expect(told).toHaveBeenCalledTimes(4);
    panes.remove('one');
    expect(panes.getState().panes.map(({ id }) => id)).toEqual(['two']);
  });
});

describe('log window', () => {
  const line = (timestamp: number, message: string) => {
    const from = {
      group: 'airflow',
      stream: 'requirements_install',
      eventId: `${timestamp}`,
      ingestionTime: timestamp,
    };
    return { ...from, timestamp, message };
  };

  test('opens at the first line that has a text, also one that is read later, unless somebody has moved', async () => {
    const window = new LogWindow(new Pace());
    window.openAt('ERROR: ');
    await window.add([line(1, 'Collecting'), line(5, 'ERROR: pip installation exited'), line(6, 'done')]);
    expect(window.cursorRow()).toBe(1);
    await window.add([line(3, 'ERROR: No matching distribution')]);
    expect(window.buffer.row(window.cursorRow())?.event.timestamp).toBe(3);
    window.moveTo(0);
    await window.add([line(2, 'ERROR: Cannot install')]);
    expect(window.cursorRow()).toBe(0);
    window.close();
  });
});
