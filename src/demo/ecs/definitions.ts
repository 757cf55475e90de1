import { optionalString, optionalStrings, optionalStructures } from '../members.ts';
import type { Call, Input, Operation } from '../service.ts';
import { arn } from '../world/names.ts';
import { readContainer } from './container-definition.ts';
import { clientError, invalidParameter } from './errors.ts';
import { cpuUnits, isFargateCpu, isFargateSize, memoryMiB } from './fargate-sizes.ts';
import type { ContainerDefinition, TaskDefinition } from './model.ts';
import { page } from './pages.ts';
import { taskDefinitionReference } from './references.ts';
import { describeTags, readTags } from './tags.ts';

/** A whole definition's size at the most, in bytes of its JSON. */
const LARGEST = 65_536;

/** What a new revision needs; `EcsService.addDefinition` gives it its number. */
export type NewDefinition = Omit<
  TaskDefinition,
  'revision' | 'arn' | 'status' | 'registeredAt' | 'registeredBy' | 'deregisteredAt'
>;

/** Reads what RegisterTaskDefinition was given. Throws ClientException where ECS refuses it. */
export function readDefinition(input: Input): NewDefinition {
  const family = optionalString(input, 'family') ?? '';
  if (!/^[A-Za-z0-9_-]{1,255}$/.test(family))
    throw clientError("Invalid 'family' setting for task. Invalid family name.");
  const size = Buffer.byteLength(JSON.stringify(input), 'utf8');
  if (size > LARGEST) throw clientError(`Actual length: '${size}'. Max allowed length is '${LARGEST}' bytes.`);
  const requires = optionalStrings(input, 'requiresCompatibilities') ?? [];
  const fargate = requires.includes('FARGATE');
  const containers = (optionalStructures(input, 'containerDefinitions') ?? []).map((each) =>
    readContainer(each, fargate),
  );
  if (containers.length === 0) throw clientError('Container list cannot be empty.');
  if (containers.length > 10) throw clientError('A task definition can have no more than 10 containers.');
  if (new Set(containers.map(({ name }) => name)).size < containers.length) {
    throw clientError('Container names have to be unique in a task definition.');
  }
  if (!containers.some(({ essential }) => essential)) {
    throw clientError('At least one container in the task definition must be marked essential.');
  }
  const { cpu, memory } = readSize(input, fargate);
  checkMemory(containers, memory);
  const taskRoleArn = roleArn(input, 'taskRoleArn');
  const executionRoleArn = roleArn(input, 'executionRoleArn');
  const networkMode = optionalString(input, 'networkMode');
  if (fargate && networkMode !== 'awsvpc') throw clientError("Fargate only supports network mode 'awsvpc'.");
  checkExecutionRole(containers, executionRoleArn, fargate);
  return {
    family,
    containers,
    taskRoleArn,
    executionRoleArn,
    networkMode,
    cpu: cpu === undefined ? undefined : String(cpu),
    memory: memory === undefined ? undefined : String(memory),
    requiresCompatibilities: requires,
    compatibilities:
      networkMode === 'awsvpc' && cpu !== undefined && isFargateSize(cpu, memory ?? 0)
        ? ['EC2', 'MANAGED_INSTANCES', 'FARGATE']
        : ['EC2'],
    others: others(input),
    tags: readTags(input),
  };
}

function readSize(
  input: Input,
  fargate: boolean,
): { readonly cpu: number | undefined; readonly memory: number | undefined } {
  const cpuText = optionalString(input, 'cpu');
  const memoryText = optionalString(input, 'memory');
  if (fargate && cpuText === undefined) throw clientError("Fargate requires that 'cpu' be defined at the task level.");
  if (fargate && memoryText === undefined)
    throw clientError("Fargate requires that 'memory' be defined at the task level.");
  const cpu = cpuText === undefined ? undefined : cpuUnits(cpuText);
  const memory = memoryText === undefined ? undefined : memoryMiB(memoryText);
  if (cpuText !== undefined && (cpu === undefined || (fargate && !isFargateCpu(cpu))))
    throw clientError("Invalid 'cpu' setting for task.");
  if (memoryText !== undefined && memory === undefined) throw clientError("Invalid 'memory' setting for task.");
  if (fargate && !isFargateSize(cpu ?? 0, memory ?? 0)) {
    throw clientError('No Fargate configuration exists for given values.');
  }
  return { cpu, memory };
}

