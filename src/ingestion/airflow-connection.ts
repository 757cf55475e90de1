import { stringify } from 'yaml';

/**
 * OpenMetadata's REST connection to an MWAA environment's Airflow, as its `serviceConnection.config`. In the package
 * `openmetadata-ingestion` from 1.12.4.0 on (docs.open-metadata.org, connectors/pipeline/airflow/rest-api-connection).
 */
export function airflowRestConnection(place: {
  readonly environment: string;
  readonly region: string;
  /** The web server's address, for the links that OpenMetadata shows. */
  readonly webserverUrl?: string | undefined;
}): string {
  return stringify({
    type: 'Airflow',
    hostPort: place.webserverUrl ?? `https://${place.environment}.airflow.${place.region}.amazonaws.com`,
    numberOfStatus: 10,
    connection: {
      type: 'RestAPI',
      authConfig: {
        mwaaConfig: { mwaaEnvironmentName: place.environment, awsConfig: { awsRegion: place.region } },
      },
    },
  });
}

/** The first OpenMetadata version whose package has that connection. */
export const AIRFLOW_REST_SINCE = '1.12.4';
