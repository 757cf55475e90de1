import { partitionOf, taskDefinitionFamily } from './names.ts';
import type { DeploymentRequest } from './request.ts';
import { ecsTargetOf, secretArn } from './task-definition.ts';

/** One statement of an IAM policy. */
export interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** An IAM policy document. */
export interface PolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly Statement[];
}

/** Who holds a policy: the environment's execution role, the role ECS starts the task with, or the task's own. */
export type PolicyHolder = 'environment' | 'execution' | 'task';

/** An inline policy of an ingestion on one role. */
export interface IngestionPolicy {
  readonly holder: PolicyHolder;
  /** The role's name. */
  readonly role: string;
  readonly document: PolicyDocument;
}

/**
 * The least that an ingestion by the ECS operator needs, role by role. What the operator calls:
 * apache/airflow, providers/amazon, operators/ecs.py; resource types and keys: Service Authorization Reference.
 */
export function ingestionPolicies(request: DeploymentRequest): IngestionPolicy[] {
  const ecs = ecsTargetOf(request);
  const policies: IngestionPolicy[] = [
    { holder: 'environment', role: request.executionRoleName, document: document(operatorStatements(request)) },
    { holder: 'execution', role: roleName(ecs.executionRoleArn), document: document(startStatements(request)) },
  ];
  const own = taskStatements(request);
  if (ecs.taskRoleArn !== undefined && own.length > 0) {
    policies.push({ holder: 'task', role: roleName(ecs.taskRoleArn), document: document(own) });
  }
  return policies;
}

/** Who may take the roles that a task runs with: ECS, for this account alone (the confused deputy's remedy). */
export function ecsTrustPolicy({ account }: Pick<DeploymentRequest, 'account'>) {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: { Service: 'ecs-tasks.amazonaws.com' },
        Action: 'sts:AssumeRole',
        Condition: { StringEquals: { 'aws:SourceAccount': account } },
      },
    ],
  };
}

/** The statement that OpenMetadata's Airflow connection with MWAA authentication needs. Viewer is enough to read. */
export function invokeRestApiStatement(place: { region: string; account: string; environment: string }): Statement {
  const { region, account, environment } = place;
  return {
    Sid: 'ReadAirflow',
    Effect: 'Allow',
    Action: ['airflow:InvokeRestApi'],
    Resource: [`arn:${partitionOf(region)}:airflow:${region}:${account}:role/${environment}/Viewer`],
  };
}

function operatorStatements(request: DeploymentRequest): Statement[] {
  const ecs = ecsTargetOf(request);
  const { region, account } = request;
  const arn = (service: string, resource: string) =>
    `arn:${partitionOf(region)}:${service}:${region}:${account}:${resource}`;
  const cluster = ecs.cluster.split('/').at(-1) ?? ecs.cluster;
  const inCluster = { ArnEquals: { 'ecs:cluster': arn('ecs', `cluster/${cluster}`) } };
  const roles = [ecs.executionRoleArn, ...(ecs.taskRoleArn === undefined ? [] : [ecs.taskRoleArn])];
  return [
    {
      Sid: 'RunIngestion',
      Effect: 'Allow',
      Action: ['ecs:RunTask'],
      // RunTask is authorised against the revision: the bare family would not match.
      Resource: [arn('ecs', `task-definition/${taskDefinitionFamily(request.environment, request.dagId)}:*`)],
      Condition: inCluster,
    },
    {
      Sid: 'WatchAndStopIngestion',
      Effect: 'Allow',
      Action: ['ecs:DescribeTasks', 'ecs:StopTask'],
      Resource: [arn('ecs', `task/${cluster}/*`)],
      Condition: inCluster,
    },
    {
      Sid: 'FindRunningIngestion',
      Effect: 'Allow',
      Action: ['ecs:ListTasks'],
      // ListTasks takes no task as its resource; the cluster is held by the condition.
      Resource: ['*'],
      Condition: inCluster,
    },
    {
      Sid: 'PassTaskRoles',
      Effect: 'Allow',
      Action: ['iam:PassRole'],
      Resource: [...new Set(roles)],
      Condition: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    },
    {
      Sid: 'ReadIngestionLog',
      Effect: 'Allow',
      Action: ['logs:GetLogEvents'],
      Resource: [arn('logs', `log-group:${ecs.logGroup}:log-stream:*`)],
    },
  ];
}

function startStatements(request: DeploymentRequest): Statement[] {
  const ecs = ecsTargetOf(request);
  const { region, account } = request;
  const partition = partitionOf(region);
  // Secrets Manager ends a secret's ARN with a hyphen and six characters of its own.
  const secret = request.secretArn ?? `${secretArn(request)}-??????`;
  const statements: Statement[] = [
    {
      Sid: 'WriteIngestionLog',
      Effect: 'Allow',
      Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      Resource: [`arn:${partition}:logs:${region}:${account}:log-group:${ecs.logGroup}:*`],
    },
    {
      Sid: 'ReadIngestionConfiguration',
      Effect: 'Allow',
      Action: ['secretsmanager:GetSecretValue'],
      Resource: [secret],
    },
  ];
  const repository = /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(ecs.image);
  if (repository !== null) {
    const [, owner, place, name] = repository;
    statements.push(
      { Sid: 'SignInToRegistry', Effect: 'Allow', Action: ['ecr:GetAuthorizationToken'], Resource: ['*'] },
      {
        Sid: 'PullImage',
        Effect: 'Allow',
        Action: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        Resource: [`arn:${partition}:ecr:${place}:${owner}:repository/${name}`],
      },
    );
  }
  return statements;
}

function taskStatements({ pipeline, region, account }: DeploymentRequest): Statement[] {
  const environment = pipeline.airflow?.mwaaEnvironmentName;
  if (environment === undefined) return [];
  return [invokeRestApiStatement({ region: pipeline.airflow?.mwaaRegion ?? region, account, environment })];
}

function document(statements: readonly Statement[]): PolicyDocument {
  return { Version: '2012-10-17', Statement: statements };
}

function roleName(arn: string): string {
  return arn.split('/').at(-1) ?? arn;
}
