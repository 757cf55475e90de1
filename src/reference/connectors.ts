import { inSpan, type Span, spanOf, spansOf } from './span.ts';

/** The service family of a connector; it decides which source configurations go with it. */
export type ConnectorFamily =
  | 'database'
  | 'dashboard'
  | 'messaging'
  | 'pipeline'
  | 'mlmodel'
  | 'storage'
  | 'search'
  | 'api'
  | 'drive'
  | 'metadata'
  | 'security'
  | 'mcp';

/** What OpenMetadata's ingestion can read from. */
export interface Connector {
  readonly family: ConnectorFamily;
  /** `serviceConnection.config.type`; `source.type` is the same in lower case. */
  readonly type: string;
  /** Release lines that have it. */
  readonly span: Span;
  /** The extra of openmetadata-ingestion that installs its driver; absent when it needs none. */
  readonly extra?: Span;
  /** The keys of its connection, besides `type` and the `supports…` switches. */
  readonly keys: readonly Span[];
}

const OPTIONS = 'connectionOptions connectionArguments';
const FILTERS: Readonly<Record<string, string>> = {
  database: 'schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7',
  dashboard: 'dashboardFilterPattern@1.7 chartFilterPattern@1.7 dataModelFilterPattern@1.7 projectFilterPattern@1.7',
};

/**
 * Family | type | extra | keys of the connection. `key!` is required, `@1.7` means from that line on, `<1.12` before
 * that line; `+options` and `+filters` stand for the keys above. Source of every row: the generated models and the
 * package metadata of openmetadata-ingestion 1.2.0, 1.3.0, 1.4.0, 1.5.6, 1.6.0, 1.7.0, 1.8.0, 1.9.0, 1.10.0, 1.11.0,
 * 1.12.8, 1.13.0 and 2.0.7 (a patch release between them may know a key one line earlier).
 */
