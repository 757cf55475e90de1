import type { Input } from '../../service.ts';
import { INGESTION_SECURITY_GROUP, PRIVATE_SUBNETS } from '../../world/names.ts';
import type { Cluster, Task, TaskDefinition } from '../model.ts';
import { readOverrides, type TaskRequest } from '../run-task.ts';
import type { EcsService } from '../service.ts';

/** How a seeded task was run. */
export interface SeededRequest {
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly group?: string;
  readonly startedBy?: string | undefined;
  readonly capacityProvider?: string | undefined;
  readonly overrides?: Input;
  readonly securityGroup?: string;
}

/** The request of a seeded task in the private subnets. */
export function seededRequest({ cluster, definition, ...rest }: SeededRequest): TaskRequest {
  return {
    cluster,
    definition,
    group: rest.group ?? `family:${definition.family}`,
    startedBy: rest.startedBy,
    launchType: 'FARGATE',
    capacityProvider: rest.capacityProvider,
    platformVersion: '1.4.0',
    ...readOverrides(rest.overrides ?? {}, definition),
    network: {
      subnets: PRIVATE_SUBNETS,
      securityGroups: [rest.securityGroup ?? INGESTION_SECURITY_GROUP],
      assignPublicIp: false,
    },
    enableExecuteCommand: false,
    tags: new Map(),
  };
}

/** Makes a task that reached RUNNING at `startedAt`, ms since the epoch. */
export function seedRunning(ecs: EcsService, request: TaskRequest, startedAt: number, id?: string): Task {
  const { region } = ecs;
  const pull = 30_000 + region.random() * 9_000;
  const task = ecs.addTask(request, { createdAt: startedAt - pull - 16_000, ...(id === undefined ? {} : { id }) });
  const { network } = task;
  if (network !== undefined) {
    network.networkInterface = region.ec2.attachInterface({
      subnetId: network.subnet,
      groups: network.securityGroups,
      description: `arn:aws:ecs:${region.name}:${region.account}:attachment/${network.attachmentId}`,
      requesterId: region.account,
    });
  }
  task.connectivityAt = startedAt - pull - 6_000;
  task.pullStartedAt = startedAt - pull - 1_500;
  task.pullStoppedAt = startedAt - 1_500;
  task.startedAt = startedAt;
  task.lastStatus = 'RUNNING';
  task.version = 4;
  for (const container of task.containers) {
    container.lastStatus = 'RUNNING';
    container.runtimeId = `${task.id}-${Math.floor(region.random() * 9e9 + 1e9)}`;
    container.imageDigest = `sha256:${region.hex(64)}`;
  }
  return task;
}

/** How a seeded task ended. */
export interface SeededEnd {
  /** When its containers had ended, ms since the epoch. */
  readonly at: number;
  readonly stopCode: string;
  readonly stoppedReason: string;
  readonly exitCode?: number;
  readonly containerReason?: string;
}

/** Makes a running task one that has stopped. */
export function seedStopped(ecs: EcsService, task: Task, end: SeededEnd): Task {
  const attached = task.network?.networkInterface;
  if (attached !== undefined) ecs.region.ec2.releaseInterface(attached.networkInterfaceId);
  task.lastStatus = 'STOPPED';
  task.desiredStatus = 'STOPPED';
  task.version = 7;
  task.stopCode = end.stopCode;
  task.stoppedReason = end.stoppedReason;
  task.executionStoppedAt = end.at;
  task.stoppingAt = end.at + 300;
  task.stoppedAt = end.at + 12_000 + Math.floor(ecs.region.random() * 4_000);
  for (const container of task.containers) {
    container.lastStatus = 'STOPPED';
    container.exitCode = end.exitCode;
    container.reason = end.containerReason;
  }
  return task;
}
