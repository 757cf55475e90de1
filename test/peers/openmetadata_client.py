"""Reads an environment's Airflow with OpenMetadata's own MWAA client, by the connection on standard input.

Prints JSON: the ids of the DAGs that it lists, and the paths of the calls that were refused.
"""

import json
import sys

import yaml
from metadata.generated.schema.entity.services.connections.pipeline.airflowConnection import (
    AirflowConnection,
)
from metadata.ingestion.source.pipeline.airflow.api.mwaa import MWAAClient

connection = AirflowConnection.model_validate(yaml.safe_load(sys.stdin)).connection
config = connection.authConfig.mwaaConfig


class Client(MWAAClient):
    refused = []

    def _invoke_rest_api(self, path, *args, **kwargs):
        try:
            return super()._invoke_rest_api(path, *args, **kwargs)
        except Exception:
            self.refused.append(path)
            return {}


client = Client(config.awsConfig, config.mwaaEnvironmentName)
dags = [dag["dag_id"] for dag in client.list_dags().get("dags", [])]
for dag in dags:
    client.get_dag_tasks(dag)
    for run in client.list_dag_runs(dag).get("dag_runs", []):
        client.get_task_instances(dag, run["dag_run_id"])
print(json.dumps({"dags": dags, "refused": client.refused}))
