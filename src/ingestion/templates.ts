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
  {
    id: 'airflow_backend',
    title: 'Its Airflow 2 from its own database, by the Python operator',
    text: backend,
  },
  { id: 'airflow_database', title: 'Its Airflow by the password of its database: legacy', text: database },
  { id: 'mysql_metadata', title: 'MySQL: metadata', text: mysql },
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

function mysql(facts: TemplateFacts): string {
  return `# Reads the tables of a MySQL database into OpenMetadata.
source:
  type: mysql
  serviceName: mysql_prod
  serviceConnection:
    config:
      type: Mysql
      hostPort: <host>:3306
      username: <user>
      authType:
        password: <password>
  sourceConfig:
    config:
      type: DatabaseMetadata
      includeViews: true
      schemaFilterPattern:
        excludes:
          - ^(mysql|sys|performance_schema|information_schema)$
${rest(facts, 'mysql_prod.mysql_metadata')}`;
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
  const { environment = '<environment>', region = '<region>', webserverUrl } = facts;
  const comment = `# Reads the DAGs of an MWAA environment into OpenMetadata, through airflow:InvokeRestApi.
# The role that the ingestion runs with has to be allowed to use it; nothing here is secret.`;
  return airflowBy(facts, comment, airflowRestConnection({ environment, region, webserverUrl }), 'airflow_metadata');
}

function backend(facts: TemplateFacts): string {
  const comment = `# Reads the DAGs of the environment that the ingestion runs in, from the
# database that its Airflow uses: by the Python operator, on Airflow 2 alone.`;
  return airflowBy(facts, comment, connectionYaml(facts, { type: 'Backend' }), 'airflow_backend');
}

function database(facts: TemplateFacts): string {
  const comment = `# Reads the DAGs of an MWAA environment from its metadata database. AWS is
# replacing that password by short-lived tokens: this may stop at any
# maintenance. What to fill in: mwaa-console connection ENV --discover.`;
  const connection = {
    type: 'Postgres',
    hostPort: '<vpce-….vpce.amazonaws.com>:5432',
    username: '<user>',
    authType: { password: '<password>' },
    database: 'AirflowMetadata',
    sslMode: 'require',
  };
  return airflowBy(facts, comment, connectionYaml(facts, connection), 'airflow_database');
}

function connectionYaml(
  { webserverUrl = '<https://address of the web server>' }: TemplateFacts,
  connection: object,
): string {
  return stringify(
    { type: 'Airflow', hostPort: webserverUrl, numberOfStatus: 10, connection },
    { version: '1.1', lineWidth: 0 },
  );
}

function airflowBy(facts: TemplateFacts, comment: string, connection: string, pipeline: string): string {
  const service = `mwaa_${(facts.environment ?? 'environment').toLowerCase().replace(/[^a-z0-9]+/g, '_')}`;
  return `${comment}
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
${rest(facts, `${service}.${pipeline}`)}`;
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
