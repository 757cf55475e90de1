import { describe, expect, test } from 'vitest';
import { openAirflow } from '../../src/airflow/airflow.ts';
import type { Session } from '../../src/aws/session.ts';
import {
  type OneOffWork,
  readLeftOvers,
  removeLeftOver,
  runJournalledDag,
} from '../../src/deployment/one-off/one-off.ts';
import { readEnvironment } from '../../src/fleet/environments.ts';
import { regionForAll } from '../support/given-region.ts';
import type { VirtualRegion } from '../support/virtual-region.ts';

const { signal } = new AbortController();
let region: VirtualRegion;
let session: Session;

regionForAll((given) => {
  ({ region, session } = given);
});

async function work(tell: (text: string) => void = () => {}, name = 'data-prod'): Promise<OneOffWork> {
  return { session, environment: await readEnvironment(session, name, signal), who: 'tester', signal, tell };
}

const HEAD = `from datetime import datetime
from airflow import DAG
from airflow.operators.python import PythonOperator
`;
const source =
  (body: string, paused = 'False') =>
  (dagId: string) =>
    `${HEAD}
def task():
    ${body}

with DAG("${dagId}", schedule=None, start_date=datetime(2024, 1, 1), is_paused_upon_creation=${paused}):
    PythonOperator(task_id="t", python_callable=task)
`;

async function ran(wanted: (dagId: string) => string, told: string[] = []): Promise<unknown> {
  return runJournalledDag(
    await work((text) => told.push(text)),
    'test',
    (dagId) => ({ source: wanted(dagId) }),
    String,
  ).catch((error: unknown) => error);
}

async function traces(): Promise<string[]> {
  const { s3, mwaa } = region.running.region;
  const keys = s3.bucket('mwaa-data-prod-123456789012')?.keys() ?? [];
  const dags = mwaa.environment('data-prod')?.airflow?.dags() ?? [];
  return [...keys, ...dags.map(({ definition }) => definition.dagId)].filter((name) =>
    /mwaa_console_|one-off/.test(name),
  );
}

describe('a one-off DAG tells apart', () => {
  test('a file that can’t be imported', async () => {
    const failure = await ran((dagId) => `${HEAD}import nowhere\n${source('pass')(dagId)}`);
    expect(failure).toMatchObject({
      kind: 'failed',
      message: expect.stringMatching(
        /^Airflow can't import mwaa_console_\w{5}\.py: ModuleNotFoundError: No module named 'nowhere'$/,
      ),
    });
    expect(await traces()).toEqual([]);
  });

  test('a task that fails, and one that hands nothing back', async () => {
    expect(await ran(source('raise RuntimeError("no")'))).toMatchObject({
      message: expect.stringMatching(/^The one-off DAG mwaa_console_\w{5} ended as failed\.$/),
      advice: expect.stringContaining('Task log group of data-prod'),
    });
    expect(await ran(source('pass'))).toMatchObject({ kind: 'not-found', message: expect.stringContaining('XCom') });
    expect(await traces()).toEqual([]);
  });

  test('a file that Airflow does not take up', async () => {
    const told: string[] = [];
    // Airflow's safe mode leaves alone what does not look like a DAG.
    const failure = await ran(() => 'print("nothing")\n', told);
    expect(failure).toMatchObject({
      message: expect.stringMatching(/^Airflow of data-prod has not picked up mwaa_console_\w{5}\.py within 10m/),
    });
    expect(told.some((text) => text.includes('up to 5 minutes'))).toBe(true);
    expect(await traces()).toEqual([]);
  });

  test('one that is paused, which it unpauses, and again when somebody else pauses it', async () => {
    const told: string[] = [];
    const { mwaa } = region.running.region;
    const airflow = mwaa.environment('data-prod')?.airflow;
    const dags = () => airflow?.dags().filter(({ definition }) => definition.dagId.startsWith('mwaa_console_')) ?? [];
    const pausing = setInterval(() => {
      for (const dag of dags()) if (!told.some((text) => text.includes('has paused'))) airflow?.setPaused(dag, true);
    }, 0);
    const failure = await ran(source('pass', 'True'), told);
    clearInterval(pausing);
    expect(told.some((text) => /^somebody has paused mwaa_console_/.test(text))).toBe(true);
    expect(failure).toMatchObject({ kind: 'not-found', message: expect.stringContaining('XCom') });
    expect(await traces()).toEqual([]);
  });

  test('workers that are busy, which it waits for', async () => {
    const { mwaa } = region.running.region;
    const { settings } = mwaa.environment('data-prod') ?? {};
    const most = settings?.options['celery.worker_autoscale'];
    const workers = (count: string | undefined) =>
      Object.assign(settings?.options ?? {}, { 'celery.worker_autoscale': count });
    workers('0,0');
    const told: string[] = [];
    const at = await work((text) => {
      told.push(text);
      if (text.includes('workers are busy')) workers(most);
    });
    const run = (dagId: string) => ({
      source: source('ti.xcom_push(key="k", value="hello")')(dagId).replace('task()', 'task(ti)'),
    });
    const { value } = await runJournalledDag(at, 'test', run, String);
    expect(value).toBe('hello');
    expect(told.some((text) => /^the task of mwaa_console_\w{5} has been queued for 1m/.test(text))).toBe(true);
    workers('0,0');
    const never = await ran(source('pass'));
    workers(most);
    expect(never).toMatchObject({
      message: expect.stringMatching(/^No worker has taken the task of mwaa_console_\w{5}/),
      advice: expect.stringContaining('MaxWorkers'),
    });
    expect(await traces()).toEqual([]);
  });

  test('an environment that is busy, before it puts anything there', async () => {
    const busy = await work();
    const environment = { ...busy.environment, status: 'UPDATING' };
    const failure = runJournalledDag(
      { ...busy, environment },
      'test',
      (dagId) => ({ source: source('pass')(dagId) }),
      String,
    );
    await expect(failure).rejects.toMatchObject({ kind: 'refused', message: expect.stringContaining('is UPDATING') });
    expect(await traces()).toEqual([]);
  });
});

