import { hash, Random } from '../../logs/random.ts';
import type { WorkflowConfig } from './config.ts';
import { clientError, connectionRefused, executionError } from './traceback.ts';

/** A line that the container prints, and when, in ms since the container's start. */
export interface ScriptLine {
  readonly after: number;
  readonly text: string;
}

/** What one step of the workflow counted. */
export interface StepCount {
  readonly name: string;
  readonly records: number;
  readonly updated: number;
  readonly filtered: number;
  readonly warnings: number;
  readonly errors: number;
}

/** Everything that a run of the ingestion prints, and how it ends. */
export interface Script {
  readonly lines: readonly ScriptLine[];
  /** When the process ends, in ms since the container's start. */
  readonly ends: number;
  readonly exitCode: number;
  readonly steps: readonly StepCount[];
  /** As the OpenMetadata server is told. */
  readonly state: 'success' | 'partialSuccess' | 'failed';
}

/** What decides a run beside its configuration. */
export interface ScriptOptions {
  readonly pipelineType: string;
  /** Seeds what the source holds; the same for each run of a service. */
  readonly seed: number;
  /** Seeds what varies from run to run. */
  readonly runSeed: number;
  /** When the container starts, ms since the epoch; the lines carry their time. */
  readonly startedAt: number;
  readonly clientVersion: string;
  readonly serverVersion: string;
}

/** Sources that refuse connections: the broker of the seeded Kafka, and any host that says so in its name. */
const REFUSING = /unreachable|refused|^broker-1\.events\.internal/;

const INIT = 3_400;

/**
 * What openmetadata-ingestion prints for a configuration, with the times at which it does: the client's
 * version, the connection test, the entities, a status each minute and the workflow's summary.
 */
export function ingestionScript(config: WorkflowConfig, options: ScriptOptions): Script {
  const writer = new ScriptWriter(options.startedAt, config.loggerLevel);
  const { clientVersion, serverVersion } = options;
  writer.at(INIT);
  const failure = serverFailure(config, options);
  if (failure !== undefined) {
    writer.raw(clientError(failure));
    return { lines: writer.lines, ends: writer.now + 600, exitCode: 1, steps: [], state: 'failed' };
  }
  writer.log(
    'INFO',
    'OMetaAPI:server_mixin:74',
    `OpenMetadata client running with Server version [${serverVersion}] and Client version [${clientVersion}]`,
  );
  return REFUSING.test(config.hostPort ?? '') ? refused(writer, config) : ingested(writer, config, options);
}

