import { describe, expect, it } from 'vitest';
import { constraintFile, needsConstraintFile } from '../../../src/ingestion/requirements/constraints.ts';
import { mergeRequirements, type RequirementsNeed } from '../../../src/ingestion/requirements/merge.ts';
import { airflowVersions } from '../../../src/reference/airflow-versions.ts';

const NEED: RequirementsNeed = {
  dagId: 'postgres_metadata',
  extras: ['postgres'],
  openmetadataVersion: '1.12.8',
  airflowVersion: '2.10.3',
  constraint: '/usr/local/airflow/dags/constraints.txt',
};
const findings = (existing: string, need: Partial<RequirementsNeed> = {}) =>
  mergeRequirements(existing, { ...NEED, ...need }).findings.map(
    ({ severity, line, text }) => `${severity} ${line}: ${text}`,
  );

describe('what is said of a requirements.txt', () => {
  it('is nothing where all goes together', () => {
    expect(findings('')).toEqual([]);
    expect(findings('# ours\npandas==2.1.4\nboto3\nrequests==2.32.3\nboto3==1.41.*\n')).toEqual([]);
  });

  it('names the line whose version OpenMetadata does not go with', () => {
    expect(findings('pandas==2.1.4\n\nBoto3[crt] == 1.35.36  # for S3\nchardet===5.2.0\n')).toEqual([
      "error 3: boto3==1.35.36 can't be installed beside OpenMetadata 1.12.8, which needs boto3~=1.41.5.",
      "error 4: chardet===5.2.0 can't be installed beside OpenMetadata 1.12.8, which needs chardet==4.0.0.",
    ]);
    expect(findings('boto3==1.35.36', { openmetadataVersion: '1.5.6' })).toEqual([]);
    expect(findings('pydantic>=2.0,<2.13\nboto3>=1.30\nboto3!=1.41.5\nboto3>1.41.5rc1\n')).toEqual([]);
    expect(findings('pydantic<2.0\nboto3==1.35.*\nboto3~=1.35.1\n').map((text) => text.slice(0, 28))).toEqual([
      "error 1: pydantic<2.0 can't ",
      "error 2: boto3==1.35.* can't",
      "error 3: boto3~=1.35.1 can't",
    ]);
  });

  it('counts lines in the file as it was given, ours and what is set aside included', () => {
    const line = '--constraint https://example.com/constraints-2.10.3/constraints-3.11.txt\n';
    const once = mergeRequirements(line, NEED).text;
    expect(findings(once)).toEqual([expect.stringMatching(/^warning 7: Airflow's own constraint file/)]);
    expect(findings(`${once}boto3==1.35.36\n`)[0]).toMatch(/^error 8: boto3/);
  });

  it('tells which other ingestions move to another release', () => {
    const both = mergeRequirements(mergeRequirements('pandas\n', NEED).text, { ...NEED, dagId: 'b_usage' }).text;
    expect(findings(both)).toEqual([]);
    expect(findings(both, { openmetadataVersion: '1.12.10' })).toEqual([
      'warning 5: b_usage of this environment moves from OpenMetadata 1.12.8 to 1.12.10 with it.',
    ]);
  });

  it('tells that one hash asks for all', () => {
    expect(findings('pandas==2.1.4 \\\n  --hash=sha256:00\n')).toEqual([expect.stringMatching(/^error 1: A hash/)]);
    expect(findings('--require-hashes\n')).toEqual([expect.stringMatching(/^error 1: A hash/)]);
  });

  it('knows the constraint lines that MWAA sees, and those it does not', () => {
    expect(findings('--constraint=/usr/local/airflow/dags/ours.txt')).toEqual([
      expect.stringMatching(/^error 1: MWAA does not see/),
    ]);
    expect(findings('-c /usr/local/airflow/dags/ours.txt')).toEqual([
      expect.stringMatching(/^warning 1: This constraint file stays.*boto3, chardet/),
    ]);
    expect(findings('--constraint "/dev/null"')).toEqual([]);
    expect(findings('-c /usr/local/airflow/dags/ours.txt', { airflowVersion: '2.6.3' })).toEqual([]);
  });

  it('says how to bring wheels where there is no index', () => {
    const [finding] = mergeRequirements('', { ...NEED, offline: true }).findings;
    expect(finding?.remedy).toContain('--python-version 3.11');
    expect(findings('pandas\n--no-index\n')).toEqual([expect.stringMatching(/^warning 2: Nothing is fetched/)]);
  });
});

describe('the constraint file', () => {
  it('is shipped wherever MWAA would use the one that excludes OpenMetadata', () => {
    for (const { version, constraintsRequired } of airflowVersions) {
      const openmetadataVersion = version >= '3.2' ? '2.0.7' : '1.12.8';
      expect(needsConstraintFile({ airflowVersion: version, openmetadataVersion })).toBe(constraintsRequired);
    }
  });

  it('holds Airflow where it is, and says what of its own file is left out', () => {
    const { path, content } = constraintFile({ airflowVersion: '3.2.1', openmetadataVersion: '2.0.7' }, '/dags/');
    expect(path).toBe('dags/constraints-airflow-3.2.1-openmetadata-2.0.txt');
    expect(content).toContain('\n#   tabulate==0.10.0, where OpenMetadata needs ==0.9.0\n');
    expect(content.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toEqual([
      'apache-airflow==3.2.1',
      'apache-airflow-providers-amazon==9.25.0',
      'sqlalchemy==2.0.49',
      'croniter>=2.0.2',
    ]);
  });
});
