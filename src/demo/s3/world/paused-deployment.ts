import type { Region } from '../../region.ts';
import {
  ACCOUNT,
  ADMIN_ROLE,
  bucketName,
  ECS_EXECUTION_ROLE,
  ECS_TASK_ROLE,
  ENVIRONMENT_SECURITY_GROUP,
  executionRole,
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_IMAGE,
  INGESTION_LOG_GROUP,
  INGESTIONS,
  OPENMETADATA_VERSION,
  PRIVATE_SUBNETS,
  REGION,
  roleArn,
  secretArn,
  secretName,
  taskDefinitionFamily,
} from '../../world/names.ts';
import { pinnedDefinition } from './ingestion-dags.ts';
import { deploymentId } from './ingestion-records.ts';

const ENVIRONMENT = 'analytics';
const DAG = 'dbt_metadata';

/** The journal of a deployment that its author's closed laptop left at the fourth of six steps. */
export function pausedDeployment(
  startedAt: number,
  { url, iam, secrets, s3 }: Region,
): { environment: string; key: string; journal: object } {
  const ingestion = INGESTIONS.find(({ environment, dagId }) => environment === ENVIRONMENT && dagId === DAG);
  if (ingestion === undefined) throw new Error(`the world has no ${DAG}`);
  const id = deploymentId(startedAt, `${DAG} again`);
  const policy = `mwaa-console-${DAG}`;
  const done = (index: number, step: object) => ({
    ...step,
    state: 'done',
    startedAt: startedAt + index * 2_000,
    endedAt: startedAt + index * 2_000 + 1_400,
  });
  const secret = secretName(ENVIRONMENT, DAG);
  const stored = secrets.find(secret);
  const version = stored === undefined ? null : (secrets.version(stored, 'AWSCURRENT')?.id ?? null);
  const bucket = bucketName(ENVIRONMENT);
  const record = s3.object(bucket, `mwaa-console/${ENVIRONMENT}/ingestions/${DAG}.json`)?.body.toString('utf8');
  const file = s3.object(bucket, `dags/${DAG}.py`);
  const steps = [
    done(0, {
      ...step('secret', 'secret', 'update', secret),
      before: { arn: secretArn(ENVIRONMENT, DAG), versionId: version, deleted: false },
      after: { arn: secretArn(ENVIRONMENT, DAG), versionId: version },
      token: version,
    }),
    done(1, rolePolicy('policy-environment', executionRole(ENVIRONMENT), policy, iam)),
    done(2, rolePolicy('policy-execution', ECS_EXECUTION_ROLE, policy, iam)),
    {
      ...step('task-definition', 'task-definition', 'update', taskDefinitionFamily(ENVIRONMENT, DAG)),
      before: { arn: pinnedDefinition(ingestion) },
      state: 'doing',
      startedAt: startedAt + 6_000,
    },
    { ...step('dag', 'dag', 'update', `dags/${DAG}.py`), before: { versionId: file?.versionId ?? '' } },
    step('airflow', 'airflow', 'wait', DAG),
  ];
  const journal = {
    schema: 1,
    id,
    environment: ENVIRONMENT,
    dagId: DAG,
    request: {
      environment: ENVIRONMENT,
      account: ACCOUNT,
      region: REGION,
      mode: 'ecs',
      dagId: DAG,
      pipeline: {
        file: 'dbt.yaml',
        text: '',
        value: {},
        pipelineType: ingestion.pipelineType,
        serviceName: ingestion.serviceName,
        sourceType: ingestion.sourceType,
        server: { hostPort: `${url}/openmetadata/api` },
        findings: [],
      },
      openmetadataVersion: OPENMETADATA_VERSION,
      airflowVersion: '3.2.1',
      schedule: ingestion.schedule,
      ecs: {
        cluster: INGESTION_CLUSTER,
        container: INGESTION_CONTAINER,
        subnets: PRIVATE_SUBNETS,
        securityGroups: [ENVIRONMENT_SECURITY_GROUP],
        assignPublicIp: false,
        logGroup: INGESTION_LOG_GROUP,
        image: INGESTION_IMAGE,
        cpu: 2048,
        memory: 8192,
        taskRoleArn: roleArn(ECS_TASK_ROLE),
        executionRoleArn: roleArn(ECS_EXECUTION_ROLE),
      },
      executionRoleName: executionRole(ENVIRONMENT),
      secretName: secret,
      secretArn: secretArn(ENVIRONMENT, DAG),
      dagsPath: 'dags',
    },
    startedAt,
    startedBy: `arn:aws:sts::${ACCOUNT}:assumed-role/${ADMIN_ROLE}/nina`,
    state: 'applying',
    record: { before: record ?? null },
    known: { secretArn: secretArn(ENVIRONMENT, DAG), deployedBefore: true },
    steps,
  };
  return { environment: ENVIRONMENT, key: `mwaa-console/${ENVIRONMENT}/deployments/${id}.json`, journal };
}

function step(id: string, kind: string, action: string, resource: string): Record<string, unknown> {
  const token = `${kind}-${id}-of-the-paused-deployment`.padEnd(32, '-').slice(0, 64);
  return { id, kind, action, resource, shared: false, token, state: 'planned', before: null };
}

function rolePolicy(id: string, role: string, name: string, iam: Region['iam']): object {
  const document = iam.role(role)?.inline.get(name);
  return {
    ...step(id, 'role-policy', 'update', `${role} / ${name}`),
    before: document === undefined ? null : { document },
    after: { role, name },
  };
}
