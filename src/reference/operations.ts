import { type ApiFamily, families } from './api-families.ts';
import { restApiAccess } from './rest-api-access.ts';

/** The services the product calls, named as the session's members are. */
export type ServiceName = 'mwaa' | 'ecs' | 'logs' | 's3' | 'sts' | 'iam' | 'ec2' | 'secretsManager';

/** Whether an operation leaves things as they were; the read-only guard lets only reads pass. */
export type Access = 'read' | 'write';

/** What a permission is needed for; one section each of docs/PERMISSIONS.md. */
export type Feature =
  | 'estate'
  | 'logs'
  | 'airflow'
  | 'plan'
  | 'preflight'
  | 'deploy'
  | 'undo'
  | 'run'
  | 'own-configuration'
  | 'connection'
  | 'discovery';

/** One operation of AWS that the product may call. Nothing that is missing here can be called at all. */
export interface Operation {
  readonly service: ServiceName;
  /** As AWS names it, without `Command`. */
  readonly name: string;
  /** IAM actions it needs; the first is the one that AWS names when it refuses. */
  readonly actions: readonly string[];
  /** `by-request`: judged by `accessOf` from the call's input. */
  readonly access: Access | 'by-request';
  readonly family: ApiFamily;
  readonly features: readonly Feature[];
  /** A write whose repetition changes nothing more, so that it may be sent again when no answer came. */
  readonly repeatable: boolean;
}

type Row = readonly [
  name: string,
  actions: string | readonly string[],
  access: Operation['access'],
  family: keyof typeof families,
  features: readonly Feature[],
];

/**
 * GetSecretValue is a read: it changes nothing, and a plan has to know whether the stored configuration
 * differs. Who must not see a secret is refused by IAM; the product shows one only where `--reveal` or
 * its key asks. Tokens (CLI, web) are writes because whoever holds one can act, and RunTask starts work.
 * Actions and resource types: Service Authorization Reference of each service; model names: botocore.
 */
