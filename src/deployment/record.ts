import { type Ingestion, ingestionKey } from '../fleet/ingestions.ts';
import { dagKey, policyName } from '../ingestion/names.ts';
import { isoTime } from '../text/ages.ts';
import type { Journal } from './journal.ts';
import type { Target } from './step.ts';

/** Writes what the environment's list of ingestions says of this one: the last act of a deployment. */
export async function keepIngestion(target: Target, journal: Journal, signal: AbortSignal): Promise<void> {
  const { session, environment, request } = target;
  const record = ingestionRecord(target, journal);
  await session.s3.putObject(
    {
      Bucket: environment.sourceBucket,
      Key: ingestionKey(environment.name, request.dagId),
      Body: `${JSON.stringify({ ...record, deployedAt: isoTime(record.deployedAt) }, null, 2)}\n`,
      ContentType: 'application/json',
    },
    { signal },
  );
}

/** The record of an ingestion as its last deployment left it; it holds no secret. */
function ingestionRecord({ request, known }: Target, journal: Journal): Ingestion {
  const { ecs, pipeline } = request;
  return {
    schema: 1,
    dagId: request.dagId,
    mode: request.mode,
    openmetadataVersion: request.openmetadataVersion,
    airflowVersion: request.airflowVersion,
    pipeline: {
      ...(pipeline.serviceName === undefined ? {} : { serviceName: pipeline.serviceName }),
      sourceType: pipeline.sourceType,
      pipelineType: pipeline.pipelineType,
    },
    secretArn: known.secretArn ?? request.secretName,
    ...(ecs === undefined
      ? {}
      : {
          cluster: ecs.cluster,
          container: ecs.container,
          logGroup: ecs.logGroup,
          logStreamPrefix: ecs.logStreamPrefix ?? 'ecs',
          subnets: [...ecs.subnets],
          securityGroups: [...ecs.securityGroups],
          assignPublicIp: ecs.assignPublicIp,
        }),
    ...(known.taskDefinitionArn === undefined ? {} : { taskDefinitionArn: known.taskDefinitionArn }),
    dagKey: dagKey(request.dagsPath, request.dagId),
    ...(known.dagVersionId === undefined ? {} : { dagVersionId: known.dagVersionId }),
    policyName: policyName(request.dagId),
    executionRoleName: request.executionRoleName,
    ...(request.schedule === undefined ? {} : { schedule: request.schedule }),
    deploymentId: journal.id,
    deployedAt: journal.startedAt,
    deployedBy: journal.startedBy,
  };
}
