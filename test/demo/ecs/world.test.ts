import { DescribeTasksCommand, ListTasksCommand } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { INGESTION_CLUSTER } from '../../../src/demo/world/names.ts';
import { EcsBench } from './bench.ts';

const bench = new EcsBench();

const tasks = async (cluster: string, desiredStatus: 'RUNNING' | 'STOPPED') => {
  const { taskArns } = await bench.ecs.send(new ListTasksCommand({ cluster, desiredStatus }));
  const answer = await bench.ecs.send(new DescribeTasksCommand({ cluster, tasks: taskArns }));
  expect(answer.failures).toEqual([]);
  return answer.tasks ?? [];
};
const familyOf = ({ taskDefinitionArn = '' }) => taskDefinitionArn.split('/')[1]?.split(':')[0];

describe('the world at its start', () => {
  it('has one ingestion running and the last hour of the others', async () => {
    const running = await tasks(INGESTION_CLUSTER, 'RUNNING');
    expect(running.map(familyOf)).toEqual(['data-prod-snowflake_metadata']);
    const stopped = await tasks(INGESTION_CLUSTER, 'STOPPED');
    const ends = stopped.map((task) => [familyOf(task), task.stopCode, task.containers?.[0]?.exitCode]);
    expect(ends).toContainEqual(['data-prod-kafka_metadata', 'EssentialContainerExited', 1]);
    expect(ends).toContainEqual(['data-prod-looker_metadata', 'EssentialContainerExited', 0]);
    expect(ends).toContainEqual(['data-prod-postgres_usage', 'UserInitiated', 143]);
    for (const { stoppedAt } of stopped) {
      expect(bench.clock.now() - (stoppedAt?.getTime() ?? 0)).toBeLessThan(3_600_000);
    }
  });

  it('has more than twelve tasks of services, and batch jobs that ended in several ways', async () => {
    expect((await tasks('platform', 'RUNNING')).length).toBeGreaterThan(12);
    const ends = (await tasks('batch', 'STOPPED')).map(({ stopCode, containers }) => [
      stopCode,
      containers?.[0]?.exitCode,
    ]);
    expect(ends).toEqual(
      expect.arrayContaining([
        ['SpotInterruption', 143],
        ['EssentialContainerExited', 137],
        ['EssentialContainerExited', 0],
      ]),
    );
  });

  it('lets the running ingestion end by itself', async () => {
    const [running] = await tasks(INGESTION_CLUSTER, 'RUNNING');
    const ended = await bench.until(running?.taskArn ?? '', 'STOPPED');
    expect(ended.containers?.[0]?.exitCode).toBe(0);
  });

  it('has past runs whose tasks, times and log streams agree', () => {
    const { ecs, logs } = bench.running.region;
    const kafka = ecs.pastRuns.filter(({ dagId }) => dagId === 'kafka_metadata');
    expect(kafka.length).toBeGreaterThan(40);
    expect(kafka.every(({ exitCode }) => exitCode === 1)).toBe(true);
    expect(kafka.filter(({ attempt }) => attempt === 2).length).toBeGreaterThan(20);
    const group = logs.group('/ecs/openmetadata-ingestion');
    for (const run of ecs.pastRuns) {
      if (run.endedAt === undefined) continue;
      const stream = group?.stream(`ecs/openmetadata-ingestion/${run.taskId}`, bench.clock.now());
      const events = stream?.between(0, Number.MAX_SAFE_INTEGER) ?? [];
      expect(events[0]?.timestamp).toBeGreaterThanOrEqual(run.startedAt);
      expect(events.at(-1)?.timestamp).toBeLessThanOrEqual(run.endedAt);
    }
  });
});