const ROWS: Readonly<Record<ServiceName, readonly Row[]>> = {
  mwaa: [
    ['ListEnvironments', 'airflow:ListEnvironments', 'read', 'mwaa-read', ['estate']],
    ['GetEnvironment', 'airflow:GetEnvironment', 'read', 'mwaa-read', ['estate', 'plan', 'connection']],
    ['ListTagsForResource', 'airflow:ListTagsForResource', 'read', 'mwaa-read', ['estate']],
    ['UpdateEnvironment', ['airflow:UpdateEnvironment', 'iam:PassRole'], 'write', 'mwaa-write', ['deploy', 'undo']],
    ['InvokeRestApi', 'airflow:InvokeRestApi', 'by-request', 'airflow-rest', ['airflow', 'deploy', 'discovery']],
    ['CreateCliToken', 'airflow:CreateCliToken', 'write', 'mwaa-write', ['discovery']],
    ['CreateWebLoginToken', 'airflow:CreateWebLoginToken', 'write', 'mwaa-write', ['airflow']],
  ],
  ecs: [
    ['ListClusters', 'ecs:ListClusters', 'read', 'ecs-cluster-read', ['estate']],
    ['DescribeClusters', 'ecs:DescribeClusters', 'read', 'ecs-cluster-read', ['estate', 'plan']],
    ['ListServices', 'ecs:ListServices', 'read', 'ecs-service-read', ['estate']],
    ['DescribeServices', 'ecs:DescribeServices', 'read', 'ecs-service-read', ['estate']],
    ['ListTasks', 'ecs:ListTasks', 'read', 'ecs-resource-read', ['estate']],
    ['DescribeTasks', 'ecs:DescribeTasks', 'read', 'ecs-resource-read', ['estate', 'run']],
    [
      'ListTaskDefinitions',
      'ecs:ListTaskDefinitions',
      'read',
      'ecs-definition-read',
      ['estate', 'plan', 'own-configuration'],
    ],
    ['ListTaskDefinitionFamilies', 'ecs:ListTaskDefinitionFamilies', 'read', 'ecs-definition-read', ['estate']],
    ['DescribeTaskDefinition', 'ecs:DescribeTaskDefinition', 'read', 'ecs-definition-read', ['estate', 'plan', 'run']],
    ['DescribeCapacityProviders', 'ecs:DescribeCapacityProviders', 'read', 'ecs-cluster-read', ['estate']],
    ['ListTagsForResource', 'ecs:ListTagsForResource', 'read', 'ecs-tags', ['estate', 'plan']],
    ['CreateCluster', 'ecs:CreateCluster', 'write', 'ecs-cluster-write', ['deploy']],
    ['DeleteCluster', 'ecs:DeleteCluster', 'write', 'ecs-cluster-write', ['undo']],
    ['PutClusterCapacityProviders', 'ecs:PutClusterCapacityProviders', 'write', 'ecs-cluster-write', ['deploy']],
    [
      'RegisterTaskDefinition',
      ['ecs:RegisterTaskDefinition', 'iam:PassRole'],
      'write',
      'ecs-definition-write',
      ['deploy', 'undo', 'own-configuration'],
    ],
    [
      'DeregisterTaskDefinition',
      'ecs:DeregisterTaskDefinition',
      'write',
      'ecs-definition-write',
      ['deploy', 'undo', 'own-configuration'],
    ],
    ['DeleteTaskDefinitions', 'ecs:DeleteTaskDefinitions', 'write', 'ecs-definition-write', ['undo']],
    ['RunTask', ['ecs:RunTask', 'iam:PassRole'], 'write', 'ecs-resource-write', ['run']],
    ['StopTask', 'ecs:StopTask', 'write', 'ecs-resource-write', ['run']],
    ['TagResource', 'ecs:TagResource', 'write', 'ecs-tags', ['deploy']],
  ],
  logs: [
    ['DescribeLogGroups', 'logs:DescribeLogGroups', 'read', 'logs-groups', ['estate', 'logs', 'plan']],
    ['DescribeLogStreams', 'logs:DescribeLogStreams', 'read', 'logs-streams', ['logs', 'undo']],
    ['FilterLogEvents', 'logs:FilterLogEvents', 'read', 'logs-filter', ['logs', 'run', 'discovery']],
    ['GetLogEvents', 'logs:GetLogEvents', 'read', 'logs-get', ['logs', 'run']],
    ['ListTagsForResource', 'logs:ListTagsForResource', 'read', 'logs-other', ['plan']],
    ['CreateLogGroup', 'logs:CreateLogGroup', 'write', 'logs-other', ['deploy']],
    ['PutRetentionPolicy', 'logs:PutRetentionPolicy', 'write', 'logs-other', ['deploy']],
    ['DeleteLogGroup', 'logs:DeleteLogGroup', 'write', 'logs-other', ['undo']],
    ['TagResource', 'logs:TagResource', 'write', 'logs-other', ['deploy']],
  ],
  s3: [
    ['HeadBucket', 's3:ListBucket', 'read', 's3', ['plan']],
    ['GetBucketLocation', 's3:GetBucketLocation', 'read', 's3', ['plan']],
    ['GetBucketVersioning', 's3:GetBucketVersioning', 'read', 's3', ['plan']],
    ['GetBucketEncryption', 's3:GetEncryptionConfiguration', 'read', 's3', ['plan']],
    ['ListObjectsV2', 's3:ListBucket', 'read', 's3', ['estate', 'plan', 'discovery']],
    ['ListObjectVersions', 's3:ListBucketVersions', 'read', 's3', ['plan', 'undo', 'discovery']],
    ['HeadObject', ['s3:GetObject', 's3:GetObjectVersion'], 'read', 's3', ['estate', 'plan']],
    ['GetObject', ['s3:GetObject', 's3:GetObjectVersion'], 'read', 's3', ['estate', 'plan', 'discovery']],
    ['PutObject', 's3:PutObject', 'write', 's3', ['deploy', 'undo', 'discovery']],
    ['DeleteObject', ['s3:DeleteObject', 's3:DeleteObjectVersion'], 'write', 's3', ['deploy', 'undo', 'discovery']],
  ],
  sts: [['GetCallerIdentity', 'sts:GetCallerIdentity', 'read', 'sts', ['estate']]],
  iam: [
    ['GetRole', 'iam:GetRole', 'read', 'iam', ['plan', 'preflight']],
    ['ListRoles', 'iam:ListRoles', 'read', 'iam', ['plan']],
    ['ListRolePolicies', 'iam:ListRolePolicies', 'read', 'iam', ['plan', 'preflight']],
    ['GetRolePolicy', 'iam:GetRolePolicy', 'read', 'iam', ['plan', 'preflight']],
    ['ListAttachedRolePolicies', 'iam:ListAttachedRolePolicies', 'read', 'iam', ['preflight']],
    ['GetPolicy', 'iam:GetPolicy', 'read', 'iam', ['preflight']],
    ['GetPolicyVersion', 'iam:GetPolicyVersion', 'read', 'iam', ['preflight']],
    ['SimulatePrincipalPolicy', 'iam:SimulatePrincipalPolicy', 'read', 'iam', ['preflight', 'connection']],
    ['CreateRole', 'iam:CreateRole', 'write', 'iam', ['deploy']],
    ['DeleteRole', 'iam:DeleteRole', 'write', 'iam', ['undo']],
    ['PutRolePolicy', 'iam:PutRolePolicy', 'write', 'iam', ['deploy', 'undo']],
    ['DeleteRolePolicy', 'iam:DeleteRolePolicy', 'write', 'iam', ['deploy', 'undo']],
    ['TagRole', 'iam:TagRole', 'write', 'iam', ['deploy']],
  ],
  ec2: [
    ['DescribeVpcs', 'ec2:DescribeVpcs', 'read', 'ec2', ['preflight']],
    ['DescribeVpcAttribute', 'ec2:DescribeVpcAttribute', 'read', 'ec2', ['preflight']],
    ['DescribeSubnets', 'ec2:DescribeSubnets', 'read', 'ec2', ['plan', 'preflight']],
    ['DescribeSecurityGroups', 'ec2:DescribeSecurityGroups', 'read', 'ec2', ['plan', 'preflight', 'connection']],
    ['DescribeRouteTables', 'ec2:DescribeRouteTables', 'read', 'ec2', ['plan', 'preflight']],
    ['DescribeNatGateways', 'ec2:DescribeNatGateways', 'read', 'ec2', ['preflight']],
    ['DescribeVpcEndpoints', 'ec2:DescribeVpcEndpoints', 'read', 'ec2', ['preflight', 'connection']],
    ['DescribeNetworkInterfaces', 'ec2:DescribeNetworkInterfaces', 'read', 'ec2', ['connection']],
  ],
  secretsManager: [
    ['ListSecrets', 'secretsmanager:ListSecrets', 'read', 'secrets', ['connection']],
    ['DescribeSecret', 'secretsmanager:DescribeSecret', 'read', 'secrets', ['plan', 'connection']],
    ['GetSecretValue', 'secretsmanager:GetSecretValue', 'read', 'secrets', ['plan', 'connection']],
    ['CreateSecret', 'secretsmanager:CreateSecret', 'write', 'secrets', ['deploy', 'own-configuration', 'discovery']],
    ['PutResourcePolicy', 'secretsmanager:PutResourcePolicy', 'write', 'secrets', ['own-configuration']],
    ['PutSecretValue', 'secretsmanager:PutSecretValue', 'write', 'secrets', ['deploy', 'undo', 'discovery']],
    ['UpdateSecret', 'secretsmanager:UpdateSecret', 'write', 'secrets', ['deploy']],
    ['UpdateSecretVersionStage', 'secretsmanager:UpdateSecretVersionStage', 'write', 'secrets', ['undo']],
    ['RestoreSecret', 'secretsmanager:RestoreSecret', 'write', 'secrets', ['deploy']],
    ['DeleteSecret', 'secretsmanager:DeleteSecret', 'write', 'secrets', ['undo', 'own-configuration', 'discovery']],
    ['TagResource', 'secretsmanager:TagResource', 'write', 'secrets', ['deploy']],
  ],
};

