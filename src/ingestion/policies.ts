import { taskDefinitionFamily } from './names.ts';
import { arnOf, clusterName, document, type PolicyDocument, type Statement } from './policy-document.ts';
import type { DeploymentRequest } from './request.ts';
import { ecsTargetOf } from './task-definition.ts';

export type { PolicyDocument, Statement } from './policy-document.ts';

/** Who holds a grant: the environment's execution role, the role ECS starts the task with, or the task's own. */
export type PolicyHolder = 'environment' | 'execution' | 'task';

/** Something that an ingestion by the ECS operator has to be allowed. */
export interface Grant {
  readonly holder: PolicyHolder;
  readonly sid: string;
  readonly actions: readonly string[];
  /** What calls these actions, and when. */
  readonly why: string;
  readonly source: string;
  /** No statement is made where it is empty. */
  readonly resources: (request: DeploymentRequest) => readonly string[];
  readonly condition?: (request: DeploymentRequest) => NonNullable<Statement['Condition']>;
}

/** An inline policy of an ingestion on one role. */
export interface IngestionPolicy {
  readonly holder: PolicyHolder;
  /** The role's name. */
  readonly role: string;
  readonly document: PolicyDocument;
}

const OPERATOR = 'github.com/apache/airflow: providers/amazon, operators/ecs.py, EcsRunTaskOperator';
const EXECUTION_ROLE = 'docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html';
const MWAA_REST = 'docs.aws.amazon.com/mwaa/latest/userguide/access-mwaa-apache-airflow-rest-api.html';

const inCluster = (request: DeploymentRequest) => ({
  ArnEquals: { 'ecs:cluster': arnOf(request, 'ecs', `cluster/${clusterName(ecsTargetOf(request).cluster)}`) },
});

