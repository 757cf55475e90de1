import { describe, expect, it } from 'vitest';
import {
  checkDagId,
  dagIdFor,
  dagKey,
  policyName,
  secretName,
  taskDefinitionFamily,
} from '../../src/ingestion/names.ts';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { partitionOf } from '../../src/reference/partitions.ts';
import { changed, POSTGRES } from './samples.ts';

const named = (text: string) => dagIdFor(readPipeline(text, 'p.yaml'));

describe('the DAG id of a pipeline', () => {
  it('is the name in ingestionPipelineFQN where that is short and plain', () => {
    expect(named(`${POSTGRES}ingestionPipelineFQN: redshift_prod.redshift_ingestion\n`)).toBe('redshift_ingestion');
    expect(named(`${POSTGRES}ingestionPipelineFQN: redshift_prod.0b6c0c1e-9f4b-4a4e\n`)).toBe('postgres_metadata');
    expect(named(`${POSTGRES}ingestionPipelineFQN: a.a_name_that_is_too_long\n`)).toBe('postgres_metadata');
  });

  it.each([
    ['microsoftfabricpipeline', 'PipelineMetadata', 'microsoftfabri_metad'],
    ['postgres', 'AutoClassification', 'postgres_auto_classi'],
    ['postgres-usage', 'DatabaseUsage', 'postgres_usage'],
    ['TestSuite', 'TestSuite', 'testsuite_test_suite'],
    ['123 !', 'DatabaseMetadata', 'source_123_metadata'],
    ['ünïcode', 'DatabaseMetadata', 'n_code_metadata'],
  ])('is made of %s and %s', (type, config, id) => {
    const text = changed(POSTGRES, 'type: postgres', `type: ${JSON.stringify(type)}`);
    const made = named(changed(text, 'type: DatabaseMetadata', `type: ${config}`));
    expect(made).toBe(id);
    expect(made.length).toBeLessThanOrEqual(20);
    expect(() => checkDagId(made)).not.toThrow();
  });

  it.each(['x'.repeat(49), 'a', 'A-b_9'])('may be %s', (id) => {
    expect(() => checkDagId(id)).not.toThrow();
  });

  it.each(['x'.repeat(50), '', '9a', 'a.b', 'a b', "a'b", 'a"b', 'a\nb', 'ä', '../x'])('may not be %j', (id) => {
    expect(() => checkDagId(id)).toThrow(
      expect.objectContaining({ kind: 'invalid-input', advice: expect.any(String) }),
    );
  });
});

describe('the names of what an ingestion owns', () => {
  it('follow from environment and DAG id', () => {
    expect(secretName('data-prod', 'x')).toBe('mwaa-console/data-prod/x');
    expect(policyName('x')).toBe('mwaa-console-x');
    expect(taskDefinitionFamily('data-prod', 'x')).toBe('data-prod-x');
    expect(dagKey('/dags/', 'x')).toBe('dags/x.py');
    expect(dagKey('', 'x')).toBe('x.py');
  });

  it('know the partition of a region', () => {
    expect(['eu-west-1', 'cn-north-1', 'us-gov-west-1', 'us-isob-east-1'].map(partitionOf)).toEqual([
      ...['aws', 'aws-cn', 'aws-us-gov', 'aws-iso-b'],
    ]);
  });
});
