import { GeneratedStream, StreamList } from '../../logs/streams.ts';
import { ENVIRONMENT_SECURITY_GROUP, INGESTION_LOG_STREAM_PREFIX, PLATFORM_CLUSTER } from '../../world/names.ts';
import type { Task } from '../model.ts';
import type { Service } from '../scheduler.ts';
import type { EcsService } from '../service.ts';
import { awslogs, seedDefinition } from './definitions.ts';
import { seededRequest, seedRunning } from './seeded-task.ts';
import { serviceLines } from './service-lines.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;

interface PlatformService {
  readonly name: string;
  readonly tag: string;
  readonly count: number;
  readonly cpu: string;
  readonly memory: string;
  /** Seconds between two lines of a task, about. */
  readonly pace: number;
}

const SERVICES: readonly PlatformService[] = [
  { name: 'api', tag: '4.18.2', count: 3, cpu: '1024', memory: '2048', pace: 2 },
  { name: 'web', tag: '2.41.0', count: 2, cpu: '512', memory: '1024', pace: 4 },
  { name: 'openmetadata', tag: '1.12.8', count: 2, cpu: '2048', memory: '4096', pace: 6 },
  { name: 'search', tag: '8.11.4', count: 2, cpu: '2048', memory: '8192', pace: 20 },
  { name: 'gateway', tag: '1.9.7', count: 2, cpu: '512', memory: '1024', pace: 3 },
  { name: 'notifier', tag: '0.27.1', count: 1, cpu: '256', memory: '512', pace: 30 },
  { name: 'billing', tag: '3.3.0', count: 1, cpu: '512', memory: '1024', pace: 12 },
  { name: 'recommendations', tag: 'missing-7f3a1c9', count: 2, cpu: '1024', memory: '2048', pace: 10 },
];

/** The platform's services with their tasks and log groups; `recommendations` can't find its image. */
export function seedPlatform(ecs: EcsService): void {
  const lists = new Map<string, StreamList>();
  for (const wanted of SERVICES) lists.set(wanted.name, seedService(ecs, wanted));
  // Tasks that come and go later have their lines too.
  ecs.onTaskChange((task) => {
    if (task.cluster.name !== PLATFORM_CLUSTER) return;
    const wanted = SERVICES.find(({ name }) => task.group === `service:${name}`);
    const list = lists.get(wanted?.name ?? '');
    if (wanted === undefined || list === undefined) return;
    if (task.lastStatus === 'RUNNING') list.add(stream(ecs, wanted, task));
    if (task.lastStatus === 'STOPPED') list.end(streamName(wanted, task), task.executionStoppedAt ?? task.createdAt);
  });
}

function seedService(ecs: EcsService, wanted: PlatformService): StreamList {
  const { region } = ecs;
  const now = region.clock.now();
  const { name, count, cpu, memory } = wanted;
  const group = `/ecs/platform-${name}`;
  const list = new StreamList();
  region.logs.createGroup(group, { createdAt: now - 300 * DAY, retentionInDays: 14 }).sources.push(list);
  const image = `${region.account}.dkr.ecr.${region.name}.amazonaws.com/platform/${name}`;
  const container = (tag: string) => ({
    name,
    image: `${image}:${tag}`,
    essential: true,
    logConfiguration: awslogs(group),
  });
  seedDefinition(ecs, `platform-${name}`, container('1.0.0'), { cpu, memory }, 200);
  const definition = seedDefinition(ecs, `platform-${name}`, container(wanted.tag), { cpu, memory }, 3);
  const cluster = ecs.cluster(PLATFORM_CLUSTER);
  if (cluster === undefined) return list;
  const failing = wanted.tag.startsWith('missing');
  const changedAt = now - (failing ? 190 * MINUTE : (2 + region.random() * 20) * DAY);
  const service = ecs.scheduler.add({
    name,
    cluster,
    createdBy: 'arn:aws:sts::123456789012:assumed-role/Deploy/pipeline',
    createdAt: now - 300 * DAY,
    desiredCount: count,
    definition,
    enableExecuteCommand: false,
    tags: new Map([['team', 'platform']]),
    template: seededRequest({
      cluster,
      definition,
      group: `service:${name}`,
      securityGroup: ENVIRONMENT_SECURITY_GROUP,
    }),
  });
  if (failing) seedFailing(ecs, service, changedAt);
  else seedSteady(ecs, service, wanted, changedAt, list);
  return list;
}

function seedSteady(
  ecs: EcsService,
  service: Service,
  wanted: PlatformService,
  changedAt: number,
  list: StreamList,
): void {
  const [primary] = service.deployments;
  if (primary === undefined) return;
  const tasks = Array.from({ length: wanted.count }, (_, index) => {
    const task = seedRunning(ecs, ecs.scheduler.requestOf(service, primary), Math.floor(changedAt + index * 40_000));
    ecs.resumeTask(task);
    list.add(stream(ecs, wanted, task));
    return task;
  });
  primary.updatedAt = changedAt + 5 * MINUTE;
  primary.rolloutState = 'COMPLETED';
  primary.rolloutStateReason = `ECS deployment ${primary.id} completed.`;
  const names = tasks.map(({ id }) => `(task ${id})`).join(' ');
  ecs.scheduler.say(service, `has started ${tasks.length} tasks: ${names}.`, changedAt);
  ecs.scheduler.say(service, `(deployment ${primary.id}) deployment completed.`, changedAt + 4 * MINUTE);
  const now = ecs.region.clock.now();
  for (let at = changedAt + 5 * MINUTE; at < now; at += 6 * 60 * MINUTE) {
    ecs.scheduler.say(service, 'has reached a steady state.', at);
  }
}

/** A service whose last deployment has failed for hours, and goes on failing. */
function seedFailing(ecs: EcsService, service: Service, changedAt: number): void {
  const [primary] = service.deployments;
  if (primary === undefined) return;
  const now = ecs.region.clock.now();
  for (let at = changedAt; at < now - 4 * MINUTE; at += 11 * MINUTE) {
    primary.failedTasks += 2;
    ecs.scheduler.say(service, `has started 2 tasks: (task ${ecs.region.hex(32)}) (task ${ecs.region.hex(32)}).`, at);
    if (primary.failedTasks % 6 === 0) {
      ecs.scheduler.say(
        service,
        'is unable to consistently start tasks successfully. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.',
        at + 40_000,
      );
    }
  }
  ecs.scheduler.reconcile(service);
}

function streamName({ name }: PlatformService, task: Task): string {
  return `${INGESTION_LOG_STREAM_PREFIX}/${name}/${task.id}`;
}

function stream(ecs: EcsService, wanted: PlatformService, task: Task): GeneratedStream {
  const now = ecs.region.clock.now();
  return new GeneratedStream(
    {
      group: `/ecs/platform-${wanted.name}`,
      name: streamName(wanted, task),
      // Two weeks are kept at the most, a day of them is enough to read.
      from: Math.max(task.startedAt ?? now, now - DAY),
      to: Number.POSITIVE_INFINITY,
      seed: ecs.region.options.seed ?? 1,
      lines: serviceLines(wanted.name, wanted.pace),
    },
    ecs.region.logs.slots,
  );
}
