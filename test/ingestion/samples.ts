import { readPipeline } from '../../src/ingestion/pipeline.ts';
import type { DeploymentRequest, EcsTarget } from '../../src/ingestion/request.ts';

/** A workflow without a fault: Postgres, its connection written out. */
export const POSTGRES = `source:
  type: postgres
  serviceName: postgres_prod
  serviceConnection:
    config:
      type: Postgres
      hostPort: db.example.com:5432
      username: reader
      authType:
        password: hunter2-very-secret
      database: sales
  sourceConfig:
    config:
      type: DatabaseMetadata
      schemaFilterPattern:
        excludes: [^pg_.*]
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  loggerLevel: INFO
  openMetadataServerConfig:
    hostPort: https://openmetadata.example.com/api
    authProvider: openmetadata
    securityConfig:
      jwtToken: eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln
`;

/** The text with one line replaced; fails when the line is not there. */
export function changed(text: string, line: string, by: string): string {
  if (!text.includes(line)) throw new Error(`the sample has no ${line}`);
  return text.replace(line, by);
}

export const ECS: EcsTarget = {
  cluster: 'openmetadata-ingestion',
  container: 'openmetadata-ingestion',
  subnets: ['subnet-0a1b2c3d4e5f60011', 'subnet-0a1b2c3d4e5f60012'],
  securityGroups: ['sg-0a1b2c3d4e5f60031'],
  assignPublicIp: false,
  logGroup: '/ecs/openmetadata-ingestion',
  image: 'docker.io/openmetadata/ingestion-base:1.12.8',
  cpu: 1024,
  memory: 4096,
  executionRoleArn: 'arn:aws:iam::123456789012:role/openmetadata-ingestion-execution',
  taskRoleArn: 'arn:aws:iam::123456789012:role/openmetadata-ingestion-task',
  taskDefinitionArn: 'arn:aws:ecs:eu-west-1:123456789012:task-definition/data-prod-postgres_metadata:7',
};

/** A request without a fault, for the workflow above. */
export function requestFor(changes: Partial<DeploymentRequest> = {}): DeploymentRequest {
  return {
    environment: 'data-prod',
    account: '123456789012',
    region: 'eu-west-1',
    mode: 'ecs',
    dagId: 'postgres_metadata',
    pipeline: readPipeline(POSTGRES, 'postgres.yaml'),
    openmetadataVersion: '1.12.8',
    airflowVersion: '2.10.3',
    schedule: '0 4 * * *',
    ecs: ECS,
    executionRoleName: 'mwaa-data-prod-role',
    secretName: 'mwaa-console/data-prod/postgres_metadata',
    dagsPath: 'dags',
    ...changes,
  };
}

/** A workflow that reads an MWAA environment by its REST API, its links' password referred to. */
export const AIRFLOW = `source:
  type: airflow
  serviceName: mwaa_data_prod
  serviceConnection:
    config:
      type: Airflow
      hostPort: https://abc.c7.airflow.eu-west-1.on.aws
      connection:
        type: RestAPI
        authConfig:
          mwaaConfig:
            mwaaEnvironmentName: data-prod
            awsConfig:
              awsRegion: eu-west-1
              awsSecretAccessKey: secret:/openmetadata/reader
  sourceConfig:
    config:
      type: PipelineMetadata
      markDeletedPipelines: false
sink:
  type: metadata-rest
  config: {}
workflowConfig:
  openMetadataServerConfig:
    hostPort: https://openmetadata.example.com/api
    authProvider: openmetadata
    securityConfig:
      jwtToken: eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln
`;