const TABLE = `
database | Athena | athena | scheme awsConfig! s3StagingDir! workgroup! databaseName sampleDataStorageConfig@1.3 catalogId@1.13 +options +filters
database | AzureSQL | azuresql | scheme username! password hostPort! database! driver ingestAllDatabases sampleDataStorageConfig@1.3 authenticationMode@1.4 +options +filters
database | BigQuery | bigquery | scheme hostPort credentials! taxonomyProjectID taxonomyLocation usageLocation sampleDataStorageConfig@1.3 costPerTB@1.7 billingProjectId@1.8 includePolicyTags@1.10 storedProcedureFilterPattern@1.12 +options +filters
database | BigTable@1.4 | bigtable | credentials! +options +filters
database | BurstIQ@1.12 | - | username! password! realmName! biqSdzName! biqCustomerName! biqSystemWalletId tableFilterPattern
database | Cassandra@1.7 | cassandra | username authType hostPort databaseName connectionArguments sslMode sslConfig +filters
database | Clickhouse | clickhouse | scheme username password hostPort! databaseName databaseSchema duration https secure keyfile sampleDataStorageConfig@1.3 +options +filters
database | Cockroach@1.7 | cockroach | scheme username! authType hostPort! database! ingestAllDatabases databaseSchema sslConfig sslMode +options +filters
database | Couchbase | couchbase | scheme bucket username! password! hostport! +filters
database | CustomDatabase | - | sourcePythonClass connectionOptions +filters
database | Databricks | databricks | scheme hostPort! token<1.10 httpPath catalog databaseSchema connectionTimeout useUnityCatalog<1.3 sampleDataStorageConfig@1.3 queryHistoryTable@1.7 authType@1.10 policyAgentConfig@2.0 +options +filters
database | Datalake | - | configSource! bucketName prefix databaseName sampleDataStorageConfig@1.3 skipColdStorage@1.12 +options +filters
database | Db2 | db2 | scheme username! password hostPort! database! sampleDataStorageConfig@1.3 licenseFileName@1.6 license@1.6 clidriverVersion@1.8 sslMode@1.12 sslConfig@1.12 +options +filters
database | DeltaLake | deltalake | metastoreConnection<1.5 appName<1.5 databaseName connectionArguments configSource@1.5 +filters
database | DomoDatabase | domo | clientId! secretToken! accessToken apiHost instanceDomain! databaseName +filters
database | Doris@1.3 | doris | scheme username! password hostPort! databaseName databaseSchema sslCA<1.4 sslCert<1.4 sslKey<1.4 sslConfig@1.4 +options +filters
database | Dremio@1.12 | - | authType! database +filters
database | Druid | druid | scheme username password hostPort! databaseName sampleDataStorageConfig@1.3 +options +filters
database | DynamoDB | dynamodb | awsConfig! databaseName +options +filters
database | Epic@1.9 | - | fhirServerUrl fhirVersion databaseName schemaFilterPattern tableFilterPattern
database | Exasol@1.6 | exasol | scheme username! password! hostPort! tls +options +filters
database | Glue | glue | awsConfig! databaseName +options +filters
database | Greenplum | greenplum | scheme username! authType hostPort! database! sslMode sslConfig ingestAllDatabases sampleDataStorageConfig@1.3 +options +filters
database | Hive | hive | scheme username password hostPort! auth kerberosServiceName databaseSchema databaseName authOptions metastoreConnection sampleDataStorageConfig@1.3 useSSL@1.10 sslConfig@1.10 +options +filters
database | Iceberg@1.3<1.13 | iceberg | catalog! ownershipProperty +filters
database | Impala | impala | scheme username password hostPort! authMechanism kerberosServiceName databaseSchema databaseName useSSL authOptions sampleDataStorageConfig@1.3 +options +filters
database | Informix@1.12 | - | scheme username! password! hostPort! database! serverName! ingestAllDatabases sslMode sslConfig storedProcedureFilterPattern +options +filters
database | Iomete@1.13 | iomete | hostPort! username! password! cluster! dataPlane! catalog databaseSchema schemaFilterPattern tableFilterPattern sampleDataStorageConfig
database | MariaDB | mysql | scheme username! password hostPort! databaseName databaseSchema sampleDataStorageConfig@1.3 storedProcedureFilterPattern@1.12 +options +filters
database | MicrosoftAccess@1.12 | - | connection! tableFilterPattern
database | MicrosoftFabric@1.12 | - | scheme hostPort! database clientId! clientSecret! tenantId! driver ingestAllDatabases connectionArguments sampleDataStorageConfig +filters
database | MongoDB | mongo | connectionDetails<1.3 databaseName scheme@1.3 username@1.3 password@1.3 hostPort@1.3 connectionOptions@1.3 sslMode@1.6 sslConfig@1.6 databaseSchema@1.12 +filters
database | Mssql | mssql | scheme username password hostPort database! driver ingestAllDatabases sampleDataStorageConfig@1.3 encrypt@1.11 trustServerCertificate@1.11 sslConfig@1.11 storedProcedureFilterPattern@1.12 includeSynonyms@2.0 +options +filters
database | Mysql | mysql | scheme username! authType hostPort! databaseName databaseSchema sslCA<1.4 sslCert<1.4 sslKey<1.4 sampleDataStorageConfig@1.3 sslConfig@1.4 useSlowLogs@1.8 storedProcedureFilterPattern@1.12 queryHistoryTable@1.13 +options +filters
database | Oracle | oracle | scheme username! password hostPort oracleConnectionType! instantClientDirectory databaseName sampleDataStorageConfig@1.3 storedProcedureFilterPattern@1.12 preserveIdentifierCase@1.13 useDBATable@1.13 +options +filters
database | PinotDB | pinotdb | scheme username password hostPort! pinotControllerHost! database sampleDataStorageConfig@1.3 +options +filters
database | Postgres | postgres | scheme username! authType hostPort! database! ingestAllDatabases sslMode sslConfig classificationName sampleDataStorageConfig@1.3 storedProcedureFilterPattern@1.12 queryStatementSource@1.12 +options +filters
database | Presto | presto | scheme username! password hostPort! databaseSchema catalog sampleDataStorageConfig@1.3 protocol@1.4 verify@1.4 +options +filters
database | QuestDB@1.13 | questdb | scheme username! authType! hostPort! tableFilterPattern +options
database | Redshift | redshift | scheme username! password<1.12 hostPort! database! ingestAllDatabases sslMode sslConfig sampleDataStorageConfig@1.3 authType@1.12 storedProcedureFilterPattern@1.12 clusterIdentifier@2.0 workgroupName@2.0 +options +filters
database | Salesforce | salesforce | username password securityToken sobjectName<1.12 databaseName salesforceApiVersion salesforceDomain organizationId@1.5 sslConfig@1.5 consumerKey@1.11 consumerSecret@1.11 sobjectNames@1.12 +options +filters
database | SapBw4Hana@2.0 | - | hostPort! username! password! abapSchema schemaFilterPattern tableFilterPattern +options
database | SapErp@1.5 | - | hostPort apiKey databaseName databaseSchema paginationLimit verifySSL sslConfig +options +filters
database | SapHana | sap-hana | scheme connection! sampleDataStorageConfig@1.3 +options +filters
database | SapSuccessFactors@1.13 | - | baseUrl! companyId! authType username! password clientId privateKey tokenUrl apiVersion databaseName verifySSL sslConfig tableFilterPattern +options
database | SAS@1.3 | sas | username! password! serverHost! datatables dataTablesCustomFilter reports reportsCustomFilter dataflows dataflowsCustomFilter +filters
database | ServiceNow@1.10 | - | hostPort! username! password! includeScopes includeSystemTables tableFilterPattern +options
database | SingleStore | singlestore | scheme username! password hostPort! databaseName databaseSchema sampleDataStorageConfig@1.3 +options +filters
database | Snowflake | snowflake | scheme username! password account! role database warehouse! queryTag privateKey snowflakePrivatekeyPassphrase includeTransientTables clientSessionKeepAlive sampleDataStorageConfig@1.3 accountUsageSchema@1.7 includeStreams@1.7 creditCost@1.7 snowflakeSourceHost@1.10 includeStages@1.12 storedProcedureFilterPattern@1.12 useAccessHistory@1.13 accessHistoryChunkSize@1.13 includeSemanticViews@2.0 policyAgentConfig@2.0 +options +filters
database | SQLite | - | scheme username password hostPort database databaseMode sampleDataStorageConfig@1.3 +options +filters
database | SSAS@1.9 | - | httpConnection! username! password!
database | StarRocks@1.12 | starrocks | scheme username! password hostPort! databaseName databaseSchema sslConfig +options +filters
database | Synapse@1.5 | - | scheme username password hostPort! database! driver authenticationMode ingestAllDatabases sampleDataStorageConfig clientId@1.9 clientSecret@1.9 tenantId@1.9 storedProcedureFilterPattern@1.12 +options +filters
database | Teradata@1.5 | teradata | scheme username! password logmech logdata hostPort! tmode account sampleDataStorageConfig storedProcedureFilterPattern@1.12 +options +filters
database | Timescale@1.10 | postgres | scheme username! authType hostPort! database! ingestAllDatabases sslMode sslConfig classificationName sampleDataStorageConfig queryStatementSource@1.12 +options +filters
database | Trino | trino | scheme username! authType hostPort! catalog databaseSchema proxies sampleDataStorageConfig@1.3 verify@1.4 queryHistoryTable@1.8 +options +filters
database | UnityCatalog@1.3 | databricks | scheme hostPort! token<1.10 httpPath catalog databaseSchema connectionTimeout sampleDataStorageConfig authType@1.10 policyAgentConfig@2.0 +options +filters
database | Vertica | vertica | scheme username! password hostPort! database sampleDataStorageConfig@1.3 +options +filters
dashboard | CustomDashboard | - | sourcePythonClass connectionOptions +filters
dashboard | DomoDashboard | domo | clientId! secretToken! accessToken apiHost instanceDomain! +filters
dashboard | Grafana@1.10 | - | hostPort! apiKey! verifySSL dashboardFilterPattern chartFilterPattern pageSize
dashboard | Hex@1.11 | - | hostPort! tokenType token! includeTags dashboardFilterPattern
dashboard | Lightdash | - | hostPort! apiKey! projectUUID! spaceUUID! proxyAuthentication +filters
dashboard | Looker | looker | clientId! clientSecret! hostPort! gitCredentials +filters
dashboard | Metabase | - | username password hostPort! apiKey@1.10 +filters
dashboard | MicroStrategy@1.6 | - | username! password! hostPort! projectName loginMode +filters
dashboard | Mode | - | hostPort accessToken! accessTokenPassword! workspaceName! filterQueryParam@1.6 +filters
dashboard | Mstr@1.3<1.6 | mstr | username! password hostPort! projectName
dashboard | Omni@2.0 | - | hostPort! token! verifySSL sslConfig +filters
dashboard | PowerBI | powerbi | clientId! clientSecret! tenantId! authorityURI hostPort scope pagination_entity_per_page useAdminApis pbitFilesSource@1.4 displayTableNameFromSource@1.9 apiURL@1.11 +filters
dashboard | PowerBIReportServer@1.6 | - | hostPort! username! password! webPortalVirtualDirectory +filters
dashboard | QlikCloud@1.4 | - | token! hostPort! spaceTypes@1.7 +filters
dashboard | QlikSense | qliksense | displayUrl hostPort! certificates! userDirectory userId validateHostName@1.4 +filters
dashboard | QuickSight | quicksight | awsConfig! awsAccountId! identityType namespace +filters
dashboard | Redash | redash | username! hostPort! apiKey! redashVersion +filters
dashboard | SapS4Hana@1.13 | - | hostPort! authType! clientNumber verifySSL sslConfig dashboardFilterPattern chartFilterPattern dataModelFilterPattern
dashboard | Sigma@1.6 | - | hostPort! clientId! clientSecret! apiVersion +filters
dashboard | Ssrs@1.12 | ssrs | hostPort! username! password! dashboardFilterPattern chartFilterPattern projectFilterPattern verifySSL sslConfig
dashboard | Superset | superset | hostPort! connection! +filters
dashboard | Tableau | tableau | hostPort! authType apiVersion siteName siteUrl<1.8 env<1.8 paginationLimit verifySSL sslConfig proxyURL@1.8 +filters
dashboard | ThoughtSpot@1.9 | - | hostPort! authentication! apiVersion orgId
messaging | CustomMessaging | - | sourcePythonClass connectionOptions topicFilterPattern@1.7
messaging | Kafka | kafka | bootstrapServers! schemaRegistryURL saslUsername saslPassword saslMechanism basicAuthUserInfo consumerConfig schemaRegistryConfig securityProtocol@1.4 schemaRegistrySSL@1.4 schemaRegistryTopicSuffixName@1.5 consumerConfigSSL@1.7 topicFilterPattern@1.7
messaging | Kinesis | kinesis | awsConfig! topicFilterPattern@1.7
messaging | PubSub@1.13 | pubsub | gcpConfig projectId hostPort useEmulator schemaRegistryEnabled includeSubscriptions includeDeadLetterTopics topicFilterPattern
messaging | Redpanda | redpanda | bootstrapServers! schemaRegistryURL saslUsername saslPassword saslMechanism basicAuthUserInfo consumerConfig schemaRegistryConfig securityProtocol@1.4 topicFilterPattern@1.7 schemaRegistryTopicSuffixName@1.8
pipeline | Airbyte | - | hostPort! username<1.11 password<1.11 apiVersion@1.7 pipelineFilterPattern@1.7 auth@1.11
pipeline | Airflow | airflow | hostPort! numberOfStatus connection! pipelineFilterPattern@1.7
pipeline | CustomPipeline | - | sourcePythonClass connectionOptions pipelineFilterPattern@1.7
pipeline | Dagster | dagster | host! token timeout pipelineFilterPattern@1.7 stripAssetKeyPrefixLength@1.12
pipeline | DatabricksPipeline | databricks | hostPort! token<2.0 httpPath connectionArguments pipelineFilterPattern@1.7 connectionTimeout@1.9 lineageLookBackDays@1.11 authType@2.0
pipeline | DataFactory@1.6 | - | subscription_id! resource_group_name! factory_name! run_filter_days configSource pipelineFilterPattern@1.7
pipeline | DBTCloud@1.5 | - | host! discoveryAPI! accountId! jobId<1.6 token! jobIds@1.6 projectIds@1.6 numberOfRuns@1.7 pipelineFilterPattern@1.7 environmentIds@1.12
pipeline | DomoPipeline | domo | clientId! secretToken! accessToken apiHost instanceDomain! pipelineFilterPattern@1.7
pipeline | Fivetran | - | apiKey! hostPort apiSecret! limit pipelineFilterPattern@1.7 verifySSL@2.0 sslConfig@2.0
pipeline | Flink@1.5 | - | hostPort! verifySSL sslConfig pipelineFilterPattern@1.7
pipeline | GluePipeline | - | awsConfig! pipelineFilterPattern@1.7
pipeline | KafkaConnect@1.4 | kafkaconnect | hostPort! KafkaConnectConfig verifySSL messagingServiceName pipelineFilterPattern@1.7
pipeline | KinesisFirehose@1.11 | - | awsConfig! messagingServiceName pipelineFilterPattern
pipeline | Matillion@1.6 | - | connection pipelineFilterPattern@1.7 lineageLookbackDays@1.12
pipeline | MicrosoftFabricPipeline@1.12 | - | workspaceId! clientId! clientSecret! tenantId! authorityUri pipelineFilterPattern
pipeline | Mulesoft@1.12 | - | hostPort authentication! organizationId environmentId pipelineFilterPattern
pipeline | Nifi | nifi | hostPort! nifiConfig! pipelineFilterPattern@1.7
pipeline | OpenLineage@1.4 | openlineage | brokersUrl<1.12 topicName<1.12 consumerGroupName<1.12 consumerOffsets<1.12 poolTimeout<1.12 sessionTimeout<1.12 securityProtocol<1.12 sslConfig<1.12 saslConfig@1.5<1.12 pipelineFilterPattern@1.7 brokerConfig@1.12 namespaceToServiceMapping@1.12
pipeline | Prefect@2.0 | prefect | hostPort! authType! numberOfStatus verifySSL sslConfig pipelineFilterPattern
pipeline | SapBw4HanaPipeline@2.0 | - | hostPort! username! password! abapSchema pipelineFilterPattern
pipeline | Snowplow@1.10 | - | deployment! consoleUrl apiKey organizationId configPath cloudProvider pipelineFilterPattern
pipeline | Spark@1.3 | - | pipelineFilterPattern@1.7
pipeline | Spline | - | hostPort! uiHostPort pipelineFilterPattern@1.7
pipeline | SSIS@1.8 | - | databaseConnection packageConnection!
pipeline | Stitch@1.6 | - | hostPort! token! pipelineFilterPattern@1.7
pipeline | Wherescape@1.7 | - | hostPort databaseConnection!
mlmodel | CustomMlModel | - | sourcePythonClass connectionOptions mlModelFilterPattern@1.7
mlmodel | Mlflow | mlflow | trackingUri! registryUri! mlModelFilterPattern@1.7
mlmodel | SageMaker | sagemaker | awsConfig! mlModelFilterPattern@1.7
mlmodel | Sklearn | sklearn | mlModelFilterPattern@1.7
mlmodel | VertexAI@1.5 | - | credentials! location! mlModelFilterPattern@1.7
storage | ADLS@1.3 | - | credentials! containerFilterPattern@1.7 containerName@2.0 +options
storage | CustomStorage | - | sourcePythonClass connectionOptions containerFilterPattern@1.7
storage | GCS | gcs@1.13 | credentials! bucketNames@1.5 containerFilterPattern@1.7 +options
storage | S3 | s3@1.13 | awsConfig! bucketNames@1.4 containerFilterPattern@1.7 consoleEndpointURL@1.11 +options
search | CustomSearch | - | sourcePythonClass connectionOptions searchIndexFilterPattern@1.7
search | ElasticSearch | elasticsearch | hostPort authType caCert<1.3 connectionTimeoutSecs connectionArguments sslConfig@1.3 searchIndexFilterPattern@1.7
search | OpenSearch | opensearch@1.7 | hostPort authType@1.7 verifySSL@1.7 sslConfig@1.7 connectionTimeoutSecs connectionArguments searchIndexFilterPattern@1.7 scheme<1.7 username<1.7 password<1.7 truststorePath<1.7 truststorePassword<1.7 socketTimeoutSecs<1.7 keepAliveTimeoutSecs<1.7 connectionOptions<1.7
api | Rest@1.6 | - | openAPISchemaURL<1.12 token docURL@1.7 apiCollectionFilterPattern@1.7 openAPISchemaConnection@1.12 apiEndpointFilterPattern@1.12 verifySSL@1.12 sslConfig@1.12
api | REST@1.5<1.6 | - | openAPISchemaURL token
drive | CustomDrive@1.9 | - | directoryFilterPattern@1.10 fileFilterPattern@1.10 spreadsheetFilterPattern@1.10 worksheetFilterPattern@1.10 +options
drive | GoogleDrive@1.9 | googledrive@1.13 | credentials! delegatedEmail driveId includeTeamDrives includeGoogleSheets directoryFilterPattern@1.10 fileFilterPattern@1.10 spreadsheetFilterPattern@1.10 worksheetFilterPattern@1.10 +options
drive | Sftp@1.12 | sftp@2.0 | host! port authType! rootDirectories directoryFilterPattern fileFilterPattern structuredDataFilesOnly extractSampleData +options
drive | SharePoint@1.9 | - | clientId! clientSecret! tenantId! siteUrl! siteName driveId directoryFilterPattern@1.10 fileFilterPattern@1.10 spreadsheetFilterPattern@1.10 worksheetFilterPattern@1.10 +options
metadata | Alation@1.3 | - | hostPort! authType! projectName paginationLimit includeUndeployedDatasources includeHiddenDatasources alationTagClassificationName connection@1.4 ingestDatasources@1.4 ingestUsersAndGroups@1.4 ingestDomains@1.4 ingestKnowledgeArticles@1.4 ingestDashboards@1.4 schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7 +options
metadata | AlationSink@1.5 | - | hostPort! authType! projectName paginationLimit datasourceLinks verifySSL sslConfig schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7 +options
metadata | Amundsen | amundsen | username! password! hostPort! maxConnectionLifeTime validateSSL encrypted schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7
metadata | Atlas | atlas | username! password! hostPort databaseServiceName messagingServiceName entity_type! schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7 +options
metadata | Collibra@1.11 | - | username! password! hostPort! glossaryFilterPattern domainFilterPattern enableEnrichment +options
metadata | MetadataES | - | entities recreateIndex runMode searchIndexMappingLanguage batchSize schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7
metadata | OpenMetadata | - | clusterName hostPort! authProvider verifySSL sslConfig securityConfig secretsManagerProvider secretsManagerLoader apiVersion includeTopics includeTables includeDashboards includePipelines includeMlModels includeUsers includeTeams includeGlossaryTerms includeTags includePolicy includeMessagingServices enableVersionValidation includeDatabaseServices includePipelineServices limitRecords forceEntityOverwriting storeServiceConnection elasticsSearch extraHeaders schemaFilterPattern@1.7 tableFilterPattern@1.7 databaseFilterPattern@1.7
security | Ranger@1.9 | - | hostPort! authType!
mcp | Mcp@1.13 | - | discoveryMethod configFilePaths servers registryUrl connectionTimeout initializationTimeout fetchTools fetchResources fetchPrompts serverFilterPattern
`;

