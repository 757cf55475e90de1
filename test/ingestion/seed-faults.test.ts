import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { discoveryDagSource } from '../../src/connection/discovery/dag-source.ts';
import { modes } from '../../src/ingestion/modes/index.ts';
import { dagIdFor } from '../../src/ingestion/names.ts';
import { findingsFor, readPipeline } from '../../src/ingestion/pipeline.ts';
import { templates } from '../../src/ingestion/templates.ts';
import { airflowVersions } from '../../src/reference/airflow-versions.ts';
import { compareVersions } from '../../src/reference/version.ts';
import { corpus, type Generated } from './corpus.ts';
import { AIRFLOW, changed, POSTGRES, requestFor } from './samples.ts';
import { WORKFLOWS } from './workflows.ts';

/*
 * The document that the product implements carries 35 faults. Each is named here, and can't be in what is generated: for
 * every mode, every Airflow and OpenMetadata that is served, and every pipeline type.
 */

const dags = corpus.map(({ dag }) => dag);
const onWorkers = corpus.filter(({ mode }) => mode !== 'ecs');
const byEcs = corpus.filter(({ mode }) => mode === 'ecs');
const virtualenvs = corpus.filter(({ mode }) => mode === 'virtualenv');
const none = (texts: readonly string[], pattern: RegExp) =>
  expect(texts.find((text) => pattern.test(text))).toBeUndefined();
const all = (texts: readonly string[], pattern: RegExp) =>
  expect(texts.find((text) => !pattern.test(text))).toBeUndefined();
const file = ({ files }: Generated, path: string) => files.find((each) => each.path === path)?.content ?? '';
/** What stands at the left of a file's module: all that runs as it is parsed. */
const parsedPart = (dag: string) => dag.replace(/^def .*(\n(?: {4}.*)?)+/gm, '');
const rulesOf = (text: string) => findingsFor(readPipeline(text, 'w.yaml'), {}).map(({ rule }) => rule);
const docs = () => {
  const root = new URL('../../', import.meta.url);
  const pages = readdirSync(new URL('docs', root)).filter((name) => name.endsWith('.md'));
  return ['README.md', ...pages.map((name) => `docs/${name}`)].map((path) => readFileSync(new URL(path, root), 'utf8'));
};

const numbers: number[] = [];
const fault = (number: number, text: string, impossible: () => void) => {
  numbers.push(number);
  it(`fault ${number}: ${text}`, impossible);
};

