import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { POSTGRES } from '../ingestion/samples.ts';
import { command } from '../support/command.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mwaa-console-generate-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `generate` on a workflow's text; where the last word is a mode, for that one. */
async function generate(text: string, ...more: string[]) {
  const file = join(folder, 'workflow.yaml');
  writeFileSync(file, text);
  const out = join(folder, 'out');
  const given = (option: string, value: string) => (more.includes(option) ? [] : [option, value]);
  const ended = await command(
    [
      'generate',
      ...['--pipeline', file, '--out', out],
      ...given('--mode', 'ecs'),
      ...given('--airflow-version', '2.10.3'),
      ...given('--openmetadata-version', '1.12.8'),
      ...more,
    ],
    { HOME: folder },
  );
  return { ...ended, out };
}

describe('bad input', () => {
  const faults: readonly (readonly [what: string, text: string, message: RegExp, options: readonly string[]])[] = [
    ['no YAML', 'source:\n  type: [redshift\n', /workflow\.yaml:\d+:\d+: not valid YAML/, []],
    ['a tab', 'source:\n\ttype: redshift\n', /workflow\.yaml:2:\d+: not valid YAML/, []],
    ['a key twice', `${POSTGRES}sink: {}\n`, /workflow\.yaml:\d+:1: not valid YAML: a key that stands twice/, []],
    ['an empty file', '', /workflow\.yaml:1:1: the file is empty/, []],
    ['a list', '- source\n', /workflow\.yaml:1:1: a workflow is a mapping/, []],
    ['text', 'hello there\n', /workflow\.yaml:1:1: a workflow is a mapping/, []],
    ['a source that is text', 'source: redshift\nsink: {}\n', /workflow\.yaml:1:1: source: has to be a mapping/, []],
    ['no source', 'sink: {}\n', /workflow\.yaml:1:1: source: the key is missing/, []],
    ['an anchor', 'source: &s\n  type: redshift\nsink: *s\n', /workflow\.yaml:\d+:\d+: an anchor stands here/, []],
    ['two documents', `${POSTGRES}---\n${POSTGRES}`, /workflow\.yaml:27:1: a second document begins here/, []],
    ['more than a megabyte', `# ${'x'.repeat(1024 * 1024)}\n${POSTGRES}`, /larger than 1 MiB/, []],
    ['a megabyte of values', POSTGRES.replace('sales', 's'.repeat(900_000)), /a secret holds 65,536/, []],
    [
      'a placeholder',
      POSTGRES.replace('reader', '<user>'),
      /workflow\.yaml:8:7: .*username: still holds the placeholder/,
      [],
    ],
    [
      'an unknown key',
      POSTGRES.replace('loggerLevel', 'logLevel'),
      /workflow\.yaml:\d+:3: workflowConfig\.logLevel: is a key that/,
      [],
    ],
    ['an OpenMetadata that is none', POSTGRES, /"newest" is no version/, ['--openmetadata-version', 'newest']],
    ['an Airflow that is none', POSTGRES, /"two" can't be the Airflow version/, ['--airflow-version', 'two']],
    ['a DAG id with a quote', POSTGRES, /"a\\"b" can't be a DAG id/, ['--dag-id', 'a"b']],
    ['a DAG id with a newline', POSTGRES, /can't be a DAG id/, ['--dag-id', 'a\nb']],
    ['a DAG id of 50', POSTGRES, /has 50 characters; at most 49/, ['--dag-id', 'x'.repeat(50)]],
    ['a secret with a newline', POSTGRES, /can't be the name of the secret/, ['--secret', 'a\nb']],
    ['an environment with a quote', POSTGRES, /can't be the environment/, ['--environment', 'a"b']],
    ['a start that is no day', POSTGRES, /can't be the start date/, ['--start-date', '2026-13-01']],
    ['an extra that is none', POSTGRES, /can't be an extra/, ['--extra', 'x]']],
    ['a registry that is none', POSTGRES, /no registry of the ingestion image/, ['--registry', 'quay']],
    ['no requirements file', POSTGRES, /there is no such file/, ['--requirements', '/nowhere/requirements.txt']],
  ];

  test.each(faults)('%s: exit 2, said where, nothing written', async (_what, text, message, options) => {
    const { code, stdout, stderr, out } = await generate(text, ...options);
    expect(stderr).toMatch(message);
    expect([code, stdout, existsSync(out)]).toEqual([2, '', false]);
    expect(stderr).not.toContain('hunter2');
    expect(stderr).not.toMatch(/\n\s+at /);
  });

  test.each(['python', 'virtualenv'])('is the same by the %s operator', async (mode) => {
    const { code, stderr, out } = await generate(POSTGRES.replace('reader', '<user>'), '--mode', mode);
    expect([code, existsSync(out)]).toEqual([2, false]);
    expect(stderr).toMatch(/workflow\.yaml:8:7: .*username/);
    expect((await generate(POSTGRES, '--mode', mode, '--schedule', 'never')).code).toBe(2);
  });
});

describe('the files of the Python operator', () => {
  test('are merged into what is there', async () => {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, 'pandas==2.1.4\n');
    const { code, out } = await generate(POSTGRES, '--mode', 'python', '--requirements', requirements);
    expect(code).toBe(0);
    const merged = readFileSync(join(out, 'requirements.txt'), 'utf8');
    expect(merged).toMatch(
      /^# mwaa-console: begin[\s\S]*\nopenmetadata-ingestion\[postgres\]~=1\.12\.8\.0\n[\s\S]*\npandas==2\.1\.4\n$/,
    );
    expect(readdirSync(join(out, 'dags')).sort()).toEqual([
      'constraints-airflow-2.10.3-openmetadata-1.12.txt',
      'postgres_metadata.py',
    ]);
  });

  test('are refused where a line keeps OpenMetadata out, and nothing is written', async () => {
    const requirements = join(folder, 'requirements.txt');
    writeFileSync(requirements, '# ours\nboto3==1.35.36\n');
    const { code, stderr, out } = await generate(POSTGRES, '--mode', 'python', '--requirements', requirements);
    expect([code, existsSync(out)]).toEqual([3, false]);
    expect(stderr).toContain("requirements.txt:2: boto3==1.35.36 can't be installed beside OpenMetadata 1.12.8");
  });

  test('come from plugins.zip where the web server is private, and say which wheels', async () => {
    const { code, stderr, out } = await generate(POSTGRES, '--mode', 'python', '--private-web-server');
    expect(code).toBe(0);
    expect(readFileSync(join(out, 'requirements.txt'), 'utf8')).toContain('--no-index\n');
    expect(stderr).toMatch(/plugins\.zip has to hold a wheel of every package/);
  });
});

test('a secret that is there already is readable by its owner alone afterwards', async () => {
  const { out } = await generate(POSTGRES);
  writeFileSync(join(out, 'secret.json'), 'old', { mode: 0o644 });
  await generate(POSTGRES);
  expect(statSync(join(out, 'secret.json')).mode & 0o777).toBe(0o600);
});

test('an old Airflow gets a plugin, and is told how it is loaded', async () => {
  const versions = ['--airflow-version', '2.6.3', '--openmetadata-version', '1.10.1'];
  const { code, stderr, out } = await generate(POSTGRES, '--mode', 'virtualenv', ...versions);
  expect(code).toBe(0);
  expect(existsSync(join(out, 'plugins/virtualenv_on_path.py'))).toBe(true);
  expect(stderr).toContain('core.lazy_load_plugins=False');
});
