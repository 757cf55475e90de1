import { unlessMissing } from '../aws/found.ts';
import type { Session } from '../aws/session.ts';
import { Failure } from '../text/failure.ts';
import { list, milliseconds, number, optionalText, tagMap, text, textMap, texts } from './members.ts';
import type { Registered } from './registrable.ts';

/** One container of a task definition; environment values stand there in clear, secrets by reference. */
export interface ContainerDefinition {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly command: readonly string[] | undefined;
  readonly entryPoint: readonly string[] | undefined;
  readonly environment: Readonly<Record<string, string>>;
  /** Name of the variable to the ARN it is taken from. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly logDriver: string | undefined;
  readonly logOptions: Readonly<Record<string, string>>;
  readonly stopTimeout: number | undefined;
  /** Container ports, such as `8585/tcp`. */
  readonly ports: readonly string[];
}

/** A revision of a task definition. */
export interface TaskDefinition {
  readonly arn: string;
  readonly family: string;
  readonly revision: number | undefined;
  /** ACTIVE, INACTIVE, DELETE_IN_PROGRESS, raw. */
  readonly status: string;
  readonly networkMode: string | undefined;
  readonly requiresCompatibilities: readonly string[];
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly taskRoleArn: string | undefined;
  readonly executionRoleArn: string | undefined;
  readonly cpuArchitecture: string | undefined;
  readonly registeredAt: number | undefined;
  readonly registeredBy: string | undefined;
  readonly containers: readonly ContainerDefinition[];
  readonly tags: Readonly<Record<string, string>>;
}

type Answer = Awaited<ReturnType<Session['ecs']['describeTaskDefinition']>>;

/** A revision from DescribeTaskDefinition's or RegisterTaskDefinition's answer. */
export function taskDefinitionFrom(definition: Registered, tags?: Answer['tags']): TaskDefinition {
  return {
    arn: text(definition.taskDefinitionArn),
    family: text(definition.family),
    revision: number(definition.revision),
    status: text(definition.status),
    networkMode: optionalText(definition.networkMode),
    requiresCompatibilities: texts(definition.requiresCompatibilities),
    cpu: optionalText(definition.cpu),
    memory: optionalText(definition.memory),
    taskRoleArn: optionalText(definition.taskRoleArn),
    executionRoleArn: optionalText(definition.executionRoleArn),
    cpuArchitecture: optionalText(definition.runtimePlatform?.cpuArchitecture),
    registeredAt: milliseconds(definition.registeredAt),
    registeredBy: optionalText(definition.registeredBy),
    containers: list(definition.containerDefinitions).map((container) => ({
      name: text(container.name),
      image: text(container.image),
      essential: container.essential !== false,
      command: Array.isArray(container.command) ? texts(container.command) : undefined,
      entryPoint: Array.isArray(container.entryPoint) ? texts(container.entryPoint) : undefined,
      environment: Object.fromEntries(list(container.environment).map(({ name, value }) => [text(name), text(value)])),
      secrets: Object.fromEntries(list(container.secrets).map(({ name, valueFrom }) => [text(name), text(valueFrom)])),
      logDriver: optionalText(container.logConfiguration?.logDriver),
      logOptions: textMap(container.logConfiguration?.options),
      stopTimeout: number(container.stopTimeout),
      ports: list(container.portMappings).map(
        ({ containerPort, containerPortRange, protocol }) =>
          `${containerPortRange ?? containerPort ?? '?'}/${protocol ?? 'tcp'}`,
      ),
    })),
    tags: tagMap(tags),
  };
}

/**
 * Reads a revision by family, `family:revision` or ARN; a family alone means its newest active revision.
 * @throws Failure `not-found` when there is none.
 */
export async function readTaskDefinition(
  session: Session,
  reference: string,
  signal: AbortSignal,
): Promise<TaskDefinition> {
  const input = { taskDefinition: reference, include: ['TAGS' as const] };
  const answer = await unlessMissing(session.ecs.describeTaskDefinition(input, { signal }));
  if (answer?.taskDefinition == null) {
    throw new Failure('not-found', `There is no task definition ${reference}.`, {
      advice: 'Give a family, family:revision or ARN of this region.',
      resource: reference,
    });
  }
  return taskDefinitionFrom(answer.taskDefinition, answer.tags);
}

/** Where a container's lines go, as its awslogs driver was told. */
export interface LogTarget {
  readonly group: string;
  /** Undefined: the stream's name is the container's id, which only the container instance knows. */
  readonly streamPrefix: string | undefined;
  readonly region: string | undefined;
  /** `blocking` or `non-blocking`; undefined means ECS's default, non-blocking since 2025-06: lines may be lost. */
  readonly mode: string | undefined;
}

/**
 * Where a container's lines go; undefined when it does not log to CloudWatch.
 * @param container its name; the only or first essential one when absent.
 */
export function logTarget(definition: TaskDefinition, container?: string): LogTarget | undefined {
  const found = mainContainer(definition, container);
  const group = found?.logDriver === 'awslogs' ? found.logOptions['awslogs-group'] : undefined;
  if (found === undefined || group === undefined || group === '') return undefined;
  return {
    group,
    streamPrefix: optionalText(found.logOptions['awslogs-stream-prefix']),
    region: optionalText(found.logOptions['awslogs-region']),
    mode: optionalText(found.logOptions.mode),
  };
}

/** The container of that name; without a name the first essential one. */
export function mainContainer(definition: TaskDefinition, name?: string): ContainerDefinition | undefined {
  if (name !== undefined) return definition.containers.find((container) => container.name === name);
  return definition.containers.find((container) => container.essential) ?? definition.containers[0];
}

/** The stream that the awslogs driver writes a container's lines to (AmazonECS, specify-log-config). */
export function logStream(prefix: string, container: string, taskId: string): string {
  return `${prefix}/${container}/${taskId}`;
}
