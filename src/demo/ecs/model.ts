import type { NetworkInterface } from '../ec2/network.ts';
import type { Input } from '../service.ts';

/** How a task finds capacity when its caller names none. */
export interface StrategyItem {
  readonly capacityProvider: string;
  readonly weight: number;
  readonly base: number;
}

/** A cluster. */
export interface Cluster {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: number;
  status: 'ACTIVE' | 'INACTIVE';
  capacityProviders: readonly string[];
  defaultStrategy: readonly StrategyItem[];
  settings: readonly { readonly name: string; readonly value: string }[];
  configuration: Input | undefined;
  readonly tags: Map<string, string>;
}

/** A container of a task definition, as it was registered. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly cpu: number;
  readonly memory: number | undefined;
  readonly memoryReservation: number | undefined;
  readonly essential: boolean;
  readonly command: readonly string[] | undefined;
  readonly entryPoint: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly string[];
  readonly secrets: readonly { readonly name: string; readonly valueFrom: string }[];
  /** Options of the awslogs driver; undefined for another driver or none. */
  readonly awslogs: Readonly<Record<string, string>> | undefined;
  readonly stopTimeout: number;
  readonly initProcess: boolean;
  /** Everything that was registered, for describing. */
  readonly registered: Input;
}

/** One revision of a task definition. */
export interface TaskDefinition {
  readonly family: string;
  readonly revision: number;
  readonly arn: string;
  status: 'ACTIVE' | 'INACTIVE' | 'DELETE_IN_PROGRESS';
  readonly containers: readonly ContainerDefinition[];
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly networkMode: string | undefined;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly requiresCompatibilities: readonly string[];
  readonly compatibilities: readonly string[];
  /** Further members as they were registered: volumes, runtimePlatform, ephemeralStorage and the like. */
  readonly others: Input;
  readonly registeredAt: number;
  readonly registeredBy: string;
  deregisteredAt: number | undefined;
  readonly tags: Map<string, string>;
}

/** The states of a task, in their order. */
export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

/** A container of a task. */
export interface TaskContainer {
  readonly definition: ContainerDefinition;
  readonly id: string;
  lastStatus: 'PENDING' | 'RUNNING' | 'STOPPED';
  runtimeId: string | undefined;
  imageDigest: string | undefined;
  exitCode: number | undefined;
  reason: string | undefined;
}

/** Where a task's network interface goes, and the interface once it is there. */
export interface TaskNetwork {
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly assignPublicIp: boolean;
  readonly attachmentId: string;
  /** The subnet that was chosen. */
  readonly subnet: string;
  networkInterface: NetworkInterface | undefined;
}

/** A container's overrides of one run. */
export interface ContainerOverride {
  readonly name: string;
  readonly command: readonly string[] | undefined;
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly environmentFiles: readonly string[];
  readonly cpu: number | undefined;
  readonly memory: number | undefined;
  /** As it was sent, for describing. */
  readonly sent: Input;
}

/** A task. Times are ms since the epoch. */
export interface Task {
  readonly id: string;
  readonly arn: string;
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly launchType: 'FARGATE' | 'EC2' | undefined;
  readonly capacityProvider: string | undefined;
  readonly platformVersion: string;
  readonly availabilityZone: string;
  readonly cpu: string;
  readonly memory: string;
  readonly containerOverrides: readonly ContainerOverride[];
  /** The whole overrides as they are described. */
  readonly overrides: Input;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly network: TaskNetwork | undefined;
  readonly containers: readonly TaskContainer[];
  readonly createdAt: number;
  /** DescribeTasks doesn't know it before. */
  readonly visibleAt: number;
  readonly enableExecuteCommand: boolean;
  readonly tags: Map<string, string>;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  version: number;
  connectivityAt: number | undefined;
  pullStartedAt: number | undefined;
  pullStoppedAt: number | undefined;
  startedAt: number | undefined;
  stoppingAt: number | undefined;
  executionStoppedAt: number | undefined;
  stoppedAt: number | undefined;
  stopCode: string | undefined;
  stoppedReason: string | undefined;
}

/** Listeners hear of a task after each change of its status. */
export type TaskListener = (task: Task) => void;

/** An override of a container in a task, if it has one. */
export function overrideOf(task: Task, container: string): ContainerOverride | undefined {
  return task.containerOverrides.find(({ name }) => name === container);
}

/** MiB that a container may use: its own limit, else the whole task's. */
export function memoryOf(task: Task, container: ContainerDefinition): number {
  return overrideOf(task, container.name)?.memory ?? container.memory ?? Number(task.memory);
}
