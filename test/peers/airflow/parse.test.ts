import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { airflowVersion } from '../../../src/reference/airflow-versions.ts';
import { corpus, type Generated } from '../../ingestion/corpus.ts';

const peers = fileURLToPath(new URL('../../../.peers', import.meta.url));
const reader = fileURLToPath(new URL('dag_reader.py', import.meta.url));

interface TaskRead {
  readonly id: string;
  readonly operator: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly rendered: Readonly<Record<string, unknown>>;
}

/** What a real Airflow made of a DAG file. */
interface FileRead {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly modules: readonly string[];
  readonly refused: readonly string[];
  readonly dags: readonly {
    readonly id: string;
    readonly tasks: readonly TaskRead[];
    readonly [member: string]: unknown;
  }[];
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** A DAG as somebody would write it who wants nothing but to use that operator. */
function minimalDag(mode: Generated['mode'], version: string): string {
  const { dagModule, pythonOperators } = airflowVersion(version).row;
  const [module, operator, words] = {
    ecs: [
      'airflow.providers.amazon.aws.operators.ecs',
      'EcsRunTaskOperator',
      'cluster="c", task_definition="d", overrides={}',
    ],
    python: [pythonOperators, 'PythonOperator', 'python_callable=work'],
    virtualenv: [pythonOperators, 'PythonVirtualenvOperator', 'python_callable=work, requirements=["x"]'],
  }[mode];
  return `from datetime import datetime, timedelta, timezone

from ${dagModule} import DAG
from ${module} import ${operator}


def work():
    pass


with DAG(
    dag_id="minimal",
    schedule=None,
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    dagrun_timeout=timedelta(hours=1),
) as dag:
    ${operator}(task_id="t", ${words})
`;
}

/** What the reader has to tell, so that its silence about the others means something. */
const CARELESS = `# No dag in this file, but its word is.
import socket
import warnings
import wave

from airflow.version import version

warnings.warn("old", DeprecationWarning)
socket.create_connection(("127.0.0.1", 9))
`;

describe.each(['2.7.2', '2.10.3', '3.2.1'] as const)('Airflow %s reads', (version) => {
  const folder = mkdtempSync(join(tmpdir(), `dags-${version}-`));
  const own = corpus.filter(({ airflow }) => airflow === version);
  let read: Map<Generated, FileRead>;
  let minimal: Readonly<Record<string, FileRead>>;
  let refused: FileRead;

  beforeAll(() => {
    const paths = new Map(own.map((each, at) => [each, join(folder, `${each.mode}_${at}.py`)]));
    for (const [{ dag }, path] of paths) writeFileSync(path, dag);
    const modes = [...new Set(own.map(({ mode }) => mode))];
    const groups: [string, object][] = modes.map((mode) => {
      const files = own.filter((each) => each.mode === mode).map((each) => paths.get(each));
      return [mode, { minimal: minimalDag(mode, version), files }];
    });
    const careless = join(folder, 'careless_dag.py');
    writeFileSync(careless, CARELESS);
    groups.push(['careless', { minimal: minimalDag('python', version), files: [careless] }]);
    mkdirSync(join(folder, 'home'));
    const answer = execFileSync(`${peers}/airflow-${version}/bin/python`, [reader], {
      input: JSON.stringify({ groups: Object.fromEntries(groups) }),
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      // Nothing of AWS is known to it, and it has no database.
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        AIRFLOW_HOME: join(folder, 'home'),
        AIRFLOW__LOGGING__LOGGING_LEVEL: 'ERROR',
        AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
        TZ: 'UTC',
      },
    });
    type Answer = Record<string, { minimal: FileRead; files: Record<string, FileRead> }>;
    const told = JSON.parse(answer.slice(answer.indexOf('{"'))) as Answer;
    const fileOf = (each: Generated) => told[each.mode]?.files[paths.get(each) ?? ''] as FileRead;
    refused = told.careless?.files[careless] as FileRead;
    read = new Map(own.map((each) => [each, fileOf(each)]));
    minimal = Object.fromEntries(modes.map((mode) => [mode, told[mode]?.minimal as FileRead]));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What is wrong, by what it is wrong with; told all at once. */
  function wrong(look: (file: FileRead, generated: Generated) => readonly string[]): string[] {
    return [...read].flatMap(([generated, file]) => {
      const { mode, openmetadata, type } = generated;
      return look(file, generated).map((what) => `${mode} ${openmetadata} ${type}: ${what}`);
    });
  }

  test('every DAG of every mode, OpenMetadata and pipeline type, without an import error', () => {
    expect(read.size).toBeGreaterThan(100);
    expect(wrong(({ errors }) => errors)).toEqual([]);
    expect(
      wrong(({ dags }, { dag }) =>
        dags.map(({ id }) => dag.includes(`dag_id="${id}"`)).join() === 'true' ? [] : ['not its DAG'],
      ),
    ).toEqual([]);
  });

  test('a careless file too, and tells its faults', () => {
    expect(refused.errors.join()).toContain('while a DAG file is read');
    // Airflow 3 hands a warning of a file on under another class.
    expect(refused.warnings.join()).toMatch(/Warning: old/);
    expect(refused.modules).toContain('wave');
    expect(refused.refused).toEqual([expect.stringContaining('127.0.0.1')]);
  });

  test('them without a warning that the operator by itself does not give', () => {
    for (const { warnings, errors } of Object.values(minimal)) {
      expect(errors).toEqual([]);
      expect(warnings.filter((warning) => /unusual_prefix|RemovedIn/.test(warning))).toEqual([]);
    }
    expect(
      wrong(({ warnings }, { mode }) => warnings.filter((each) => !minimal[mode]?.warnings.includes(each))),
    ).toEqual([]);
  });

  test('them without the network, or any program', () => {
    expect(wrong(({ refused }) => refused)).toEqual([]);
  });

  test('them with no module that the operator does not need', () => {
    const needed = (mode: string) => new Set(minimal[mode]?.modules);
    expect(wrong(({ modules }, { mode }) => modules.filter((name) => !needed(mode).has(name)))).toEqual([]);
  });

  test('their schedule, limits and only task as they were asked for', () => {
    for (const [{ mode, type, dag }, { dags }] of read) {
      const [first] = dags;
      const retries = type === 'usage' ? 0 : 1;
      const long = ['profiler', 'autoClassification', 'TestSuite'].includes(type);
      const hours = long ? 6 : 3;
      expect(first, dag).toMatchObject({
        startDate: '2024-01-01T00:00:00+00:00',
        catchup: false,
        maxActiveRuns: 1,
        paused: true,
        dagrunTimeout: (hours * (retries + 1) * 60 + retries * 5 + 15) * 60,
      });
      expect(JSON.stringify(first?.schedule)).toContain('0 4 * * *');
      expect(first?.tags).toEqual(expect.arrayContaining(['openmetadata', type]));
      const operators = { ecs: 'EcsRunTaskOperator', python: 'PythonOperator', virtualenv: 'PythonVirtualenvOperator' };
      expect(first?.tasks.map(({ id, operator }) => `${id} ${operator.split('.').at(-1)}`)).toEqual([
        `ingest ${operators[mode]}`,
      ]);
      expect(first?.tasks[0]?.arguments).toMatchObject({ retries });
      expect(JSON.stringify(first?.tasks[0]?.arguments.execution_timeout)).toContain(`seconds=${hours * 3600}`);
    }
  });

  test('their templates: a run id that is a UUID, the same for each try of a run', () => {
    const ids = new Set<string>();
    for (const [{ mode, type, openmetadata, dag }, { dags }] of read) {
      const { rendered = {}, arguments: given = {} } = dags[0]?.tasks[0] ?? {};
      let id: string | undefined;
      if (mode === 'ecs') {
        const { containerOverrides } = rendered.overrides as {
          containerOverrides: { name: string; environment: { name: string; value: string }[] }[];
        };
        expect(containerOverrides).toEqual([
          {
            name: 'openmetadata-ingestion',
            environment: [
              { name: 'pipelineType', value: type },
              { name: 'pipelineRunId', value: expect.stringMatching(UUID) },
            ],
          },
        ]);
        id = containerOverrides[0]?.environment[1]?.value;
        expect(given).toMatchObject({
          cluster: 'openmetadata-ingestion',
          launch_type: 'FARGATE',
          awslogs_group: '/ecs/openmetadata-ingestion',
          awslogs_region: 'eu-west-1',
          awslogs_stream_prefix: 'ecs/openmetadata-ingestion',
          reattach: true,
          wait_for_completion: true,
          deferrable: false,
          do_xcom_push: false,
        });
      } else {
        const { op_kwargs } = rendered as { op_kwargs: Record<string, string> };
        expect(op_kwargs).toMatchObject({
          region: 'eu-west-1',
          secret: 'mwaa-console/data-prod/postgres_metadata',
          pipeline_run_id: expect.stringMatching(UUID),
        });
        id = op_kwargs.pipeline_run_id;
        if (mode === 'virtualenv') {
          expect(JSON.stringify(given.requirements), dag).toMatch(
            new RegExp(`openmetadata-ingestion(\\[[a-z,-]+\\])?~=${openmetadata.replaceAll('.', '\\.')}\\.0`),
          );
          expect(given).toMatchObject({ system_site_packages: false, expect_airflow: false });
        }
      }
      ids.add(`${dags[0]?.id} ${id}`);
    }
    // One for each DAG id: the run is the same.
    expect(ids.size).toBe(new Set([...read.values()].map(({ dags }) => dags[0]?.id)).size);
  });
});
