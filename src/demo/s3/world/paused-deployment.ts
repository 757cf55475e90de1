import type { Region } from '../../region.ts';
import {
  bucketName,
  ECS_EXECUTION_ROLE,
  executionRole,
  INGESTIONS,
  secretArn,
  secretName,
  taskDefinitionFamily,
} from '../../world/names.ts';
import { pinnedDefinition } from './ingestion-dags.ts';
import { deploymentId } from './ingestion-records.ts';
import { journalHead, step } from './journals.ts';

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
    ...journalHead(ingestion, { startedAt, by: 'nina', url, again: ' again' }),
    state: 'applying',
    record: { before: record ?? null },
    known: { secretArn: secretArn(ENVIRONMENT, DAG), deployedBefore: true },
    steps,
  };
  return { environment: ENVIRONMENT, key: `mwaa-console/${ENVIRONMENT}/deployments/${id}.json`, journal };
}

function rolePolicy(id: string, role: string, name: string, iam: Region['iam']): object {
  const document = iam.role(role)?.inline.get(name);
  return {
    ...step(id, 'role-policy', 'update', `${role} / ${name}`),
    before: document === undefined ? null : { document },
    after: { role, name },
  };
}
