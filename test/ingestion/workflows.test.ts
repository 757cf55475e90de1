import { expect, it } from 'vitest';
import { findingsFor, readPipeline } from '../../src/ingestion/pipeline.ts';
import { WORKFLOWS } from './workflows.ts';

it.each(Object.entries(WORKFLOWS))('the sample of a %s workflow is sound, and read as one', (type, text) => {
  const pipeline = readPipeline(text, 'w.yaml');
  expect(pipeline.pipelineType).toBe(type);
  expect(findingsFor(pipeline, { openmetadataVersion: '1.12.8' })).toEqual([]);
});
