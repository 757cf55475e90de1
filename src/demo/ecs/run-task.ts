import {
  optionalBoolean,
  optionalNumber,
  optionalString,
  optionalStrings,
  optionalStructure,
  optionalStructures,
} from '../members.ts';
import type { Region } from '../region.ts';
import { AwsError, type Call, type Input } from '../service.ts';
import { checkStrategy, readStrategy } from './clusters.ts';
import { readEnvironment, readEnvironmentFiles } from './container-definition.ts';
import { passRole } from './definitions.ts';
import { describeTask } from './describe-task.ts';
import { clientError, clusterNotFound, invalidParameter } from './errors.ts';
import { cpuUnits, isFargateSize, memoryMiB } from './fargate-sizes.ts';
import type { Cluster, ContainerOverride, TaskDefinition } from './model.ts';
import { clusterName, taskDefinitionReference } from './references.ts';
import { readTags } from './tags.ts';

/** Characters that the overrides of a call may have, their JSON's own among them (RunTask, API reference). */
const OVERRIDES = 8192;

/** What a new task is made from, checked. */
export interface TaskRequest {
  readonly cluster: Cluster;
  readonly definition: TaskDefinition;
  readonly group: string;
  readonly startedBy: string | undefined;
  readonly launchType: 'FARGATE' | undefined;
  readonly capacityProvider: string | undefined;
  readonly platformVersion: string;
  readonly cpu: string;
  readonly memory: string;
  readonly containerOverrides: readonly ContainerOverride[];
  readonly overrides: Input;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly network: {
    readonly subnets: readonly string[];
    readonly securityGroups: readonly string[];
    readonly assignPublicIp: boolean;
  };
  readonly enableExecuteCommand: boolean;
  readonly tags: ReadonlyMap<string, string>;
}

/**
 * RunTask: starts up to 10 tasks, or answers those that the same client token started. Missing capacity is
 * no error: the answer then has `failures` and no tasks.
 */
export function runTask(input: Input, call: Call): unknown {
  const { ecs } = call.region;
  const count = optionalNumber(input, 'count') ?? 1;
  if (!Number.isInteger(count) || count < 1 || count > 10) throw invalidParameter('count should be between 1 and 10.');
  const token = optionalString(input, 'clientToken');
  if (token !== undefined && !/^[!-~]{1,64}$/.test(token)) {
    throw invalidParameter('clientToken should be up to 64 ASCII characters in the range of 33-126.');
  }
  const request = readRequest(input, call);
  if (token !== undefined) {
    const again = ecs.tasksOfToken(request.cluster, token, input);
    if (again === 'conflict') {
      const ids = ecs.tokenTasks(request.cluster, token);
      throw new AwsError(
        'ConflictException',
        'The request with the specified client token has different parameters than the original request.',
        400,
        { resourceIds: ids },
      );
    }
    if (again !== undefined) return { tasks: again.map((task) => describeTask(task)), failures: [] };
  }
  if (hasNoCapacity(request)) {
    const reason = 'Capacity is unavailable at this time. Please try again later or in a different availability zone';
    return { tasks: [], failures: Array.from({ length: count }, () => ({ reason })) };
  }
  const tasks = Array.from({ length: count }, () => ecs.startTask(request));
  if (token !== undefined) ecs.rememberToken(request.cluster, token, input, tasks);
  return { tasks: tasks.map((task) => describeTask(task, ['TAGS'])), failures: [] };
}

/** Fargate has no room here for tasks of 16 vCPU, nor for those that a tag says it of. */
function hasNoCapacity({ cpu, tags, definition }: TaskRequest): boolean {
  const asked = tags.get('demo:capacity') ?? definition.tags.get('demo:capacity');
  return Number(cpu) >= 16_384 || asked === 'unavailable';
}

