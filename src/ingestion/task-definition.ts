import { imageRegistries, ingestionImage } from '../reference/openmetadata-versions.ts';
import { partitionOf } from '../reference/partitions.ts';
import { Failure } from '../text/failure.ts';
import { taskDefinitionFamily } from './names.ts';
import type { Pipeline } from './pipeline.ts';
import type { DeploymentRequest, EcsTarget } from './request.ts';
import { checkRequest } from './request-check.ts';
import { secretReferences } from './secret-references.ts';

/** What an ECS ingestion runs with unless somebody says otherwise. */
export interface EcsDefaults {
  readonly image: string;
  /** CPU units, 1024 to a vCPU. */
  readonly cpu: number;
  /** MiB. */
  readonly memory: number;
  /** Whether the ingestion calls AWS by itself, and so needs a role to act as. */
  readonly needsTaskRole: boolean;
}

/** Sources that read through AWS's own APIs. */
const AWS_SOURCES = new Set([
  'athena',
  'dynamodb',
  'glue',
  'gluepipeline',
  'kinesis',
  'kinesisfirehose',
  'quicksight',
  's3',
  'sagemaker',
]);

/** The log driver's stream prefix of task definitions that we write. */
export const LOG_STREAM_PREFIX = 'ecs';

/**
 * Image and size for a pipeline. 256 CPU units and 512 MiB, as older guides have it, end in an out-of-memory kill with
 * any current image; OpenMetadata's own Kubernetes jobs ask for up to 2 CPUs and 4 GiB, and name 8 GiB for profilers
 * (docs.open-metadata.org, deployment/ingestion/kubernetes). `registry` is one of `imageRegistries`, or a repository that
 * mirrors it; Failure `invalid-input` for any other word.
 */
export function ecsDefaults(pipeline: Pipeline, openmetadataVersion: string, registry?: string): EcsDefaults {
  if (registry !== undefined && imageRegistries[registry] === undefined && !registry.includes('/')) {
    throw new Failure('invalid-input', `${JSON.stringify(registry)} is no registry of the ingestion image.`, {
      advice: `Choose one of ${Object.keys(imageRegistries).join(', ')}, or name a repository that mirrors it.`,
      resource: registry,
    });
  }
  return {
    image: ingestionImage(openmetadataVersion, registry),
    ...sizeFor(pipeline),
    needsTaskRole:
      AWS_SOURCES.has(pipeline.sourceType) ||
      pipeline.airflow?.mwaaEnvironmentName !== undefined ||
      secretReferences(pipeline) !== undefined,
  };
}

function sizeFor({ pipelineType, sourceType }: Pipeline): Pick<EcsDefaults, 'cpu' | 'memory'> {
  const readsRows = ['profiler', 'autoClassification', 'TestSuite'].includes(pipelineType);
  if (readsRows || sourceType === 'datalake') return { cpu: 2048, memory: 8192 };
  if (sourceType === 'airflow') return { cpu: 512, memory: 2048 };
  return { cpu: 1024, memory: 4096 };
}

/**
 * The task definition of an ingestion, as RegisterTaskDefinition takes it. The configuration comes from the secret,
 * so it is in no override and no description; the log driver blocks rather than drop lines (ECS changed its default
 * to non-blocking in June 2025). Throws Failure `invalid-input` for names and sizes that ECS would not take.
 */
export function taskDefinition(request: DeploymentRequest) {
  checkRequest(request);
  const ecs = ecsTargetOf(request);
  if (ecs.architecture === 'ARM64' && request.pipeline.sourceType === 'db2') {
    throw new Failure('invalid-input', "The image for ARM64 has no driver for Db2: IBM's does not exist there.", {
      advice: 'Use --architecture X86_64.',
    });
  }
  return {
    family: taskDefinitionFamily(request.environment, request.dagId),
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: String(ecs.cpu),
    memory: String(ecs.memory),
    runtimePlatform: { cpuArchitecture: ecs.architecture ?? 'X86_64', operatingSystemFamily: 'LINUX' },
    executionRoleArn: ecs.executionRoleArn,
    ...(ecs.taskRoleArn === undefined ? {} : { taskRoleArn: ecs.taskRoleArn }),
    containerDefinitions: [
      {
        name: ecs.container,
        image: ecs.image,
        essential: true,
        // The image has no entry point of its own.
        command: ['python', 'main.py'],
        ...(ecs.user === undefined ? {} : { user: ecs.user }),
        environment: [
          { name: 'pipelineType', value: request.pipeline.pipelineType },
          // Where OpenMetadata looks up what the configuration refers to.
          ...(secretReferences(request.pipeline) === undefined
            ? []
            : [{ name: 'AWS_DEFAULT_REGION', value: request.region }]),
        ],
        secrets: [{ name: 'config', valueFrom: secretArn(request) }],
        logConfiguration: {
          logDriver: 'awslogs',
          options: {
            'awslogs-group': ecs.logGroup,
            'awslogs-region': request.region,
            'awslogs-stream-prefix': ecs.logStreamPrefix ?? LOG_STREAM_PREFIX,
            mode: 'blocking',
          },
        },
      },
    ],
  };
}

/** The secret's ARN; without the six characters that Secrets Manager adds until the secret is there. */
function secretArn({ region, account, secretName, secretArn: known }: DeploymentRequest): string {
  return known ?? `arn:${partitionOf(region)}:secretsmanager:${region}:${account}:secret:${secretName}`;
}

/** The request's ECS target; Failure `usage` where it has none. */
export function ecsTargetOf({ ecs, dagId }: DeploymentRequest): EcsTarget {
  if (ecs !== undefined) return ecs;
  throw new Failure('usage', `${dagId} has no ECS target.`, { advice: 'Name cluster, subnets and roles.' });
}
