import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readDagFile } from '../../../src/demo/airflow/python/dag-file.ts';
import { dagSource } from '../../../src/ingestion/dag/source.ts';
import { modes } from '../../../src/ingestion/modes/index.ts';
import { readPipeline } from '../../../src/ingestion/pipeline.ts';
import { pythonConstant, pythonList, pythonString } from '../../../src/ingestion/python-text.ts';
import type { DeploymentRequest, IngestionMode } from '../../../src/ingestion/request.ts';
import { airflowVersions } from '../../../src/reference/airflow-versions.ts';
import { compareVersions } from '../../../src/reference/version.ts';
import { changed, ECS, POSTGRES, requestFor } from '../samples.ts';

/** Any text: quotes, newlines, escapes, bidirectional controls, lone surrogates. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 120 }),
  fc.string({
    unit: fc.constantFrom('"', "'", '\\', '\n', '\r', '{', '}', '%', '#', '\u2028', '\u202e', '\ud800', 'a'),
    maxLength: 60,
  }),
);

function python(script: string, input: string): string | undefined {
  try {
    return execFileSync('python3', ['-c', script], { input, encoding: 'utf8', maxBuffer: 1 << 26 });
  } catch (error) {
    // Without a Python there is nobody to ask; everything else is a failure.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const COMPILE = `
import ast, json, sys
answers = []
for source in json.load(sys.stdin):
    tree = ast.parse(source)
    answers.append({
        "imports": sorted({
            (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name)
            for node in tree.body if isinstance(node, (ast.Import, ast.ImportFrom))
        }),
        "calls": sorted({
            node.func.id for statement in tree.body if not isinstance(statement, ast.FunctionDef)
            for node in ast.walk(statement)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }),
        "longest": max(len(line) for line in source.split("\\n")),
    })
json.dump(answers, sys.stdout)
`;

const EVALUATE = `
import ast, json, sys
values = [ast.literal_eval(ast.parse(text).body[0].value) for text in json.load(sys.stdin)]
json.dump(values, sys.stdout)
`;

describe('the DAG file', () => {
  it('imports DAG from where its Airflow has it', () => {
    const imported = (airflowVersion: string) =>
      /from (\S+) import DAG/.exec(dagSource(requestFor({ airflowVersion })))?.[1];
    expect(['2.7.2', '2.10.3', '2.11.2'].map(imported)).toEqual(['airflow', 'airflow', 'airflow']);
    expect(['3.0.6', '3.2.1', '3.3.1', '3.9.0'].map(imported)).toEqual(Array(4).fill('airflow.sdk'));
  });

  it('gives the ECS operator no argument that its amazon provider does not know', () => {
    const served = airflowVersions.filter(({ version }) => compareVersions(version, '2.4.3') >= 0);
    expect(served.length).toBeGreaterThan(10);
    for (const { version } of served) {
      const source = dagSource(requestFor({ airflowVersion: version }));
      const python = { airflowVersion: version, installed: new Set<string>(), local: new Set<string>() };
      expect(readDagFile(source, python).error, version).toBeUndefined();
      expect(source.includes('deferrable=False'), version).toBe(compareVersions(version, '2.7.2') >= 0);
    }
  });

  it('overrides nothing but the pipeline type and a run id that is a UUID', () => {
    const source = dagSource(requestFor());
    expect(source.match(/\{"name": "(\w+)"/g)).toEqual(['{"name": "pipelineType"', '{"name": "pipelineRunId"']);
    expect(source).toContain('macros.uuid.uuid5(macros.uuid.NAMESPACE_URL, dag.dag_id');
    expect(source).not.toMatch(/boto3|metadata\.|\.client\(|Variable|Connection\b/);
  });

  it('pins the revision, and names the family where it is not known', () => {
    expect(dagSource(requestFor())).toContain('task-definition/data-prod-postgres_metadata:7"');
    const { taskDefinitionArn: _, ...ecs } = ECS;
    expect(dagSource(requestFor({ ecs }))).toContain('\nTASK_DEFINITION = "data-prod-postgres_metadata"\n');
  });

  it('reads the log where the task definition writes it', () => {
    const source = dagSource(requestFor({ ecs: { ...ECS, container: 'om', logStreamPrefix: 'runs', logGroup: '/x' } }));
    expect(source).toContain('CONTAINER = "om"\nLOG_GROUP = "/x"\nLOG_STREAM_PREFIX = "runs/om"');
    expect(source).toContain('awslogs_region=REGION');
  });

  it('tries usage once, since a second try counts it again', () => {
    const usage = changed(
      changed(POSTGRES, 'type: postgres', 'type: postgres-usage'),
      'type: DatabaseMetadata',
      'type: DatabaseUsage',
    );
    const source = dagSource(requestFor({ pipeline: readPipeline(usage, 'u.yaml') }));
    expect(source).toContain('"retries": 0,\n        "execution_timeout"');
    expect(source).toContain('dagrun_timeout=timedelta(hours=3, minutes=15)');
  });

  it('tries, waits and begins as it is asked to', () => {
    const source = dagSource(requestFor({ run: { retries: 3, timeout: 45, startDate: '2026-02-01' } }));
    expect(source).toContain('"retries": 3,\n');
    expect(source).toContain('"execution_timeout": timedelta(minutes=45),');
    expect(source).toContain('dagrun_timeout=timedelta(hours=3, minutes=30)');
    expect(source).toContain('start_date=datetime(2026, 2, 1, tzinfo=timezone.utc),');
  });

  it('runs only when triggered without a schedule', () => {
    const { schedule: _, ...request } = requestFor();
    expect(dagSource(request)).toContain('schedule=None,');
    expect(dagSource(requestFor({ schedule: '@daily' }))).toContain('schedule="@daily",');
  });

  it.each<[string, Partial<DeploymentRequest>]>([
    ['a DAG id of 50', { dagId: 'x'.repeat(50) }],
    ['a DAG id with a quote', { dagId: 'a"b' }],
    ['a schedule of code', { schedule: '"); import os' }],
    ['a schedule of three fields', { schedule: '0 4 *' }],
    ['an environment with a newline', { environment: 'a\nb' }],
    ['a template in the cluster', { ecs: { ...ECS, cluster: '{{ 1 }}' } }],
    ['a template in the container', { ecs: { ...ECS, container: '{{ 1 }}' } }],
    ['a template in the log group', { ecs: { ...ECS, logGroup: '{{ 1 }}' } }],
    ['a template in the stream prefix', { ecs: { ...ECS, logStreamPrefix: '{{1}}' } }],
    ['a template in a subnet', { ecs: { ...ECS, subnets: ['{{ 1 }}'] } }],
    ['no subnet', { ecs: { ...ECS, subnets: [] } }],
    ['six security groups', { ecs: { ...ECS, securityGroups: Array(6).fill('sg-0a1b2c3d4e5f60031') } }],
    ['a task definition elsewhere', { ecs: { ...ECS, taskDefinitionArn: 'x' } }],
    ['a role that is none', { ecs: { ...ECS, executionRoleArn: 'admin' } }],
    ['a version that is none', { airflowVersion: 'latest' }],
    ['a region that is none', { region: 'Frankfurt' }],
    ['an account that is none', { account: 'mine' }],
    ['a secret with a space', { secretName: 'a b' }],
    ['a template in the secret', { mode: 'virtualenv', secretName: '{{ 1 }}' }],
    ['eleven retries', { run: { retries: 11 } }],
    ['half a retry', { run: { retries: 0.5 } }],
    ['no time', { run: { timeout: 0 } }],
    ['a day that no month has', { run: { startDate: '2026-02-30' } }],
    ['a start that is no day', { run: { startDate: 'yesterday' } }],
    ['an extra with a bracket', { mode: 'virtualenv', extras: ['x]==1'] }],
    ['a key by its alias', { secretKmsKeyArn: 'alias/mine' }],
  ])('is refused for %s', (_what, changes) => {
    expect(() => dagSource(requestFor(changes))).toThrow(
      expect.objectContaining({ kind: 'invalid-input', advice: expect.any(String) }),
    );
  });

  it('is Python whatever a workflow holds, and holds none of its secrets', { timeout: 120_000 }, () => {
    const sources: string[] = [];
    const value = readPipeline(POSTGRES, 'p.yaml').value as { source: { serviceConnection: { config: object } } };
    const { source } = value;
    const secret = fc
      .string({
        unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789"\'\\\n#'),
        minLength: 12,
        maxLength: 30,
      })
      .filter((text) => !POSTGRES.includes(text));
    fc.assert(
      fc.property(
        anyText,
        anyText,
        secret,
        fc.constantFrom<IngestionMode>('ecs', 'python', 'virtualenv'),
        fc.constantFrom('2.7.2', '2.10.3', '3.2.1'),
        fc.constantFrom('1.4.2', '1.8.0', '1.12.8', '2.0.8'),
        (service, type, password, mode, airflowVersion, openmetadataVersion) => {
          const text = stringify({
            ...value,
            source: {
              ...source,
              type: `x${type}`,
              serviceName: service,
              serviceConnection: { config: { ...source.serviceConnection.config, authType: { password } } },
            },
          });
          const request = requestFor({
            mode,
            pipeline: readPipeline(text, 'p.yaml'),
            airflowVersion,
            openmetadataVersion,
          });
          const dag = dagSource(request);
          // Plain ASCII only, so that nothing can hide in it.
          expect(/^[\n\x20-\x7e]*$/.test(dag)).toBe(true);
          expect(dag).not.toContain(password);
          // The region's own reader takes it as Airflow would, also where there is no Python to ask.
          const read = readDagFile(dag, { airflowVersion, installed: new Set(), local: new Set() });
          expect(read.error).toBeUndefined();
          expect(read.dags.map(({ dagId, tasks }) => [dagId, ...tasks.keys()])).toEqual([[request.dagId, 'ingest']]);
          expect(dag).not.toContain(pythonString(password).slice(1, -1));
          sources.push(dag);
        },
      ),
      { numRuns: 40 },
    );
    const answers = python(COMPILE, JSON.stringify(sources));
    if (answers === undefined) return;
    // Parsing loads nothing but Airflow and calls nothing but what makes the DAG.
    const operators = {
      'airflow.operators.python': 'Python(Virtualenv)?Operator',
      'airflow.providers.amazon.aws.operators.ecs': 'EcsRunTaskOperator',
      'airflow.providers.standard.operators.python': 'Python(Virtualenv)?Operator',
    };
    for (const { imports, calls, longest } of JSON.parse(answers)) {
      const module = imports.find((name: string) => name in operators) as keyof typeof operators;
      const dag = imports.find((name: string) => /^airflow(\.sdk)?$/.test(name));
      expect(imports).toEqual([dag, 'datetime', module].sort());
      expect(calls.join(' ')).toMatch(new RegExp(`^DAG ${operators[module]} datetime timedelta$`));
      expect(longest).toBeLessThanOrEqual(88);
    }
  });

  it('keeps each secret of a workflow in secret.json alone', () => {
    const secrets = ['hunter2-very-secret', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln'];
    const files = modes.flatMap((mode) => mode.files(requestFor({ mode: mode.id })));
    for (const { path, content } of files) {
      for (const secret of secrets) expect([path, content.includes(secret)]).toEqual([path, path === 'secret.json']);
    }
  });
});

describe('Python literals', () => {
  it('are read back by Python as they were', { timeout: 120_000 }, () => {
    const texts: string[] = [];
    fc.assert(
      fc.property(anyText, (text) => void texts.push(text)),
      { numRuns: 200 },
    );
    const constants = texts.map((text) => pythonConstant('NAME', text));
    const answers = python(
      EVALUATE,
      JSON.stringify([...texts.map((text) => `NAME = ${pythonString(text)}`), ...constants]),
    );
    if (answers !== undefined) expect(JSON.parse(answers)).toEqual([...texts, ...texts]);
    for (const constant of constants) {
      for (const line of constant.split('\n')) expect(line.length).toBeLessThanOrEqual(88);
    }
  });

  it('take the quotes that need no escape', () => {
    expect(pythonString("it's")).toBe('"it\'s"');
    expect(pythonString('say "x"')).toBe('\'say "x"\'');
    expect(pythonString('\'"')).toBe('"\'\\""');
  });

  it('break long constants and lists over lines', () => {
    expect(pythonConstant('A', `arn:aws:ecs:${'x'.repeat(40)}:${'y'.repeat(40)}`)).toBe(
      `A = (\n    "arn:aws:ecs:${'x'.repeat(40)}"\n    ":${'y'.repeat(40)}"\n)`,
    );
    expect(pythonList('A', ['x'.repeat(60), 'y'.repeat(60)])).toBe(
      `A = [\n    "${'x'.repeat(60)}",\n    "${'y'.repeat(60)}",\n]`,
    );
  });
});
