import { describe, expect, it } from 'vitest';
import { type Finding, findingsFor, type PipelineTarget, readPipeline } from '../../src/ingestion/pipeline.ts';
import { rules } from '../../src/ingestion/rules.ts';
import { AIRFLOW, CONFIG, FAULTS } from './lint-cases.ts';
import { changed, POSTGRES } from './samples.ts';

const find = (text: string, target: PipelineTarget = {}): Finding[] =>
  findingsFor(readPipeline(text, 'p.yaml'), target);

/** `rule severity line:column key`, short enough to compare. */
const brief = ({ rule, severity, line, column, key }: Finding) => `${rule} ${severity} ${line}:${column} ${key}`;

describe('faults of a workflow', () => {
  it('finds none where there is none but a secret in clear', () => {
    expect(find(POSTGRES).map(brief)).toEqual([`secret-in-clear warning 10:9 ${CONFIG}.authType.password`]);
  });

  it.each(FAULTS)('%j as %j is %s at %s', (line, by, rule, key) => {
    const found = find(changed(POSTGRES, line, by));
    expect(found.map((finding) => `${finding.rule} ${finding.key}`)).toContain(`${rule} ${key}`);
    for (const finding of found) {
      expect(finding.advice).not.toBe('');
      expect(finding.basis).toBe(rules[finding.rule as keyof typeof rules].basis);
    }
  });

  it('knows who looks up a secret that is referred to, and how', () => {
    const provider = (loader: string) =>
      changed(POSTGRES, 'hunter2-very-secret', 'secret:/prod/reader').replace(
        'authProvider: openmetadata',
        `$&\n    secretsManagerProvider: aws\n    secretsManagerLoader: ${loader}`,
      );
    expect(find(provider('env'))).toEqual([]);
    expect(find(provider('airflow'), { mode: 'python' })).toEqual([]);
    for (const mode of ['ecs', 'virtualenv'] as const) {
      expect(find(provider('airflow'), { mode }).map(brief)).toEqual([
        'secret-reference error 26:5 workflowConfig.openMetadataServerConfig.secretsManagerLoader',
      ]);
    }
    const token = provider('env').replace(/jwtToken: .*/, 'jwtToken: secret:/prod/bot');
    expect(find(token).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['secret-reference warning']);
  });

  it('names the place of a missing key by its parent', () => {
    const found = find(changed(POSTGRES, '      database: sales\n', ''));
    expect(found.map(brief)).toContain(`missing-key error 5:5 ${CONFIG}.database`);
  });

  it('tells the faults of the Airflow sample that guides carry', () => {
    expect(find(AIRFLOW, { openmetadataVersion: '1.12.8' }).map(brief)).toEqual([
      `localhost-link warning 7:7 ${CONFIG}.hostPort`,
      `password-place error 12:9 ${CONFIG}.connection.password`,
      `secret-in-clear warning 12:9 ${CONFIG}.connection.password`,
      'mark-deleted warning 16:5 source.sourceConfig.config.markDeletedPipelines',
    ]);
  });

  it('knows that SQLite is not written Sqlite', () => {
    const found = find(changed(AIRFLOW, 'type: Postgres', 'type: Sqlite'));
    expect(found.find(({ rule }) => rule === 'unknown-connector')?.advice).toBe('Did you mean SQLite?');
  });

  it('says where a usage workflow differs from a metadata one', () => {
    const usage = changed(
      changed(POSTGRES, 'type: postgres', 'type: postgres-usage'),
      'type: DatabaseMetadata',
      'type: DatabaseUsage',
    );
    const rulesFound = find(changed(usage, '      schemaFilterPattern:\n        excludes: [^pg_.*]\n', '')).map(
      ({ rule, key }) => `${rule} ${key}`,
    );
    expect(rulesFound).toEqual(
      expect.arrayContaining(['missing-step processor', 'missing-step stage', 'missing-step bulkSink']),
    );
    const staged = `${usage.replace('sink:\n  type: metadata-rest\n  config: {}\n', '')}processor: {type: query-parser, config: {}}
stage: {type: table-usage, config: {filename: /tmp/a}}
bulkSink: {type: metadata-usage, config: {filename: /tmp/b}}
`;
    expect(find(staged).map(({ rule }) => rule)).toContain('stage-file');
    expect(find(staged.replace('/tmp/b', '/tmp/a')).map(({ rule }) => rule)).not.toContain('stage-file');
  });

  it('wants a service or a connection', () => {
    const without = POSTGRES.replace(/ {2}serviceName[\s\S]*?(?= {2}sourceConfig)/, '');
    expect(find(without).map(brief)).toEqual(['missing-service error 1:1 source.serviceName']);
    const stored = POSTGRES.replace(/ {2}serviceConnection[\s\S]*?(?= {2}sourceConfig)/, '');
    expect(find(stored)).toEqual([]);
  });
});

describe('faults for a release', () => {
  const rest = changed(
    AIRFLOW,
    AIRFLOW.slice(AIRFLOW.indexOf('        type: Postgres'), AIRFLOW.indexOf('  sourceConfig')),
    '        type: RestAPI\n        authConfig:\n          mwaaConfig:\n            mwaaEnvironmentName: data-prod\n            awsConfig:\n              awsRegion: eu-west-1\n',
  );

  it.each([
    ['1.12.3', true],
    ['1.12.4', false],
    ['1.13.0', false],
    ['2.0.8', false],
    ['3.1.0', false],
  ])('the REST connection in %s', (openmetadataVersion, refused) => {
    const found = find(rest, { openmetadataVersion }).filter(({ severity }) => severity === 'error');
    expect(found.map(({ key }) => key)).toEqual(refused ? [`${CONFIG}.connection.type`] : []);
  });

  it.each([
    ['1.10.0', 'error'],
    // A patch of the line before may know it: the table has its first release only.
    ['1.11.0', 'warning'],
    ['1.12.0', undefined],
  ])('queryStatementSource, first seen in 1.12, in %s', (openmetadataVersion, severity) => {
    const text = changed(
      POSTGRES,
      'database: sales',
      'database: sales\n      queryStatementSource: pg_stat_statements',
    );
    const found = find(text, { openmetadataVersion }).filter(({ rule }) => rule === 'unknown-key');
    expect(found.map((finding) => finding.severity)).toEqual(severity === undefined ? [] : [severity]);
  });

  it('follows a key that moved: Redshift’s password went into authType in 1.12', () => {
    const redshift = changed(
      POSTGRES.replaceAll('postgres', 'redshift').replace('Postgres', 'Redshift'),
      '      authType:\n        password: hunter2-very-secret',
      '      password: hunter2-very-secret',
    );
    const errors = (openmetadataVersion: string) =>
      find(redshift, { openmetadataVersion })
        .filter(({ severity }) => severity === 'error')
        .map(({ rule }) => rule);
    expect(errors('1.11.0')).toEqual([]);
    expect(errors('1.12.0')).toEqual(['password-place']);
    expect(find(redshift).map(({ rule, severity }) => `${rule} ${severity}`)).toContain('password-place warning');
  });

  it('takes what a newer release may know as a warning', () => {
    const text = changed(POSTGRES, 'database: sales', 'database: sales\n      shinyNewKey: 1');
    const found = find(text, { openmetadataVersion: '9.0.0' });
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([]);
    expect(found.map(({ rule }) => rule)).toEqual(expect.arrayContaining(['version-unknown', 'unknown-key']));
  });

  it('refuses a version that is none', () => {
    expect(find(POSTGRES, { openmetadataVersion: 'latest' }).map(brief)).toContain('version-unknown error 1:1 ');
  });
});
