import { describe, expect, it } from 'vitest';
import { essentialConflicts, essentialPins, pinConflicts } from '../../src/reference/airflow-pins.ts';
import { airflowVersion, airflowVersions, newestAirflowVersion } from '../../src/reference/airflow-versions.ts';
import { connectorNamed, connectors } from '../../src/reference/connectors.ts';
import { fargateMemories, fargateSizes } from '../../src/reference/fargate-sizes.ts';
import { heldBack, ingestionNeeds, undeclaredPackages, undeclaredTools } from '../../src/reference/ingestion-needs.ts';
import {
  ingestionImage,
  openmetadataVersion,
  openmetadataVersions,
  workflowClass,
} from '../../src/reference/openmetadata-versions.ts';
import { isSecretKey, isSecretValue } from '../../src/reference/secret-keys.ts';
import { inSpan, spanOf, spansOf } from '../../src/reference/span.ts';
import { compareVersions, isVersion } from '../../src/reference/version.ts';
import { satisfies } from '../../src/reference/version-specifier.ts';
import { workflowChoices, workflowModels } from '../../src/reference/workflow-models.ts';

describe('versions', () => {
  it('compare by number', () => {
    expect(['2.10.3', '2.9.2', '2.10', '1.12.8-SNAPSHOT', '1.12.8'].sort(compareVersions)).toEqual([
      ...['1.12.8-SNAPSHOT', '1.12.8', '2.9.2', '2.10', '2.10.3'],
    ]);
  });

  it('are told from other words', () => {
    expect(['2.10.3', '1.12', '2.0.8-SNAPSHOT', '2.1.0rc2', '1.12.8.9'].map(isVersion)).toEqual(Array(5).fill(true));
    expect(['latest', '2', '', 'v2.10', '2.10.', '2.10; x'].map(isVersion)).toEqual(Array(6).fill(false));
  });

  it.each([
    ['2.10.3', '2.10.3', true],
    ['2.10.4', '2.10.3', false],
    ['3.1.6', '3.0.6', false],
    ['4.0.0', '3.3.1', false],
    ['1.9', '1.10.12', false],
  ])('Airflow %s is taken for %s', (version, row, exact) => {
    expect(airflowVersion(version)).toMatchObject({ row: { version: row }, exact });
  });

  it.each([
    ['1.12.8', '1.12', true],
    ['2.0.8-SNAPSHOT', '2.0', true],
    ['2.3.0', '2.0', false],
    ['0.13.2', '1.2', false],
  ])('OpenMetadata %s is taken for %s', (version, line, exact) => {
    expect(openmetadataVersion(version)).toMatchObject({ row: { line }, exact });
  });

  it('are ordered from old to new, each with a source', () => {
    const airflow = airflowVersions.map(({ version }) => version);
    expect(airflow).toEqual(airflow.toSorted(compareVersions));
    expect(newestAirflowVersion().version).toBe(airflow.at(-1));
    const lines = openmetadataVersions.map(({ line }) => line);
    expect(lines).toEqual(lines.toSorted(compareVersions));
    for (const { source } of [...airflowVersions, ...openmetadataVersions, ...fargateSizes])
      expect(source).not.toBe('');
  });

  it('follow from Airflow’s major version', () => {
    for (const { version, dagModule, restApi, ecsOperator } of airflowVersions) {
      const major = Number(version.split('.')[0]);
      expect([version, dagModule]).toEqual([version, major >= 3 ? 'airflow.sdk' : 'airflow']);
      const served = compareVersions(version, '2.4.3') >= 0;
      expect([version, restApi]).toEqual([version, served ? (major >= 3 ? 'v2' : 'v1') : undefined]);
      expect([version, ecsOperator]).toEqual([version, served ? 'EcsRunTaskOperator' : 'ECSOperator']);
    }
  });

  it('give the image of a release', () => {
    expect(ingestionImage('1.12.8.9')).toBe('docker.io/openmetadata/ingestion-base:1.12.8');
  });
});