/**
 * Writes that carry a client token (RunTask, CreateSecret, PutSecretValue: the SDK fills it in once a call)
 * or that set something to a value whatever it was.
 */
const REPEATABLE: ReadonlySet<string> = new Set([
  'ecs.RunTask',
  'ecs.StopTask',
  'ecs.PutClusterCapacityProviders',
  'ecs.TagResource',
  'logs.PutRetentionPolicy',
  'logs.TagResource',
  'iam.PutRolePolicy',
  'iam.TagRole',
  'secretsManager.CreateSecret',
  'secretsManager.PutResourcePolicy',
  'secretsManager.PutSecretValue',
  'secretsManager.TagResource',
  'secretsManager.UpdateSecretVersionStage',
]);

/** Every operation the product may call, in the order of docs/PERMISSIONS.md. */
export const operations: readonly Operation[] = (Object.keys(ROWS) as ServiceName[]).flatMap((service) =>
  ROWS[service].map(([name, actions, access, family, features]) => ({
    service,
    name,
    actions: typeof actions === 'string' ? [actions] : actions,
    access,
    family: families[family],
    features,
    repeatable: REPEATABLE.has(`${service}.${name}`),
  })),
);

const byName = new Map(operations.map((operation) => [`${operation.service}.${operation.name}`, operation]));

/** The operation's row; undefined for one that the product does not know and therefore never calls. */
export function findOperation(service: string, name: string): Operation | undefined {
  return byName.get(`${service}.${name}`);
}

/** Read or write, for this call: InvokeRestApi is judged by its method and path. */
export function accessOf(operation: Operation, input: object): Access {
  return operation.access === 'by-request' ? restApiAccess(input) : operation.access;
}

/** The IAM actions that a feature needs, without repetition, in the table's order. */
export function actionsFor(feature: Feature): string[] {
  return [...new Set(operations.filter((row) => row.features.includes(feature)).flatMap((row) => row.actions))];
}
