import { type Task, taskFrom } from '../../../src/fleet/tasks.ts';
import type { TaskRecord } from '../../../src/tasks/records/record.ts';

/** A stopped task as DescribeTasks has it; times in ms since the epoch. */
function stoppedTask(id: string, stoppedAt: number, change: object = {}): Task {
  return taskFrom({
    taskArn: `arn:aws:ecs:eu-west-1:123456789012:task/ingestion/${id}`,
    clusterArn: 'arn:aws:ecs:eu-west-1:123456789012:cluster/ingestion',
    taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-orders:3',
    lastStatus: 'STOPPED',
    desiredStatus: 'STOPPED',
    createdAt: new Date(stoppedAt - 500),
    startedAt: new Date(stoppedAt - 300),
    stoppedAt: new Date(stoppedAt),
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container',
    containers: [{ name: 'ingestion', image: 'ingestion:1', lastStatus: 'STOPPED', exitCode: 1 }],
    ...change,
  });
}

/** What a list tells of a stopped task. */
export function record(id: string, stoppedAt: number, change: object = {}): TaskRecord {
  return { task: stoppedTask(id, stoppedAt, change), recordedAt: stoppedAt + 60_000 };
}

/** What following a task to its end told. */
export function followedRecord(id: string, stoppedAt: number, change: object = {}): TaskRecord {
  const { task, recordedAt } = record(id, stoppedAt, change);
  return {
    task,
    recordedAt,
    log: { group: '/ecs/ingestion', stream: `ecs/ingestion/${id}` },
    result: {
      taskArn: task.arn,
      ok: false,
      exitCode: 1,
      stopCode: 'EssentialContainerExited',
      reason: 'The ingestion itself failed: exit code 1',
      advice: 'Read the last lines of the log.',
      phases: [
        { name: 'provisioning', startedAt: stoppedAt - 500, endedAt: stoppedAt - 300, duration: 200 },
        { name: 'running', startedAt: stoppedAt - 300, endedAt: stoppedAt, duration: 300 },
      ],
      summary: {
        steps: [{ name: 'Source', records: 12, updated: 0, filtered: 1, warnings: 0, errors: 2, success: 85.7 }],
        records: 12,
        filtered: 1,
        warnings: 0,
        errors: 2,
        success: 85.7,
      },
      logEvents: 40,
    },
  };
}
