"""Run the OpenMetadata metadata ingestion of postgres_prod in a virtual environment of
the worker.

Made by mwaa-console for the environment data-prod (Airflow 2.10.3) and OpenMetadata
1.12.8. To change it, change the workflow file and deploy again: the next deployment
replaces whatever is edited here.

The workflow configuration is not in this file. Each run reads it from the secret
mwaa-console/data-prod/postgres_metadata.

The function below runs in the virtual environment by itself: whatever it uses, it
imports or is given.
"""

from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.operators.python import PythonVirtualenvOperator

REGION = "eu-west-1"
SECRET = "mwaa-console/data-prod/postgres_metadata"
# The server's own release, in any of its builds; no Airflow is among them.
# It imports cachetools, and does not ask for it.
# Newer ones of dbt-core fetch from GitHub as they are installed.
REQUIREMENTS = [
    "openmetadata-ingestion[postgres]~=1.12.8.0",
    "cachetools",
    "dbt-core<1.12",
]

# OpenMetadata takes nothing but a UUID; made from the run, so that a retry keeps it.
PIPELINE_RUN_ID = (
    "{{ macros.uuid.uuid5(macros.uuid.NAMESPACE_URL, dag.dag_id ~ '/' ~ run_id) }}"
)


def ingest(region, secret, pipeline_run_id):
    """Run the workflow that the secret holds, and fail where it fails."""
    import boto3
    import yaml
    from metadata.workflow.metadata import MetadataWorkflow

    secrets = boto3.client("secretsmanager", region_name=region)
    answer = secrets.get_secret_value(SecretId=secret)
    config = yaml.safe_load(answer["SecretString"])
    config["pipelineRunId"] = pipeline_run_id
    workflow = MetadataWorkflow.create(config)
    try:
        workflow.execute()
        workflow.raise_from_status()
    finally:
        workflow.stop()


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
    PythonVirtualenvOperator(
        task_id="ingest",
        python_callable=ingest,
        op_kwargs={
            "region": REGION,
            "secret": SECRET,
            "pipeline_run_id": PIPELINE_RUN_ID,
        },
        # Built for each run with the worker's own Python (3.11), and removed after it.
        requirements=REQUIREMENTS,
        system_site_packages=False,
        expect_airflow=False,
    )
