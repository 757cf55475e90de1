import { describe, expect, it } from 'vitest';
import { dagIdFor } from '../../src/ingestion/names.ts';
import { findingsFor, readPipeline } from '../../src/ingestion/pipeline.ts';
import { templates } from '../../src/ingestion/templates.ts';

const FACTS = {
  environment: 'data-prod',
  region: 'eu-west-1',
  webserverUrl: 'https://abc.c2.eu-west-1.airflow.amazonaws.com',
  serverUrl: 'https://openmetadata.example.com/api',
  jwtToken: 'yes: "no"',
};

describe('templates', () => {
  it('are known by the DAG id that they give', () => {
    expect(templates.map(({ text, id }) => [dagIdFor(readPipeline(text(FACTS), id)), id])).toEqual(
      templates.map(({ id }) => [id, id]),
    );
  });

  it.each(['1.2.0', '1.5.6', '1.11.9', '1.12.8', '1.13.6', '2.0.8'])(
    'have no fault in OpenMetadata %s but what is to be filled in',
    (version) => {
      for (const { id, text } of templates) {
        const pipeline = readPipeline(text({ ...FACTS, openmetadataVersion: version }), id);
        const faults = findingsFor(pipeline, { openmetadataVersion: version }).filter(
          ({ rule }) => rule !== 'placeholder',
        );
        const restOnly = id === 'airflow_metadata' && ['1.2.0', '1.5.6', '1.11.9'].includes(version);
        expect(faults.map(({ rule }) => rule)).toEqual(restOnly ? ['unknown-connector'] : []);
      }
    },
  );

  it('hold a value of any text', () => {
    for (const { id, text } of templates) {
      const { value } = readPipeline(text(FACTS), id);
      expect(value).toMatchObject({
        workflowConfig: { openMetadataServerConfig: { securityConfig: { jwtToken: FACTS.jwtToken } } },
      });
    }
  });

  it('ask for what is not known', () => {
    for (const { id, text } of templates) {
      const keys = readPipeline(text({}), id)
        .findings.filter(({ rule }) => rule === 'placeholder')
        .map(({ key }) => key);
      expect(keys).toContain('workflowConfig.openMetadataServerConfig.hostPort');
      expect(keys).toContain('workflowConfig.openMetadataServerConfig.securityConfig.jwtToken');
    }
  });

  it('need nothing filled in for the connections that OpenMetadata or AWS keeps', () => {
    for (const id of ['redshift_ingestion', 'airflow_metadata']) {
      const text = templates.find((template) => template.id === id)?.text(FACTS) ?? '';
      expect(readPipeline(text, id).findings).toEqual([]);
    }
  });
});
