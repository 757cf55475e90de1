/**
 * Who acts: `environment`, the execution role of the MWAA environment; `execution`, the role that ECS starts the task
 * with; `task`, the task's own. On the workers there is only the first, and it does what the others would.
 */
export type GrantHolder = 'environment' | 'execution' | 'task';

/** Something that a deployed ingestion has to be allowed. */
export interface IngestionGrant {
  readonly sid: string;
  /** Who acts by the ECS operator. */
  readonly holder: GrantHolder;
  readonly actions: readonly string[];
  /** Needed by the ECS operator alone. */
  readonly ecsOnly: boolean;
  /** What calls these actions, and when. */
  readonly why: string;
  /** On what, in words for the documentation. */
  readonly on: string;
  readonly source: string;
}

const OPERATOR = 'github.com/apache/airflow: providers/amazon, operators/ecs.py, EcsRunTaskOperator';
const EXECUTION_ROLE = 'docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html';
const MWAA_REST = 'docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html';
const SECRETS = 'docs.open-metadata.org: deployment/secrets-manager';
const SECRET_KMS = 'docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html';

const ecs = { ecsOnly: true } as const;
const any = { ecsOnly: false } as const;

/** Every grant, role by role: the policies of a deployment and docs/PERMISSIONS.md follow from it. */
export const ingestionGrants = [
  {
    ...ecs,
    sid: 'RunIngestion',
    holder: 'environment',
    actions: ['ecs:RunTask'],
    why: 'the operator starts the task',
    on: "the revisions of the ingestion's task definition, in its cluster",
    source: OPERATOR,
  },
  {
    ...ecs,
    sid: 'WatchAndStopIngestion',
    holder: 'environment',
    actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
    why: 'the operator waits for the task, and stops it when its own task is killed or runs out of time',
    on: 'the tasks of its cluster',
    source: OPERATOR,
  },
  {
    ...ecs,
    sid: 'FindRunningIngestion',
    holder: 'environment',
    actions: ['ecs:ListTasks'],
    why: 'reattach: after a lost worker, the next try finds the task that still runs',
    on: 'its cluster, by a condition',
    source: OPERATOR,
  },
  {
    ...ecs,
    sid: 'PassTaskRoles',
    holder: 'environment',
    actions: ['iam:PassRole'],
    why: 'RunTask hands the roles of the task definition to ECS',
    on: 'those two roles, for ECS tasks',
    source: OPERATOR,
  },
  {
    ...ecs,
    sid: 'ReadIngestionLog',
    holder: 'environment',
    actions: ['logs:GetLogEvents'],
    why: "the operator copies the task's lines into the Airflow task log",
    on: 'the log group',
    source: OPERATOR,
  },
  {
    ...ecs,
    sid: 'WriteIngestionLog',
    holder: 'execution',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    why: 'the awslogs driver writes what the task prints',
    on: 'the log group',
    source: EXECUTION_ROLE,
  },
  {
    ...any,
    sid: 'ReadIngestionConfiguration',
    holder: 'execution',
    actions: ['secretsmanager:GetSecretValue'],
    why: 'the configuration is read as the run begins: by ECS into the variable `config`, on a worker by the task',
    on: "the ingestion's secret",
    source: EXECUTION_ROLE,
  },
  {
    ...any,
    sid: 'DecryptIngestionConfiguration',
    holder: 'execution',
    actions: ['kms:Decrypt'],
    why: 'only where the secret is encrypted with a key of your own',
    on: 'that key, through Secrets Manager',
    source: SECRET_KMS,
  },
  {
    ...ecs,
    sid: 'SignInToRegistry',
    holder: 'execution',
    actions: ['ecr:GetAuthorizationToken'],
    why: 'an image in ECR is pulled with a token; other registries need none',
    on: 'everything: it has no resource',
    source: EXECUTION_ROLE,
  },
  {
    ...ecs,
    sid: 'PullImage',
    holder: 'execution',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    why: 'ECS pulls the image from the repository in ECR',
    on: 'that repository',
    source: EXECUTION_ROLE,
  },
  {
    ...any,
    sid: 'ReadAirflow',
    holder: 'task',
    actions: ['airflow:InvokeRestApi'],
    why: "OpenMetadata's Airflow connection with MWAA authentication reads DAGs and runs; Viewer is enough",
    on: 'the Airflow role Viewer of the environment that is read',
    source: MWAA_REST,
  },
  {
    ...any,
    sid: 'TakeReadingRole',
    holder: 'task',
    actions: ['sts:AssumeRole'],
    why: 'the pipeline names a role to read Airflow with (awsConfig.assumeRoleArn)',
    on: 'that role',
    source: MWAA_REST,
  },
  {
    ...any,
    sid: 'ResolveSecretReferences',
    holder: 'task',
    actions: ['secretsmanager:GetSecretValue'],
    why: 'only where the pipeline refers to secrets (`secret:`) and names `aws` as its secretsManagerProvider',
    on: 'the secrets that it refers to',
    source: SECRETS,
  },
  {
    ...any,
    sid: 'ResolveParameterReferences',
    holder: 'task',
    actions: ['ssm:GetParameter'],
    why: 'only where the pipeline refers to secrets (`secret:`) and names `aws-ssm` as its secretsManagerProvider',
    on: 'the parameters that it refers to',
    source: SECRETS,
  },
] as const satisfies readonly IngestionGrant[];

/** The name of a grant, which is its statement's Sid. */
export type GrantSid = (typeof ingestionGrants)[number]['sid'];
