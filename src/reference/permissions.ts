import { type GrantHolder, ingestionGrants } from './ingestion-grants.ts';
import { type Feature, operations } from './operations.ts';

/** What a feature is called in docs/PERMISSIONS.md and by `doctor`, in the order of use. */
export const featureTitles: Readonly<Record<Feature, string>> = {
  estate: 'Dashboard, environments, clusters and tasks',
  logs: 'Read and follow log groups',
  airflow: "Ask an environment's Airflow",
  plan: 'Plan a deployment',
  preflight: 'Check a deployment beforehand',
  deploy: 'Deploy an ingestion',
  undo: 'Undo a deployment',
  run: 'Run an ingestion task and follow it',
  'own-configuration': 'Run it with a configuration of your own',
  connection: "Find the metadata database's connection",
  discovery: 'Discover its user and password by a DAG',
};

/** One permission of a feature. */
export interface Permission {
  readonly action: string;
  /** ARN with the placeholders REGION, ACCOUNT, ENVIRONMENT, CLUSTER, BUCKET and LOG_GROUP; `*` where AWS knows no narrower. */
  readonly resource: string;
  readonly operations: readonly string[];
  readonly access: 'read' | 'write' | 'read and write';
}

/**
 * The narrowest resource that an action takes. Where nothing is named, the action has no resource type
 * or the product has to see all of them. Service Authorization Reference: airflow, ecs, logs, s3, iam,
 * secretsmanager; RunTask is authorised against the revision, so the family needs `:*` (since 2024-03-21).
 */
const RESOURCES: Readonly<Record<string, string>> = {
  'airflow:GetEnvironment': 'arn:aws:airflow:REGION:ACCOUNT:environment/ENVIRONMENT',
  'airflow:ListTagsForResource': 'arn:aws:airflow:REGION:ACCOUNT:environment/ENVIRONMENT',
  'airflow:UpdateEnvironment': 'arn:aws:airflow:REGION:ACCOUNT:environment/ENVIRONMENT',
  'airflow:CreateCliToken': 'arn:aws:airflow:REGION:ACCOUNT:environment/ENVIRONMENT',
  'airflow:InvokeRestApi': 'arn:aws:airflow:REGION:ACCOUNT:role/ENVIRONMENT/Op',
  'airflow:CreateWebLoginToken': 'arn:aws:airflow:REGION:ACCOUNT:role/ENVIRONMENT/Op',
  'ecs:DescribeTasks': 'arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/*',
  'ecs:StopTask': 'arn:aws:ecs:REGION:ACCOUNT:task/CLUSTER/*',
  'ecs:RunTask': 'arn:aws:ecs:REGION:ACCOUNT:task-definition/ENVIRONMENT-*:*',
  'ecs:RegisterTaskDefinition': 'arn:aws:ecs:REGION:ACCOUNT:task-definition/ENVIRONMENT-*:*',
  'ecs:PutClusterCapacityProviders': 'arn:aws:ecs:REGION:ACCOUNT:cluster/CLUSTER',
  'ecs:DeleteCluster': 'arn:aws:ecs:REGION:ACCOUNT:cluster/CLUSTER',
  'logs:DescribeLogStreams': 'arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:*',
  'logs:FilterLogEvents': 'arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:*',
  'logs:GetLogEvents': 'arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:log-stream:*',
  'logs:CreateLogGroup': 'arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:*',
  'logs:PutRetentionPolicy': 'arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:*',
  'logs:DeleteLogGroup': 'arn:aws:logs:REGION:ACCOUNT:log-group:LOG_GROUP:*',
  's3:ListBucket': 'arn:aws:s3:::BUCKET',
  's3:ListBucketVersions': 'arn:aws:s3:::BUCKET',
  's3:GetBucketLocation': 'arn:aws:s3:::BUCKET',
  's3:GetBucketVersioning': 'arn:aws:s3:::BUCKET',
  's3:GetEncryptionConfiguration': 'arn:aws:s3:::BUCKET',
  's3:GetObject': 'arn:aws:s3:::BUCKET/*',
  's3:GetObjectVersion': 'arn:aws:s3:::BUCKET/*',
  's3:PutObject': 'arn:aws:s3:::BUCKET/*',
  's3:DeleteObject': 'arn:aws:s3:::BUCKET/*',
  's3:DeleteObjectVersion': 'arn:aws:s3:::BUCKET/*',
  'iam:PassRole': 'the execution and task roles that are used',
  'iam:PutRolePolicy': "the environment's execution role",
  'iam:DeleteRolePolicy': "the environment's execution role",
  'secretsmanager:GetSecretValue': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:DescribeSecret': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:CreateSecret': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:PutResourcePolicy': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:PutSecretValue': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:UpdateSecret': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:UpdateSecretVersionStage': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:RestoreSecret': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:DeleteSecret': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
  'secretsmanager:TagResource': 'arn:aws:secretsmanager:REGION:ACCOUNT:secret:mwaa-console/ENVIRONMENT/*',
};