function checkMemory(containers: readonly ContainerDefinition[], memory: number | undefined): void {
  for (const container of containers) {
    const own = container.memory ?? container.memoryReservation;
    if (memory === undefined && own === undefined) {
      throw clientError(
        `Invalid setting for container '${container.name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
      );
    }
    if (memory !== undefined && own !== undefined && own > memory) {
      throw clientError("The 'memory' setting for container is greater than for the task.");
    }
  }
}

function checkExecutionRole(
  containers: readonly ContainerDefinition[],
  role: string | undefined,
  fargate: boolean,
): void {
  if (role !== undefined) return;
  if (containers.some(({ secrets }) => secrets.length > 0)) {
    throw clientError(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  if (!fargate) return;
  if (containers.some(({ image }) => /\.dkr\.ecr\./.test(image))) {
    throw clientError('Fargate requires task definition to have execution role ARN to support ECR images.');
  }
  if (containers.some(({ awslogs }) => awslogs !== undefined)) {
    throw clientError('Fargate requires task definition to have execution role ARN to support log driver awslogs.');
  }
}

/** A role by ARN or, as ECS also takes it, by name. */
function roleArn(input: Input, member: string): string | undefined {
  const role = optionalString(input, member);
  if (role === undefined || role === '') return undefined;
  if (/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(role)) return role;
  if (!/^[\w+=,.@-]{1,64}$/.test(role)) throw clientError('Role is not valid');
  return `arn:aws:iam::${arn('', '').split(':')[4]}:role/${role}`;
}

const KEPT = [
  'volumes',
  'placementConstraints',
  'runtimePlatform',
  'ephemeralStorage',
  'pidMode',
  'ipcMode',
  'proxyConfiguration',
  'enableFaultInjection',
] as const;

function others(input: Input): Input {
  const kept: Record<string, unknown> = { volumes: [], placementConstraints: [] };
  for (const member of KEPT) if (input[member] !== undefined && input[member] !== null) kept[member] = input[member];
  return kept;
}

/** A revision as the wire has it. */
function describeDefinition(definition: TaskDefinition): unknown {
  const attributes = [
    ...(definition.containers.some(({ awslogs }) => awslogs !== undefined)
      ? ['com.amazonaws.ecs.capability.logging-driver.awslogs', 'ecs.capability.execution-role-awslogs']
      : []),
    ...(definition.containers.some(({ secrets }) => secrets.length > 0)
      ? ['ecs.capability.secrets.asm.environment-variables']
      : []),
    ...(definition.taskRoleArn === undefined ? [] : ['com.amazonaws.ecs.capability.task-iam-role']),
    ...(definition.networkMode === 'awsvpc' ? ['ecs.capability.task-eni'] : []),
  ];
  return {
    taskDefinitionArn: definition.arn,
    containerDefinitions: definition.containers.map(({ registered }) => registered),
    family: definition.family,
    ...(definition.taskRoleArn === undefined ? {} : { taskRoleArn: definition.taskRoleArn }),
    ...(definition.executionRoleArn === undefined ? {} : { executionRoleArn: definition.executionRoleArn }),
    ...(definition.networkMode === undefined ? {} : { networkMode: definition.networkMode }),
    revision: definition.revision,
    ...definition.others,
    status: definition.status,
    requiresAttributes: attributes.map((name) => ({ name })),
    compatibilities: definition.compatibilities,
    ...(definition.requiresCompatibilities.length === 0
      ? {}
      : { requiresCompatibilities: definition.requiresCompatibilities }),
    ...(definition.cpu === undefined ? {} : { cpu: definition.cpu }),
    ...(definition.memory === undefined ? {} : { memory: definition.memory }),
    registeredAt: definition.registeredAt / 1000,
    ...(definition.deregisteredAt === undefined ? {} : { deregisteredAt: definition.deregisteredAt / 1000 }),
    registeredBy: definition.registeredBy,
  };
}

/** RegisterTaskDefinition: a new revision of its family. */
export const registerTaskDefinition: Operation = (input, call) => {
  const definition = readDefinition(input);
  call.authorize('ecs:RegisterTaskDefinition', arn('ecs', `task-definition/${definition.family}:*`));
  for (const role of [definition.taskRoleArn, definition.executionRoleArn]) {
    if (role !== undefined) passRole(call, role);
  }
  const added = call.region.ecs.addDefinition(definition, { registeredBy: call.caller.arn });
  return { taskDefinition: describeDefinition(added), tags: describeTags(added.tags) };
};

/** Refuses unless the caller may pass a role to ECS tasks. */
export function passRole(call: Call, role: string): void {
  call.authorize('iam:PassRole', role, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' });
}

/** DescribeTaskDefinition: a family's newest active revision, or the one named, INACTIVE ones too. */
export const describeTaskDefinition: Operation = (input, call) => {
  call.authorize('ecs:DescribeTaskDefinition', '*');
  const reference = optionalString(input, 'taskDefinition') ?? '';
  const definition = call.region.ecs.definition(reference);
  if (definition === undefined) throw clientError('Unable to describe task definition.');
  const tagsWanted = (optionalStrings(input, 'include') ?? []).includes('TAGS');
  return {
    taskDefinition: describeDefinition(definition),
    tags: tagsWanted ? describeTags(definition.tags) : [],
  };
};

/** DeregisterTaskDefinition: the revision becomes INACTIVE and can't be run any more. */
export const deregisterTaskDefinition: Operation = (input, call) => {
  const definition = revision(optionalString(input, 'taskDefinition') ?? '', call);
  call.authorize('ecs:DeregisterTaskDefinition', definition.arn);
  if (definition.status === 'ACTIVE') {
    definition.status = 'INACTIVE';
    definition.deregisteredAt = call.region.clock.now();
  }
  return { taskDefinition: describeDefinition(definition) };
};

function revision(reference: string, call: Call): TaskDefinition {
  const parsed = taskDefinitionReference(reference);
  if (parsed?.revision === undefined) throw invalidParameter('The specified task definition revision is not valid.');
  const definition = call.region.ecs.definition(reference);
  if (definition === undefined) throw clientError('The specified task definition does not exist.');
  return definition;
}

/** DeleteTaskDefinitions: up to 10 INACTIVE revisions; the others are named in `failures`. */
export const deleteTaskDefinitions: Operation = (input, call) => {
  const references = optionalStrings(input, 'taskDefinitions') ?? [];
  if (references.length < 1 || references.length > 10) {
    throw invalidParameter('The number of task definitions must be between 1 and 10.');
  }
  const deleted: unknown[] = [];
  const failures: unknown[] = [];
  for (const reference of references) {
    const definition = call.region.ecs.definition(reference);
    call.authorize('ecs:DeleteTaskDefinitions', definition?.arn ?? reference);
    if (definition === undefined) {
      failures.push({ arn: reference, reason: 'MISSING', detail: 'The specified task definition does not exist.' });
    } else if (definition.status === 'ACTIVE') {
      failures.push({
        arn: definition.arn,
        reason: 'The specified task definition is still in ACTIVE status. Please deregister the target and try again.',
      });
    } else {
      definition.status = 'DELETE_IN_PROGRESS';
      call.region.ecs.deleteDefinition(definition);
      deleted.push(describeDefinition(definition));
    }
  }
  return { taskDefinitions: deleted, failures };
};

const STATUSES: readonly string[] = ['ACTIVE', 'INACTIVE', 'DELETE_IN_PROGRESS', 'ALL'];

/** ListTaskDefinitions: revisions of the families with a prefix, oldest first unless `sort` is DESC. */
export const listTaskDefinitions: Operation = (input, call) => {
  call.authorize('ecs:ListTaskDefinitions', '*');
  const status = optionalString(input, 'status') ?? 'ACTIVE';
  if (!STATUSES.includes(status)) throw invalidParameter(`Invalid task definition status ${status}.`);
  const family = optionalString(input, 'familyPrefix');
  const definitions = call.region.ecs
    .definitions()
    .filter((definition) => definition.status === status && (family === undefined || definition.family === family));
  if (optionalString(input, 'sort') === 'DESC') definitions.reverse();
  return page(
    input,
    'taskDefinitionArns',
    definitions.map(({ arn: each }) => each),
  );
};

/** ListTaskDefinitionFamilies: families by prefix; ACTIVE ones have at least one active revision. */
export const listTaskDefinitionFamilies: Operation = (input, call) => {
  call.authorize('ecs:ListTaskDefinitionFamilies', '*');
  const status = optionalString(input, 'status') ?? 'ALL';
  if (!STATUSES.includes(status)) throw invalidParameter(`Invalid task definition family status ${status}.`);
  const prefix = optionalString(input, 'familyPrefix') ?? '';
  const active = new Map<string, boolean>();
  for (const { family, status: own } of call.region.ecs.definitions()) {
    if (family.startsWith(prefix)) active.set(family, (active.get(family) ?? false) || own === 'ACTIVE');
  }
  const families = [...active]
    .filter(([, is]) => status === 'ALL' || is === (status === 'ACTIVE'))
    .map(([name]) => name);
  return page(input, 'families', families);
};
