import { taskDefinitionFamily } from './names.ts';
import { docstringText, pythonList, pythonText } from './python-source.ts';
import type { DeploymentRequest } from './request.ts';
import { ecsTargetOf, LOG_STREAM_PREFIX } from './task-definition.ts';

/**
 * The DAG of an ingestion that runs as an ECS task. It calls nothing and imports no `metadata` when it is parsed, and
 * holds nothing secret: the configuration reaches the container through its task definition.
 */
export function dagSource(request: DeploymentRequest): string {
  const ecs = ecsTargetOf(request);
  const prefix = `${ecs.logStreamPrefix ?? LOG_STREAM_PREFIX}/${ecs.container}`;
  const definition = ecs.taskDefinitionArn ?? taskDefinitionFamily(request.environment, request.dagId);
  const retries = retriesFor(request);
  return `${header(request)}
from __future__ import annotations

from datetime import datetime, timedelta, timezone
from uuid import NAMESPACE_URL, uuid5

${importsFor(request.airflowVersion)}

DAG_ID = ${pythonText(request.dagId)}
CLUSTER = ${pythonText(ecs.cluster)}
TASK_DEFINITION = (
    ${pythonText(definition)}
)
CONTAINER = ${pythonText(ecs.container)}
PIPELINE_TYPE = ${pythonText(request.pipeline.pipelineType)}
REGION = ${pythonText(request.region)}
LOG_GROUP = ${pythonText(ecs.logGroup)}
LOG_STREAM_PREFIX = ${pythonText(prefix)}
SUBNETS = ${pythonList(ecs.subnets, 0, 10)}
SECURITY_GROUPS = ${pythonList(ecs.securityGroups, 0, 18)}


def pipeline_run_id(run_id: str) -> str:
    """OpenMetadata takes a run's id as a UUID: the same run has the same one."""
    return str(uuid5(NAMESPACE_URL, f"{DAG_ID}/{run_id}"))


with DAG(
    dag_id=DAG_ID,
    description=${pythonText(description(request))},
    schedule=${request.schedule === undefined ? 'None' : pythonText(request.schedule)},
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    is_paused_upon_creation=True,
    dagrun_timeout=timedelta(hours=12),
    default_args={
        "owner": "openmetadata",
        "retries": ${retries},
        "retry_delay": timedelta(minutes=10),
        "execution_timeout": timedelta(hours=6),
    },
    tags=${pythonList(['openmetadata', request.pipeline.pipelineType], 4, 5)},
    user_defined_macros={"pipeline_run_id": pipeline_run_id},
) as dag:
    EcsRunTaskOperator(
        task_id="ingest",
        cluster=CLUSTER,
        task_definition=TASK_DEFINITION,
        launch_type="FARGATE",
        overrides={
            "containerOverrides": [
                {
                    "name": CONTAINER,
                    "environment": [
                        {"name": "pipelineType", "value": PIPELINE_TYPE},
                        {
                            "name": "pipelineRunId",
                            "value": "{{ pipeline_run_id(run_id) }}",
                        },
                    ],
                },
            ],
        },
        network_configuration={
            "awsvpcConfiguration": {
                "subnets": SUBNETS,
                "securityGroups": SECURITY_GROUPS,
                "assignPublicIp": ${ecs.assignPublicIp ? '"ENABLED"' : '"DISABLED"'},
            },
        },
        awslogs_group=LOG_GROUP,
        awslogs_region=REGION,
        awslogs_stream_prefix=LOG_STREAM_PREFIX,
        awslogs_fetch_interval=timedelta(seconds=10),
        number_logs_exception=50,
        # A worker that dies leaves the task running: the retry goes on with it.
        reattach=True,
        wait_for_completion=True,
        # A deferred task holds no worker slot, but was seen stuck on MWAA under load.
        deferrable=False,
    )
`;
}

function header({ dagId, environment, airflowVersion, openmetadataVersion, secretName }: DeploymentRequest): string {
  return `"""OpenMetadata ingestion ${docstringText(dagId)}: runs as an ECS task.

Made by mwaa-console for ${docstringText(environment)}, Airflow ${docstringText(airflowVersion)}, OpenMetadata ${docstringText(openmetadataVersion)}.
To change it, change the pipeline file and deploy again: a change made here is
shown as drift, and the next deployment replaces it.

The workflow's configuration is the secret ${docstringText(secretName)},
which ECS hands to the container. Nothing in this file is secret.
"""`;
}

/** Airflow 3 keeps what a DAG is written with in its SDK; the old places are shims there, some of them gone. */
function importsFor(airflowVersion: string): string {
  const dag = Number.parseInt(airflowVersion, 10) >= 3 ? 'from airflow.sdk import DAG' : 'from airflow import DAG';
  const operator = 'from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator';
  return Number.parseInt(airflowVersion, 10) >= 3 ? `${operator}\n${dag}` : `${dag}\n${operator}`;
}

function description({ pipeline }: DeploymentRequest): string {
  const service = pipeline.serviceName === undefined ? '' : ` of ${pipeline.serviceName}`;
  return `OpenMetadata ${pipeline.pipelineType} ingestion${service} (${pipeline.sourceType})`;
}

/** A usage load that is tried again counts twice; everything else may be repeated. */
function retriesFor({ pipeline }: DeploymentRequest): number {
  return pipeline.pipelineType === 'usage' ? 0 : 1;
}
