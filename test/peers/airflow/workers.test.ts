import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { POSTGRES } from '../../ingestion/samples.ts';
import { product, type Running, startDemo } from '../product.ts';
import { runProgram } from '../service.ts';

const peers = fileURLToPath(new URL('../../../.peers', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'workers-'));
const calls = join(folder, 'calls');

/** Stands in for openmetadata-ingestion: notes what is called, and fails where it is told to. */
const STAND_IN = `import json
import os


def note(*call):
    with open(os.environ["CALLS"], "a") as file:
        file.write(json.dumps(call) + "\\n")


class MetadataWorkflow:
    @classmethod
    def create(cls, config):
        note("create", config["source"]["serviceName"], config["pipelineRunId"])
        return cls()

    def execute(self):
        note("execute")

    def raise_from_status(self):
        note("raise_from_status")
        if os.environ.get("FAILS"):
            raise RuntimeError("the source failed")

    def stop(self):
        note("stop")
`;

/** Writes the stand-in as a wheel of a release that the generated requirement takes before any other. */
const WHEEL = `import sys, zipfile
folder, source = sys.argv[1:]
name = "openmetadata_ingestion-1.12.8.99"
info = name + ".dist-info"
with zipfile.ZipFile(f"{folder}/{name}-py3-none-any.whl", "w") as wheel:
    wheel.writestr("metadata/__init__.py", "")
    wheel.writestr("metadata/workflow/__init__.py", "")
    wheel.writestr("metadata/workflow/metadata.py", open(source).read())
    wheel.writestr(info + "/METADATA", "Metadata-Version: 2.1\\nName: openmetadata-ingestion\\nVersion: 1.12.8.99\\n"
        "Provides-Extra: postgres\\nRequires-Dist: boto3\\nRequires-Dist: PyYAML\\n")
    wheel.writestr(info + "/WHEEL", "Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    wheel.writestr(info + "/RECORD", "")
`;

let demo: Running;
let env: NodeJS.ProcessEnv;
const airflow = `${peers}/airflow-2.10.3/bin/airflow`;

beforeAll(async () => {
  const started = await startDemo(1);
  demo = started.demo;
  const source = join(folder, 'python/metadata/workflow/metadata.py');
  mkdirSync(dirname(source), { recursive: true });
  writeFileSync(source, STAND_IN);
  for (const part of ['metadata', 'metadata/workflow']) writeFileSync(join(folder, 'python', part, '__init__.py'), '');
  mkdirSync(join(folder, 'wheels'));
  runProgram([`${peers}/airflow-2.10.3/bin/python`, '-c', WHEEL, join(folder, 'wheels'), source], process.env);
  env = {
    ...process.env,
    PATH: `${peers}/airflow-2.10.3/bin:${process.env.PATH}`,
    HOME: folder,
    AIRFLOW_HOME: join(folder, 'home'),
    AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
    AIRFLOW__CORE__DAGS_FOLDER: join(folder, 'dags'),
    AWS_ENDPOINT_URL: started.url,
    AWS_ACCESS_KEY_ID: 'AKIADEMOADMIN0000000',
    AWS_SECRET_ACCESS_KEY: 'demo',
    AWS_EC2_METADATA_DISABLED: 'true',
    CALLS: calls,
    PIP_FIND_LINKS: join(folder, 'wheels'),
  };
  mkdirSync(join(folder, 'dags'));
  writeFileSync(join(folder, 'pipeline.yaml'), POSTGRES);
  for (const mode of ['python', 'virtualenv']) {
    const { code, stderr } = await product([
      ...['generate', '--mode', mode, '--airflow-version', '2.10.3', '--openmetadata-version', '1.12.8'],
      ...['--pipeline', join(folder, 'pipeline.yaml'), '--out', join(folder, mode), '--environment', 'data-prod'],
      // A secret of the region's world; a second try would be waited for.
      ...['--retries', '0'],
      ...['--region', 'eu-west-1', '--dag-id', `by_${mode}`, '--secret', 'mwaa-console/data-prod/snowflake_metadata'],
    ]);
    expect(code, stderr).toBe(0);
    const dag = `dags/by_${mode}.py`;
    writeFileSync(join(folder, dag), readFileSync(join(folder, mode, dag)));
  }
  runProgram([airflow, 'db', 'migrate'], env);
});

afterAll(async () => {
  await demo?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Runs a DAG by `dags test` and tells what its task called. */
function called(dag: string, more: NodeJS.ProcessEnv): unknown[] {
  rmSync(calls, { force: true });
  const run = () => runProgram([airflow, 'dags', 'test', dag, '2026-11-22'], { ...env, ...more });
  // It ends as the run does.
  if (more.FAILS === undefined) run();
  else expect(run).toThrow('DagRun failed');
  const lines = readFileSync(calls, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line));
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-/;
const WHOLE = [['create', 'snowflake_prod', expect.stringMatching(UUID)], ['execute'], ['raise_from_status'], ['stop']];

test.each([
  ['runs to its end', {}],
  ['is stopped where it fails', { FAILS: '1' }],
])('the Python mode’s workflow, made from the secret, %s', (_, more) => {
  expect(called('by_python', { PYTHONPATH: join(folder, 'python'), ...more })).toEqual(WHOLE);
});

test('the virtualenv mode builds its environment, and runs the same there', () => {
  expect(called('by_virtualenv', {})).toEqual(WHOLE);
});
