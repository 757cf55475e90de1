/**
 * The keys of an OpenMetadata workflow, model by model. Every model refuses a key that it does not know, so one wrong
 * key stops the ingestion. `key!` is required, `key:Model` holds a mapping of that model, `[Model]` a list of them,
 * `@1.8` means from that release on, `<1.6` before it, `*` any further key.
 * Source: the generated models of openmetadata-ingestion 1.2.0 to 2.0.7 (the releases named in connectors.ts);
 * statusLookbackDays: release notes of 1.11.9.
 */
export const workflowModels: Readonly<Record<string, string>> = {
  Workflow:
    'source!:Source processor:Step sink:Step stage:Step bulkSink:Step workflowConfig!:WorkflowConfig ' +
    'ingestionPipelineFQN pipelineRunId enableStreamableLogs@1.10 ingestionRunnerName@1.12',
  ApplicationWorkflow:
    'workflowConfig!:WorkflowConfig sourcePythonClass appConfig appPrivateConfig ingestionPipelineFQN pipelineRunId ' +
    'enableStreamableLogs@1.10 ingestionRunnerName@1.12',
  Source: 'type! serviceName serviceConnection:ServiceConnection sourceConfig!:SourceConfig',
  // What `config` holds is checked by the connector's own row.
  ServiceConnection: 'config!',
  SourceConfig: 'config',
  Step: 'type! config',
  WorkflowConfig: 'openMetadataServerConfig!:Server loggerLevel config successThreshold@1.6 raiseOnError@1.8',
  Server:
    'hostPort! type authProvider securityConfig:JwtConfig verifySSL sslConfig:SslConfig clusterName apiVersion ' +
    'secretsManagerProvider secretsManagerLoader storeServiceConnection enableVersionValidation ' +
    'forceEntityOverwriting limitRecords extraHeaders elasticsSearch:Step includeTopics includeTables ' +
    'includeDashboards includePipelines includeMlModels includeUsers includeTeams includeGlossaryTerms includeTags ' +
    'includePolicy includeMessagingServices includeDatabaseServices includePipelineServices ' +
    'supportsDataInsightExtraction supportsElasticSearchReindexingExtraction schemaFilterPattern:FilterPattern@1.7 ' +
    'tableFilterPattern:FilterPattern@1.7 databaseFilterPattern:FilterPattern@1.7',
  JwtConfig: 'jwtToken!',
  SslConfig: 'caCertificate sslCertificate sslKey',
  FilterPattern: 'includes excludes',
  AwsCredentials:
    'awsRegion! awsAccessKeyId awsSecretAccessKey awsSessionToken endPointURL profileName assumeRoleArn ' +
    'assumeRoleSessionName assumeRoleSourceIdentity enabled@1.12',
  // The alternatives of an `authType`, together: which of them a connector takes is left to its own model.
  AuthType: 'password awsConfig:AwsCredentials azureConfig *',

  DatabaseMetadata:
    'type markDeletedTables includeTables includeViews includeTags includeStoredProcedures queryLogDuration ' +
    'queryParsingTimeoutLimit useFqnForFiltering schemaFilterPattern:FilterPattern tableFilterPattern:FilterPattern ' +
    'databaseFilterPattern:FilterPattern markDeletedStoredProcedures@1.3 includeOwners@1.3 includeDDL@1.4 threads@1.4 ' +
    'incremental@1.4 overrideMetadata@1.5 overrideViewLineage@1.5<1.6 markDeletedSchemas@1.9 markDeletedDatabases@1.9 ' +
    'ownerConfig@1.11 includeCustomProperties@1.12 storedProcedureFilterPattern:FilterPattern@1.12 ' +
    'extractJsonSchema@1.12 jsonSchemaSampleSize@1.12',
  DatabaseLineage:
    'type queryLogDuration queryLogFilePath resultLimit parsingTimeoutLimit filterCondition ' +
    'schemaFilterPattern:FilterPattern tableFilterPattern:FilterPattern databaseFilterPattern:FilterPattern ' +
    'overrideViewLineage@1.6 processViewLineage@1.6 processQueryLineage@1.6 processStoredProcedureLineage@1.6 ' +
    'threads@1.6 processCrossDatabaseLineage@1.7 crossDatabaseServiceNames@1.7 enableTempTableLineage@1.7 ' +
    'incrementalLineageProcessing@1.7 storedProcedureFilterPattern:FilterPattern@1.9 queryParserConfig@1.12',
  DatabaseUsage:
    'type queryLogDuration stageFileLocation filterCondition resultLimit queryLogFilePath processQueryCostAnalysis@1.7',
  Profiler:
    'type schemaFilterPattern:FilterPattern tableFilterPattern:FilterPattern databaseFilterPattern:FilterPattern ' +
    'includeViews processPiiSensitive<1.6 confidence<1.6 generateSampleData<1.6 profileSample<1.13 ' +
    'profileSampleType<1.13 threadCount timeoutSeconds computeMetrics@1.3<1.13 sampleDataCount@1.3<1.6 ' +
    'useFqnForFiltering@1.3 classificationFilterPattern:FilterPattern@1.6 computeTableMetrics@1.6 ' +
    'computeColumnMetrics@1.6 useStatistics@1.6 samplingMethodType@1.6<1.13 randomizedSample@1.7 ' +
    'processingEngine@1.9 profileSampleConfig@1.13 metrics@1.13',
  AutoClassification:
    'type classificationFilterPattern:FilterPattern schemaFilterPattern:FilterPattern tableFilterPattern:FilterPattern ' +
    'databaseFilterPattern:FilterPattern includeViews useFqnForFiltering storeSampleData enableAutoClassification ' +
    'confidence sampleDataCount classificationLanguage@1.12 bucketFilterPattern:FilterPattern@1.13 ' +
    'containerFilterPattern:FilterPattern@1.13 topicFilterPattern:FilterPattern@2.0',
  DashboardMetadata:
    'type dashboardFilterPattern:FilterPattern chartFilterPattern:FilterPattern dataModelFilterPattern:FilterPattern ' +
    'projectFilterPattern:FilterPattern dbServiceNames<1.4 includeOwners markDeletedDashboards includeTags ' +
    'includeDataModels markDeletedDataModels@1.3 lineageInformation@1.4 includeDraftDashboard@1.4 ' +
    'overrideMetadata@1.5 overrideLineage@1.5 queryParserConfig@1.12 markDeletedCharts@1.13 includeUsage@1.13',
  MessagingMetadata: 'type topicFilterPattern:FilterPattern generateSampleData markDeletedTopics overrideMetadata@1.5',
  PipelineMetadata:
    'type includeLineage includeOwners pipelineFilterPattern:FilterPattern dbServiceNames<1.4 markDeletedPipelines ' +
    'includeTags lineageInformation:PipelineLineageInformation@1.4 includeUnDeployedPipelines@1.4 overrideLineage@1.5 ' +
    'overrideMetadata@1.5 statusLookbackDays@1.11.9 ownershipUpdateMode@2.0',
  PipelineLineageInformation: 'dbServiceNames storageServiceNames messagingServiceNames@2.0',
  MlModelMetadata:
    'type mlModelFilterPattern:FilterPattern markDeletedMlModels overrideMetadata@1.5 lineageInformation@1.10 ' +
    'overrideLineage@1.10',
  StorageMetadata:
    'type containerFilterPattern:FilterPattern storageMetadataConfigSource markDeletedContainers@1.3 ' +
    'overrideMetadata@1.5 includeTags@1.5 defaultManifest@1.13',
  SearchMetadata:
    'type searchIndexFilterPattern:FilterPattern markDeletedSearchIndexes includeSampleData sampleSize ' +
    'overrideMetadata@1.5 includeIndexTemplate@1.6',
  ApiMetadata:
    'type apiCollectionFilterPattern:FilterPattern markDeletedApiCollections overrideMetadata ' +
    'apiEndpointFilterPattern:FilterPattern@1.12',
  DriveMetadata:
    'type markDeletedDirectories markDeletedFiles markDeletedSpreadsheets markDeletedWorksheets includeDirectories ' +
    'includeFiles includeSpreadsheets includeWorksheets includeTags includeOwners overrideMetadata useFqnForFiltering ' +
    'directoryFilterPattern:FilterPattern fileFilterPattern:FilterPattern spreadsheetFilterPattern:FilterPattern ' +
    'worksheetFilterPattern:FilterPattern threads',
  McpMetadata: 'type serverFilterPattern:FilterPattern overrideMetadata',
  SecurityMetadata: 'type',
  TestSuite:
    'type! entityFullyQualifiedName! profileSample<1.13 profileSampleType<1.13 testCases@1.5 ' +
    'samplingMethodType@1.6<1.13 serviceConnections@1.7 profileSampleConfig@1.13',
  DBT:
    'type dbtConfigSource! dbtUpdateDescriptions includeTags dbtClassificationName schemaFilterPattern:FilterPattern ' +
    'tableFilterPattern:FilterPattern databaseFilterPattern:FilterPattern parsingTimeoutLimit ' +
    'searchAcrossDatabases@1.7 dbtUpdateOwners@1.7 tagFilterPattern:FilterPattern@1.8 overrideLineage@1.12 ' +
    'catalogMapping@2.0 includeMetrics@2.0',
  MetadataToElasticSearch:
    'type! regionName caCerts timeout useSSL verifyCerts useAwsCredentials searchIndexMappingLanguage batchSize ' +
    'recreateIndex',

  // source.serviceConnection.config.connection of the Airflow connector, by its type.
  'Airflow.Backend': 'type pipelineFilterPattern:FilterPattern@1.7',
  'Airflow.RestAPI': 'type authConfig!:AirflowRestAuth apiVersion verifySSL',
  AirflowRestAuth: 'username password token credentials mwaaConfig:MwaaConfig',
  MwaaConfig: 'mwaaEnvironmentName! awsConfig!:AwsCredentials',
};

/** First release line with a `sourceConfig.config.type`, where that is not the first one served (1.2). */
export const sourceConfigSince: Readonly<Record<string, string>> = {
  Application: '1.3',
  ApiMetadata: '1.6',
  AutoClassification: '1.6',
  DriveMetadata: '1.9',
  SecurityMetadata: '1.9',
  McpMetadata: '1.13',
};

/** The values that a model takes for a key, and no other; spans as above. Source: as above. */
export const workflowChoices: Readonly<Record<string, string>> = {
  'WorkflowConfig.loggerLevel': 'DEBUG INFO WARN ERROR',
  'Server.authProvider': 'openmetadata basic azure google okta auth0 aws-cognito custom-oidc ldap saml no-auth<1.3',
  'Server.secretsManagerProvider':
    'db@1.3 managed-aws aws managed-aws-ssm aws-ssm managed-azure-kv@1.4 azure-kv@1.4 in-memory gcp@1.6 ' +
    'kubernetes@1.9 noop<1.3',
  'Server.secretsManagerLoader': 'noop airflow env',
  'Server.verifySSL': 'no-ssl ignore validate',
  'PipelineMetadata.ownershipUpdateMode': 'replace append',
};
