"""Run the OpenMetadata metadata ingestion of postgres_prod as an ECS task.

Made by mwaa-console for the environment data-prod (Airflow 3.2.1) and OpenMetadata
2.0.8. To change it, change the workflow file and deploy again: the next deployment
replaces whatever is edited here.

The workflow configuration is not in this file. ECS reads it from the secret
mwaa-console/data-prod/postgres_metadata as the task starts.
"""

from datetime import datetime, timedelta, timezone

from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator
from airflow.sdk import DAG

REGION = "eu-west-1"
CLUSTER = "openmetadata-ingestion"
# One revision of the family, so that what runs changes only with a deployment.
TASK_DEFINITION = (
    "arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-postgres_metadata:7"
)
# The container of that task definition, and the log group that it writes to.
CONTAINER = "openmetadata-ingestion"
LOG_GROUP = "/ecs/openmetadata-ingestion"
LOG_STREAM_PREFIX = "ecs/openmetadata-ingestion"
SUBNETS = ["subnet-0a1b2c3d4e5f60011", "subnet-0a1b2c3d4e5f60012"]
SECURITY_GROUPS = ["sg-0a1b2c3d4e5f60031"]

# OpenMetadata takes nothing but a UUID; made from the run, so that a retry keeps it.
PIPELINE_RUN_ID = (
    "{{ macros.uuid.uuid5(macros.uuid.NAMESPACE_URL, dag.dag_id ~ '/' ~ run_id) }}"
)

with DAG(
    dag_id="postgres_metadata",
    description="OpenMetadata metadata ingestion of postgres",
    schedule="0 4 * * *",
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(hours=6, minutes=20),
    is_paused_upon_creation=True,
    default_args={
        "retries": 1,
        "retry_delay": timedelta(minutes=5),
        "execution_timeout": timedelta(hours=3),
    },
    tags=["openmetadata", "metadata", "postgres"],
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
                "assignPublicIp": "DISABLED",
            },
        },
        # Overrides can be read by whoever may describe the task: nothing secret here.
        overrides={
            "containerOverrides": [
                {
                    "name": CONTAINER,
                    "environment": [
                        {"name": "pipelineType", "value": "metadata"},
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