let parsed: ReadonlyMap<string, readonly Connector[]> | undefined;

function table(): ReadonlyMap<string, readonly Connector[]> {
  if (parsed !== undefined) return parsed;
  const rows = TABLE.trim()
    .split('\n')
    .map((line): Connector => {
      const [family = '', type = '', extra = '-', keys = ''] = line.split('|').map((cell) => cell.trim());
      const spans = spansOf(keys.replace('+options', OPTIONS).replace('+filters', FILTERS[family] ?? ''));
      return {
        family: family as ConnectorFamily,
        type: spanOf(type).name,
        span: spanOf(type),
        ...(extra === '-' ? {} : { extra: spanOf(extra) }),
        keys: spans,
      };
    });
  const named = new Map<string, Connector[]>();
  for (const row of rows) {
    const name = row.type.toLowerCase();
    named.set(name, [...(named.get(name) ?? []), row]);
  }
  parsed = named;
  return named;
}

/** Every connector, in the order of the table. */
export function connectors(): Connector[] {
  return [...table().values()].flat();
}

/**
 * The connector that a `source.type` or `serviceConnection.config.type` names, whatever its case. Some types share a
 * name over time (`REST`, later `Rest`): the one of the given version is preferred.
 */
export function connectorNamed(type: string, openmetadataVersion?: string): Connector | undefined {
  const named = table().get(type.toLowerCase()) ?? [];
  return named.find((row) => openmetadataVersion === undefined || inSpan(row.span, openmetadataVersion)) ?? named[0];
}
