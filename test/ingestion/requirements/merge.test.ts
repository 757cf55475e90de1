import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  mergeRequirements,
  type RequirementsNeed,
  withdrawRequirements,
} from '../../../src/ingestion/requirements/merge.ts';

const NEED: RequirementsNeed = {
  dagId: 'postgres_metadata',
  extras: ['postgres'],
  openmetadataVersion: '1.12.8',
  airflowVersion: '2.10.3',
  constraint: '/usr/local/airflow/dags/constraints.txt',
};
const BLOCK = `# mwaa-console: begin. What its ingestions need: change their workflow files, not these lines.
--constraint "/usr/local/airflow/dags/constraints.txt"
# postgres_metadata needs [postgres]
openmetadata-ingestion[postgres]~=1.12.8.0
cachetools
# mwaa-console: end
`;
const THEIRS = `# What our DAGs need.
--index-url https://pypi.example.com/simple
apache-airflow-providers-snowflake==5.8.0  # for the reports

pandas == 2.1.4 ; python_version < "3.12"
requests==2.32.3 \\
    --hash=sha256:0000000000000000000000000000000000000000000000000000000000000000
-r more.txt`;

describe('merging into requirements.txt', () => {
  it('puts ours at the top, and leaves the rest as it is to the byte', () => {
    expect(mergeRequirements('', NEED).text).toBe(BLOCK);
    expect(mergeRequirements(THEIRS, NEED)).toMatchObject({ text: BLOCK + THEIRS, replaced: [] });
  });

  it('changes nothing more when it is done twice', () => {
    const once = mergeRequirements(THEIRS, NEED).text;
    expect(mergeRequirements(once, NEED).text).toBe(once);
  });

  it('changes one line for another version', () => {
    const before = mergeRequirements(THEIRS, NEED).text;
    const after = mergeRequirements(before, { ...NEED, openmetadataVersion: '1.12.10' }).text;
    expect(after).toBe(before.replace('~=1.12.8.0', '~=1.12.10.0'));
  });

  it('adds what a release imports without asking for it, unless somebody named it', () => {
    expect(mergeRequirements('cachetools==5.5.0\n', NEED).text.match(/cachetools/g)).toHaveLength(1);
    expect(mergeRequirements('', { ...NEED, openmetadataVersion: '1.13.0' }).text).not.toContain('cachetools');
  });

  it('gives two ingestions one package line, and each its own extras back', () => {
    const first = mergeRequirements(THEIRS, NEED).text;
    const both = mergeRequirements(first, { ...NEED, dagId: 'a_usage', extras: ['redshift', 'postgres'] });
    expect(both.needs.map(({ dagId }) => dagId)).toEqual(['a_usage', 'postgres_metadata']);
    expect(both.text).toContain('\nopenmetadata-ingestion[postgres,redshift]~=1.12.8.0\n');
    expect(withdrawRequirements(both.text, 'a_usage').text).toBe(first);
    expect(withdrawRequirements(withdrawRequirements(both.text, 'a_usage').text, NEED.dagId).text).toBe(THEIRS);
    expect(withdrawRequirements(both.text, 'another').text).toBe(both.text);
  });

  it('sets aside what can not stand beside it, and puts it back', () => {
    const theirs = [
      '--constraint "https://raw.githubusercontent.com/apache/airflow/constraints-2.10.3/constraints-3.11.txt"',
      'OpenMetadata_Ingestion[mysql]==1.5.6.0 \\',
      '    --hash=sha256:00',
      'pandas==2.1.4',
      '',
    ].join('\r\n');
    const { text, replaced } = mergeRequirements(theirs, NEED);
    expect(replaced).toEqual(theirs.split('\r\n').slice(0, 3));
    expect(text.split('\r\n')).toEqual([
      ...BLOCK.trimEnd().replace('[postgres]~', '[mysql,postgres]~').split('\n'),
      ...theirs
        .split('\r\n')
        .slice(0, 3)
        .map((line) => `# mwaa-console replaced: ${line}`),
      'pandas==2.1.4',
      '',
    ]);
    expect(mergeRequirements(text, NEED).text).toBe(text);
    expect(withdrawRequirements(text, NEED.dagId).text).toBe(theirs);
  });

  it('keeps a constraint file of their own, and adds none beside it', () => {
    for (const line of ['-c /usr/local/airflow/dags/ours.txt', '--constraint "/dev/null"']) {
      const { text } = mergeRequirements(`${line}\npandas\n`, NEED);
      expect(text.match(/constraint|-c /g)).toHaveLength(1);
      expect(text).toContain(`\n${line}\npandas\n`);
    }
  });

  it('installs from plugins.zip alone where there is no index', () => {
    const offline = { ...NEED, offline: true };
    expect(mergeRequirements('', offline).text).toContain('\n--find-links /usr/local/airflow/plugins\n--no-index\n');
    const own = mergeRequirements('--index-url https://packages.example.com/simple\n', offline);
    expect(own.text).not.toContain('--no-index');
    expect(own.findings.map(({ text }) => text)).toEqual([expect.stringContaining('installs from this index')]);
    const { text } = mergeRequirements('--no-index\n-f /usr/local/airflow/plugins\n', offline);
    expect(text.match(/--no-index/g)).toHaveLength(1);
    expect(text).not.toContain('--find-links');
  });

  it('is undone to the byte, whatever the file holds', () => {
    const line = fc.oneof(
      fc.constantFrom(
        'openmetadata-ingestion[mysql]==1.5.6.0',
        '--constraint https://example.com/constraints-2.10.3/constraints-3.11.txt',
        '# comment \\',
        'a==1 \\',
        '  --hash=sha256:00',
        '-e .',
        '',
      ),
      fc.string(),
    );
    const file = fc
      .tuple(fc.array(line), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\uFEFF'))
      .map(([lines, eol, mark]) => mark + lines.join(eol));
    fc.assert(
      fc.property(file, (theirs) => {
        const merged = mergeRequirements(theirs, NEED);
        expect(mergeRequirements(merged.text, NEED).text).toBe(merged.text);
        expect(withdrawRequirements(merged.text, NEED.dagId).text).toBe(theirs);
      }),
    );
  });
});
