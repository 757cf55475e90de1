import { POSTGRES } from './samples.ts';

const SERVER = 'workflowConfig.openMetadataServerConfig';
/** Where a connection stands. */
export const CONFIG = 'source.serviceConnection.config';

/** The Airflow sample that guides still carry, with its faults. */
export const AIRFLOW = `source:
  type: airflow
  serviceName: airflow_mwaa
  serviceConnection:
    config:
      type: Airflow
      hostPort: http://localhost:8080
      numberOfStatus: 10
      connection:
        type: Postgres
        username: adminuser
        password: secret-of-the-sample
        hostPort: vpce-0.example.com:5432
        database: AirflowMetadata
  sourceConfig:
    config:
      type: PipelineMetadata
${POSTGRES.slice(POSTGRES.indexOf('sink:'))}`;

/** A line of the Postgres sample, what to write instead, and the rule and key that must then be found. */
export const FAULTS: readonly (readonly [line: string, by: string, rule: string, key: string])[] = [
  // Schema: OpenMetadata's own models refuse each of these (tried on 1.5.6, 1.12.8 and 2.0.7).
  ['type: metadata-rest', 'type: metadata-rest\n  extra: 1', 'unknown-key', 'sink.extra'],
  ['  sourceConfig:', '  sourceConfig:\n    type: x', 'unknown-key', 'source.sourceConfig.type'],
  ['loggerLevel: INFO', 'loggerlevel: INFO', 'unknown-key', 'workflowConfig.loggerlevel'],
  ['loggerLevel: INFO', 'loggerLevel: WARNING', 'wrong-choice', 'workflowConfig.loggerLevel'],
  [
    'authProvider: openmetadata',
    'authProvider: openmetadata\n    verifySSL: false',
    'wrong-choice',
    `${SERVER}.verifySSL`,
  ],
  ['database: sales', 'databaseName: sales', 'unknown-key', `${CONFIG}.databaseName`],
  ['      database: sales\n', '', 'missing-key', `${CONFIG}.database`],
  ['hunter2-very-secret', '12345', 'not-text', `${CONFIG}.authType.password`],
  ['username: reader', 'username: 42', 'not-text', `${CONFIG}.username`],
  ['type: Postgres', 'type: PostgreSQL', 'unknown-connector', `${CONFIG}.type`],
  ['type: DatabaseMetadata', 'type: DatabaseMetaData', 'unknown-source-config', 'source.sourceConfig.config.type'],
  ['excludes: [^pg_.*]', 'exclude: [^pg_.*]', 'unknown-key', 'source.sourceConfig.config.schemaFilterPattern.exclude'],
  ['sink:', 'pipelineRunId: scheduled__2026\nsink:', 'run-id-uuid', 'pipelineRunId'],
  [`${POSTGRES.slice(POSTGRES.indexOf('workflowConfig:'))}`, '', 'missing-key', 'workflowConfig'],
  [
    '      authType:\n        password: hunter2-very-secret',
    '      password: x',
    'password-place',
    `${CONFIG}.password`,
  ],
  // Practice: the models take these, and the run fails or harms.
  ['hunter2-very-secret', 'secret:/prod/reader', 'secret-reference', `${CONFIG}.authType.password`],
  ['example.com/api', 'example.com', 'host-port-api', `${SERVER}.hostPort`],
  ['https://openmetadata', 'openmetadata', 'host-port-api', `${SERVER}.hostPort`],
  [
    '    securityConfig:\n      jwtToken: eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln\n',
    '',
    'missing-token',
    `${SERVER}.securityConfig.jwtToken`,
  ],
  ['authProvider: openmetadata', 'authProvider: google', 'auth-provider', `${SERVER}.authProvider`],
  [
    'authProvider: openmetadata',
    'authProvider: openmetadata\n    enableVersionValidation: false',
    'version-validation',
    `${SERVER}.enableVersionValidation`,
  ],
  ['username: reader', 'username: <user>', 'placeholder', `${CONFIG}.username`],
  ['db.example.com:5432', '<host>:<port>', 'placeholder', `${CONFIG}.hostPort`],
  ['hunter2-very-secret', '...', 'placeholder', `${CONFIG}.authType.password`],
  ['hunter2-very-secret', '$DB_PASSWORD', 'not-filled-in', `${CONFIG}.authType.password`],
  ['sink:\n  type: metadata-rest\n  config: {}\n', '', 'missing-step', 'sink'],
  ['type: metadata-rest', 'type: metadata_rest', 'wrong-step', 'sink.type'],
  ['type: DatabaseMetadata', 'type: PipelineMetadata', 'source-config-family', 'source.sourceConfig.config.type'],
  ['type: postgres', 'type: postgres-usage', 'source-config-family', 'source.type'],
  ['type: postgres', 'type: redshift', 'source-type', 'source.type'],
  ['type: postgres', 'type: postgress', 'source-type', 'source.type'],
  ['      type: Postgres\n', '', 'missing-type', `${CONFIG}.type`],
  ['sink:', 'pipelineRunId: 0b6c0c1e-9f4b-4a4e-9d3e-1f1f1f1f1f1f\nsink:', 'fixed-run-id', 'pipelineRunId'],
];
