import { atLeast } from '../../airflow/versions.ts';
import {
  arn,
  ENVIRONMENT_SECURITY_GROUP,
  INGESTION_CLUSTER,
  INGESTION_CONTAINER,
  INGESTION_LOG_GROUP,
  INGESTION_LOG_STREAM_PREFIX,
  OPENMETADATA_VERSION,
  PRIVATE_SUBNETS,
  REGION,
  type SeededIngestion,
  secretName,
  taskDefinitionFamily,
} from '../../world/names.ts';

/** The Airflow of each environment when its ingestions were deployed. */
export const AIRFLOW_VERSIONS: Readonly<Record<string, string>> = {
  analytics: '3.2.1',
  'data-prod': '2.10.3',
  legacy: '2.7.2',
  sandbox: '3.3.1',
};

/** The revision of a seeded ingestion's task definition that its DAG pins: the newest of those seeded. */
const REVISION = 3;
/** Lines of the files are at most this long. */
const LINE = 88;

/** ARN of the revision that a seeded ingestion runs. */
export function pinnedDefinition({ environment, dagId }: SeededIngestion): string {
  return arn('ecs', `task-definition/${taskDefinitionFamily(environment, dagId)}:${REVISION}`);
}

/** What reads a source, as its tag and description have it: usage is read by the same connector. */
export function connector({ sourceType }: SeededIngestion): string {
  return sourceType.replace(/-usage$/, '');
}

/** The DAG file that the console put when it deployed a seeded ingestion: what deploying it again would put. */
export function ingestionDag(ingestion: SeededIngestion): string {
  return ingestion.mode === 'ecs' ? ecsDag(ingestion) : virtualenvDag(ingestion);
}

function ecsDag(ingestion: SeededIngestion): string {
  const { environment, dagId, pipelineType } = ingestion;
  const subnets = PRIVATE_SUBNETS.map((subnet) => `"${subnet}"`).join(', ');
  const dag = atLeast(AIRFLOW_VERSIONS[environment] ?? '', '3.0.0') ? 'airflow.sdk' : 'airflow';
  const imports = [
    `from ${dag} import DAG`,
    'from airflow.providers.amazon.aws.operators.ecs import EcsRunTaskOperator',
  ].sort();
  return `${header(ingestion, 'as an ECS task', [
    `The workflow configuration is not in this file. ECS reads it from the secret ${secretName(environment, dagId)} as the task starts.`,
  ])}

from datetime import datetime, timedelta, timezone

${imports.join('\n')}

REGION = "${REGION}"
CLUSTER = "${INGESTION_CLUSTER}"
# One revision of the family, so that what runs changes only with a deployment.
TASK_DEFINITION = (
    "${pinnedDefinition(ingestion)}"
)
# The container of that task definition, and the log group that it writes to.
CONTAINER = "${INGESTION_CONTAINER}"
LOG_GROUP = "${INGESTION_LOG_GROUP}"
LOG_STREAM_PREFIX = "${INGESTION_LOG_STREAM_PREFIX}/${INGESTION_CONTAINER}"
SUBNETS = [${subnets}]
SECURITY_GROUPS = ["${ENVIRONMENT_SECURITY_GROUP}"]

${RUN_ID}

${opening(ingestion)}
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
                        {"name": "pipelineType", "value": "${pipelineType}"},
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

function virtualenvDag(ingestion: SeededIngestion): string {
  const secret = secretName(ingestion.environment, ingestion.dagId);
  return `${header(ingestion, 'in a virtual environment of the worker', [
    `The workflow configuration is not in this file. Each run reads it from the secret ${secret}.`,
    'The function below runs in the virtual environment by itself: whatever it uses, it imports or is given.',
  ])}

from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.operators.python import PythonVirtualenvOperator

REGION = "${REGION}"
SECRET = "${secret}"
# The server's own release, in any of its builds; no Airflow is among them.
# It imports cachetools, and does not ask for it.
# Newer ones of dbt-core fetch from GitHub as they are installed.
REQUIREMENTS = [
    "openmetadata-ingestion[${connector(ingestion)}]~=${OPENMETADATA_VERSION}.0",
    "cachetools",
    "dbt-core<1.12",
]

${RUN_ID}


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


${opening(ingestion)}
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
`;
}

const RUN_ID = `# OpenMetadata takes nothing but a UUID; made from the run, so that a retry keeps it.
PIPELINE_RUN_ID = (
    "{{ macros.uuid.uuid5(macros.uuid.NAMESPACE_URL, dag.dag_id ~ '/' ~ run_id) }}"
)`;

/** The file's docstring: what it runs and how, who made it, and where the configuration is. */
function header(
  { environment, pipelineType, serviceName }: SeededIngestion,
  how: string,
  more: readonly string[],
): string {
  const [first = '', ...others] = [
    `"""Run the OpenMetadata ${pipelineType} ingestion of ${serviceName} ${how}.`,
    `Made by mwaa-console for the environment ${environment} (Airflow ${AIRFLOW_VERSIONS[environment]}) and OpenMetadata ` +
      `${OPENMETADATA_VERSION}. To change it, change the workflow file and deploy again: the next deployment replaces ` +
      'whatever is edited here.',
    ...more,
  ].map(wrapped);
  return `${[first, ...others].join('\n\n')}\n"""`;
}

function opening(ingestion: SeededIngestion): string {
  const { dagId, pipelineType, schedule } = ingestion;
  // Usage that is read twice counts twice.
  const again = pipelineType !== 'usage';
  const tags = [...new Set(['openmetadata', pipelineType, connector(ingestion)])].map((tag) => `"${tag}"`);
  return `with DAG(
    dag_id="${dagId}",
    description="OpenMetadata ${pipelineType} ingestion of ${connector(ingestion)}",
    schedule="${schedule}",
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(${again ? 'hours=6, minutes=20' : 'hours=3, minutes=15'}),
    is_paused_upon_creation=True,
    default_args={
${again ? '        "retries": 1,\n        "retry_delay": timedelta(minutes=5),' : '        "retries": 0,'}
        "execution_timeout": timedelta(hours=3),
    },
    tags=[${tags.join(', ')}],
) as dag:`;
}

/** A paragraph in lines that fit. */
function wrapped(text: string): string {
  return text.replaceAll(new RegExp(`(.{1,${LINE}})(?: |$)`, 'g'), '$1\n').trimEnd();
}