function readRequest(input: Input, call: Call): TaskRequest {
  const { ecs } = call.region;
  const cluster = ecs.cluster(clusterName(optionalString(input, 'cluster') ?? 'default'));
  if (cluster === undefined) throw clusterNotFound();
  if (cluster.status !== 'ACTIVE') throw clientError('Cluster was INACTIVE.');
  const reference = optionalString(input, 'taskDefinition') ?? '';
  if (taskDefinitionReference(reference) === undefined) throw invalidParameter('TaskDefinition can not be blank.');
  const definition = ecs.definition(reference);
  if (definition === undefined) throw clientError('TaskDefinition not found.');
  call.authorize('ecs:RunTask', definition.arn, { 'ecs:cluster': cluster.arn });
  if (definition.status !== 'ACTIVE') throw clientError('TaskDefinition is inactive');
  const overrides = readOverrides(optionalStructure(input, 'overrides') ?? {}, definition);
  const capacity = readCapacity(input, cluster, definition);
  const tags = readTags(input);
  if (tags.size > 0)
    call.authorize('ecs:TagResource', `${cluster.arn.replace(':cluster/', ':task/')}/*`, {
      'ecs:CreateAction': 'RunTask',
    });
  const propagate = optionalString(input, 'propagateTags');
  if (propagate === 'SERVICE') throw invalidParameter('propagateTags SERVICE is not supported for RunTask.');
  const startedBy = optionalString(input, 'startedBy');
  if (startedBy !== undefined && !/^[\w/-]{1,128}$/.test(startedBy)) {
    throw invalidParameter('startedBy can have up to 128 letters, numbers, hyphens, forward slashes and underscores.');
  }
  for (const role of new Set([overrides.taskRoleArn, overrides.executionRoleArn])) {
    if (role !== undefined) passRole(call, role);
  }
  const enableExecuteCommand = optionalBoolean(input, 'enableExecuteCommand') ?? false;
  if (enableExecuteCommand && overrides.taskRoleArn === undefined) {
    throw invalidParameter(
      'The service couldn’t be created because a valid taskRoleArn is not being used. Specify a valid task role in your task definition and try again.',
    );
  }
  return {
    cluster,
    definition,
    group: optionalString(input, 'group') ?? `family:${definition.family}`,
    startedBy,
    ...capacity,
    platformVersion: platformVersion(input),
    ...overrides,
    network: readNetwork(input, definition, call.region),
    enableExecuteCommand,
    tags: propagate === 'TASK_DEFINITION' ? new Map([...definition.tags, ...tags]) : tags,
  };
}

function platformVersion(input: Input): string {
  const version = optionalString(input, 'platformVersion') ?? 'LATEST';
  if (version === 'LATEST' || version === '1.4.0') return '1.4.0';
  if (version === '1.3.0') return version;
  throw new AwsError('PlatformUnknownException', 'The specified platform version does not exist.');
}

type Overridden = Pick<
  TaskRequest,
  'cpu' | 'memory' | 'containerOverrides' | 'overrides' | 'taskRoleArn' | 'executionRoleArn'
>;

/** Checks the overrides of a call against the limit and the definition's containers. */
export function readOverrides(sent: Input, definition: TaskDefinition): Overridden {
  const text = JSON.stringify(sent);
  if (Math.max(text.length, Buffer.byteLength(text, 'utf8')) > OVERRIDES) {
    throw invalidParameter(`Container Overrides length must be at most ${OVERRIDES}`);
  }
  const containerOverrides = (optionalStructures(sent, 'containerOverrides') ?? []).map((each): ContainerOverride => {
    const name = optionalString(each, 'name') ?? '';
    if (!definition.containers.some((container) => container.name === name)) {
      throw invalidParameter(`Override for container named ${name} is not a container in the TaskDefinition.`);
    }
    return {
      name,
      command: optionalStrings(each, 'command'),
      environment: Object.entries(readEnvironment(each)).map(([key, value]) => ({ name: key, value })),
      environmentFiles: readEnvironmentFiles(each),
      cpu: optionalNumber(each, 'cpu'),
      memory: optionalNumber(each, 'memory'),
      sent: each,
    };
  });
  const cpu = size(optionalString(sent, 'cpu'), cpuUnits, 'cpu') ?? Number(definition.cpu ?? 256);
  const memory = size(optionalString(sent, 'memory'), memoryMiB, 'memory') ?? Number(definition.memory ?? 512);
  if (definition.requiresCompatibilities.includes('FARGATE') && !isFargateSize(cpu, memory)) {
    throw clientError('No Fargate configuration exists for given values.');
  }
  return {
    cpu: String(cpu),
    memory: String(memory),
    containerOverrides,
    overrides: {
      ...sent,
      containerOverrides:
        containerOverrides.length > 0
          ? containerOverrides.map((each) => each.sent)
          : definition.containers.map(({ name }) => ({ name })),
      inferenceAcceleratorOverrides: [],
    },
    taskRoleArn: optionalString(sent, 'taskRoleArn') ?? definition.taskRoleArn,
    executionRoleArn: optionalString(sent, 'executionRoleArn') ?? definition.executionRoleArn,
  };
}