/** The narrowest resource of an action, with its placeholders; `*` where AWS knows no narrower. */
function resourceOf(action: string): string {
  return RESOURCES[action] ?? '*';
}

/** The permissions that a feature needs, each action once, in the table's order. */
export function permissionsFor(feature: Feature): Permission[] {
  const rows = operations.filter((row) => row.features.includes(feature));
  const actions = [...new Set(rows.flatMap((row) => row.actions))];
  return actions.map((action) => {
    const using = rows.filter((row) => row.actions.includes(action));
    const kinds = new Set(using.map((row) => row.access));
    return {
      action,
      resource: resourceOf(action),
      operations: using.map((row) => row.name),
      access: kinds.has('by-request') ? 'read and write' : kinds.has('write') ? 'write' : 'read',
    };
  });
}

/** The text of docs/PERMISSIONS.md; a test holds the file against it. */
export function permissionsDocument(): string {
  const features = Object.keys(featureTitles) as Feature[];
  return [
    '# Permissions',
    '',
    'Generated from `src/reference/operations.ts`: what is not listed here is never called.',
    '',
    'Each feature works with the actions of its own section; a missing one costs that feature alone and is',
    'named when AWS refuses it. With `--read-only` the console calls nothing marked *write*; for',
    '`airflow:InvokeRestApi` it looks at the request: GET and the two batch reads (`/dags/~/dagRuns/list`,',
    '`/dags/~/dagRuns/~/taskInstances/list`) are reads, everything else is a write.',
    '`secretsmanager:GetSecretValue` counts as a read: it changes nothing, and a plan needs it to tell whether',
    'the stored configuration differs.',
    '',
    'Replace REGION, ACCOUNT, ENVIRONMENT, CLUSTER, BUCKET and LOG_GROUP. The Airflow role `Op` may read,',
    'trigger and pause; `Viewer` is enough for reading. `iam:PassRole` is best given with the condition',
    '`iam:PassedToService` (`ecs-tasks.amazonaws.com`; `airflow.amazonaws.com` and `airflow-env.amazonaws.com`',
    'for UpdateEnvironment). A bucket or secret that is encrypted with a key of your own also needs that',
    "key's `kms:Decrypt` and, for writing, `kms:GenerateDataKey`. `sts:GetCallerIdentity` needs no permission.",
    '',
    ...features.flatMap(section),
    ...rolesSection(),
    '## A policy that only reads',
    '',
    '```json',
    JSON.stringify(readPolicy(features), undefined, 2),
    '```',
    '',
  ].join('\n');
}

/** What the roles of a deployed ingestion are given; the same table makes its policies. */
function rolesSection(): string[] {
  const holders: Readonly<Record<GrantHolder, string>> = {
    environment: "the environment's execution role",
    execution: "the task definition's execution role",
    task: "the task's own role",
  };
  return [
    '## What a deployed ingestion may do',
    '',
    'Generated from `src/reference/ingestion-grants.ts`, which also makes the policies of each deployment. By the ECS',
    "operator the roles are those named here. On the environment's workers (the Python and the virtualenv operator) its",
    'execution role does what concerns both, and nothing else is given.',
    '',
    '| Action | Role | Mode | On | Why |',
    '| --- | --- | --- | --- | --- |',
    ...ingestionGrants.map(
      ({ actions, holder, ecsOnly, on, why }) =>
        `| ${actions.map((action) => `\`${action}\``).join(', ')} | ${holders[holder]} | ${ecsOnly ? 'ECS' : 'any'} | ${on} | ${why} |`,
    ),
    '',
    'What a source in AWS is read by (Athena, Glue, S3 and others) is for its owner to give: to the task role, or on the',
    "workers to the environment's execution role.",
    '',
  ];
}

function section(feature: Feature): string[] {
  return [
    `## ${featureTitles[feature]}`,
    '',
    '| Action | Access | Resource | For |',
    '| --- | --- | --- | --- |',
    ...permissionsFor(feature).map(
      ({ action, access, resource, operations: used }) =>
        `| \`${action}\` | ${access} | ${resource.startsWith('arn:') || resource === '*' ? `\`${resource}\`` : resource} | ${used.join(', ')} |`,
    ),
    '',
  ];
}

/** One statement a resource, with every action that the product reads by. */
function readPolicy(features: readonly Feature[]): object {
  const byResource = new Map<string, Set<string>>();
  for (const { action, access, resource } of features.flatMap(permissionsFor)) {
    if (access === 'write') continue;
    byResource.set(resource, (byResource.get(resource) ?? new Set()).add(action));
  }
  return {
    Version: '2012-10-17',
    Statement: [...byResource].map(([resource, actions]) => ({
      Effect: 'Allow',
      Action: [...actions].sort(),
      Resource: resource.replace(/\/Op$/, '/Viewer'),
    })),
  };
}
