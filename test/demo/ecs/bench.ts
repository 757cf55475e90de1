import {
  DescribeTasksCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
  type RegisterTaskDefinitionCommandInput,
  RunTaskCommand,
  type RunTaskCommandInput,
  type Task,
} from '@aws-sdk/client-ecs';
import { expect } from 'vitest';
import type { RunningRegion } from '../../../src/demo/region.ts';
import {
  ECS_EXECUTION_ROLE,
  ECS_TASK_ROLE,
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_IMAGE,
  INGESTION_LOG_GROUP,
  INGESTION_SECURITY_GROUP,
  PRIVATE_SUBNETS,
  roleArn,
  secretArn,
} from '../../../src/demo/world/names.ts';
import type { HandClock } from '../../support/hand-clock.ts';
import { clientOptions, regionOfFile } from '../core/bench.ts';

export const NETWORK = {
  awsvpcConfiguration: { subnets: [...PRIVATE_SUBNETS], securityGroups: [INGESTION_SECURITY_GROUP] },
};

/** What a container override of the ingestions' container is made of. */
export const overridesOf = (environment: Readonly<Record<string, string>>, command?: string[]) => ({
  containerOverrides: [
    {
      name: INGESTION_CONTAINER,
      environment: Object.entries(environment).map(([name, value]) => ({ name, value })),
      ...(command === undefined ? {} : { command }),
    },
  ],
});

export const AWSLOGS = (group: string, more: Record<string, string> = {}) => ({
  logDriver: 'awslogs' as const,
  options: { 'awslogs-group': group, 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs', ...more },
});

/** A definition that Fargate takes; a test changes what it is about. */
export function definition(
  family: string,
  container: Record<string, unknown> = {},
  more: Partial<RegisterTaskDefinitionCommandInput> = {},
): RegisterTaskDefinitionCommandInput {
  return {
    family,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '512',
    memory: '2048',
    executionRoleArn: roleArn(ECS_EXECUTION_ROLE),
    taskRoleArn: roleArn(ECS_TASK_ROLE),
    containerDefinitions: [
      {
        name: INGESTION_CONTAINER,
        image: INGESTION_IMAGE,
        command: ['python', 'main.py'],
        secrets: [{ name: 'config', valueFrom: secretArn('data-prod', 'postgres_usage') }],
        logConfiguration: AWSLOGS(INGESTION_LOG_GROUP),
        ...container,
      },
    ],
    ...more,
  };
}

/** A region of a test file, with an ECS client and the steps that its tests share. */
export class EcsBench {
  readonly #bench: ReturnType<typeof regionOfFile>;
  #client: ECSClient | undefined;

  constructor(options: Parameters<typeof regionOfFile>[0] = {}) {
    this.#bench = regionOfFile(options);
  }

  get running(): RunningRegion {
    return this.#bench.running;
  }

  get clock(): HandClock {
    return this.#bench.clock;
  }

  get ecs(): ECSClient {
    this.#client ??= new ECSClient(clientOptions(this.running));
    return this.#client;
  }

  /** A client that acts with another key. */
  as(accessKeyId: string): ECSClient {
    return new ECSClient(clientOptions(this.running, accessKeyId));
  }

  async register(input: RegisterTaskDefinitionCommandInput): Promise<string> {
    const { taskDefinition } = await this.ecs.send(new RegisterTaskDefinitionCommand(input));
    return taskDefinition?.taskDefinitionArn ?? '';
  }

  /** Starts one task in the ingestions' cluster; answers its ARN. */
  async run(taskDefinition: string, more: Partial<RunTaskCommandInput> = {}): Promise<string> {
    const { tasks = [], failures } = await this.ecs.send(
      new RunTaskCommand({ cluster: INGESTION_CLUSTER, taskDefinition, networkConfiguration: NETWORK, ...more }),
    );
    expect(failures).toEqual([]);
    return tasks[0]?.taskArn ?? '';
  }

  async task(arn: string, cluster = INGESTION_CLUSTER): Promise<Task> {
    const { tasks = [] } = await this.ecs.send(new DescribeTasksCommand({ cluster, tasks: [arn], include: ['TAGS'] }));
    expect(tasks).toHaveLength(1);
    return tasks[0] as Task;
  }

  /** Moves time on, a second at a time, until a task is in a state; answers it as it is then. */
  async until(arn: string, lastStatus: string, seconds = 900): Promise<Task> {
    const live = this.running.region.ecs.task(INGESTION_CLUSTER, arn.split('/').at(-1) ?? '');
    for (let passed = 0; passed < seconds && live?.lastStatus !== lastStatus; passed++) this.clock.move(1_000);
    return this.task(arn);
  }
}
