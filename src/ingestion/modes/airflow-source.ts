import { AIRFLOW_REST_CONNECTION_SINCE } from '../../reference/openmetadata-versions.ts';
import { compareVersions } from '../../reference/version.ts';
import type { Reason } from '../reason.ts';
import type { IngestionMode } from '../request.ts';
import type { ModeFacts } from './mode.ts';

const MWAA_CONNECTOR = 'docs.open-metadata.org: connectors/pipeline/airflow/mwaa and rest-api-connection';
const IMAGES = 'github.com/aws/amazon-mwaa-docker-images: airflow_rds_iam_patch.py';
const AIRFLOW_3 = 'github.com/apache/airflow: task-sdk, execution_time/supervisor.py, block_orm_access';

/** What speaks about reading an Airflow by the connection that the pipeline names. */
export function airflowSourceReasons(facts: ModeFacts, mode: IngestionMode): Reason[] {
  switch (facts.pipeline?.airflow?.connection?.toLowerCase()) {
    case 'backend':
      return backendReasons(facts, mode);
    case 'restapi':
      return restReasons(facts);
    case 'postgres':
    case 'mysql':
      return [
        {
          severity: 'warning',
          text: "AWS is replacing the metadata database's password by short-lived tokens: this connection may stop at any maintenance.",
          remedy: `Use the REST connection (OpenMetadata ${AIRFLOW_REST_CONNECTION_SINCE} and later).`,
          source: IMAGES,
        },
      ];
    default:
      return [];
  }
}

function backendReasons({ airflowVersion }: ModeFacts, mode: IngestionMode): Reason[] {
  const remedy = `Use the REST connection (OpenMetadata ${AIRFLOW_REST_CONNECTION_SINCE} and later).`;
  if (mode !== 'python') {
    const where = mode === 'ecs' ? 'an ECS task' : 'a virtual environment';
    const text = `The connection Backend reads the database of the Airflow that it runs in; ${where} has none.`;
    return [{ severity: 'error', text, remedy, source: MWAA_CONNECTOR }];
  }
  if (compareVersions(airflowVersion, '3.0') < 0) return [];
  const text = 'The connection Backend needs the metadata database, which Airflow 3 closes to tasks.';
  return [{ severity: 'error', text, remedy, source: AIRFLOW_3 }];
}

function restReasons({ openmetadataVersion }: ModeFacts): Reason[] {
  if (openmetadataVersion !== undefined && compareVersions(openmetadataVersion, AIRFLOW_REST_CONNECTION_SINCE) < 0) {
    return [
      {
        severity: 'error',
        text: `OpenMetadata ${openmetadataVersion} has no REST connection for Airflow; it came with ${AIRFLOW_REST_CONNECTION_SINCE}.`,
        remedy: 'Upgrade OpenMetadata.',
        source: MWAA_CONNECTOR,
      },
    ];
  }
  return [
    {
      severity: 'info',
      text: 'DAGs and tasks are read; run and task statuses may be missing where ids are long (64 characters of path).',
      source: MWAA_CONNECTOR,
    },
  ];
}
