import { parse, stringify } from 'yaml';
import { airflowRestConnection } from './airflow-connection.ts';

/** What a template is filled in with. */
export interface TemplateFacts {
  readonly environment: string;
  readonly region: string;
  /** The OpenMetadata server, ending in `/api`. */
  readonly serverUrl: string;
  /** The ingestion bot's token. */
  readonly jwtToken: string;
  readonly webserverUrl?: string | undefined;
}

/** A pipeline to begin with. */
export interface Template {
  /** Its DAG id, too. */
  readonly id: string;
  readonly title: string;
  text(facts: TemplateFacts): string;
}

/** The pipelines that the console offers to begin with. */
export const templates: readonly Template[] = [
  {
    id: 'airflow_metadata',
    title: "This environment's own Airflow metadata, by its REST API",
    text: (facts) =>
      workflow(facts, {
        type: 'airflow',
        serviceName: `airflow_${facts.environment.replace(/-/g, '_')}`,
        connection: parse(airflowRestConnection(facts)),
        // A partial read would otherwise delete what it did not see.
        sourceConfig: { type: 'PipelineMetadata', markDeletedPipelines: false },
      }),
  },
  database('redshift', 'Redshift', {
    username: 'openmetadata',
    authType: undefined,
    password: 'change-me',
    hostPort: 'redshift.example.com:5439',
    database: 'dev',
  }),
  database('postgres', 'Postgres', {
    username: 'openmetadata',
    authType: { password: 'change-me' },
    hostPort: 'postgres.example.com:5432',
    database: 'postgres',
  }),
  database('snowflake', 'Snowflake', {
    username: 'OPENMETADATA',
    password: 'change-me',
    account: 'example-account',
    warehouse: 'INGESTION',
    database: 'ANALYTICS',
  }),
];

function database(type: string, title: string, connection: Record<string, unknown>): Template {
  return {
    id: `${type}_ingestion`,
    title: `${title} metadata`,
    text: (facts) =>
      workflow(facts, {
        type,
        serviceName: `${type}_prod`,
        connection: { type: title, ...connection },
        sourceConfig: { type: 'DatabaseMetadata', markDeletedTables: true, includeTables: true, includeViews: true },
      }),
  };
}

function workflow(
  facts: TemplateFacts,
  source: { type: string; serviceName: string; connection: unknown; sourceConfig: object },
): string {
  return stringify(
    {
      source: {
        type: source.type,
        serviceName: source.serviceName,
        serviceConnection: { config: source.connection },
        sourceConfig: { config: source.sourceConfig },
      },
      sink: { type: 'metadata-rest', config: {} },
      workflowConfig: {
        loggerLevel: 'INFO',
        openMetadataServerConfig: {
          hostPort: facts.serverUrl,
          authProvider: 'openmetadata',
          securityConfig: { jwtToken: facts.jwtToken },
        },
      },
      ingestionPipelineFQN: `${source.serviceName}.${source.type === 'airflow' ? 'airflow_metadata' : `${source.type}_ingestion`}`,
    },
    { lineWidth: 0 },
  );
}
