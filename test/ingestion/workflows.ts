import { stringify } from 'yaml';
import type { PipelineType } from '../../src/ingestion/pipeline.ts';

const SERVER = {
  workflowConfig: {
    openMetadataServerConfig: {
      hostPort: 'https://openmetadata.example.com/api',
      authProvider: 'openmetadata',
      securityConfig: { jwtToken: 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln' },
    },
  },
};
const REST = { type: 'metadata-rest', config: {} };
const source = (type: string, config: object) => ({
  source: { type, serviceName: 'redshift_prod', sourceConfig: { config } },
});

/** A sound workflow of each pipeline type that is served, as YAML; connections are those stored in OpenMetadata. */
export const WORKFLOWS: Readonly<Partial<Record<PipelineType, string>>> = Object.fromEntries(
  Object.entries({
    metadata: { ...source('redshift', { type: 'DatabaseMetadata' }), sink: REST },
    lineage: { ...source('redshift-lineage', { type: 'DatabaseLineage' }), sink: REST },
    usage: {
      ...source('redshift-usage', { type: 'DatabaseUsage' }),
      processor: { type: 'query-parser', config: {} },
      stage: { type: 'table-usage', config: { filename: '/tmp/redshift_usage' } },
      bulkSink: { type: 'metadata-usage', config: { filename: '/tmp/redshift_usage' } },
    },
    profiler: {
      ...source('redshift', { type: 'Profiler' }),
      processor: { type: 'orm-profiler', config: {} },
      sink: REST,
    },
    autoClassification: {
      ...source('redshift', { type: 'AutoClassification' }),
      processor: { type: 'orm-profiler', config: {} },
      sink: REST,
    },
    TestSuite: {
      ...source('TestSuite', { type: 'TestSuite', entityFullyQualifiedName: 'redshift_prod.db.public.orders' }),
      processor: { type: 'orm-test-runner', config: {} },
      sink: REST,
    },
    dbt: {
      ...source('dbt', {
        type: 'DBT',
        dbtConfigSource: { dbtConfigType: 'local', dbtManifestFilePath: '/tmp/manifest.json' },
      }),
      sink: REST,
    },
    application: {
      sourcePythonClass: 'metadata.applications.auto_tagger.AutoTaggerApp',
      appConfig: { type: 'AutoTagger' },
    },
  }).map(([type, value]) => [type, stringify({ ...value, ...SERVER })]),
);
