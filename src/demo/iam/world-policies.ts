import {
  ACCOUNT,
  airflowLogGroup,
  arn,
  bucketArn,
  clusterArn,
  ECS_EXECUTION_ROLE,
  ECS_TASK_ROLE,
  environmentArn,
  INGESTION_CLUSTER,
  INGESTION_LOG_GROUP,
  logGroupArn,
  REGION,
  roleArn,
  secretArn,
  taskDefinitionFamily,
} from '../world/names.ts';

interface StatementSource {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Condition?: object;
}

/** A policy document of these statements. */
export function policy(...statements: readonly StatementSource[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

/** A trust policy for services, as JSON text. */
export function serviceTrust(services: readonly string[], condition?: object): string {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: services.length === 1 ? services[0] : services },
    Action: 'sts:AssumeRole',
    ...(condition === undefined ? {} : { Condition: condition }),
  };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
}

/** A trust policy for the account's own principals, as JSON text. */
export function accountTrust(): string {
  const statement = { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'sts:AssumeRole' };
  return JSON.stringify({ Version: '2012-10-17', Statement: [statement] }, null, 2);
}

/** Trust of an MWAA execution role, narrowed to its environment as the user guide advises (mwaa-create-role). */
export function environmentTrust(environment: string): string {
  return serviceTrust(['airflow.amazonaws.com', 'airflow-env.amazonaws.com'], {
    StringEquals: { 'aws:SourceAccount': ACCOUNT },
    ArnLike: { 'aws:SourceArn': environmentArn(environment) },
  });
}

/** The policy of an MWAA execution role with an AWS owned key (MWAA user guide, mwaa-create-role). */
export function environmentPolicy(environment: string): object {
  const bucket = bucketArn(environment);
  return policy(
    { Effect: 'Allow', Action: 'airflow:PublishMetrics', Resource: environmentArn(environment) },
    { Effect: 'Deny', Action: 's3:ListAllMyBuckets', Resource: [bucket, `${bucket}/*`] },
    { Effect: 'Allow', Action: ['s3:GetObject*', 's3:GetBucket*', 's3:List*'], Resource: [bucket, `${bucket}/*`] },
    { Effect: 'Allow', Action: 's3:GetAccountPublicAccessBlock', Resource: '*' },
    {
      Effect: 'Allow',
      Action: [
        'logs:CreateLogStream',
        'logs:CreateLogGroup',
        'logs:PutLogEvents',
        'logs:GetLogEvents',
        'logs:GetLogRecord',
        'logs:GetLogGroupFields',
        'logs:GetQueryResults',
      ],
      Resource: logGroupArn(airflowLogGroup(environment, 'Task').replace(/Task$/, '*')),
    },
    { Effect: 'Allow', Action: 'logs:DescribeLogGroups', Resource: '*' },
    { Effect: 'Allow', Action: 'cloudwatch:PutMetricData', Resource: '*' },
    {
      Effect: 'Allow',
      Action: [
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
      ],
      Resource: `arn:aws:sqs:${REGION}:*:airflow-celery-*`,
    },
    {
      Effect: 'Allow',
      Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey*', 'kms:Encrypt'],
      NotResource: `arn:aws:kms:*:${ACCOUNT}:key/*`,
      Condition: { StringLike: { 'kms:ViaService': [`sqs.${REGION}.amazonaws.com`] } },
    },
  );
}

