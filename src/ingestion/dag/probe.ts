import { airflowVersion } from '../../reference/airflow-versions.ts';
import { pythonString } from '../python-text.ts';

/**
 * A DAG for one run that imports OpenMetadata's package in the worker's own Python and pushes its version. The task `t`
 * and the key `k` are what one-off DAGs have; the import is inside the function, so that the file is always taken up.
 */
export function probeDag(dagId: string, version: string): string {
  return `"""Look once whether OpenMetadata's package can be imported on a worker. Made by mwaa-console, which removes it."""

from datetime import datetime

from airflow import DAG
from ${airflowVersion(version).row.pythonOperators} import PythonOperator


def look(ti):
    """Push the version of openmetadata-ingestion that this worker has."""
    import metadata
    from importlib.metadata import version

    ti.xcom_push(key="k", value=version("openmetadata-ingestion"))


with DAG(
    dag_id=${pythonString(dagId)},
    start_date=datetime(2024, 1, 1),
    schedule=None,
    catchup=False,
    is_paused_upon_creation=False,
):
    PythonOperator(task_id="t", python_callable=look)
`;
}
