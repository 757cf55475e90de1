import type { Task, TaskContainer } from './model.ts';
import { memoryOf, overrideOf } from './model.ts';
import { describeTags } from './tags.ts';

const TIMES = [
  'connectivityAt',
  'createdAt',
  'executionStoppedAt',
  'pullStartedAt',
  'pullStoppedAt',
  'startedAt',
  'stoppedAt',
  'stoppingAt',
] as const;

/** A task as the wire has it; its containers are listed once it has a place to run. */
export function describeTask(task: Task, include: readonly string[] = []): Record<string, unknown> {
  const times = Object.fromEntries(
    TIMES.flatMap((name) => (task[name] === undefined ? [] : [[name, task[name] / 1000] as const])),
  );
  return {
    attachments: attachments(task),
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: task.availabilityZone,
    ...(task.capacityProvider === undefined ? {} : { capacityProviderName: task.capacityProvider }),
    clusterArn: task.cluster.arn,
    ...(task.connectivityAt === undefined ? {} : { connectivity: 'CONNECTED' }),
    containers:
      task.lastStatus === 'PROVISIONING' ? [] : task.containers.map((container) => describeContainer(task, container)),
    cpu: task.cpu,
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: task.enableExecuteCommand,
    group: task.group,
    healthStatus: 'UNKNOWN',
    lastStatus: task.lastStatus,
    ...(task.launchType === undefined ? {} : { launchType: task.launchType }),
    memory: task.memory,
    overrides: task.overrides,
    ...(task.launchType === 'EC2' ? {} : { platformVersion: task.platformVersion, platformFamily: 'Linux' }),
    ...(task.startedBy === undefined ? {} : { startedBy: task.startedBy }),
    ...(task.stopCode === undefined ? {} : { stopCode: task.stopCode }),
    ...(task.stoppedReason === undefined ? {} : { stoppedReason: task.stoppedReason }),
    // A task's tags are deleted when it stops.
    tags: include.includes('TAGS') && task.lastStatus !== 'STOPPED' ? describeTags(task.tags) : [],
    taskArn: task.arn,
    taskDefinitionArn: task.definition.arn,
    version: task.version,
    ephemeralStorage: { sizeInGiB: 20 },
    fargateEphemeralStorage: { sizeInGiB: 20 },
    ...times,
  };
}

function attachments(task: Task): unknown[] {
  const { network, lastStatus } = task;
  if (network === undefined) return [];
  const attached = network.networkInterface;
  const status =
    attached === undefined
      ? 'PRECREATED'
      : lastStatus === 'STOPPED'
        ? 'DELETED'
        : lastStatus === 'PENDING'
          ? 'ATTACHING'
          : 'ATTACHED';
  const details = [
    { name: 'subnetId', value: network.subnet },
    ...(attached === undefined
      ? []
      : [
          { name: 'networkInterfaceId', value: attached.networkInterfaceId },
          { name: 'macAddress', value: attached.macAddress },
          { name: 'privateDnsName', value: attached.privateDnsName },
          { name: 'privateIPv4Address', value: attached.privateIpAddress },
        ]),
  ];
  return [{ id: network.attachmentId, type: 'ElasticNetworkInterface', status, details }];
}

function describeContainer(task: Task, container: TaskContainer): unknown {
  const { definition } = container;
  const override = overrideOf(task, definition.name);
  return {
    containerArn: `${task.arn.replace(':task/', ':container/')}/${container.id}`,
    taskArn: task.arn,
    name: definition.name,
    image: definition.image,
    ...(container.imageDigest === undefined ? {} : { imageDigest: container.imageDigest }),
    ...(container.runtimeId === undefined ? {} : { runtimeId: container.runtimeId }),
    lastStatus: container.lastStatus,
    ...(container.exitCode === undefined ? {} : { exitCode: container.exitCode }),
    ...(container.reason === undefined ? {} : { reason: container.reason.slice(0, 1024) }),
    networkBindings: [],
    networkInterfaces:
      task.network?.networkInterface === undefined
        ? []
        : [
            {
              attachmentId: task.network.attachmentId,
              privateIpv4Address: task.network.networkInterface.privateIpAddress,
            },
          ],
    healthStatus: 'UNKNOWN',
    cpu: String(override?.cpu ?? definition.cpu),
    ...(definition.memory === undefined && override?.memory === undefined
      ? {}
      : { memory: String(memoryOf(task, definition)) }),
    ...(definition.memoryReservation === undefined ? {} : { memoryReservation: String(definition.memoryReservation) }),
  };
}
