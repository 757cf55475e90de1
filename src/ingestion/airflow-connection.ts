import { stringify } from 'yaml';

export { AIRFLOW_REST_CONNECTION_SINCE as AIRFLOW_REST_SINCE } from '../reference/openmetadata-versions.ts';

/** The environment that OpenMetadata reads. */
export interface AirflowRestPlace {
  readonly environment: string;
  readonly region: string;
  /** The environment's web server; OpenMetadata only makes links with it. Where absent, `<…>` stands for it. */
  readonly webserverUrl?: string | undefined;
}

/**
 * OpenMetadata's Airflow connection with MWAA authentication as YAML, what stands under `serviceConnection.config`. It
 * calls airflow:InvokeRestApi with the role of whatever runs it (`invokeRestApiStatement` in policies.ts), so it holds
 * no secret (docs.open-metadata.org, connectors/pipeline/airflow/rest-api-connection).
 */
export function airflowRestConnection({ environment, region, webserverUrl }: AirflowRestPlace): string {
  return stringify(
    {
      type: 'Airflow',
      hostPort: webserverUrl ?? '<https://address of the web server>',
      numberOfStatus: 10,
      connection: {
        type: 'RestAPI',
        authConfig: { mwaaConfig: { mwaaEnvironmentName: environment, awsConfig: { awsRegion: region } } },
      },
    },
    { version: '1.1', lineWidth: 0 },
  );
}
