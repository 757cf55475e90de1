import type { Input } from '../service.ts';
import {
  BATCH_CLUSTER,
  ECS_EXECUTION_ROLE,
  ECS_TASK_ROLE,
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_IMAGE,
  INGESTION_LOG_GROUP,
  INGESTIONS,
  PLATFORM_CLUSTER,
  roleArn,
  type SeededIngestion,
  secretArn,
  taskDefinitionFamily,
} from '../world/names.ts';
import { readDefinition } from './definitions.ts';
import type { Cluster, StrategyItem } from './model.ts';
import type { EcsService } from './service.ts';
import { seedBatch } from './world/batch.ts';
import { awslogs } from './world/definitions.ts';
import { seedIngestionTasks } from './world/ingestions.ts';
import { seedPlatform } from './world/platform.ts';

const DAY = 86_400_000;

/** Clusters, task definitions, services and tasks that are there when the region starts. */
export function seedEcs(ecs: EcsService): void {
  seedCluster(ecs, INGESTION_CLUSTER, ['FARGATE', 'FARGATE_SPOT'], 'FARGATE', { team: 'data-platform' });
  seedCluster(ecs, PLATFORM_CLUSTER, ['FARGATE'], 'FARGATE', { team: 'platform' });
  seedCluster(ecs, BATCH_CLUSTER, ['FARGATE', 'FARGATE_SPOT'], 'FARGATE_SPOT', { team: 'analytics' });
  ecs.region.logs.createGroup(INGESTION_LOG_GROUP, {
    createdAt: ecs.region.clock.now() - 180 * DAY,
    retentionInDays: 30,
    tags: { team: 'data-platform' },
  });
  for (const ingestion of INGESTIONS) {
    if (ingestion.mode === 'ecs') seedFamily(ecs, ingestion);
  }
  seedIngestionTasks(ecs);
  seedPlatform(ecs);
  seedBatch(ecs);
}

function seedCluster(
  ecs: EcsService,
  name: string,
  capacityProviders: readonly string[],
  usual: string,
  tags: Readonly<Record<string, string>>,
): Cluster {
  const defaultStrategy: readonly StrategyItem[] = [{ capacityProvider: usual, weight: 1, base: 0 }];
  return ecs.addCluster({
    name,
    capacityProviders,
    defaultStrategy,
    settings: [{ name: 'containerInsights', value: name === PLATFORM_CLUSTER ? 'enabled' : 'disabled' }],
    configuration: undefined,
    tags: new Map(Object.entries(tags)),
  });
}

/** An ingestion's family: one revision for each version of OpenMetadata that it went through. */
function seedFamily(ecs: EcsService, ingestion: SeededIngestion): void {
  const images = [
    INGESTION_IMAGE.replace(/:.*/, ':1.12.4'),
    INGESTION_IMAGE.replace(/:.*/, ':1.12.6'),
    INGESTION_IMAGE,
  ];
  const now = ecs.region.clock.now();
  for (const [index, image] of images.entries()) {
    const definition = ecs.addDefinition(readDefinition(ingestionDefinition(ingestion, image)), {
      registeredBy: 'arn:aws:sts::123456789012:assumed-role/OnCall/demo',
      registeredAt: now - (40 - index * 13) * DAY,
    });
    if (index === 0) {
      definition.status = 'INACTIVE';
      definition.deregisteredAt = now - 12 * DAY;
    }
  }
}

/** What RegisterTaskDefinition was sent for an ingestion. */
function ingestionDefinition({ environment, dagId, pipelineType }: SeededIngestion, image: string): Input {
  return {
    family: taskDefinitionFamily(environment, dagId),
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '1024',
    memory: '4096',
    executionRoleArn: roleArn(ECS_EXECUTION_ROLE),
    taskRoleArn: roleArn(ECS_TASK_ROLE),
    runtimePlatform: { cpuArchitecture: 'X86_64', operatingSystemFamily: 'LINUX' },
    containerDefinitions: [
      {
        name: INGESTION_CONTAINER,
        image,
        essential: true,
        command: ['python', 'main.py'],
        environment: [{ name: 'pipelineType', value: pipelineType }],
        secrets: [{ name: 'config', valueFrom: secretArn(environment, dagId) }],
        linuxParameters: { initProcessEnabled: true },
        logConfiguration: awslogs(INGESTION_LOG_GROUP),
      },
    ],
    tags: [
      { key: 'mwaa-console:environment', value: environment },
      { key: 'mwaa-console:dag', value: dagId },
    ],
  };
}
