import type { Session } from '../aws/session.ts';
import { lastSegment, list, milliseconds, number, optionalText, tagMap, text } from './members.ts';

/** One container of a task; `exitCode` is absent when it never ran. */
export interface TaskContainer {
  readonly name: string;
  readonly image: string;
  readonly lastStatus: string;
  readonly exitCode?: number | undefined;
  readonly reason?: string | undefined;
  readonly runtimeId?: string | undefined;
  readonly imageDigest?: string | undefined;
  readonly health?: string | undefined;
  /** From the task definition, where a caller has it at hand; DescribeTasks does not tell. */
  readonly essential?: boolean | undefined;
}

/** What RunTask laid over the task definition, shown in clear by DescribeTasks to every reader. */
interface TaskOverrides {
  readonly cpu?: string | undefined;
  readonly memory?: string | undefined;
  readonly taskRoleArn?: string | undefined;
  readonly executionRoleArn?: string | undefined;
  readonly containers: readonly {
    readonly name: string;
    readonly command: readonly string[] | undefined;
    readonly environment: Readonly<Record<string, string>>;
  }[];
}

/** An ECS task as DescribeTasks has it; statuses and codes raw, times in ms since the epoch. */
export interface Task {
  readonly arn: string;
  readonly id: string;
  readonly clusterArn: string;
  /** The cluster's name. */
  readonly cluster: string;
  /** The task definition's ARN. */
  readonly taskDefinition: string;
  readonly family: string;
  readonly revision: number | undefined;
  readonly group: string;
  readonly startedBy?: string | undefined;
  /** PROVISIONING to STOPPED, raw. */
  readonly lastStatus: string;
  readonly desiredStatus: string;
  readonly launchType?: string | undefined;
  readonly capacityProvider?: string | undefined;
  readonly platformVersion?: string | undefined;
  readonly availabilityZone?: string | undefined;
  /** CPU units and MiB, as ECS writes them. */
  readonly cpu: string;
  readonly memory: string;
  readonly createdAt: number | undefined;
  readonly connectivityAt?: number | undefined;
  readonly pullStartedAt?: number | undefined;
  readonly pullStoppedAt?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly stoppingAt?: number | undefined;
  readonly executionStoppedAt?: number | undefined;
  readonly stoppedAt?: number | undefined;
  readonly stopCode?: string | undefined;
  readonly stoppedReason?: string | undefined;
  readonly containers: readonly TaskContainer[];
  /** Of a task with a network of its own. */
  readonly subnet?: string | undefined;
  readonly networkInterface?: string | undefined;
  readonly privateAddress?: string | undefined;
  readonly overrides: TaskOverrides;
  readonly tags: Readonly<Record<string, string>>;
}

/** A task in DescribeTasks's and RunTask's answers. */
export type SdkTask = NonNullable<Awaited<ReturnType<Session['ecs']['describeTasks']>>['tasks']>[number];

/** A task from DescribeTasks's or RunTask's answer, whatever it leaves out. */
export function taskFrom(task: SdkTask): Task {
  const arn = text(task.taskArn);
  const definition = text(task.taskDefinitionArn);
  const attached = new Map(
    list(list(task.attachments).find(({ type }) => type === 'ElasticNetworkInterface')?.details).map(
      ({ name, value }) => [name, value],
    ),
  );
  const [, family = '', revision] = /([^/:]+)(?::(\d+))?$/.exec(definition) ?? [];
  return {
    arn,
    id: lastSegment(arn),
    clusterArn: text(task.clusterArn),
    cluster: lastSegment(text(task.clusterArn)),
    taskDefinition: definition,
    family,
    revision: revision === undefined ? undefined : Number(revision),
    group: text(task.group),
    startedBy: optionalText(task.startedBy),
    lastStatus: text(task.lastStatus),
    desiredStatus: text(task.desiredStatus),
    launchType: optionalText(task.launchType),
    capacityProvider: optionalText(task.capacityProviderName),
    platformVersion: optionalText(task.platformVersion),
    availabilityZone: optionalText(task.availabilityZone),
    cpu: text(task.cpu),
    memory: text(task.memory),
    createdAt: milliseconds(task.createdAt),
    connectivityAt: milliseconds(task.connectivityAt),
    pullStartedAt: milliseconds(task.pullStartedAt),
    pullStoppedAt: milliseconds(task.pullStoppedAt),
    startedAt: milliseconds(task.startedAt),
    stoppingAt: milliseconds(task.stoppingAt),
    executionStoppedAt: milliseconds(task.executionStoppedAt),
    stoppedAt: milliseconds(task.stoppedAt),
    stopCode: optionalText(task.stopCode),
    stoppedReason: optionalText(task.stoppedReason),
    containers: list(task.containers).map((container) => ({
      name: text(container.name),
      image: text(container.image),
      lastStatus: text(container.lastStatus),
      exitCode: number(container.exitCode),
      reason: optionalText(container.reason),
      runtimeId: optionalText(container.runtimeId),
      imageDigest: optionalText(container.imageDigest),
      health: optionalText(container.healthStatus),
    })),
    subnet: optionalText(attached.get('subnetId')),
    networkInterface: optionalText(attached.get('networkInterfaceId')),
    privateAddress: optionalText(attached.get('privateIPv4Address')),
    overrides: {
      cpu: optionalText(task.overrides?.cpu),
      memory: optionalText(task.overrides?.memory),
      taskRoleArn: optionalText(task.overrides?.taskRoleArn),
      executionRoleArn: optionalText(task.overrides?.executionRoleArn),
      containers: list(task.overrides?.containerOverrides).map((override) => ({
        name: text(override.name),
        command: Array.isArray(override.command) ? list(override.command) : undefined,
        environment: Object.fromEntries(list(override.environment).map(({ name, value }) => [text(name), text(value)])),
      })),
    },
    tags: tagMap(task.tags),
  };
}

/**
 * Whether a task runs an OpenMetadata ingestion: its family belongs to an ingestion that is known, or an image
 * of it is OpenMetadata's ingestion image (under any registry's name).
 */
export function isIngestionTask(task: Task, families: ReadonlySet<string> = new Set()): boolean {
  return families.has(task.family) || task.containers.some((container) => isIngestionImage(container.image));
}

/** `openmetadata/ingestion`, `openmetadata/ingestion-base` and mirrors that keep such a name. */
export function isIngestionImage(image: string): boolean {
  const name = image.replace(/@sha256:.*$/, '').replace(/:[^/:]*$/, '');
  return (
    /(^|\/)(openmetadata[-_/])?ingestion(-base(-slim)?)?(-[a-z0-9]+)?$/i.test(name) &&
    /openmetadata|ingestion-base/i.test(name)
  );
}
