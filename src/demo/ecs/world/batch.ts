import { GeneratedStream, StreamList } from '../../logs/streams.ts';
import { BATCH_CLUSTER, INGESTION_LOG_STREAM_PREFIX } from '../../world/names.ts';
import type { Task } from '../model.ts';
import type { EcsService } from '../service.ts';
import { awslogs, seedDefinition } from './definitions.ts';
import { seededRequest, seedRunning, seedStopped } from './seeded-task.ts';
import { serviceLines } from './service-lines.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const GROUP = '/ecs/batch-jobs';

/** Batch jobs: one runs, one lost its Spot capacity, one ran out of memory, one was done. */
export function seedBatch(ecs: EcsService): void {
  const { region } = ecs;
  const now = region.clock.now();
  const cluster = ecs.cluster(BATCH_CLUSTER);
  if (cluster === undefined) return;
  const list = new StreamList();
  region.logs.createGroup(GROUP, { createdAt: now - 150 * DAY, retentionInDays: 7 }).sources.push(list);
  // Only Logs Insights reads a group of this class.
  region.logs.createGroup('/ecs/batch-archive', {
    createdAt: now - 150 * DAY,
    retentionInDays: 365,
    logClass: 'INFREQUENT_ACCESS',
  }).storedBytes = 7_340_032_118;
  const image = (name: string) => `${region.account}.dkr.ecr.${region.name}.amazonaws.com/batch/${name}:2.3.1`;
  const job = (name: string, size: { cpu: string; memory: string }) =>
    seedDefinition(
      ecs,
      `batch-${name}`,
      { name, image: image(name), essential: true, command: ['sleep', '5400'], logConfiguration: awslogs(GROUP) },
      size,
      30,
    );
  const report = job('report', { cpu: '2048', memory: '4096' });
  const features = job('features', { cpu: '512', memory: '1024' });
  const spot = 'FARGATE_SPOT';
  const run = (definition: typeof report, ago: number): Task => {
    const task = seedRunning(
      ecs,
      seededRequest({ cluster, definition, startedBy: 'nightly', capacityProvider: spot }),
      now - ago,
    );
    const [container] = task.containers;
    list.add(
      new GeneratedStream(
        {
          group: GROUP,
          name: `${INGESTION_LOG_STREAM_PREFIX}/${container?.definition.name}/${task.id}`,
          from: now - ago,
          to: Number.POSITIVE_INFINITY,
          seed: region.options.seed ?? 1,
          lines: serviceLines('batch', 9),
        },
        region.logs.slots,
      ),
    );
    return task;
  };
  const stop = (task: Task, end: Parameters<typeof seedStopped>[2]): void => {
    seedStopped(ecs, task, end);
    list.end(`${INGESTION_LOG_STREAM_PREFIX}/${task.containers[0]?.definition.name}/${task.id}`, end.at);
  };
  const running = run(report, 25 * MINUTE);
  ecs.resumeTask(running);
  ecs.onTaskChange((task) => {
    if (task === running && task.lastStatus === 'STOPPED') {
      list.end(`${INGESTION_LOG_STREAM_PREFIX}/report/${task.id}`, task.executionStoppedAt ?? task.createdAt);
    }
  });
  stop(run(report, 58 * MINUTE), {
    at: now - 40 * MINUTE,
    stopCode: 'SpotInterruption',
    stoppedReason: 'Your Spot Task was interrupted.',
    exitCode: 143,
  });
  stop(run(features, 52 * MINUTE), {
    at: now - 33 * MINUTE,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    exitCode: 137,
    containerReason: 'OutOfMemoryError: Container killed due to memory usage',
  });
  stop(run(features, 20 * MINUTE), {
    at: now - 9 * MINUTE,
    stopCode: 'EssentialContainerExited',
    stoppedReason: 'Essential container in task exited',
    exitCode: 0,
  });
}
