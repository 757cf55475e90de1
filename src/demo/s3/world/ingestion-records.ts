import { createHash } from 'node:crypto';
import {
  ACCOUNT,
  ADMIN_ROLE,
  clusterArn,
  ENVIRONMENT_SECURITY_GROUP,
  executionRole,
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_LOG_GROUP,
  INGESTION_LOG_STREAM_PREFIX,
  OPENMETADATA_VERSION,
  PRIVATE_SUBNETS,
  type SeededIngestion,
  secretArn,
} from '../../world/names.ts';
import { AIRFLOW_VERSIONS, connector, pinnedDefinition } from './ingestion-dags.ts';

/** What the console wrote into the bucket when it deployed a seeded ingestion. */
export function ingestionRecord(
  ingestion: SeededIngestion,
  dag: { readonly dagKey: string; readonly dagVersionId: string; readonly deployedAt: number },
): object {
  const { environment, dagId, mode, serviceName, pipelineType, schedule } = ingestion;
  const ecs = {
    cluster: clusterArn(INGESTION_CLUSTER),
    taskDefinitionArn: pinnedDefinition(ingestion),
    container: INGESTION_CONTAINER,
    logGroup: INGESTION_LOG_GROUP,
    logStreamPrefix: INGESTION_LOG_STREAM_PREFIX,
    subnets: PRIVATE_SUBNETS,
    securityGroups: [ENVIRONMENT_SECURITY_GROUP],
    assignPublicIp: false,
  };
  return {
    schema: 1,
    dagId,
    mode,
    openmetadataVersion: OPENMETADATA_VERSION,
    airflowVersion: AIRFLOW_VERSIONS[environment],
    pipeline: { serviceName, sourceType: connector(ingestion), pipelineType },
    secretArn: secretArn(environment, dagId),
    ...(mode === 'ecs' ? ecs : {}),
    dagKey: dag.dagKey,
    dagVersionId: dag.dagVersionId,
    policyName: `mwaa-console-${dagId}`,
    executionRoleName: executionRole(environment),
    schedule,
    deploymentId: deploymentId(dag.deployedAt, dagId),
    deployedAt: new Date(dag.deployedAt).toISOString(),
    deployedBy: `arn:aws:sts::${ACCOUNT}:assumed-role/${ADMIN_ROLE}/demo`,
  };
}

/** A deployment's id: when it began, and four digits of its own. */
export function deploymentId(at: number, dagId: string): string {
  const stamp = new Date(at).toISOString().replace(/[-:]|\.\d+Z/g, '');
  return `${stamp}-${createHash('sha256').update(dagId).digest('hex').slice(0, 4)}`;
}