describe('what packages ask of each other', () => {
  const lines = openmetadataVersions.map(({ line }) => line);

  it('is known of every release of OpenMetadata, SQLAlchemy as its row has it', () => {
    for (const { line, sqlalchemy } of openmetadataVersions) {
      const needs = ingestionNeeds(`${line}.0`);
      const wanted = needs.find(({ name }) => name === 'sqlalchemy')?.specifier ?? '';
      expect([satisfies('1.4.54', wanted), satisfies('2.0.49', wanted)]).toEqual([
        sqlalchemy === '1.4',
        sqlalchemy === '2.0',
      ]);
      for (const { name, specifier } of needs) {
        expect(`${name}${specifier}`).toMatch(/^[a-z0-9-]+([<>=!~]=?[\d.]+,?)+$/);
      }
    }
  });

  it('pins each package once, at a release', () => {
    for (const { version, retired } of airflowVersions) {
      if (retired !== undefined) continue;
      const named = lines.flatMap((line) => pinConflicts(version, line));
      expect(named.map(({ name }) => name)).toContain('chardet');
      for (const pin of [...essentialPins(version), ...named]) expect(pin.version).toMatch(/^\d+(\.\d+)+(\.post\d+)?$/);
    }
  });

  it('keeps what needs SQLAlchemy 2 from Airflow before 3.2, and the other way round', () => {
    const kept = (airflow: string, openmetadata: string) =>
      essentialConflicts(airflow, openmetadata).map(({ name }) => name);
    expect(kept('3.0.6', '1.12.8')).toEqual([]);
    expect(kept('3.0.6', '1.13.0')).toEqual(['sqlalchemy']);
    expect(kept('3.2.1', '1.12.8')).toEqual(['sqlalchemy']);
    expect(kept('3.3.1', '2.0.8')).toEqual([]);
  });

  it('knows what a release imports without asking for it', () => {
    const beside = (line: string) => [...undeclaredPackages(line), ...undeclaredTools(line), ...heldBack(line)];
    expect(['1.3.0', '1.5.6', '1.7.0', '1.12.8', '1.13.0', '2.1.0'].map(beside)).toEqual([
      ...[[], ['setuptools<81'], ['cachetools'], ['cachetools', 'dbt-core<1.12'], ['dbt-core<1.12'], []],
    ]);
  });

  it('gives each pipeline type of a release a workflow, but what came later or went', () => {
    const without = (line: string) =>
      [
        'metadata',
        'usage',
        'lineage',
        'profiler',
        'TestSuite',
        'dbt',
        'dataInsight',
        'autoClassification',
        'application',
      ].filter((type) => workflowClass(type, `${line}.2`) === undefined);
    expect(without('1.2')).toEqual(['autoClassification', 'application']);
    expect(without('1.4')).toEqual(['autoClassification']);
    expect(without('1.5')).toEqual(['dataInsight', 'autoClassification']);
    expect(without('2.0')).toEqual(['dataInsight']);
  });
});

describe('spans', () => {
  it('are read with all their parts', () => {
    expect(spanOf('a!:Model@1.12.4<2.0')).toEqual({
      name: 'a',
      required: true,
      model: 'Model',
      since: '1.12.4',
      until: '2.0',
    });
    expect(spanOf('Airflow')).toEqual({ name: 'Airflow' });
    expect(() => spanOf('@1')).toThrow();
  });

  it('hold a release', () => {
    const span = spanOf('a@1.12.4<2.0');
    expect(['1.12.3', '1.12.4', '1.13.0', '2.0.0'].map((version) => inSpan(span, version))).toEqual([
      ...[false, true, true, false],
    ]);
  });

  it('can all be read, and the models that they name are there', () => {
    for (const keys of Object.values(workflowModels)) {
      for (const { model } of spansOf(keys)) if (model !== undefined) expect(workflowModels).toHaveProperty([model]);
    }
    for (const choices of Object.values(workflowChoices)) expect(spansOf(choices).length).toBeGreaterThan(1);
  });
});

describe('connectors', () => {
  it('are found by their type in any case', () => {
    expect(connectorNamed('redshift')).toMatchObject({
      type: 'Redshift',
      family: 'database',
      extra: { name: 'redshift' },
    });
    expect(connectorNamed('REST', '1.5.0')?.type).toBe('REST');
    expect(connectorNamed('rest', '1.12.8')?.type).toBe('Rest');
    expect(connectorNamed('nosuch')).toBeUndefined();
  });

  it('have a name once in a release, and keys once', () => {
    for (const { line } of openmetadataVersions) {
      const names = connectors()
        .filter(({ span }) => inSpan(span, line))
        .map(({ family, type }) => `${family} ${type.toLowerCase()}`);
      expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
    }
    for (const { keys } of connectors()) expect(new Set(keys.map(({ name }) => name)).size).toBe(keys.length);
  });
});

describe('secrets', () => {
  it('are known by their keys', () => {
    expect(
      [
        'password',
        'jwtToken',
        'awsSecretAccessKey',
        'sasl.password',
        'snowflakePrivatekeyPassphrase',
        'Authorization',
        'basicAuthUserInfo',
        'api_key',
      ].filter((key) => !isSecretKey(key)),
    ).toEqual([]);
    expect(
      ['username', 'hostPort', 'secretsManagerProvider', 'type', 'tokenType', 'database'].filter(isSecretKey),
    ).toEqual([]);
  });

  it('are known by themselves', () => {
    expect(
      ['eyJhbGciOi.x.y', '-----BEGIN PRIVATE KEY-----', 'AKIAABCDEFGHIJKLMNOP', 'postgresql://u:p@h/d'].filter(
        (text) => !isSecretValue(text),
      ),
    ).toEqual([]);
    expect(['hello', 'https://h/p', 'reader', 'h:5432'].filter(isSecretValue)).toEqual([]);
  });
});

describe('Fargate sizes', () => {
  it('are the documented pairs', () => {
    expect(fargateMemories(256)).toEqual([512, 1024, 2048]);
    expect(fargateMemories(4096).length).toBe(23);
    expect(fargateMemories(16_384).at(-1)).toBe(122_880);
    expect(fargateMemories(300)).toEqual([]);
  });
});
