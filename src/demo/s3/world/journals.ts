import {
  ACCOUNT,
  ADMIN_ROLE,
  ECS_EXECUTION_ROLE,
  ECS_TASK_ROLE,
  ENVIRONMENT_SECURITY_GROUP,
  executionRole,
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_IMAGE,
  INGESTION_LOG_GROUP,
  INGESTION_LOG_STREAM_PREFIX,
  OPENMETADATA_VERSION,
  PRIVATE_SUBNETS,
  REGION,
  roleArn,
  type SeededIngestion,
  secretArn,
  secretName,
  taskDefinitionFamily,
} from '../../world/names.ts';
import { AIRFLOW_VERSIONS, connector, pinnedDefinition } from './ingestion-dags.ts';
import { deploymentId } from './ingestion-records.ts';

/** The two versions of an ingestion's DAG, and its record before, around the upgrade that was its last deployment. */
export interface Upgrade {
  readonly key: string;
  readonly earlierVersion: string;
  readonly version: string;
  /** The text of the record that it replaced. */
  readonly earlierRecord: string;
  /** Ms since the epoch. */
  readonly deployedAt: number;
}

/** The journal of a seeded ingestion's last deployment, which took it to the release that it runs. */
export function upgradeJournal(ingestion: SeededIngestion, upgrade: Upgrade, url: string): object {
  const { environment, dagId, mode } = ingestion;
  const { key, earlierVersion, version, earlierRecord, deployedAt } = upgrade;
  const revision = pinnedDefinition(ingestion);
  const began = (index: number, seconds: number) => ({
    state: 'done',
    startedAt: deployedAt + index * 2_000,
    endedAt: deployedAt + index * 2_000 + seconds * 1_000,
  });
  const steps = [
    ...(mode === 'ecs'
      ? [
          {
            ...step('task-definition', 'task-definition', 'update', taskDefinitionFamily(environment, dagId)),
            ...began(0, 1),
            before: { arn: earlierRevision(revision) },
            after: { arn: revision },
          },
        ]
      : []),
    {
      ...step('dag', 'dag', 'update', key),
      ...began(1, 1),
      before: { versionId: earlierVersion },
      after: { key, versionId: version },
    },
    { ...step('airflow', 'airflow', 'wait', dagId), ...began(2, 41), after: { dagId } },
  ];
  return {
    ...journalHead(ingestion, { startedAt: deployedAt, by: 'demo', url }),
    state: 'done',
    endedAt: deployedAt + 45_000,
    record: { before: earlierRecord },
    known: {
      secretArn: secretArn(environment, dagId),
      deployedBefore: true,
      dagVersionId: version,
      dagWrittenAt: deployedAt,
      ...(mode === 'ecs' ? { taskDefinitionArn: revision } : {}),
    },
    steps,
  };
}

/** The revision before one. */
export function earlierRevision(arn: string): string {
  return arn.replace(/\d+$/, (revision) => String(Number(revision) - 1));
}

/** What begins every journal: which deployment of what, by whom and since when, and what was asked for. */
export function journalHead(
  ingestion: SeededIngestion,
  { startedAt, by, url, again = '' }: { startedAt: number; by: string; url: string; again?: string },
): object {
  const { environment, dagId, mode } = ingestion;
  return {
    schema: 1,
    id: deploymentId(startedAt, `${dagId}${again}`),
    environment,
    dagId,
    request: {
      environment,
      account: ACCOUNT,
      region: REGION,
      mode,
      dagId,
      pipeline: {
        file: `${dagId}.yaml`,
        text: '',
        value: {},
        pipelineType: ingestion.pipelineType,
        serviceName: ingestion.serviceName,
        sourceType: connector(ingestion),
        server: { hostPort: `${url}/openmetadata/api` },
        findings: [],
      },
      openmetadataVersion: OPENMETADATA_VERSION,
      airflowVersion: AIRFLOW_VERSIONS[environment],
      schedule: ingestion.schedule,
      ...(mode === 'ecs' ? { ecs: ECS } : {}),
      executionRoleName: executionRole(environment),
      secretName: secretName(environment, dagId),
      secretArn: secretArn(environment, dagId),
      dagsPath: 'dags',
    },
    startedAt,
    startedBy: `arn:aws:sts::${ACCOUNT}:assumed-role/${ADMIN_ROLE}/${by}`,
  };
}

const ECS = {
  cluster: INGESTION_CLUSTER,
  container: INGESTION_CONTAINER,
  subnets: PRIVATE_SUBNETS,
  securityGroups: [ENVIRONMENT_SECURITY_GROUP],
  assignPublicIp: false,
  logGroup: INGESTION_LOG_GROUP,
  logStreamPrefix: INGESTION_LOG_STREAM_PREFIX,
  image: INGESTION_IMAGE,
  cpu: 1024,
  memory: 4096,
  taskRoleArn: roleArn(ECS_TASK_ROLE),
  executionRoleArn: roleArn(ECS_EXECUTION_ROLE),
};

/** A step that is planned. */
export function step(id: string, kind: string, action: string, resource: string): Record<string, unknown> {
  const token = `${kind}-${id}-of-a-seeded-deployment`.padEnd(32, '-').slice(0, 64);
  return { id, kind, action, resource, shared: false, token, state: 'planned', before: null };
}
