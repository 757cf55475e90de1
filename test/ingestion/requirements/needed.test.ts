import { expect, it } from 'vitest';
import { readPipeline } from '../../../src/ingestion/pipeline.ts';
import { neededExtras } from '../../../src/ingestion/requirements/needed.ts';
import { AIRFLOW, changed, POSTGRES } from '../samples.ts';
import { WORKFLOWS } from '../workflows.ts';

const extras = (text: string, openmetadataVersion = '1.12.8', mode: 'python' | 'virtualenv' = 'virtualenv') =>
  neededExtras({ pipeline: readPipeline(text, 'w.yaml'), openmetadataVersion, mode });

it('takes the driver of the connector, and what the workflow itself imports', () => {
  expect(extras(POSTGRES)).toEqual(['postgres']);
  expect(Object.entries(WORKFLOWS).map(([type, text]) => [type, extras(text).join()])).toEqual([
    ...[
      ['metadata', 'redshift'],
      ['lineage', 'redshift'],
      ['usage', 'redshift'],
      ['profiler', 'redshift'],
    ],
    ...[
      ['autoClassification', 'pii-processor,redshift'],
      ['TestSuite', ''],
      ['dbt', 'dbt'],
      ['application', ''],
    ],
  ]);
  expect(extras(WORKFLOWS.profiler ?? '', '1.8.2')).toEqual(['bigquery', 'redshift']);
});

it('installs no other Airflow beside the one that is there', () => {
  expect(extras(AIRFLOW, '1.12.8', 'python')).toEqual([]);
  expect(extras(AIRFLOW)).toEqual(['airflow']);
});

it('finds the driver of a data lake by where it lies', () => {
  const lake = (security: string) =>
    extras(
      changed(POSTGRES, 'type: postgres', 'type: datalake').replace(
        /type: Postgres[\s\S]*?(?= {2}sourceConfig)/,
        `type: Datalake\n      configSource: {securityConfig: {${security}}}\n`,
      ),
    );
  expect([lake('awsRegion: eu-west-1'), lake('gcpConfig: x'), lake('accountName: a')]).toEqual([
    ...[['datalake-s3'], ['datalake-gcs'], ['datalake-azure']],
  ]);
});
