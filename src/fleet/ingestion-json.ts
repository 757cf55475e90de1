import type { Ingestion } from './ingestions.ts';
import { isoOrNull } from './times.ts';

/** An ingestion as JSON: stable keys, ISO times. It holds no secret, only the secret's ARN. */
export function ingestionJson(ingestion: Ingestion) {
  return {
    dagId: ingestion.dagId,
    mode: ingestion.mode,
    openmetadataVersion: ingestion.openmetadataVersion,
    airflowVersion: ingestion.airflowVersion,
    pipeline: {
      serviceName: ingestion.pipeline.serviceName ?? null,
      sourceType: ingestion.pipeline.sourceType,
      pipelineType: ingestion.pipeline.pipelineType,
    },
    schedule: ingestion.schedule ?? null,
    secretArn: ingestion.secretArn,
    cluster: ingestion.cluster ?? null,
    taskDefinitionArn: ingestion.taskDefinitionArn ?? null,
    container: ingestion.container ?? null,
    logGroup: ingestion.logGroup ?? null,
    logStreamPrefix: ingestion.logStreamPrefix ?? null,
    subnets: ingestion.subnets === undefined ? null : [...ingestion.subnets],
    securityGroups: ingestion.securityGroups === undefined ? null : [...ingestion.securityGroups],
    assignPublicIp: ingestion.assignPublicIp ?? null,
    dagKey: ingestion.dagKey,
    dagVersionId: ingestion.dagVersionId ?? null,
    policyName: ingestion.policyName,
    executionRoleName: ingestion.executionRoleName,
    deploymentId: ingestion.deploymentId,
    deployedAt: isoOrNull(ingestion.deployedAt || undefined),
    deployedBy: ingestion.deployedBy,
  };
}