function size(text: string | undefined, read: (text: string) => number | undefined, what: string): number | undefined {
  if (text === undefined) return undefined;
  const value = read(text);
  if (value === undefined) throw clientError(`Invalid '${what}' setting for task.`);
  return value;
}

/** Which capacity a task takes: a launch type, or the provider that a strategy gives it. */
export function readCapacity(
  input: Input,
  cluster: Cluster,
  definition: TaskDefinition,
): { readonly launchType: 'FARGATE' | undefined; readonly capacityProvider: string | undefined } {
  const launchType = optionalString(input, 'launchType');
  const strategy = readStrategy(input, 'capacityProviderStrategy');
  if (launchType !== undefined && strategy.length > 0) {
    throw invalidParameter(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  checkStrategy(strategy, cluster.capacityProviders);
  const effective = strategy.length > 0 || launchType !== undefined ? strategy : cluster.defaultStrategy;
  if (launchType === undefined && effective.length === 0) {
    throw invalidParameter('No Container Instances were found in your cluster.');
  }
  if (launchType !== undefined && launchType !== 'FARGATE') {
    if (launchType === 'EC2' || launchType === 'EXTERNAL')
      throw invalidParameter('No Container Instances were found in your cluster.');
    throw invalidParameter(`Invalid launch type ${launchType}.`);
  }
  if (!definition.compatibilities.includes('FARGATE')) {
    throw invalidParameter('Task definition does not support launch_type FARGATE.');
  }
  const chosen = effective.toSorted((a, b) => b.base - a.base || b.weight - a.weight)[0]?.capacityProvider;
  return { launchType: 'FARGATE', capacityProvider: launchType === undefined ? chosen : undefined };
}

/** Where a task's interface goes; needed for awsvpc, which Fargate always is. */
export function readNetwork(input: Input, definition: TaskDefinition, region: Region): TaskRequest['network'] {
  const awsvpc = optionalStructure(optionalStructure(input, 'networkConfiguration') ?? {}, 'awsvpcConfiguration');
  if (awsvpc === undefined) {
    if (definition.networkMode !== 'awsvpc') return { subnets: [], securityGroups: [], assignPublicIp: false };
    throw invalidParameter("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  const subnets = optionalStrings(awsvpc, 'subnets') ?? [];
  const securityGroups = optionalStrings(awsvpc, 'securityGroups') ?? [];
  if (subnets.length === 0) throw invalidParameter('subnets can not be empty.');
  if (subnets.length > 16) throw invalidParameter('subnets can have at most 16 items.');
  if (securityGroups.length > 5) throw invalidParameter('securityGroups can have at most 5 items.');
  const assign = optionalString(awsvpc, 'assignPublicIp') ?? 'DISABLED';
  if (assign !== 'ENABLED' && assign !== 'DISABLED')
    throw invalidParameter('assignPublicIp has to be ENABLED or DISABLED.');
  for (const subnet of subnets) {
    if (region.ec2.subnets.has(subnet)) continue;
    throw invalidParameter(
      `Error retrieving subnet information for [${subnet}]: The subnet ID '${subnet}' does not exist (ErrorCode: InvalidSubnetID.NotFound)`,
    );
  }
  for (const group of securityGroups) {
    if (region.ec2.securityGroups.has(group)) continue;
    throw invalidParameter(
      `Error retrieving security group information for [${group}]: The security group '${group}' does not exist (ErrorCode: InvalidGroup.NotFound)`,
    );
  }
  return { subnets, securityGroups, assignPublicIp: assign === 'ENABLED' };
}
