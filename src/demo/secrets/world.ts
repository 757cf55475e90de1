import type { Region } from '../region.ts';
import { INGESTIONS, REGION, type SeededIngestion, secretArn, secretName } from '../world/names.ts';
import type { SecretsService } from './service.ts';

const DAY = 86_400_000;
const PASSWORD = 'correct-horse-battery-staple';

/** The secrets that are there when the region starts: a workflow configuration each ingestion, and others' own. */
export function seedSecrets(secrets: SecretsService, region: Region): void {
  const now = region.clock.now();
  INGESTIONS.forEach((ingestion, index) => {
    const createdAt = now - (40 - index * 5) * DAY;
    const secret = secrets.add(secretName(ingestion.environment, ingestion.dagId), {
      arn: secretArn(ingestion.environment, ingestion.dagId),
      description: `OpenMetadata workflow of ${ingestion.dagId} in ${ingestion.environment}`,
      createdAt,
    });
    secret.tags.set('mwaa-console:environment', ingestion.environment);
    secret.tags.set('mwaa-console:dag', ingestion.dagId);
    const text = workflowText(ingestion, `${region.url}/openmetadata/api`, botToken(region));
    secrets.put(secret, region.uuid(), { text, binary: undefined }, ['AWSCURRENT'], createdAt);
  });
  const others = { 'platform/api/database': { host: 'orders.internal', username: 'api', password: region.hex(24) } };
  for (const [name, value] of Object.entries(others)) {
    const secret = secrets.add(name, { description: 'Database of the platform API', createdAt: now - 300 * DAY });
    const text = JSON.stringify(value);
    secrets.put(secret, region.uuid(), { text, binary: undefined }, ['AWSCURRENT'], now - 300 * DAY);
  }
}

/** A token of OpenMetadata's ingestion bot as its server signs them, save for the signature. */
function botToken(region: Region): string {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iss: 'open-metadata.org',
    sub: 'ingestion-bot',
    roles: ['IngestionBotRole'],
    email: 'ingestion-bot@open-metadata.org',
    isBot: true,
    tokenType: 'BOT',
    iat: Math.floor((region.clock.now() - 90 * DAY) / 1000),
    exp: null,
  };
  const header = { kid: 'Gb389a-9f76-gdjs-a92j-0242bk94356', alg: 'RS256', typ: 'JWT' };
  return `${part(header)}.${part(claims)}.${Buffer.from(region.hex(128), 'hex').toString('base64url')}`;
}

/** Connection and source configuration of each seeded ingestion. */
const SOURCES: Readonly<Record<string, { readonly connection?: object; readonly config: object }>> = {
  snowflake_metadata: {
    connection: {
      type: 'Snowflake',
      username: 'openmetadata',
      password: PASSWORD,
      account: 'acme-eu',
      warehouse: 'INGEST_WH',
    },
    config: { type: 'DatabaseMetadata', markDeletedTables: true, includeViews: true },
  },
  postgres_usage: {
    connection: {
      type: 'Postgres',
      username: 'openmetadata',
      authType: { password: PASSWORD },
      hostPort: 'orders.internal:5432',
      database: 'orders',
    },
    config: { type: 'DatabaseUsage', queryLogDuration: 1 },
  },
  looker_metadata: {
    connection: {
      type: 'Looker',
      clientId: 'openmetadata',
      clientSecret: PASSWORD,
      hostPort: 'https://acme.cloud.looker.com',
    },
    config: { type: 'DashboardMetadata' },
  },
  kafka_metadata: {
    connection: { type: 'Kafka', bootstrapServers: 'broker-1.events.internal:9092' },
    config: { type: 'MessagingMetadata', generateSampleData: false },
  },
  mysql_metadata: {
    connection: {
      type: 'Mysql',
      username: 'openmetadata',
      authType: { password: PASSWORD },
      hostPort: 'crm.internal:3306',
    },
    config: { type: 'DatabaseMetadata' },
  },
  dbt_metadata: {
    config: {
      type: 'DBT',
      dbtConfigSource: {
        dbtConfigType: 's3',
        dbtSecurityConfig: { awsRegion: REGION },
        dbtPrefixConfig: { dbtBucketName: 'dbt-artifacts-analytics', dbtObjectPrefix: 'warehouse' },
      },
    },
  },
};

const REST_SINK = { sink: { type: 'metadata-rest', config: {} } };
/** The blocks that a usage workflow has instead of a sink; the file's name must agree in both. */
const USAGE_STAGES = {
  processor: { type: 'query-parser', config: {} },
  stage: { type: 'table-usage', config: { filename: '/tmp/postgres_usage' } },
  bulkSink: { type: 'metadata-usage', config: { filename: '/tmp/postgres_usage' } },
};

/** The workflow as compact JSON, which is YAML too and what the console itself stores. */
function workflowText(ingestion: SeededIngestion, hostPort: string, jwtToken: string): string {
  const { dagId, pipelineType, serviceName, sourceType } = ingestion;
  const source = SOURCES[dagId];
  return JSON.stringify({
    source: {
      type: sourceType,
      serviceName,
      ...(source?.connection === undefined ? {} : { serviceConnection: { config: source.connection } }),
      sourceConfig: { config: source?.config },
    },
    ...(pipelineType === 'usage' ? USAGE_STAGES : REST_SINK),
    workflowConfig: {
      loggerLevel: 'INFO',
      openMetadataServerConfig: { hostPort, authProvider: 'openmetadata', securityConfig: { jwtToken } },
    },
    ingestionPipelineFQN: `${serviceName}.${dagId}`,
  });
}
