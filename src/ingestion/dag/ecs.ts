import { airflowVersion } from '../../reference/airflow-versions.ts';
import { compareVersions } from '../../reference/version.ts';
import { taskDefinitionFamily } from '../names.ts';
import { clusterName } from '../policy-document.ts';
import { pythonConstant, pythonList, pythonString } from '../python-text.ts';
import type { DeploymentRequest } from '../request.ts';
import { ecsTargetOf, LOG_STREAM_PREFIX } from '../task-definition.ts';
import { type DagParts, RUN_ID_LINES } from './parts.ts';

/** The ingestion as a Fargate task. Its overrides stand in clear in DescribeTasks, so they hold nothing secret. */
export function ecsParts(request: DeploymentRequest): DagParts {
  return {
    how: 'as an ECS task',
    paragraphs: [
      `The workflow configuration is not in this file. ECS reads it from the secret ${request.secretName} as the task starts.`,
    ],
    imports: ['from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator'],
    constants: constants(request),
    task: task(request),
  };
}

function constants(request: DeploymentRequest): string[] {
  const ecs = ecsTargetOf(request);
  const family = taskDefinitionFamily(request.environment, request.dagId);
  const pinned = ecs.taskDefinitionArn;
  return [
    pythonConstant('REGION', request.region),
    pythonConstant('CLUSTER', clusterName(ecs.cluster)),
    pinned === undefined
      ? '# The newest revision of the family; a revision can be pinned by its ARN.'
      : '# One revision of the family, so that what runs changes only with a deployment.',
    pythonConstant('TASK_DEFINITION', pinned ?? family),
    '# The container of that task definition, and the log group that it writes to.',
    pythonConstant('CONTAINER', ecs.container),
    pythonConstant('LOG_GROUP', ecs.logGroup),
    pythonConstant('LOG_STREAM_PREFIX', `${ecs.logStreamPrefix ?? LOG_STREAM_PREFIX}/${ecs.container}`),
    pythonList('SUBNETS', ecs.subnets),
    pythonList('SECURITY_GROUPS', ecs.securityGroups),
    '',
    ...RUN_ID_LINES,
  ];
}

function task(request: DeploymentRequest): string {
  return `    EcsRunTaskOperator(
        task_id="ingest",
        cluster=CLUSTER,
        task_definition=TASK_DEFINITION,
        launch_type="FARGATE",
        network_configuration={
            "awsvpcConfiguration": {
                "subnets": SUBNETS,
                "securityGroups": SECURITY_GROUPS,
                "assignPublicIp": "${ecsTargetOf(request).assignPublicIp ? 'ENABLED' : 'DISABLED'}",
            },
        },
        # Overrides can be read by whoever may describe the task: nothing secret here.
        overrides={
            "containerOverrides": [
                {
                    "name": CONTAINER,
                    "environment": [
                        {"name": "pipelineType", "value": ${pythonString(request.pipeline.pipelineType)}},
                        {"name": "pipelineRunId", "value": PIPELINE_RUN_ID},
                    ],
                },
            ],
        },
        awslogs_group=LOG_GROUP,
        awslogs_region=REGION,
        awslogs_stream_prefix=LOG_STREAM_PREFIX,
        awslogs_fetch_interval=timedelta(seconds=5),
        # After a lost worker, the next try goes on with the task that still runs.
        reattach=True,
        wait_for_completion=True,
${takesDeferrable(request) ? '        deferrable=False,\n' : ''}        # The log's last line says nothing to other tasks.
        do_xcom_push=False,
    )
`;
}

/** Whether its operator knows the argument, which came with 8.3.0 of the amazon provider (its CHANGELOG). */
function takesDeferrable(request: DeploymentRequest): boolean {
  const { amazonProvider } = airflowVersion(request.airflowVersion).row;
  return amazonProvider !== undefined && compareVersions(amazonProvider, '8.3.0') >= 0;
}
