import { describe, expect, it } from 'vitest';
import { type ModeFacts, modes } from '../../src/ingestion/modes/index.ts';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import { airflowVersions } from '../../src/reference/airflow-versions.ts';
import { openmetadataVersions } from '../../src/reference/openmetadata-versions.ts';
import { changed, POSTGRES, requestFor } from './samples.ts';

const mode = (id: string) => {
  const found = modes.find((each) => each.id === id);
  if (found === undefined) throw new Error(id);
  return found;
};
const verdictFor = (id: string, facts: ModeFacts) => mode(id).verdict(facts).fit;
const pipeline = readPipeline(POSTGRES, 'p.yaml');
const airflowBy = (connection: string) =>
  readPipeline(
    changed(changed(POSTGRES, 'type: postgres', 'type: airflow'), 'type: DatabaseMetadata', 'type: PipelineMetadata')
      .replace(
        / {6}type: Postgres[\s\S]*? {2}sourceConfig/,
        `      type: Airflow\n      hostPort: https://x\n      connection: {type: ${connection}}\n  sourceConfig`,
      )
      .replace(/ {6}schemaFilterPattern[\s\S]*?sink/, 'sink'),
    'a.yaml',
  );

describe('verdicts', () => {
  it('offer the ECS operator first', () => {
    expect(modes.map(({ id }) => id)).toEqual(['ecs', 'virtualenv', 'python']);
    const recommended = modes.filter((each) => each.verdict({ airflowVersion: '2.10.3', pipeline }).recommended);
    expect(recommended.map(({ id }) => id)).toEqual(['ecs']);
  });

  it('let the ECS operator run every OpenMetadata on every Airflow that is served', () => {
    for (const { version, retired } of airflowVersions) {
      if (retired !== undefined) continue;
      for (const { line } of openmetadataVersions) {
        expect(verdictFor('ecs', { airflowVersion: version, openmetadataVersion: `${line}.0`, pipeline })).toBe('fits');
      }
    }
  });

  it('pair the Python operator by SQLAlchemy, and both by Python', () => {
    const pairs = (id: string) =>
      ['2.10.3', '2.11.0', '3.0.6', '3.2.1'].map((airflowVersion) =>
        ['1.10.0', '1.12.8', '1.13.0', '2.0.8']
          .map((openmetadataVersion) =>
            verdictFor(id, { airflowVersion, openmetadataVersion, pipeline }) === 'does-not-fit' ? '-' : 'x',
          )
          .join(''),
      );
    // Columns: OpenMetadata 1.10 stops at Python 3.11; 1.13 and later need SQLAlchemy 2, which Airflow 3.2 brings.
    expect(pairs('python')).toEqual(['xx--', '-x--', '-x--', '--xx']);
    expect(pairs('virtualenv')).toEqual(['xxxx', '-xxx', '-xxx', '-xxx']);
  });

  it('tell what no constraint file frees', () => {
    const text = (airflowVersion: string, openmetadataVersion: string) =>
      mode('python').verdict({ airflowVersion, openmetadataVersion }).summary;
    expect(text('2.8.1', '1.12.8')).toBe(
      'Airflow 2.8.1 itself needs email-validator <2; OpenMetadata 1.12 needs >=2.0.',
    );
    expect(text('2.8.1', '1.4.0')).toBe('Airflow 2.8.1 itself needs pydantic >=2.3.0; OpenMetadata 1.4 needs ~=1.10.');
    expect(text('2.10.3', '1.3.1')).toBe(
      'Airflow 2.10.3 itself needs croniter >=2.0.2; OpenMetadata 1.3 needs ~=1.3.0.',
    );
    expect(text('2.10.3', '2.0.8')).toBe(
      'MWAA pins SQLAlchemy 1.4.54 with Airflow 2.10.3; OpenMetadata 2.0 needs <2.1,>=2.0.0.',
    );
    expect(verdictFor('python', { airflowVersion: '2.7.2', openmetadataVersion: '1.4.0' })).toBe('with-care');
  });

  it('name the pins that an edited constraint file leaves out', () => {
    const { reasons } = mode('python').verdict({ airflowVersion: '2.10.3', openmetadataVersion: '1.12.8' });
    expect(reasons.map(({ text }) => text).join('\n')).toMatch(/boto3 1\.35\.36 \(needs ~=1\.41\.5\), chardet 5\.2\.0/);
    expect(reasons.map(({ text }) => text).join('\n')).toMatch(/deferrable operators/);
  });

  it('read retired and unknown versions', () => {
    for (const { id } of modes) {
      expect(verdictFor(id, { airflowVersion: '1.10.12', openmetadataVersion: '1.12.8' })).toBe('does-not-fit');
      expect(verdictFor(id, { airflowVersion: '3.9.0' })).toBe('with-care');
      expect(mode(id).verdict({ airflowVersion: '3.9.0' }).reasons[0]?.text).toMatch(/newer than this tool knows/);
      // Flask-AppBuilder of Airflow before 2.9 holds email-validator below what OpenMetadata asks for.
      expect(verdictFor(id, { airflowVersion: '2.6.3', openmetadataVersion: '1.10.1' })).toBe(
        id === 'python' ? 'does-not-fit' : 'with-care',
      );
    }
    expect(verdictFor('ecs', { airflowVersion: '2.10.3', openmetadataVersion: '3.0.0' })).toBe('with-care');
    expect(verdictFor('ecs', { airflowVersion: '2.10.3', openmetadataVersion: '0.13.2' })).toBe('with-care');
  });

  it('know where the connection Backend works', () => {
    const backend = airflowBy('Backend');
    const of = (id: string, airflowVersion: string) =>
      verdictFor(id, {
        airflowVersion,
        openmetadataVersion: airflowVersion.startsWith('3') ? '2.0.8' : '1.12.8',
        pipeline: backend,
      });
    expect([of('ecs', '2.10.3'), of('virtualenv', '2.10.3'), of('python', '2.10.3'), of('python', '3.2.1')]).toEqual([
      ...['does-not-fit', 'does-not-fit', 'with-care', 'does-not-fit'],
    ]);
  });

  it('call the metadata database a legacy, and the REST connection new', () => {
    const { reasons } = mode('ecs').verdict({ airflowVersion: '2.10.3', pipeline: airflowBy('Postgres') });
    expect(reasons.map(({ text }) => text).join()).toMatch(/short-lived tokens/);
    const rest = airflowBy('RestAPI');
    expect(verdictFor('ecs', { airflowVersion: '2.10.3', openmetadataVersion: '1.12.3', pipeline: rest })).toBe(
      'does-not-fit',
    );
  });

  it('tell what the image of a release can not run', () => {
    const classification = readPipeline(
      changed(POSTGRES, 'type: DatabaseMetadata', 'type: AutoClassification'),
      'p.yaml',
    );
    expect(
      verdictFor('ecs', { airflowVersion: '2.10.3', openmetadataVersion: '1.12.8', pipeline: classification }),
    ).toBe('does-not-fit');
  });

  it('mind the network and the class', () => {
    const base = { airflowVersion: '2.10.3', openmetadataVersion: '1.12.8', pipeline };
    expect(verdictFor('ecs', { ...base, internetAccess: false })).toBe('with-care');
    expect(verdictFor('virtualenv', { ...base, internetAccess: false })).toBe('does-not-fit');
    expect(verdictFor('virtualenv', { ...base, environmentClass: 'mw1.micro' })).toBe('with-care');
    expect(
      mode('python')
        .verdict({ ...base, webserverAccessMode: 'PRIVATE_ONLY' })
        .reasons.map(({ text }) => text)
        .join(),
    ).toMatch(/wheel/);
  });

  it('tell that public web servers are out of reach of Airflow 3 workers without a route', () => {
    const facts = { airflowVersion: '3.2.1', webserverAccessMode: 'PUBLIC_ONLY', internetAccess: false };
    for (const { id } of modes) {
      expect(mode(id).verdict(facts).reasons[0]?.text).toMatch(/every task fails|have no route/);
      expect(verdictFor(id, facts)).toBe('does-not-fit');
    }
    expect(verdictFor('ecs', { ...facts, webserverAccessMode: 'PUBLIC_AND_PRIVATE' })).toBe('with-care');
    expect(verdictFor('ecs', { ...facts, airflowVersion: '2.11.2' })).toBe('with-care');
  });

  it('are readable for what MWAA has retired, whether OpenMetadata is known or not', () => {
    for (const { version } of airflowVersions.filter(({ retired }) => retired !== undefined)) {
      const old = ['1.10.12', '2.0.2', '2.2.2'].includes(version);
      for (const { id } of modes) {
        const { fit, summary, reasons } = mode(id).verdict({ airflowVersion: version });
        expect(fit).toBe(old ? 'does-not-fit' : 'with-care');
        if (old) expect(summary).toMatch(/Python 3\.7|neither EcsRunTaskOperator/);
        expect(reasons.map(({ text }) => text)).toContainEqual(expect.stringMatching(/ended its support/));
        if (old) expect(reasons[0]?.remedy).toContain('2.4.3 is the oldest that works');
      }
    }
  });

  it('give each reason a source', () => {
    for (const each of modes) {
      const { reasons, summary } = each.verdict({
        airflowVersion: '2.2.2',
        openmetadataVersion: '2.0.8',
        internetAccess: false,
        environmentClass: 'mw1.micro',
        pipeline,
      });
      expect(summary).not.toBe('');
      for (const reason of reasons) expect(reason.source).not.toBe('');
    }
  });
});