describe('an environment that begins to update meanwhile', () => {
  /** What is said, and how it ends, when an update begins as soon as Airflow is waited for. */
  async function updating(change: Partial<Parameters<Session['mwaa']['updateEnvironment']>[0]>) {
    const told: string[] = [];
    let began: Promise<unknown> | undefined;
    const at = await work((text) => {
      told.push(text);
      began ??= session.mwaa.updateEnvironment({ Name: 'data-prod', ...change }, { signal });
    });
    const run = (dagId: string) => ({
      source: source('ti.xcom_push(key="k", value="hello")')(dagId).replace('task()', 'task(ti)'),
    });
    const end = await runJournalledDag(at, 'test', run, String).catch((error: unknown) => error);
    await began;
    return { told, end, at };
  }
  const available = async () => {
    const { mwaa } = region.running.region;
    for (let minutes = 0; minutes < 90 && mwaa.environment('data-prod')?.status !== 'AVAILABLE'; minutes += 1) {
      region.time.region.move(60_000);
    }
    expect(mwaa.environment('data-prod')?.status).toBe('AVAILABLE');
  };

  test('is told in each word from then on; a one-off that its Airflow still serves goes on to its end', async () => {
    const { told, end } = await updating({ AirflowConfigurationOptions: { 'core.default_task_retries': '1' } });
    expect(end).toEqual({ value: 'hello', remains: [] });
    expect(told.at(-1)).toMatch(/^waiting for Airflow to let go of .*; data-prod is UPDATING$/);
    expect(await traces()).toEqual([]);
    await available();
  });

  test('is the reason given where its Airflow goes away; what it left is taken away after the update', async () => {
    // Airflow has just looked for files, and does again after it has gone: the run can't have ended before.
    const { settings } = region.running.region.mwaa.environment('data-prod') ?? {};
    Object.assign(settings?.options ?? {}, { 'scheduler.dag_dir_list_interval': '1800' });
    region.time.region.move(1_800_000 - (region.time.region.now() % 1_800_000));
    const { told, end, at } = await updating({ AirflowVersion: '2.11.0' });
    expect(end).toMatchObject({
      message: expect.stringMatching(/ Meanwhile data-prod is CREATING_SNAPSHOT: its Airflow can't be counted on\.$/),
      advice: 'Wait until it is AVAILABLE and try again.',
    });
    expect(told.at(-1)).toMatch(/could not be taken away: .* `connection data-prod --discover` offers it again/);
    await available();
    const left = await readLeftOvers(at, signal);
    expect(left).toHaveLength(1);
    for (const each of left) expect(await removeLeftOver(at, each)).toBe(true);
    expect(await traces()).toEqual([]);
  });
});

test('a one-off on Airflow 3 is taken away as well', async () => {
  const at = await work(() => {}, 'sandbox');
  const put: string[] = [];
  const third = (dagId: string) =>
    source('pass')(put[put.push(dagId) - 1] ?? '').replace('airflow.operators', 'airflow.providers.standard.operators');
  await expect(runJournalledDag(at, 'test', (dagId) => ({ source: third(dagId) }), String)).rejects.toMatchObject({
    kind: 'not-found',
  });
  expect(await openAirflow(session, at.environment).record(put[0] ?? '', signal)).toBeUndefined();
});