/** Every grant, role by role; what an ingestion does not need has no resources and falls away. */
export const grants: readonly Grant[] = [
  {
    holder: 'environment',
    sid: 'RunIngestion',
    actions: ['ecs:RunTask'],
    why: 'the operator starts the task',
    source: OPERATOR,
    // Authorised against the revision since March 2024: the bare family would not match.
    resources: (request) => [
      arnOf(request, 'ecs', `task-definition/${taskDefinitionFamily(request.environment, request.dagId)}:*`),
    ],
    condition: inCluster,
  },
  {
    holder: 'environment',
    sid: 'WatchAndStopIngestion',
    actions: ['ecs:DescribeTasks', 'ecs:StopTask'],
    why: 'the operator waits for the task, and stops it when its own task is killed or runs out of time',
    source: OPERATOR,
    resources: (request) => [arnOf(request, 'ecs', `task/${clusterName(ecsTargetOf(request).cluster)}/*`)],
    condition: inCluster,
  },
  {
    holder: 'environment',
    sid: 'FindRunningIngestion',
    actions: ['ecs:ListTasks'],
    why: 'reattach: after a lost worker, the next try finds the task that still runs',
    source: OPERATOR,
    // ListTasks takes no task as its resource; the condition holds it to the cluster.
    resources: () => ['*'],
    condition: inCluster,
  },
  {
    holder: 'environment',
    sid: 'PassTaskRoles',
    actions: ['iam:PassRole'],
    why: 'RunTask hands the roles of the task definition to ECS',
    source: OPERATOR,
    resources: (request) => {
      const { executionRoleArn, taskRoleArn } = ecsTargetOf(request);
      return [...new Set([executionRoleArn, ...(taskRoleArn === undefined ? [] : [taskRoleArn])])];
    },
    condition: () => ({ StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
  },
  {
    holder: 'environment',
    sid: 'ReadIngestionLog',
    actions: ['logs:GetLogEvents'],
    why: "the operator copies the task's lines into the Airflow task log",
    source: OPERATOR,
    resources: (request) => [arnOf(request, 'logs', `log-group:${ecsTargetOf(request).logGroup}:log-stream:*`)],
  },
  {
    holder: 'execution',
    sid: 'WriteIngestionLog',
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    why: 'the awslogs driver writes what the task prints',
    source: EXECUTION_ROLE,
    resources: (request) => [arnOf(request, 'logs', `log-group:${ecsTargetOf(request).logGroup}:*`)],
  },
  {
    holder: 'execution',
    sid: 'ReadIngestionConfiguration',
    actions: ['secretsmanager:GetSecretValue'],
    why: 'ECS puts the secret into the variable `config` as the task starts',
    source: EXECUTION_ROLE,
    // Secrets Manager ends a secret's ARN with a hyphen and six characters of its own, others when it is made anew.
    resources: (request) => [arnOf(request, 'secretsmanager', `secret:${request.secretName}-??????`)],
  },
  {
    holder: 'execution',
    sid: 'SignInToRegistry',
    actions: ['ecr:GetAuthorizationToken'],
    why: 'an image in ECR is pulled with a token; other registries need none',
    source: EXECUTION_ROLE,
    resources: (request) => (ecrRepository(request) === undefined ? [] : ['*']),
  },
  {
    holder: 'execution',
    sid: 'PullImage',
    actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
    why: 'ECS pulls the image from the repository in ECR',
    source: EXECUTION_ROLE,
    resources: (request) => {
      const repository = ecrRepository(request);
      return repository === undefined ? [] : [repository];
    },
  },
  {
    holder: 'task',
    sid: 'ReadAirflow',
    actions: ['airflow:InvokeRestApi'],
    why: "OpenMetadata's Airflow connection with MWAA authentication reads DAGs and runs; Viewer is enough",
    source: MWAA_REST,
    resources: (request) => {
      const { mwaaEnvironmentName, mwaaRegion, assumeRoleArn } = request.pipeline.airflow ?? {};
      if (mwaaEnvironmentName === undefined || assumeRoleArn !== undefined) return [];
      const place = { region: mwaaRegion ?? request.region, account: request.account };
      return invokeRestApiStatement({ ...place, environment: mwaaEnvironmentName }).Resource;
    },
  },
  {
    holder: 'task',
    sid: 'TakeReadingRole',
    actions: ['sts:AssumeRole'],
    why: 'the pipeline names a role to read Airflow with (awsConfig.assumeRoleArn)',
    source: MWAA_REST,
    resources: ({ pipeline }) => {
      const role = pipeline.airflow?.assumeRoleArn;
      return role === undefined ? [] : [role];
    },
  },
];

/**
 * The least that an ingestion by the ECS operator needs, role by role: one inline policy for the environment's
 * execution role, one for the role ECS starts the task with, and one for the task's own role where it needs any.
 */
export function ingestionPolicies(request: DeploymentRequest): IngestionPolicy[] {
  const ecs = ecsTargetOf(request);
  const holders: readonly [PolicyHolder, string | undefined][] = [
    ['environment', request.executionRoleName],
    ['execution', ecs.executionRoleArn],
    ['task', ecs.taskRoleArn],
  ];
  return holders.flatMap(([holder, role]) => {
    const statements = grants
      .filter((grant) => grant.holder === holder)
      .flatMap((grant) => statementOf(grant, request));
    if (role === undefined || statements.length === 0) return [];
    return [{ holder, role: role.split('/').at(-1) ?? role, document: document(statements) }];
  });
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
  return {
    Sid: 'ReadAirflow',
    Effect: 'Allow',
    Action: ['airflow:InvokeRestApi'],
    Resource: [arnOf(place, 'airflow', `role/${place.environment}/Viewer`)],
  };
}

function statementOf(grant: Grant, request: DeploymentRequest): Statement[] {
  const resources = grant.resources(request);
  if (resources.length === 0) return [];
  return [
    {
      Sid: grant.sid,
      Effect: 'Allow',
      Action: grant.actions,
      Resource: resources,
      ...(grant.condition === undefined ? {} : { Condition: grant.condition(request) }),
    },
  ];
}

function ecrRepository(request: DeploymentRequest): string | undefined {
  const { image } = ecsTargetOf(request);
  const parts = /^(\d{12})\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)/.exec(image);
  if (parts === null) return undefined;
  const [, account = '', region = '', name] = parts;
  return arnOf({ account, region }, 'ecr', `repository/${name}`);
}
