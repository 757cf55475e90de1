import type { HistoryDag, HistoryTask } from '../../logs/history/dags.ts';
import type { EnvironmentName } from '../../world/names.ts';

/** Whether an environment's Airflow is a 3.x, whose imports have other homes. */
const THIRD: readonly string[] = ['analytics', 'sandbox'];

const IMPORTS: Readonly<Record<string, readonly [second: string, third: string]>> = {
  AthenaOperator: ['airflow.providers.amazon.aws.operators.athena', 'airflow.providers.amazon.aws.operators.athena'],
  BashOperator: ['airflow.operators.bash', 'airflow.providers.standard.operators.bash'],
  PythonOperator: ['airflow.operators.python', 'airflow.providers.standard.operators.python'],
  S3KeySensor: ['airflow.providers.amazon.aws.sensors.s3', 'airflow.providers.amazon.aws.sensors.s3'],
  S3ToRedshiftOperator: [
    'airflow.providers.amazon.aws.transfers.s3_to_redshift',
    'airflow.providers.amazon.aws.transfers.s3_to_redshift',
  ],
  SQLCheckOperator: ['airflow.providers.common.sql.operators.sql', 'airflow.providers.common.sql.operators.sql'],
  SQLExecuteQueryOperator: ['airflow.providers.common.sql.operators.sql', 'airflow.providers.common.sql.operators.sql'],
};

/** A DAG file of one of the world's other teams. */
export function otherDag(dag: HistoryDag): string {
  const third = THIRD.includes(dag.environment);
  const operators = [...new Set(dag.tasks.map(({ operator }) => operator))].sort();
  const imports = operators.map((operator) => `from ${IMPORTS[operator]?.[third ? 1 : 0]} import ${operator}`);
  const python = operators.includes('PythonOperator');
  const blocks = dag.tasks.map((task) => taskSource(task));
  const chain = dag.tasks.length > 1 ? ['', `    ${dag.tasks.map(({ taskId }) => taskId).join(' >> ')}`] : [];
  return [
    'from datetime import datetime, timedelta',
    '',
    third ? 'from airflow.sdk import DAG' : 'from airflow import DAG',
    ...imports,
    '',
    ...(python ? ['', 'def work(**context):', '    print("working on", context["run_id"])', '', ''] : ['']),
    'with DAG(',
    `    dag_id="${dag.dagId}",`,
    `    schedule="${cron(dag)}",`,
    '    start_date=datetime(2025, 1, 1),',
    '    catchup=False,',
    '    is_paused_upon_creation=False,',
    '    default_args={"owner": "data-platform", "retries": 0, "retry_delay": timedelta(minutes=5)},',
    `    tags=["${dag.environment}"],`,
    ') as dag:',
    ...blocks,
    ...chain,
    '',
  ].join('\n');
}

/** The cron expression of a DAG's period and offset, both in minutes. */
function cron({ period, offset }: HistoryDag): string {
  if (period >= 1440) return `${offset % 60} ${Math.floor(offset / 60)} * * *`;
  if (period > 60) return `${offset % 60} */${period / 60} * * *`;
  if (period === 60) return `${offset} * * * *`;
  const minutes = Array.from({ length: 60 / period }, (_, index) => offset + index * period);
  return `${minutes.join(',')} * * * *`;
}

function taskSource({ taskId, operator }: HistoryTask): string {
  const members = argumentsOf(taskId, operator).map((line) => `        ${line},`);
  return [`    ${taskId} = ${operator}(`, `        task_id="${taskId}",`, ...members, '    )'].join('\n');
}

function argumentsOf(taskId: string, operator: string): string[] {
  switch (operator) {
    case 'AthenaOperator':
      return [
        'query="SELECT day, count(*) FROM events GROUP BY 1"',
        'database="events"',
        'output_location="s3://athena-results-eu-west-1/rollup/"',
      ];
    case 'BashOperator':
      return ['bash_command="echo hello"'];
    case 'PythonOperator':
      return ['python_callable=work'];
    case 'S3KeySensor':
      return ['bucket_name="ledger-export"', 'bucket_key="closed/_SUCCESS"', 'mode="reschedule"'];
    case 'S3ToRedshiftOperator':
      return ['schema="staging"', 'table="orders"', 's3_bucket="orders-export"', 's3_key="latest/"'];
    case 'SQLCheckOperator':
      return ['conn_id="redshift_default"', 'sql="SELECT count(*) > 0 FROM orders"'];
    default:
      return ['conn_id="redshift_default"', `sql="CALL staging.${taskId}()"`];
  }
}

/** Files that their environment can't import, by file name. */
export const BROKEN_DAGS: Readonly<Partial<Record<EnvironmentName, Readonly<Record<string, string>>>>> = {
  legacy: {
    'crm_metadata_in_process.py': [
      'import json',
      'from datetime import datetime, timedelta',
      '',
      'from airflow import DAG',
      'from airflow.operators.python import PythonOperator',
      'from metadata.workflow.metadata import MetadataWorkflow',
      '',
      '',
      'def ingest():',
      '    with open("/usr/local/airflow/dags/crm.json") as source:',
      '        workflow = MetadataWorkflow.create(json.load(source))',
      '    workflow.execute()',
      '    workflow.raise_from_status()',
      '',
      '',
      'with DAG(',
      '    "crm_metadata_in_process",',
      '    start_date=datetime(2026, 1, 1),',
      '    schedule="0 1 * * *",',
      '    catchup=False,',
      '    default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},',
      ') as dag:',
      '    PythonOperator(task_id="ingest", python_callable=ingest)',
      '',
    ].join('\n'),
  },
};
