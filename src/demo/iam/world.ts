import type { Region } from '../region.ts';
import {
  ADMIN_ROLE,
  arn,
  ECS_EXECUTION_ROLE,
  ECS_TASK_ROLE,
  ENVIRONMENTS,
  executionRole,
  INGESTION_LOG_GROUP,
  INGESTIONS,
  logGroupArn,
  NO_ACCESS_ROLE,
  OPERATOR_ROLE,
  READ_ONLY_ROLE,
  SSO_ROLE,
} from '../world/names.ts';
import type { IamService } from './service.ts';
import {
  AWS_POLICIES,
  accountTrust,
  environmentPolicy,
  environmentTrust,
  ingestionPolicy,
  OPERATOR_POLICY,
  policy,
  serviceTrust,
  startPolicy,
  workerPolicy,
} from './world-policies.ts';

const DAY = 86_400_000;

/** The roles and managed policies that are there when the region starts. */
export function seedRoles(iam: IamService, region: Region): void {
  const age = (days: number): number => region.clock.now() - days * DAY;
  const administrator = iam.addPolicy('AdministratorAccess', AWS_POLICIES.administrator, '/aws/');
  const readOnly = iam.addPolicy('ReadOnlyAccess', AWS_POLICIES.readOnly, '/aws/');
  const execution = iam.addPolicy('AmazonECSTaskExecutionRolePolicy', AWS_POLICIES.taskExecution, '/service-role/');
  const legacy = iam.addPolicy('MWAA-Execution-Policy-legacy', environmentPolicy('legacy'));

  for (const environment of ENVIRONMENTS) {
    const ingestions = INGESTIONS.filter((one) => one.environment === environment);
    iam.addRole({
      name: executionRole(environment),
      trust: environmentTrust(environment),
      description: `Execution role of the Amazon MWAA environment ${environment}`,
      createdAt: age(200),
      inline: {
        ...(environment === 'legacy' ? {} : { 'MWAA-Execution-Policy': environmentPolicy(environment) }),
        ...Object.fromEntries(
          ingestions.map(({ dagId, mode }) => [
            `mwaa-console-${dagId}`,
            mode === 'ecs' ? ingestionPolicy(environment, dagId) : workerPolicy(environment, dagId),
          ]),
        ),
      },
      attached: environment === 'legacy' ? [legacy.arn] : [],
      tags: { team: 'data-platform' },
    });
  }

  iam.addRole({
    name: ECS_EXECUTION_ROLE,
    trust: serviceTrust(['ecs-tasks.amazonaws.com']),
    description: 'Starts OpenMetadata ingestion tasks: images, secrets, log streams',
    createdAt: age(180),
    attached: [execution.arn],
    inline: {
      ...Object.fromEntries(
        INGESTIONS.filter(({ mode }) => mode === 'ecs').map(({ environment, dagId }) => [
          `mwaa-console-${dagId}`,
          startPolicy(environment, dagId),
        ]),
      ),
      'create-log-group': policy({
        Effect: 'Allow',
        Action: 'logs:CreateLogGroup',
        Resource: `${logGroupArn(INGESTION_LOG_GROUP)}:*`,
      }),
    },
  });
  iam.addRole({
    name: ECS_TASK_ROLE,
    trust: serviceTrust(['ecs-tasks.amazonaws.com']),
    description: 'What OpenMetadata ingestion tasks may read themselves',
    createdAt: age(180),
    inline: {
      'read-sources': policy(
        { Effect: 'Allow', Action: ['s3:GetObject', 's3:ListBucket'], Resource: 'arn:aws:s3:::dbt-artifacts*' },
        { Effect: 'Allow', Action: 'airflow:InvokeRestApi', Resource: arn('airflow', 'role/*/Viewer') },
      ),
    },
  });

  iam.addRole({
    name: ADMIN_ROLE,
    trust: accountTrust(),
    createdAt: age(500),
    maxSessionDuration: 43_200,
    attached: [administrator.arn],
  });
  iam.addRole({
    name: READ_ONLY_ROLE,
    trust: accountTrust(),
    createdAt: age(500),
    attached: [readOnly.arn],
    inline: {
      'airflow-viewer': policy({
        Effect: 'Allow',
        Action: 'airflow:InvokeRestApi',
        Resource: arn('airflow', 'role/*/Viewer'),
      }),
    },
  });
  iam.addRole({ name: OPERATOR_ROLE, trust: accountTrust(), createdAt: age(90), inline: { operate: OPERATOR_POLICY } });
  iam.addRole({ name: NO_ACCESS_ROLE, trust: accountTrust(), createdAt: age(90) });
  iam.addRole({
    name: SSO_ROLE,
    path: '/aws-reserved/sso.amazonaws.com/eu-west-1/',
    trust: accountTrust(),
    createdAt: age(300),
    attached: [administrator.arn],
  });
  for (const [name, service] of [
    ['AWSServiceRoleForAmazonMWAA', 'airflow.amazonaws.com'],
    ['AWSServiceRoleForECS', 'ecs.amazonaws.com'],
  ] as const) {
    iam.addRole({
      name,
      path: `/aws-service-role/${service}/`,
      trust: serviceTrust([service]),
      createdAt: age(500),
    });
  }
}
