import { stringify } from 'yaml';
import { compareVersions } from '../reference/version.ts';
import { airflowRestConnection } from './airflow-connection.ts';

/** What is known as a template is filled in; where a member is absent, `<…>` stands for it, which no check lets pass. */
export interface TemplateFacts {
  readonly environment?: string;
  readonly region?: string;
  readonly webserverUrl?: string;
  /** Address of the OpenMetadata server, ending in `/api`. */
  readonly serverUrl?: string;
  readonly jwtToken?: string;
  /** The server's version; the newest form is written when absent. */
  readonly openmetadataVersion?: string;
}

/** A workflow to begin with. */
export interface Template {
  readonly id: string;
  readonly title: string;
  /** The workflow as YAML. */
  readonly text: (facts: TemplateFacts) => string;
}

/** The workflows offered where there is no file yet; each one is accepted by the models of the version it is made for. */
export const templates: readonly Template[] = [
  { id: 'redshift_ingestion', title: 'Redshift: metadata, by the connection stored in OpenMetadata', text: redshift },
  { id: 'postgres_metadata', title: 'PostgreSQL: metadata', text: postgres },
  { id: 'snowflake_metadata', title: 'Snowflake: metadata', text: snowflake },
  { id: 'airflow_metadata', title: "This environment's own Airflow: DAGs and runs, by its REST API", text: airflow },
];

function redshift(facts: TemplateFacts): string {
  const region = facts.region ?? 'eu-west-1';
  // authType came with 1.12; before it the password stood by itself.
  const password = before(facts, '1.12')
    ? '  #     password: <password>'
    : '  #     authType:\n  #       password: <password>';
  return `# Reads the tables of a Redshift cluster into OpenMetadata.
source:
  type: redshift
  serviceName: redshift_prod
  # The connection is the one that OpenMetadata stores for the service redshift_prod, so no
  # password is needed here. For a service that is not there yet, write its connection out:
  # serviceConnection:
  #   config:
  #     type: Redshift
  #     hostPort: <cluster>.${region}.redshift.amazonaws.com:5439
  #     username: <user>
${password}
  #     database: <database>
  sourceConfig:
    config:
      type: DatabaseMetadata
      includeViews: true
      schemaFilterPattern:
        excludes:
          - ^information_schema$
          - ^pg_.*
${rest(facts, 'redshift_prod.redshift_ingestion')}`;
}

function postgres(facts: TemplateFacts): string {
  return `# Reads the tables of a PostgreSQL database into OpenMetadata.
source:
  type: postgres
  serviceName: postgres_prod
  serviceConnection:
    config:
      type: Postgres
      hostPort: <host>:5432
      username: <user>
      authType:
        password: <password>
      database: <database>
  sourceConfig:
    config:
      type: DatabaseMetadata
      includeViews: true
      schemaFilterPattern:
        excludes:
          - ^information_schema$
          - ^pg_.*
${rest(facts, 'postgres_prod.postgres_metadata')}`;
}

function snowflake(facts: TemplateFacts): string {
  return `# Reads the tables of a Snowflake account into OpenMetadata.
source:
  type: snowflake
  serviceName: snowflake_prod
  serviceConnection:
    config:
      type: Snowflake
      account: <organisation>-<account>
      username: <user>
      password: <password>
      warehouse: <warehouse>
      role: <role>
  sourceConfig:
    config:
      type: DatabaseMetadata
      includeViews: true
      databaseFilterPattern:
        excludes:
          - ^SNOWFLAKE.*
      schemaFilterPattern:
        excludes:
          - ^INFORMATION_SCHEMA$
${rest(facts, 'snowflake_prod.snowflake_metadata')}`;
}

function airflow(facts: TemplateFacts): string {
  const environment = facts.environment ?? '<environment>';
  const connection = airflowRestConnection({
    environment,
    region: facts.region ?? '<region>',
    webserverUrl: facts.webserverUrl,
  });
  const service = `mwaa_${(facts.environment ?? 'environment').toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;
  return `# Reads the DAGs of an MWAA environment into OpenMetadata, through airflow:InvokeRestApi.
# The role that the ingestion runs with has to be allowed to use it; nothing here is secret.
source:
  type: airflow
  serviceName: ${service}
  serviceConnection:
    config:
${indented(connection, 6)}
  sourceConfig:
    config:
      type: PipelineMetadata
      # Once a run has read every DAG, true also removes from OpenMetadata what is gone from Airflow.
      markDeletedPipelines: false
${rest(facts, `${service}.airflow_metadata`)}`;
}

function rest(facts: TemplateFacts, pipeline: string): string {
  const server = facts.serverUrl ?? '<https://openmetadata.example.com/api>';
  return `sink:
  type: metadata-rest
  config: {}
workflowConfig:
  loggerLevel: INFO
  openMetadataServerConfig:
    hostPort: ${scalar(server)}
    authProvider: openmetadata
    securityConfig:
      jwtToken: ${scalar(facts.jwtToken ?? '<token of the ingestion bot>')}
# OpenMetadata shows the runs under this name, service and pipeline.
ingestionPipelineFQN: ${pipeline}
`;
}

function before({ openmetadataVersion }: TemplateFacts, version: string): boolean {
  return openmetadataVersion !== undefined && compareVersions(openmetadataVersion, version) < 0;
}

function scalar(text: string): string {
  return stringify(text, { version: '1.1', lineWidth: 0, defaultStringType: 'PLAIN' }).trimEnd();
}

function indented(text: string, columns: number): string {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => ' '.repeat(columns) + line)
    .join('\n');
}