/** The exception that the client ends with before anything is read: no server, or one of another minor version. */
function serverFailure(config: WorkflowConfig, { clientVersion, serverVersion }: ScriptOptions): string | undefined {
  const { serverHostPort = '' } = config;
  if (REFUSING.test(serverHostPort)) {
    const [host = '', port = '443'] = serverHostPort
      .replace(/^\w+:\/\//, '')
      .replace(/\/.*/, '')
      .split(':');
    return `requests.exceptions.ConnectionError: HTTPSConnectionPool(host='${host}', port=${port}): Max retries exceeded with url: /api/v1/system/version (Caused by NewConnectionError('<urllib3.connection.HTTPSConnection object at 0x7f83d1b0a7c0>: Failed to establish a new connection: [Errno 111] Connection refused'))`;
  }
  const minor = (version: string): string => version.split('.').slice(0, 2).join('.');
  if (!config.enableVersionValidation || minor(clientVersion) === minor(serverVersion)) return undefined;
  return `metadata.ingestion.ometa.mixins.server_mixin.VersionMismatchException: Server version is ${serverVersion} vs. Client version ${clientVersion}. Major and minor versions should match.`;
}

/** Collects lines with their times. */
class ScriptWriter {
  readonly lines: ScriptLine[] = [];
  readonly #startedAt: number;
  readonly #levels: readonly string[];
  now = 0;
  #second = 0;
  #shown = '';

  constructor(startedAt: number, loggerLevel: string) {
    this.#startedAt = startedAt;
    const all = ['DEBUG', 'INFO', 'WARNING', 'ERROR'];
    this.#levels = all.slice(Math.max(0, all.indexOf(loggerLevel.toUpperCase().replace(/^WARN$/, 'WARNING'))));
  }

  /** Moves on to a time, ms since the start. */
  at(time: number): void {
    this.now = Math.max(this.now, Math.floor(time));
  }

  /** The time now, ms since the epoch. */
  get time(): number {
    return this.#startedAt + this.now;
  }

  /** A line of Python's logging, as openmetadata-ingestion formats it. */
  log(level: 'DEBUG' | 'INFO' | 'WARNING' | 'ERROR', origin: string, text: string): void {
    if (!this.#levels.includes(level)) return;
    const second = Math.floor(this.time / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#shown = new Date(second * 1000).toISOString().slice(0, 19).replace('T', ' ');
    }
    this.raw(`[${this.#shown}] ${level.padEnd(8)} {metadata.${origin}} - ${text}`);
  }

  /** Lines as they are; awslogs makes an event of each. */
  raw(text: string): void {
    for (const line of text.split('\n')) this.lines.push({ after: this.now, text: line });
  }
}

function testSteps(config: WorkflowConfig): readonly string[] {
  const type = config.connectionType.toLowerCase();
  if (/kafka|redpanda|kinesis|pubsub/.test(type)) return ['GetTopics', 'CheckSchemaRegistry'];
  if (/looker|tableau|superset|metabase|powerbi|redash/.test(type))
    return ['CheckAccess', 'ListDashboards', 'ListLookMLModels'];
  if (/airflow|dagster|fivetran|airbyte/.test(type))
    return ['CheckAccess', 'PipelineDetailsAccess', 'TaskDetailAccess'];
  if (type === 'dbt') return [];
  const queries = /usage|lineage/.test(config.sourceType) ? ['GetQueries'] : [];
  return ['CheckAccess', 'GetSchemas', 'GetTables', 'GetViews', ...queries];
}

/** A source that can't be reached: the connection test fails and Python ends with a traceback. */
function refused(writer: ScriptWriter, config: WorkflowConfig): Script {
  const [first = 'CheckAccess'] = testSteps(config);
  const kafka = /kafka|redpanda/.test(config.connectionType.toLowerCase());
  writer.at(INIT + 900);
  writer.log('INFO', 'Ingestion:test_connections:214', `Running ${first}...`);
  const { cause, traceback } = connectionRefused(config, first);
  if (kafka) {
    for (let attempt = 1; attempt <= 4; attempt++) {
      writer.at(INIT + 900 + attempt * 2_400);
      const seconds = (writer.time / 1000).toFixed(3);
      writer.raw(
        `%3|${seconds}|FAIL|rdkafka#producer-1| [thrd:${config.hostPort}/bootstrap]: ${config.hostPort}/bootstrap: Connect to ipv4#10.0.41.17:9092 failed: Connection refused (after ${attempt}ms in state CONNECT${attempt === 1 ? '' : `, ${attempt - 1} identical error(s) suppressed`})`,
      );
    }
  }
  writer.at(INIT + 11_400);
  writer.log('ERROR', 'Ingestion:test_connections:236', `${first}-${cause}`);
  writer.log('INFO', 'Ingestion:test_connections:252', 'Test connection results:');
  writer.log(
    'INFO',
    'Ingestion:test_connections:253',
    `lastUpdatedAt=None status=<StatusType.Running: 'Running'> steps=[TestConnectionStepResult(name='${first}', mandatory=True, passed=False, message='Failed to fetch, please validate the credentials', errorLog='${cause.replaceAll("'", "\\'")}')]`,
  );
  writer.at(INIT + 11_900);
  writer.raw(traceback);
  const steps = [count(config.connectionType, 0, 0, 0, 1), count('OpenMetadata', 0, 0, 0, 0)];
  return { lines: writer.lines, ends: writer.now + 700, exitCode: 1, steps, state: 'failed' };
}

const count = (name: string, records: number, filtered: number, warnings: number, errors: number): StepCount => ({
  name,
  records,
  updated: 0,
  filtered,
  warnings,
  errors,
});

const WORDS = [
  'orders',
  'customers',
  'payments',
  'sessions',
  'events',
  'invoices',
  'products',
  'shipments',
  'refunds',
  'accounts',
];
const SCHEMAS = ['raw', 'staging', 'core', 'finance', 'marketing', 'ops'];

function ingested(writer: ScriptWriter, config: WorkflowConfig, options: ScriptOptions): Script {
  const random = new Random(hash(options.seed, config.serviceName, config.sourceType));
  const run = new Random(hash(options.runSeed, config.serviceName));
  const tests = testSteps(config);
  for (const test of tests) {
    writer.at(writer.now + run.between(500, 2_200));
    writer.log('INFO', 'Ingestion:test_connections:214', `Running ${test}...`);
  }
  if (tests.length > 0) {
    const results = tests.map(
      (name) => `TestConnectionStepResult(name='${name}', mandatory=True, passed=True, message=None, errorLog=None)`,
    );
    writer.log('INFO', 'Ingestion:test_connections:252', 'Test connection results:');
    writer.log(
      'INFO',
      'Ingestion:test_connections:253',
      `lastUpdatedAt=None status=<StatusType.Running: 'Running'> steps=[${results.join(', ')}]`,
    );
  }
  const entities = random.integer(120, 420);
  const perEntity = random.between(220, 460);
  const began = writer.now;
  let nextReport = began + 60_000;
  let records = 0;
  let filtered = 0;
  let warnings = 0;
  const failures: string[] = [];
  for (let index = 0; index < entities; index++) {
    writer.at(writer.now + perEntity * run.between(0.5, 1.5));
    const name = entityName(config, index, random);
    if (index % 37 === 5) {
      filtered++;
      writer.log('DEBUG', 'Utils:filters:48', `Filtering ${name}: excluded by tableFilterPattern`);
    } else {
      records++;
      entityLine(writer, config, options, name, index, entities);
      if (random.oneIn(70)) {
        warnings++;
        warn(writer, config, name);
      }
      if (run.oneIn(160)) failures.push(name);
    }
    if (writer.now >= nextReport) {
      report(writer, config.connectionType, records, filtered, 0);
      report(writer, 'OpenMetadata', records - failures.length, 0, failures.length);
      nextReport += 60_000;
    }
  }
  const steps = [
    count(config.connectionType, records, filtered, warnings, 0),
    count('OpenMetadata', records - failures.length, 0, 0, failures.length),
  ];
  for (const name of failures) {
    writer.log('ERROR', 'OMetaAPI:client:296', `Failed to put [${name}]: 503 Service Unavailable`);
  }
  return summarised(writer, config, steps, failures, began);
}

function entityName(config: WorkflowConfig, index: number, random: Random): string {
  const word = WORDS[index % WORDS.length] ?? 'orders';
  const schema = SCHEMAS[Math.floor(index / 12) % SCHEMAS.length] ?? 'raw';
  const type = config.connectionType.toLowerCase();
  if (/kafka|redpanda/.test(type)) return `${schema}.${word}.v${1 + (index % 4)}`;
  if (/looker|tableau|superset|metabase/.test(type)) return `${schema} ${word} ${random.integer(1, 90)}`;
  const name = `${config.serviceName}.prod.${schema}.${word}_${Math.floor(index / WORDS.length)}`;
  return type === 'snowflake' ? name.toUpperCase() : name;
}

function entityLine(
  writer: ScriptWriter,
  config: WorkflowConfig,
  options: ScriptOptions,
  name: string,
  index: number,
  entities: number,
): void {
  const type = config.connectionType.toLowerCase();
  if (options.pipelineType === 'usage' || /-usage$/.test(config.sourceType)) {
    writer.log('INFO', 'Ingestion:usage_source:144', `Processing query log ${index + 1}/${entities}: usage of ${name}`);
  } else if (options.pipelineType === 'lineage' || /-lineage$/.test(config.sourceType)) {
    writer.log('INFO', 'Ingestion:lineage_source:201', `Processing query lineage ${index + 1}/${entities}: ${name}`);
  } else if (/looker|tableau|superset|metabase/.test(type)) {
    writer.log('INFO', 'Ingestion:dashboard_service:382', `Processing dashboard [${name}]`);
  } else if (/kafka|redpanda/.test(type)) {
    writer.log('INFO', 'Ingestion:common_broker_source:121', `Fetching topic schema ${name}`);
  } else if (/airflow|dagster/.test(type)) {
    writer.log('INFO', 'Ingestion:pipeline_service:268', `Processing pipeline [${name}]`);
  } else {
    writer.log('INFO', 'Ingestion:common_db_source:438', `Processing table [${name}] (${index + 1}/${entities})`);
  }
}

function warn(writer: ScriptWriter, config: WorkflowConfig, name: string): void {
  const type = config.connectionType.toLowerCase();
  if (/looker|tableau|superset|metabase/.test(type)) {
    writer.log(
      'WARNING',
      'Ingestion:dashboard_service:511',
      `Could not fetch the owner of dashboard [${name}]: no email`,
    );
  } else if (/kafka|redpanda/.test(type)) {
    writer.log(
      'WARNING',
      'Ingestion:common_broker_source:164',
      `Failed to get the schema of topic [${name}]: not found`,
    );
  } else {
    const text = `Unknown type [GEOGRAPHY] for column [location] in ${name}: mapped to UNKNOWN`;
    writer.log('WARNING', 'Ingestion:sql_column_handler:197', text);
  }
}

function report(writer: ScriptWriter, name: string, records: number, filtered: number, errors: number): void {
  writer.log(
    'INFO',
    'Ingestion:base:317',
    `${name}: Processed ${records} records, updated 0 records, filtered ${filtered} records, found ${errors} errors`,
  );
}

/** The summary that the workflow ends with, and its exit. */
function summarised(
  writer: ScriptWriter,
  config: WorkflowConfig,
  steps: readonly StepCount[],
  failures: readonly string[],
  began: number,
): Script {
  const say = (text: string) => writer.log('INFO', 'Utils:logger:201', text);
  writer.at(writer.now + 1_400);
  const success = steps.map(({ records, errors }) => (records * 100) / Math.max(1, records + errors));
  for (const [index, step] of steps.entries()) {
    say(`Workflow ${step.name} Summary:`);
    say(`Processed records: ${step.records}`);
    say(`Updated records: ${step.updated}`);
    say(`Warnings: ${step.warnings}`);
    if (step.filtered > 0) say(`Filtered: ${step.filtered}`);
    say(`Errors: ${step.errors}`);
    say(`Success %: ${percent(success[index] ?? 100)}`);
  }
  if (failures.length > 0) {
    say('List of failures:');
    say(failureTable(failures));
  }
  const whole = success.reduce((sum, value) => sum + value, 0) / Math.max(1, success.length);
  say(`Workflow Success %: ${percent(whole)}`);
  say(`Workflow finished in time: ${duration((writer.now - began) / 1000)}`);
  const failed = success.some((value) => value < config.successThreshold);
  if (failed) {
    say('Workflow finished with failures');
    writer.at(writer.now + 300);
    writer.raw(executionError(steps.find(({ errors }) => errors > 0) ?? steps[0]));
  }
  const state = failed ? 'failed' : whole < 100 ? 'partialSuccess' : 'success';
  return { lines: writer.lines, ends: writer.now + 800, exitCode: failed ? 1 : 0, steps, state };
}

/** A number as Python's `round(x, 2)` prints it. */
function percent(value: number): string {
  const rounded = Math.round(value * 100) / 100;
  return Number.isInteger(rounded) ? `${rounded}.0` : String(rounded);
}

/** `1h 2m 3.45s`, as openmetadata-ingestion prints a duration in seconds. */
export function duration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const rest = `${percent(seconds % 60)}s`;
  return hours > 0 ? `${hours}h ${minutes}m ${rest}` : minutes > 0 ? `${minutes}m ${rest}` : rest;
}

function failureTable(failures: readonly string[]): string {
  const width = Math.max(...failures.map((name) => name.length), 13);
  const rule = `+--------------+-${'-'.repeat(width)}-+-------------------------------------------+`;
  const row = (a: string, b: string, c: string) => `| ${a.padEnd(12)} | ${b.padEnd(width)} | ${c.padEnd(41)} |`;
  const rows = failures.slice(0, 100).map((name) => row('OpenMetadata', name, '503 Server Error: Service Unavailable'));
  return `\n${rule}\n${row('From', 'Entity Name', 'Message')}\n${rule.replaceAll('-', '=')}\n${rows.join(`\n${rule}\n`)}\n${rule}`;
}
