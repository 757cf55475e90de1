import type { Input } from '../../service.ts';
import { ECS_EXECUTION_ROLE, INGESTION_LOG_STREAM_PREFIX, REGION, roleArn } from '../../world/names.ts';
import { readDefinition } from '../definitions.ts';
import type { TaskDefinition } from '../model.ts';
import type { EcsService } from '../service.ts';

const DAY = 86_400_000;

/** A container's log configuration for a group, blocking, as the stream prefix of the world has it. */
export function awslogs(group: string): Input {
  return {
    logDriver: 'awslogs',
    options: {
      'awslogs-group': group,
      'awslogs-region': REGION,
      'awslogs-stream-prefix': INGESTION_LOG_STREAM_PREFIX,
      mode: 'blocking',
    },
  };
}

/** Registers a definition of one container that isn't an ingestion. */
export function seedDefinition(
  ecs: EcsService,
  family: string,
  container: Input,
  size: { readonly cpu: string; readonly memory: string },
  days: number,
): TaskDefinition {
  const input = {
    family,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    ...size,
    executionRoleArn: roleArn(ECS_EXECUTION_ROLE),
    containerDefinitions: [container],
  };
  return ecs.addDefinition(readDefinition(input), {
    registeredBy: 'arn:aws:sts::123456789012:assumed-role/Deploy/pipeline',
    registeredAt: ecs.region.clock.now() - days * DAY,
  });
}
