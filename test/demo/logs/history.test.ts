import { describe, expect, it } from 'vitest';
import { LogsBench } from './bench.ts';

const bench = new LogsBench();
const HOUR = 3_600_000;
const lines = async (logGroupName: string, more: object = {}) =>
  (await bench.search({ logGroupName, startTime: bench.clock.now() - HOUR, ...more })).events.map(
    ({ message = '' }) => message,
  );

describe('the history of the world', () => {
  it('is plain text for Airflow 2 and JSON for Airflow 3', async () => {
    const plain = await lines('airflow-data-prod-Scheduler');
    expect(
      plain.every((line) => /^\[2026-11-22T1[012]:[\d:.]+\+0000\] \{\w+\.py:\d+\} (?:INFO|ERROR) - /.test(line)),
    ).toBe(true);
    const json = await lines('airflow-analytics-Scheduler');
    expect(json.length).toBeGreaterThan(300);
    for (const line of json)
      expect(JSON.parse(line)).toMatchObject({ event: expect.any(String), level: expect.any(String) });
  });

  it('is the same again for the same seed, and goes on as time does', async () => {
    const before = await lines('airflow-data-prod-Worker');
    bench.clock.move(600_000);
    const after = await lines('airflow-data-prod-Worker');
    expect(after.length).toBeGreaterThan(300);
    expect(after.slice(0, 100).every((line) => before.includes(line))).toBe(true);
    expect(after.at(-1)).not.toBe(before.at(-1));
  });

  it('goes back for hours', async () => {
    const endTime = bench.clock.now() - 24 * HOUR;
    const { events } = await bench.search({ logGroupName: 'airflow-legacy-DAGProcessing', endTime });
    expect(bench.clock.now() - (events[0]?.timestamp ?? 0)).toBeGreaterThan(24 * HOUR);
  });

  it('holds the requirements that failed in legacy, and the old ones restored', async () => {
    for (const module of ['Scheduler', 'Worker', 'WebServer']) {
      const found = await lines(`airflow-legacy-${module}`, {
        startTime: bench.clock.now() - 3 * HOUR,
        logStreamNamePrefix: 'requirements_install',
      });
      const failure = found.findIndex((line) => line.startsWith('ERROR: Cannot install'));
      expect(failure).toBeGreaterThan(0);
      expect(found).toContain('ERROR: pip installation exited with a non-zero error code: 1');
      expect(found.findIndex((line) => line.startsWith('Successfully installed'))).toBeGreaterThan(failure);
    }
  });

  it('has the task logs of runs, those of the failing ingestion with its ECS tasks', async () => {
    const kafka = await lines('airflow-data-prod-Task', {
      startTime: bench.clock.now() - 2.5 * HOUR,
      logStreamNamePrefix: 'dag_id=kafka_metadata/',
    });
    const { pastRuns } = bench.running.region.ecs;
    const started = kafka.filter((line) => line.includes('ECS task ID is: ')).map((line) => line.slice(-32));
    expect(pastRuns.some(({ taskId }) => started.includes(taskId))).toBe(true);
    expect(kafka.some((line) => line.includes('Task failed with exception'))).toBe(true);
    expect(kafka.some((line) => line.includes('Marking task as UP_FOR_RETRY'))).toBe(true);
    const orders = await lines('airflow-data-prod-Task', { logStreamNamePrefix: 'dag_id=orders_hourly/' });
    expect(orders.some((line) => line.includes('Marking task as SUCCESS'))).toBe(true);
  });

  it('costs little memory, however much is read', async () => {
    await bench.search({ logGroupName: 'airflow-data-prod-WebServer' });
    const written = bench.service
      .groups()
      .reduce((sum, group) => sum + [...group.written.values()].reduce((all, { length }) => all + length, 0), 0);
    expect(written).toBeLessThan(5_000);
  });
});
