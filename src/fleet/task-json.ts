import { maskSettings } from './masking.ts';
import type { Task } from './task.ts';
import { isoOrNull } from './times.ts';

/** A task as the command line's JSON and `describe` have it: ISO times, possible secrets hidden. */
export function taskJson(task: Task) {
  return {
    arn: task.arn,
    id: task.id,
    cluster: task.cluster,
    taskDefinition: task.taskDefinition,
    family: task.family,
    revision: task.revision ?? null,
    group: task.group,
    startedBy: task.startedBy ?? null,
    lastStatus: task.lastStatus,
    desiredStatus: task.desiredStatus,
    launchType: task.launchType ?? null,
    capacityProvider: task.capacityProvider ?? null,
    platformVersion: task.platformVersion ?? null,
    availabilityZone: task.availabilityZone ?? null,
    subnet: task.subnet ?? null,
    networkInterface: task.networkInterface ?? null,
    privateAddress: task.privateAddress ?? null,
    cpu: task.cpu,
    memory: task.memory,
    createdAt: isoOrNull(task.createdAt),
    connectivityAt: isoOrNull(task.connectivityAt),
    pullStartedAt: isoOrNull(task.pullStartedAt),
    pullStoppedAt: isoOrNull(task.pullStoppedAt),
    startedAt: isoOrNull(task.startedAt),
    stoppingAt: isoOrNull(task.stoppingAt),
    executionStoppedAt: isoOrNull(task.executionStoppedAt),
    stoppedAt: isoOrNull(task.stoppedAt),
    stopCode: task.stopCode ?? null,
    stoppedReason: task.stoppedReason ?? null,
    containers: task.containers.map((container) => ({
      name: container.name,
      image: container.image,
      imageDigest: container.imageDigest ?? null,
      lastStatus: container.lastStatus,
      exitCode: container.exitCode ?? null,
      reason: container.reason ?? null,
      runtimeId: container.runtimeId ?? null,
      health: container.health ?? null,
    })),
    overrides: {
      cpu: task.overrides.cpu ?? null,
      memory: task.overrides.memory ?? null,
      taskRoleArn: task.overrides.taskRoleArn ?? null,
      executionRoleArn: task.overrides.executionRoleArn ?? null,
      containers: task.overrides.containers.map((override) => ({
        name: override.name,
        command: override.command ?? null,
        environment: maskSettings(override.environment),
      })),
    },
    tags: { ...task.tags },
  };
}
