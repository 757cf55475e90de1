import { airflowVersion } from '../reference/airflow-versions.ts';
import { taskDefinitionFamily } from './names.ts';
import { clusterName } from './policy-document.ts';
import { PYTHON_LINE, pythonConstant, pythonList, pythonProse, pythonString, wrapProse } from './python-text.ts';
import type { DeploymentRequest } from './request.ts';
import { checkRequest } from './request-check.ts';
import { runLimits } from './run-limits.ts';
import { ecsTargetOf, LOG_STREAM_PREFIX } from './task-definition.ts';

/**
 * The DAG file of an ingestion by the ECS operator. It calls nothing and imports nothing but Airflow when it is parsed,
 * holds no secret, and overrides only `pipelineType` and `pipelineRunId`, since overrides stand in clear in
 * DescribeTasks. Throws Failure `invalid-input` for names that could not be part of it.
 */
export function dagSource(request: DeploymentRequest): string {
  checkRequest(request);
  return `${header(request)}

from datetime import datetime, timedelta, timezone

${imports(request)}

${constants(request)}

${dag(request)}`;
}

/** Sorted as formatters sort them. */
function imports(request: DeploymentRequest): string {
  const { dagModule } = airflowVersion(request.airflowVersion).row;
  return [`from ${dagModule} import DAG`, 'from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator']
    .sort()
    .join('\n');
}

function header(request: DeploymentRequest): string {
  const { pipeline, environment, airflowVersion: airflow, openmetadataVersion, secretName } = request;
  const service = pythonProse(pipeline.serviceName ?? '');
  const subject = service === '' ? pythonProse(pipeline.sourceType) : service;
  const paragraphs = [
    `Run the OpenMetadata ${pipeline.pipelineType} ingestion of ${subject} as an ECS task.`,
    `Made by mwaa-console for the environment ${environment} (Airflow ${airflow}) and OpenMetadata ` +
      `${openmetadataVersion}. To change it, change the workflow file and deploy again: the next deployment replaces ` +
      'whatever is edited here.',
    `The workflow configuration is not in this file. ECS reads it from the secret ${secretName} as the task starts.`,
  ];
  const [first = [], ...rest] = paragraphs.map((paragraph) => wrapProse(paragraph, PYTHON_LINE));
  // The summary shares its line with the quotes.
  const summary = wrapProse(first.join(' '), PYTHON_LINE - 3);
  return [`"""${summary.join('\n')}`, ...rest.map((lines) => lines.join('\n')), '"""']
    .join('\n\n')
    .replace(/\n\n"""$/, '\n"""');
}

function constants(request: DeploymentRequest): string {
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
    '# OpenMetadata takes nothing but a UUID; made from the run, so that a retry keeps it.',
    'PIPELINE_RUN_ID = (',
    '    "{{ macros.uuid.uuid5(macros.uuid.NAMESPACE_URL, dag.dag_id ~ \'/\' ~ run_id) }}"',
    ')',
  ].join('\n');
}

function dag(request: DeploymentRequest): string {
  const { pipeline, schedule, dagId } = request;
  const { retries, retryDelay, executionTimeout, dagrunTimeout } = runLimits(pipeline);
  const tags = [...new Set(['openmetadata', pipeline.pipelineType, tagText(pipeline.sourceType)])];
  const retryLines =
    retries === 0
      ? '        "retries": 0,'
      : `        "retries": ${retries},\n        "retry_delay": ${duration(retryDelay)},`;
  return `with DAG(
    dag_id=${pythonString(dagId)},
    description=${pythonString(`OpenMetadata ${pipeline.pipelineType} ingestion of ${tagText(pipeline.sourceType)}`)},
    schedule=${schedule === undefined ? 'None' : pythonString(schedule)},
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=${duration(dagrunTimeout)},
    is_paused_upon_creation=True,
    default_args={
${retryLines}
        "execution_timeout": ${duration(executionTimeout)},
    },
    tags=[${tags.map(pythonString).join(', ')}],
) as dag:
    EcsRunTaskOperator(
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
                        {"name": "pipelineType", "value": ${pythonString(pipeline.pipelineType)}},
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
        deferrable=False,
        # The log's last line says nothing to other tasks.
        do_xcom_push=False,
    )
`;
}

/** A source's name as a tag and in a description: it is text of the user's file. */
function tagText(sourceType: string): string {
  return pythonProse(sourceType).slice(0, 40) || 'unnamed';
}

/** Minutes as a timedelta in the largest unit that fits. */
function duration(minutes: number): string {
  if (minutes % 60 === 0) return `timedelta(hours=${minutes / 60})`;
  if (minutes < 60) return `timedelta(minutes=${minutes})`;
  return `timedelta(hours=${Math.floor(minutes / 60)}, minutes=${minutes % 60})`;
}