describe('no generated file has', () => {
  it('been left out of this: every mode, pipeline type, Airflow and OpenMetadata that fit are here', () => {
    expect(corpus.length).toBeGreaterThan(1000);
    const served = airflowVersions.filter(({ retired }) => retired === undefined).map(({ version }) => version);
    for (const { id } of modes) {
      const own = corpus.filter(({ mode }) => mode === id);
      expect(new Set(own.map(({ type }) => type)).size).toBe(Object.keys(WORKFLOWS).length);
      // Airflow 2.8.1 itself needs what no OpenMetadata goes with in one Python.
      const fitting = served.filter((each) => id !== 'python' || each !== '2.8.1');
      expect(new Set(own.map(({ airflow }) => airflow))).toEqual(new Set(fitting));
    }
    expect(numbers).toEqual(Array.from({ length: 35 }, (_, at) => at + 1));
  });

  fault(1, 'json.loads on a YAML string', () => {
    none(dags, /json\.loads/);
    all(
      onWorkers.map(({ dag }) => dag),
      /config = yaml\.safe_load\(answer\["SecretString"\]\)/,
    );
  });
  fault(2, 'yaml.loads, which does not exist', () => none(dags, /yaml\.loads|yaml\.load\(/));
  fault(3, 'the workflow class of before 1.2', () => {
    none(dags, /metadata\.ingestion\.api|metadata\.profiler\.api|metadata\.data_quality\.api/);
    all(
      onWorkers.map(({ dag }) => dag),
      /from metadata\.workflow\.\w+ import \w+Workflow\n/,
    );
  });
  fault(4, 'print_status as a method where it is a function, and where the workflow prints by itself', () => {
    for (const { dag, openmetadata } of onWorkers) {
      const is = (line: string) => compareVersions(openmetadata, line) < 0;
      expect(/ print_status\(workflow\)/.test(dag)).toBe(is('1.5'));
      expect(/workflow\.print_status\(\)/.test(dag)).toBe(!is('1.5') && is('1.10'));
    }
  });
  fault(5, 'raising before the summary and the stop', () => {
    const order =
      /\.create\(config\)\n {4}try:\n {8}workflow\.execute\(\)\n(?: {8}.*print_status.*\n)? {8}workflow\.raise_from_status\(\)\n {4}finally:\n {8}workflow\.stop\(\)\n/;
    all(
      onWorkers.map(({ dag }) => dag),
      order,
    );
  });
  fault(6, 'importing metadata as the file is parsed', () => none(dags, /^(from|import) metadata/m));
  fault(7, 'imports that shadow, repeat or do nothing', () => {
    for (const dag of dags) {
      const names = [...dag.matchAll(/^\s*(?:from \S+ )?import (.+)$/gm)].flatMap(([, list = '']) => list.split(', '));
      expect(new Set(names).size).toBe(names.length);
      for (const name of names) expect(dag.split(new RegExp(`\\b${name}\\b`)).length, name).toBeGreaterThan(2);
    }
  });
  fault(8, 'calling AWS as the file is parsed', () => none(dags.map(parsedPart), /boto3|\.client\(|requests|urlopen/));
  fault(9, 'ECS services that a task does not need, the first of them taken', () => {
    none(
      corpus.flatMap(({ files }) => files.map(({ content }) => content)),
      /ListServices|DescribeServices|list_services|describe_services/,
    );
  });
  fault(10, 'a boto3 client without a region', () => {
    none(dags, /boto3\.client\((?!"secretsmanager", region_name=region\))/);
    all(
      byEcs.map(({ dag }) => dag),
      /awslogs_region=REGION/,
    );
  });
  fault(11, 'ECSOperator, which no version that is served has', () => {
    none(dags, /ECSOperator|EcsOperator/);
    all(
      byEcs.map(({ dag }) => dag),
      /import EcsRunTaskOperator\n/,
    );
  });
  fault(12, 'days_ago, schedule_interval, and operators where Airflow 3 no longer has them', () => {
    none(dags, /days_ago|schedule_interval/);
    for (const { dag, airflow, mode } of corpus) {
      if (mode === 'ecs') continue;
      const module = airflow.startsWith('3')
        ? 'airflow.providers.standard.operators.python'
        : 'airflow.operators.python';
      expect(dag).toContain(`from ${module} import Python`);
    }
  });
  fault(13, 'no schedule given, so that it runs at once and daily', () => {
    all(dags, /\n {4}schedule=("0 4 \* \* \*"|None),\n/);
    all(dags, /\n {4}catchup=False,\n[\s\S]*\n {4}is_paused_upon_creation=True,\n/);
  });
  fault(14, 'one DAG id for two samples, and dag=dag inside with', () => {
    none(dags, /dag=dag/);
    const ids = Object.values(WORKFLOWS).map((text) => dagIdFor(readPipeline(text, 'w.yaml')));
    expect(new Set(ids).size).toBe(ids.length);
  });
  fault(15, 'policies on everything, without StopTask', () => {
    for (const each of corpus) {
      const { Statement } = JSON.parse(file(each, 'policies/mwaa-execution-role.json'));
      for (const { Sid, Action, Resource, Condition } of Statement) {
        expect(Sid).not.toMatch(/VisualEditor/);
        // ListTasks and signing in to ECR take no resource.
        if (Resource.includes('*'))
          expect([Action, Object.keys(Condition)]).toEqual([['ecs:ListTasks'], ['ArnEquals']]);
      }
      const actions = Statement.flatMap(({ Action }: { Action: string[] }) => Action);
      if (each.mode === 'ecs') expect(actions).toContain('ecs:StopTask');
      else expect(actions).toEqual(['secretsmanager:GetSecretValue']);
    }
  });
  fault(16, 'a fragment of a log policy, with broken placeholders and wildcards', () => {
    for (const { files } of corpus) {
      for (const { path, content } of files.filter((each) => each.path.startsWith('policies/'))) {
        expect(JSON.parse(content), path).toMatchObject({ Version: '2012-10-17', Statement: expect.any(Array) });
        expect(content).not.toMatch(/[<>]|arn:aws:\w+:\*|arn:aws:\w+:[\w-]+:\*/);
      }
    }
  });
  fault(17, 'a log group, region and prefix that are not those of the task definition', () => {
    for (const each of byEcs) {
      const [container] = JSON.parse(file(each, 'task-definition.json')).containerDefinitions;
      const { options } = container.logConfiguration;
      expect(each.dag).toContain(`LOG_GROUP = "${options['awslogs-group']}"`);
      expect(each.dag).toContain(`REGION = "${options['awslogs-region']}"`);
      expect(each.dag).toContain(`LOG_STREAM_PREFIX = "${options['awslogs-stream-prefix']}/${container.name}"`);
    }
  });
  fault(18, 'a container name that the task definition does not have', () => {
    for (const each of byEcs) {
      const { containerDefinitions } = JSON.parse(file(each, 'task-definition.json'));
      expect(each.dag).toContain(`CONTAINER = "${containerDefinitions[0].name}"`);
      expect(each.dag).toContain('"name": CONTAINER,');
    }
  });
  fault(19, 'secrets in the DAG file, its templates, overrides and CloudTrail', () => {
    for (const { files } of corpus) {
      for (const { path, content } of files) {
        expect(content.includes('eyJhbGciOiJub25lIn0'), path).toBe(path === 'secret.json');
      }
    }
  });
  fault(20, 'overrides beyond 8,192 characters', () => {
    for (const { dag } of byEcs) {
      const overrides = /overrides=\{[\s\S]*?\n {8}\},/.exec(dag)?.[0] ?? '';
      expect(overrides.match(/"name": "\w+"/g)).toEqual(['"name": "pipelineType"', '"name": "pipelineRunId"']);
      expect(overrides.length).toBeLessThan(600);
    }
  });
  fault(21, "printing the metadata database's address and password", () => {
    none(dags, /sql_alchemy_conn|SQL_ALCHEMY_CONN|print\(|logging|get_uri/);
    none([discoveryDagSource({ dagId: 'd', discoveryId: 'i', publicKey: '00', handOver: 'xcom' })], /print\(|logging/);
  });
  fault(22, 'reading that address from core alone, where newer versions do not have it', () => {
    none(dags, /conf\.get/);
    expect(discoveryDagSource({ dagId: 'd', discoveryId: 'i', publicKey: '00', handOver: 'xcom' })).toContain(
      '("database", "core")',
    );
  });
  fault(23, "Postgres's password at the top of the connection", () => {
    const text = changed(POSTGRES, 'authType:\n        password:', 'password:').replace(
      '        password:',
      '      password:',
    );
    expect(rulesOf(text)).toContain('password-place');
    for (const template of templates) expect(rulesOf(template.text({}))).not.toContain('password-place');
  });
  fault(24, 'no token, and an address that does not end in /api', () => {
    expect(rulesOf(changed(POSTGRES, 'example.com/api', 'example.com'))).toContain('host-port-api');
    expect(rulesOf(changed(POSTGRES, 'jwtToken: eyJhbGciOiJub25lIn0.eyJzdWIiOiJib3QifQ.c2ln', '{}'))).toContain(
      'missing-token',
    );
    expect(rulesOf(changed(POSTGRES, 'authProvider: openmetadata', 'authProvider: anything'))).toContain(
      'wrong-choice',
    );
    for (const template of templates)
      expect(template.text({})).toMatch(/\/api>?\n[\s\S]*authProvider: openmetadata\n[\s\S]*jwtToken: /);
  });
  fault(25, 'the check of versions switched off', () => {
    const off = changed(
      POSTGRES,
      'authProvider: openmetadata',
      'authProvider: openmetadata\n    enableVersionValidation: false',
    );
    expect(rulesOf(off)).toContain('version-validation');
    for (const template of templates) expect(template.text({})).not.toContain('enableVersionValidation');
  });
  fault(26, 'links that lead to localhost', () => {
    expect(rulesOf(changed(AIRFLOW, 'https://abc.c7.airflow.eu-west-1.on.aws', 'http://localhost:8080'))).toContain(
      'localhost-link',
    );
    for (const template of templates) expect(template.text({})).not.toContain('localhost');
  });
  fault(27, 'the connection Backend where no Airflow runs', () => {
    const backend = AIRFLOW.replace(/type: RestAPI[\s\S]*?(?= {2}sourceConfig)/, 'type: Backend\n');
    const pipeline = readPipeline(backend, 'b.yaml');
    for (const mode of modes) {
      const { fit } = mode.verdict({ airflowVersion: '2.10.3', openmetadataVersion: '1.12.8', pipeline });
      expect(fit).toBe(mode.id === 'python' ? 'with-care' : 'does-not-fit');
    }
  });
  fault(28, 'a salad of versions', () => {
    for (const { files, openmetadata } of corpus) {
      for (const { content } of files) {
        for (const [, pin] of content.matchAll(/openmetadata-ingestion(?:\[[^\]]*\])?([=~<>].*?)["\n]/g))
          expect(pin).toBe(`~=${openmetadata}.0`);
        for (const [, tag] of content.matchAll(/ingestion-base:([^"]*)"/g)) expect(tag).toBe(openmetadata);
      }
    }
  });
  fault(29, 'extras that do not exist, and a driver that is not installed', () => {
    none(
      corpus.flatMap(({ files }) => files.map(({ content }) => content)),
      /\[[\w,-]*\b(s3|usage|lineage)\b[\w,-]*\]~=/,
    );
    for (const { dag, type } of virtualenvs) {
      const driver = ['metadata', 'lineage', 'usage', 'profiler', 'autoClassification'].includes(type);
      if (driver) expect(dag).toMatch(/openmetadata-ingestion\[(bigquery,)?(pii-processor,)?redshift\]/);
    }
  });
  fault(30, 'requirements without a constraint file', () => {
    for (const { mode, files } of corpus) {
      const text = files.find(({ path }) => path === 'requirements.txt')?.content;
      expect(text !== undefined).toBe(mode === 'python');
      if (text === undefined) continue;
      const named = /^--constraint "\/usr\/local\/airflow\/(.+)"$/m.exec(text)?.[1];
      expect(files.map(({ path }) => path)).toContain(named);
    }
  });
  fault(31, 'a plugin that names a Python and changes what is private in Airflow', () => {
    expect(corpus.flatMap(({ files }) => files).filter(({ path }) => path.startsWith('plugins/'))).toEqual([]);
    const request = requestFor({ mode: 'virtualenv', airflowVersion: '2.6.3', openmetadataVersion: '1.10.1' });
    const old = modes.find(({ id }) => id === 'virtualenv')?.files(request) ?? [];
    const plugin = old.find(({ path }) => path.startsWith('plugins/'))?.content ?? '';
    expect(plugin).toContain('AirflowPlugin');
    expect(plugin).not.toMatch(/python3|python_virtualenv|_generate|site-packages/);
    none(
      corpus.flatMap(({ files }) => files.map(({ content }) => content)),
      /apache-airflow-providers-amazon==[678]\.0|watchtower$/m,
    );
  });
  fault(32, '256 CPU units and 512 MiB, and nothing of how the image is reached', () => {
    for (const each of byEcs) {
      const { cpu, memory } = JSON.parse(file(each, 'task-definition.json'));
      expect([Number(cpu) >= 512, Number(memory) >= 2048]).toEqual([true, true]);
    }
    const { reasons } = modes[0]?.verdict({ airflowVersion: '2.10.3', internetAccess: false }) ?? { reasons: [] };
    expect(reasons.map(({ remedy }) => remedy).join()).toContain('ECR');
  });
  fault(33, 'an "executor role", and a task where a task definition is meant', () => {
    none([...docs(), ...dags], /executor role|ExecutorRole/i);
    none(docs(), /cluster (needs|with) a task\b(?! definition)/i);
  });
  fault(34, 'damaged text', () => {
    none(dags, /[^\n\x20-\x7e]/);
    none([...docs(), ...dags], /â€|\b(\w{4,})[.,]? \1\b(?![-_./`])/);
  });
  fault(35, 'usage loaded again by retries, and runs beside each other', () => {
    all(dags, /\n {4}max_active_runs=1,\n/);
    for (const { dag, type } of corpus) {
      const tries = /"retries": (\d)/.exec(dag)?.[1];
      expect(tries).toBe(type === 'usage' ? '0' : '1');
      if (type !== 'usage') expect(dag).toContain('"retry_delay": timedelta(minutes=5)');
    }
  });
});