/** What an environment's DAG needs to run one ingestion's task and read its log. */
export function ingestionPolicy(environment: string, dagId: string): object {
  const cluster = { ArnEquals: { 'ecs:cluster': clusterArn(INGESTION_CLUSTER) } };
  const family = taskDefinitionFamily(environment, dagId);
  return policy(
    {
      Sid: 'RunIngestion',
      Effect: 'Allow',
      Action: ['ecs:RunTask'],
      Resource: [arn('ecs', `task-definition/${family}:*`)],
      Condition: cluster,
    },
    {
      Sid: 'WatchAndStopIngestion',
      Effect: 'Allow',
      Action: ['ecs:DescribeTasks', 'ecs:StopTask'],
      Resource: [arn('ecs', `task/${INGESTION_CLUSTER}/*`)],
      Condition: cluster,
    },
    {
      Sid: 'FindRunningIngestion',
      Effect: 'Allow',
      Action: ['ecs:ListTasks'],
      Resource: ['*'],
      Condition: cluster,
    },
    {
      Sid: 'PassTaskRoles',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [roleArn(ECS_EXECUTION_ROLE), roleArn(ECS_TASK_ROLE)],
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
    {
      Sid: 'ReadIngestionLog',
      Effect: 'Allow',
      Action: ['logs:GetLogEvents'],
      Resource: [`${logGroupArn(INGESTION_LOG_GROUP)}:log-stream:*`],
    },
  );
}

/** What ECS needs to start one ingestion's task: its log stream and its configuration. */
export function startPolicy(environment: string, dagId: string): object {
  return policy(
    {
      Sid: 'WriteIngestionLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [`${logGroupArn(INGESTION_LOG_GROUP)}:*`],
    },
    {
      Sid: 'ReadIngestionConfiguration',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: [anySecretArn(environment, dagId)],
    },
  );
}

/** What an environment's worker needs to run one ingestion itself: its configuration. */
export function workerPolicy(environment: string, dagId: string): object {
  return policy({
    Sid: 'ReadIngestionConfiguration',
    Effect: 'Allow',
    Action: ['secretsmanager:GetSecretValue'],
    Resource: [anySecretArn(environment, dagId)],
  });
}

/** A secret's ARN however it ends: one that is made anew ends otherwise. */
function anySecretArn(environment: string, dagId: string): string {
  return secretArn(environment, dagId).replace(/-\w{6}$/, '-??????');
}

/** AWS's own policies as far as this world attaches them. */
export const AWS_POLICIES = {
  administrator: policy({ Effect: 'Allow', Action: '*', Resource: '*' }),
  readOnly: policy({
    Effect: 'Allow',
    Action: [
      'airflow:GetEnvironment',
      'airflow:ListEnvironments',
      'airflow:ListTagsForResource',
      'ec2:Describe*',
      'ec2:Get*',
      'ecs:Describe*',
      'ecs:List*',
      'iam:Get*',
      'iam:List*',
      'iam:SimulatePrincipalPolicy',
      'logs:Describe*',
      'logs:FilterLogEvents',
      'logs:Get*',
      'logs:List*',
      'logs:StartQuery',
      'logs:StopQuery',
      's3:Get*',
      's3:List*',
      'secretsmanager:Describe*',
      'secretsmanager:GetResourcePolicy',
      'secretsmanager:List*',
      'sts:Get*',
    ],
    Resource: '*',
  }),
  taskExecution: policy({
    Effect: 'Allow',
    Action: [
      'ecr:GetAuthorizationToken',
      'ecr:BatchCheckLayerAvailability',
      'ecr:GetDownloadUrlForLayer',
      'ecr:BatchGetImage',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
    ],
    Resource: '*',
  }),
} as const;

/** Watches and runs what is deployed, but deploys nothing: no secret, no object, no role policy. */
export const OPERATOR_POLICY = policy(
  {
    Sid: 'Read',
    Effect: 'Allow',
    Action: [
      'airflow:GetEnvironment',
      'airflow:ListEnvironments',
      'ec2:Describe*',
      'ecs:Describe*',
      'ecs:List*',
      'iam:GetRole',
      'logs:Describe*',
      'logs:FilterLogEvents',
      'logs:GetLogEvents',
      's3:GetBucketVersioning',
      's3:GetObject',
      's3:GetObjectVersion',
      's3:ListBucket',
      's3:ListBucketVersions',
      'secretsmanager:DescribeSecret',
      'secretsmanager:ListSecrets',
    ],
    Resource: '*',
  },
  { Sid: 'Airflow', Effect: 'Allow', Action: 'airflow:InvokeRestApi', Resource: arn('airflow', 'role/*/User') },
  {
    Sid: 'Run',
    Effect: 'Allow',
    Action: ['ecs:RunTask', 'ecs:StopTask'],
    Resource: '*',
    Condition: { ArnEquals: { 'ecs:cluster': clusterArn(INGESTION_CLUSTER) } },
  },
  {
    Sid: 'PassRoles',
    Effect: 'Allow',
    Action: 'iam:PassRole',
    Resource: [roleArn(ECS_TASK_ROLE), roleArn(ECS_EXECUTION_ROLE)],
    Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
  },
);
