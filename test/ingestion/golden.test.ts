import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ecsMode } from '../../src/ingestion/modes/ecs.ts';
import { modes } from '../../src/ingestion/modes/index.ts';
import { readPipeline } from '../../src/ingestion/pipeline.ts';
import type { DeploymentRequest, IngestionMode } from '../../src/ingestion/request.ts';
import { airflowVersions } from '../../src/reference/airflow-versions.ts';
import { openmetadataVersions } from '../../src/reference/openmetadata-versions.ts';
import { AIRFLOW, requestFor } from './samples.ts';

/** What some releases have beside their package, and why. */
const BESIDE =
  / *"(cachetools|setuptools<81|dbt-core<1\.12)",?|# (It imports (cachetools|pkg_resources)|Newer ones of dbt-core).*/g;

/** A text without its line breaks, lists written alike. */
const flat = (text: string) =>
  text
    .replaceAll(/\s+/g, ' ')
    .replaceAll('[ ', '[')
    .replaceAll(/[, ]*\]/g, ']');

const filesFor = (mode: IngestionMode, changes: Partial<DeploymentRequest>) =>
  modes.find(({ id }) => id === mode)?.files(requestFor({ mode, ...changes })) ?? [];

/** The function that a task runs, which is all that differs. */
const functionOf = (files: ReturnType<typeof filesFor>) =>
  /^def ingest[\s\S]*?\n(?=\n\n)/m.exec(files[0]?.content ?? '')?.[0] ?? '';

describe.each(['ecs', 'python', 'virtualenv'] as const)('the %s mode’s DAG', (mode) => {
  it.each([
    ['2.10.3', '1.12.8'],
    ['3.2.1', '2.0.8'],
  ])('for Airflow %s is as written here', async (airflowVersion, openmetadataVersion) => {
    const [dag] = filesFor(mode, { airflowVersion, openmetadataVersion });
    expect(dag?.path).toBe('dags/postgres_metadata.py');
    await expect(dag?.content).toMatchFileSnapshot(`golden/${mode}-airflow-${airflowVersion}.py`);
  });

  it('is the same for every version of Airflow and OpenMetadata that is served, but for what it names', () => {
    let pairs = 0;
    for (const { version: airflowVersion, retired, python } of airflowVersions) {
      for (const { line, printStatus } of openmetadataVersions) {
        const facts = { airflowVersion, openmetadataVersion: `${line}.0` };
        const fit = modes.find(({ id }) => id === mode)?.verdict(facts).fit;
        if (retired !== undefined || fit === 'does-not-fit') continue;
        const golden = `${mode}-airflow-${airflowVersion.startsWith('2') ? '2.10.3' : '3.2.1'}.py`;
        const text = filesFor(mode, facts)[0]?.content ?? '';
        const plain = text
          .replace(`(Airflow ${airflowVersion})`, '(Airflow)')
          .replaceAll(`Python (${python})`, 'Python')
          .replaceAll(/(OpenMetadata\s+|~=)[\d.]+\d/g, '$1')
          .replaceAll(BESIDE, '')
          // What the summary is printed by: none of it from 1.10 on.
          .replace(/ {8}(print_status\(workflow\)|workflow\.print_status\(\))\n/, '')
          .replace(/ {4}from metadata\.workflow\.workflow_output_handler import print_status\n/, '');
        const wanted = readFileSync(new URL(`golden/${golden}`, import.meta.url), 'utf8')
          .replace(/\(Airflow [\d.]+\)/, '(Airflow)')
          .replaceAll(BESIDE, '')
          .replaceAll(/Python \([\d.]+\)/g, 'Python')
          .replaceAll(/(OpenMetadata\s+|~=)[\d.]+\d/g, '$1');
        // Longer versions break the lines of the docstring elsewhere.
        expect(flat(plain), `${airflowVersion} ${line}`).toBe(flat(wanted));
        if (mode !== 'ecs') expect(text.includes('print_status')).toBe(printStatus !== 'by-itself');
        pairs += 1;
      }
    }
    expect(pairs).toBeGreaterThan(20);
  });
});

it.each([
  ['a function', '1.4.2'],
  ['a method', '1.8.1'],
])('a summary that is printed by %s', async (_, openmetadataVersion) => {
  const files = filesFor('virtualenv', { openmetadataVersion });
  await expect(functionOf(files)).toMatchFileSnapshot(`golden/function-openmetadata-${openmetadataVersion}.py`);
});

it('a virtual environment with an Airflow in it, and a configuration that refers to secrets', async () => {
  const pipeline = readPipeline(
    AIRFLOW.replace('authProvider: openmetadata', '$&\n    secretsManagerProvider: aws\n    secretsManagerLoader: env'),
    'airflow.yaml',
  );
  const files = filesFor('virtualenv', { pipeline, dagId: 'airflow_metadata' });
  expect(files[0]?.content).toContain(
    '"openmetadata-ingestion[airflow]~=1.12.8.0",\n    "cachetools",\n    "dbt-core<1.12",',
  );
  await expect(functionOf(files)).toMatchFileSnapshot('golden/function-airflow-inside.py');
});

it('the plugin of an Airflow that finds virtualenv on PATH alone', async () => {
  const plugin = filesFor('virtualenv', { airflowVersion: '2.6.3', openmetadataVersion: '1.10.1' }).find(({ path }) =>
    path.startsWith('plugins/'),
  );
  await expect(plugin?.content).toMatchFileSnapshot('golden/virtualenv-plugin.py');
});

it('the ECS mode’s other files, which no Airflow version changes', async () => {
  const [, ...others] = ecsMode.files(requestFor());
  expect(ecsMode.files(requestFor({ airflowVersion: '3.2.1' })).slice(1)).toEqual(others);
  const text = others.map(({ path, content }) => `=== ${path}\n${content}`).join('\n');
  await expect(text).toMatchFileSnapshot('golden/ecs-others.txt');
});

it('the requirements and constraints of the Python mode, and the policy of both modes on the workers', async () => {
  const text = filesFor('python', {})
    .filter(({ path }) => /\.txt$|^policies/.test(path))
    .map(({ path, content }) => `=== ${path}\n${content}`)
    .join('\n');
  await expect(text).toMatchFileSnapshot('golden/python-others.txt');
  const policy = ({ path }: { path: string }) => path.startsWith('policies/');
  expect(filesFor('virtualenv', {}).filter(policy)).toEqual(filesFor('python', {}).filter(policy));
});