describe('the files of a mode', () => {
  it('are those of the ECS operator', () => {
    const files = mode('ecs').files(requestFor());
    expect(files.map(({ path, mode: bits }) => [path, bits])).toEqual([
      ['dags/postgres_metadata.py', undefined],
      ['task-definition.json', undefined],
      ['policies/mwaa-execution-role.json', undefined],
      ['policies/task-execution-role.json', undefined],
      ['policies/ecs-tasks-trust.json', undefined],
      ['secret.json', 0o600],
    ]);
  });

  it('are those of the Python operator, its constraint file beside the DAG', () => {
    const files = mode('python').files(requestFor({ mode: 'python' }));
    expect(files.map(({ path, mode: bits }) => [path, bits])).toEqual([
      ['dags/postgres_metadata.py', undefined],
      ['dags/constraints-airflow-2.10.3-openmetadata-1.12.txt', undefined],
      ['requirements.txt', undefined],
      ['policies/mwaa-execution-role.json', undefined],
      ['secret.json', 0o600],
    ]);
  });

  it('are those of the virtualenv operator, with a plugin only where its Airflow needs one', () => {
    const paths = (airflowVersion: string) =>
      mode('virtualenv')
        .files(requestFor({ mode: 'virtualenv', airflowVersion }))
        .map(({ path }) => path);
    const files = ['dags/postgres_metadata.py', 'policies/mwaa-execution-role.json', 'secret.json'];
    for (const { version, retired } of airflowVersions) {
      if (retired === undefined) expect(paths(version)).toEqual(files);
    }
    expect(paths('2.6.3')).toEqual([files[0], 'plugins/virtualenv_on_path.py', ...files.slice(1)]);
  });

  it('are refused for a pipeline with errors', () => {
    const bad = readPipeline(changed(POSTGRES, 'username: reader', 'username: <user>'), 'bad.yaml');
    expect(() => mode('ecs').files(requestFor({ pipeline: bad }))).toThrow(
      expect.objectContaining({ kind: 'invalid-input', message: expect.stringMatching(/^bad\.yaml:8:7: .*username/) }),
    );
  });

  it('are refused where the mode does not fit', () => {
    expect(() => mode('ecs').files(requestFor({ airflowVersion: '2.2.2' }))).toThrow(
      expect.objectContaining({ kind: 'refused', advice: expect.any(String) }),
    );
  });
});
