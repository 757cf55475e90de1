import { describe, expect, it } from 'vitest';
import { findingsFor, readPipeline, requireSound } from '../../src/ingestion/pipeline.ts';
import { Failure } from '../../src/text/failure.ts';
import { changed, POSTGRES } from './samples.ts';

function failureOf(run: () => unknown): Failure {
  try {
    run();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

const readFailure = (text: string) => failureOf(() => readPipeline(text, 'p.yaml'));

describe('reading a workflow file', () => {
  it('finds what it is about', () => {
    const pipeline = readPipeline(`${POSTGRES}ingestionPipelineFQN: postgres_prod.nightly\n`, 'p.yaml');
    expect(pipeline).toMatchObject({
      pipelineType: 'metadata',
      serviceName: 'postgres_prod',
      sourceType: 'postgres',
      connectionType: 'Postgres',
      sourceConfigType: 'DatabaseMetadata',
      ingestionPipelineFqn: 'postgres_prod.nightly',
      server: { hostPort: 'https://openmetadata.example.com/api', authProvider: 'openmetadata' },
    });
    expect(pipeline.findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  });

  it('takes JSON, which is YAML', () => {
    const { value } = readPipeline(POSTGRES, 'p.yaml');
    for (const indent of [undefined, 2, '\t']) {
      expect(readPipeline(JSON.stringify(value, undefined, indent), 'p.json').value).toEqual(value);
    }
  });

  it('reads YAML 1.1, as the ingestion image does: yes is true, a date stays text', () => {
    const text = changed(POSTGRES, 'config: {}', 'config: {a: yes, b: 2024-01-01, c: 010, d: 12345678901234567890}');
    expect(readPipeline(text, 'p.yaml').value.sink).toEqual({
      type: 'metadata-rest',
      config: { a: true, b: '2024-01-01', c: 8, d: 12345678901234567890n },
    });
  });

  it.each([
    ['a missing bracket', 'source: [1, 2\nsink: {}\n', /^p\.yaml:\d+:\d+: not valid YAML/],
    ['a tab', 'source:\n\ttype: x\n', /^p\.yaml:2:1: not valid YAML: a tab/],
    ['a key twice', 'source: {}\nsource: {}\n', /^p\.yaml:2:1: not valid YAML: a key that stands twice/],
    ['an unknown tag', 'source: !vault x\n', /^p\.yaml:1:9: not valid YAML: a tag/],
    ['an anchor', 'source: &a {type: x}\nsink: *a\n', /^p\.yaml:1:12: an anchor stands here/],
    ['a second document', 'source: {type: x}\n---\nsink: {}\n', /^p\.yaml:2:1: a second document/],
    ['nothing', '', /^p\.yaml:1:1: the file is empty/],
    ['a comment alone', '# later\n', /^p\.yaml:1:1: the file (is empty|holds no configuration)/],
    ['a list', '- source\n', /^p\.yaml:1:1: a workflow is a mapping/],
    ['plain text', 'hello\n', /^p\.yaml:1:1: a workflow is a mapping/],
    ['no source', 'sink: {}\n', /^p\.yaml:1:1: source: the key is missing/],
    ['a source that is text', 'source: postgres\n', /^p\.yaml:1:1: source: has to be a mapping/],
    ['a source without type', 'source: {serviceName: x}\n', /^p\.yaml:1:1: source\.type: /],
    ['a mapping as a key', 'source: {? {a: b} : c, type: x}\n', /^p\.yaml:1:\d+: source: a key has to be one word/],
  ])('refuses %s, naming file, line and column', (_what, text, message) => {
    const failure = readFailure(text);
    expect(failure.message).toMatch(message);
    expect(failure.kind).toBe('invalid-input');
    expect(failure.exitCode).toBe(2);
    expect(failure.advice).toBeTruthy();
  });

  it('refuses more than 1 MiB, and nesting that no stack holds', () => {
    expect(readFailure(`source: ${'x'.repeat(1024 * 1024)}`).message).toContain('larger than 1 MiB');
    expect(readFailure('['.repeat(50_000)).message).toContain('nested too deeply');
    expect(readFailure(`source: {type: "${'['.repeat(400)}"}\nx: [`).message).toContain('not valid YAML');
  });

  it('never quotes the text in its errors, since the text may be a secret', () => {
    const text = 'source:\n  password: "hunter2" hunter2\n  x: {hunter2\n';
    expect(readFailure(text).message).not.toContain('hunter2');
  });

  it('keeps a key __proto__ as a key', () => {
    const { value } = readPipeline(changed(POSTGRES, 'config: {}', 'config: {__proto__: {a: 1}}'), 'p.yaml');
    expect(JSON.stringify(value.sink)).toBe('{"type":"metadata-rest","config":{"__proto__":{"a":1}}}');
  });

  it.each([
    ['postgres-usage', 'DatabaseUsage', 'usage', 'postgres'],
    ['postgres-lineage', 'DatabaseLineage', 'lineage', 'postgres'],
    ['postgres', 'Profiler', 'profiler', 'postgres'],
    ['postgres', 'AutoClassification', 'autoClassification', 'postgres'],
    ['TestSuite', 'TestSuite', 'TestSuite', 'testsuite'],
    ['dbt', 'DBT', 'dbt', 'dbt'],
    ['airflow', 'PipelineMetadata', 'metadata', 'airflow'],
  ])('tells the pipeline type of %s with %s', (type, config, pipelineType, sourceType) => {
    const text = changed(
      changed(POSTGRES, 'type: postgres', `type: ${type}`),
      'type: DatabaseMetadata',
      `type: ${config}`,
    );
    expect(readPipeline(text, 'p.yaml')).toMatchObject({ pipelineType, sourceType });
  });

  it('reads an application workflow, which has no source', () => {
    const text = `sourcePythonClass: metadata.applications.x\nworkflowConfig:\n${POSTGRES.split('workflowConfig:\n')[1]}`;
    expect(readPipeline(text, 'p.yaml')).toMatchObject({ pipelineType: 'application', sourceType: 'application' });
  });

  it('stops at the first error with file, line, column and key', () => {
    const text = changed(POSTGRES, 'loggerLevel: INFO', 'loggerLevel: WARNING\n  logger: 1');
    const failure = failureOf(() => requireSound(readPipeline(text, 'p.yaml'), {}));
    expect(failure.message).toBe(
      'p.yaml:21:3: workflowConfig.loggerLevel: has to be one of DEBUG, INFO, WARN, ERROR. (and 1 more)',
    );
    expect(failure.advice).toBe('Did you mean WARN?');
  });

  it('finds the same again for the same target', () => {
    const pipeline = readPipeline(changed(POSTGRES, 'loggerLevel: INFO', 'loggerLevel: WARNING'), 'p.yaml');
    expect(findingsFor(pipeline, {})).toEqual(pipeline.findings);
  });
});
