import { lint } from './lint/lint.ts';
import { at, type Mapping, mapping, optional, textOf } from './values.ts';
import { invalidInput, YamlSource } from './yaml-source.ts';

/** What a workflow does, in the words of the ingestion image's `pipelineType` variable (case matters there). */
export type PipelineType =
  | 'metadata'
  | 'lineage'
  | 'usage'
  | 'profiler'
  | 'autoClassification'
  | 'TestSuite'
  | 'dbt'
  | 'elasticSearchReindex'
  | 'dataInsight'
  | 'application';

/** `schema`: OpenMetadata's own models refuse it. `practice`: they take it, and the run fails or harms. */
export type RuleBasis = 'schema' | 'practice';

/** One fault of a pipeline file, at the place it stands. */
export interface Finding {
  /** An error keeps the pipeline from being deployed; a warning does not. */
  readonly severity: 'error' | 'warning';
  /** 1-based. */
  readonly line: number;
  /** 1-based, in characters. */
  readonly column: number;
  /** The key's path, such as `workflowConfig.openMetadataServerConfig.hostPort`. */
  readonly key: string;
  /** Never holds the value of a key that may be secret. */
  readonly message: string;
  readonly advice: string;
  /** A rule's id in `rules.ts`, such as `host-port-api`. */
  readonly rule: string;
  readonly basis: RuleBasis;
}

/** Where the workflow reports to, as far as the file says. */
export interface PipelineServer {
  /** Ends in `/api` when right. */
  readonly hostPort?: string;
  readonly authProvider?: string;
}

/** The Airflow that an Airflow source reads, as far as the file says. */
export interface AirflowSource {
  /** `RestAPI`, `Backend`, `Postgres`, `Mysql`, `SQLite`, raw. */
  readonly connection?: string;
  /** Set for the REST connection with MWAA authentication. */
  readonly mwaaEnvironmentName?: string;
  readonly mwaaRegion?: string;
  /** A role that the connection takes before it reads. */
  readonly assumeRoleArn?: string;
}

/** A workflow file, read. */
export interface Pipeline {
  /** The name it was read under, for messages. */
  readonly file: string;
  readonly text: string;
  /** The whole configuration as plain data: it holds secrets, so it goes to the secret and nowhere else. */
  readonly value: Mapping;
  readonly pipelineType: PipelineType;
  /** `source.serviceName`, absent in some workflows. */
  readonly serviceName?: string;
  /** `source.type` in lower case without its `-usage` or `-lineage`, such as `redshift`. */
  readonly sourceType: string;
  /** `source.serviceConnection.config.type`, such as `Redshift`; absent when the stored connection is used. */
  readonly connectionType?: string;
  /** `source.sourceConfig.config.type`, such as `DatabaseMetadata`. */
  readonly sourceConfigType?: string;
  /** `ingestionPipelineFQN`, such as `redshift_prod.redshift_ingestion`. */
  readonly ingestionPipelineFqn?: string;
  readonly server: PipelineServer;
  /** Set when the source is Airflow. */
  readonly airflow?: AirflowSource;
  /** What holds for any version; see `findingsFor` for a target's own. In the order of the file. */
  readonly findings: readonly Finding[];
}

/** What a pipeline is checked against beside itself. Members that are absent are not checked. */
export interface PipelineTarget {
  readonly openmetadataVersion?: string;
  readonly airflowVersion?: string;
  readonly mode?: 'ecs' | 'python' | 'virtualenv';
}

/** The pipeline type that a `sourceConfig.config.type` asks for; facts of OpenMetadata's metadataIngestion schemas. */
export const PIPELINE_TYPE_OF_SOURCE_CONFIG: Readonly<Record<string, PipelineType>> = {
  DatabaseMetadata: 'metadata',
  DashboardMetadata: 'metadata',
  MessagingMetadata: 'metadata',
  PipelineMetadata: 'metadata',
  MlModelMetadata: 'metadata',
  StorageMetadata: 'metadata',
  SearchMetadata: 'metadata',
  ApiMetadata: 'metadata',
  DriveMetadata: 'metadata',
  McpMetadata: 'metadata',
  SecurityMetadata: 'metadata',
  DatabaseLineage: 'lineage',
  DatabaseUsage: 'usage',
  Profiler: 'profiler',
  AutoClassification: 'autoClassification',
  TestSuite: 'TestSuite',
  DBT: 'dbt',
  MetadataToElasticSearch: 'elasticSearchReindex',
  Application: 'application',
};

/**
 * Reads an OpenMetadata workflow from YAML or JSON text. Throws Failure `invalid-input`, with file, line, column and
 * key, for what can't be read as one workflow; every other fault is a finding, errors among them (see
 * `requireSound`).
 */
export function readPipeline(text: string, file: string): Pipeline {
  const source = new YamlSource(text, file);
  const { value } = source;
  const step = mapping(value.source);
  const isApplication = step === undefined && ('sourcePythonClass' in value || 'appConfig' in value);
  if (step === undefined && !isApplication) {
    const message = 'source' in value ? 'has to be a mapping.' : 'the key is missing: a workflow reads from a source.';
    throw invalidInput(file, source.locate(['source']), 'source', message, 'Add source with type and sourceConfig.');
  }
  const type = step === undefined ? 'application' : step.type;
  if (typeof type !== 'string' || type === '') {
    const message = 'says which connector reads, such as redshift, and is missing or not text.';
    throw invalidInput(file, source.locate(['source', 'type']), 'source.type', message, 'Add source.type.');
  }
  const sourceConfigType = textOf(at(value, 'source', 'sourceConfig', 'config', 'type'));
  const connection = mapping(at(value, 'source', 'serviceConnection', 'config'));
  const server = mapping(at(value, 'workflowConfig', 'openMetadataServerConfig'));
  const sourceType = type.toLowerCase().replace(/-(usage|lineage)$/, '');
  const pipeline: Omit<Pipeline, 'findings'> = {
    file,
    text,
    value,
    pipelineType: pipelineTypeOf(type, sourceConfigType),
    sourceType,
    ...optional('serviceName', textOf(step?.serviceName)),
    ...optional('connectionType', textOf(connection?.type)),
    ...optional('sourceConfigType', sourceConfigType),
    ...optional('ingestionPipelineFqn', textOf(value.ingestionPipelineFQN)),
    server: {
      ...optional('hostPort', textOf(server?.hostPort)),
      ...optional('authProvider', textOf(server?.authProvider)),
    },
    ...optional('airflow', sourceType === 'airflow' ? airflowSource(connection) : undefined),
  };
  return { ...pipeline, findings: lint(pipeline, source, {}) };
}

/** Everything that is wrong with a pipeline for a target, in the order of the file; holds `pipeline.findings` too. */
export function findingsFor(pipeline: Pipeline, target: PipelineTarget): Finding[] {
  return lint(pipeline, new YamlSource(pipeline.text, pipeline.file), target);
}

/** Throws Failure `invalid-input` for the first error of a pipeline, naming file, line, column and key. */
export function requireSound(pipeline: Pipeline, target: PipelineTarget): void {
  const errors = findingsFor(pipeline, target).filter((finding) => finding.severity === 'error');
  const [first] = errors;
  if (first === undefined) return;
  const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
  throw invalidInput(pipeline.file, first, first.key, `${first.message}${more}`, first.advice);
}

function pipelineTypeOf(sourceType: string, sourceConfigType: string | undefined): PipelineType {
  const known = PIPELINE_TYPE_OF_SOURCE_CONFIG[sourceConfigType ?? ''];
  const lower = sourceType.toLowerCase();
  if (lower === 'datainsight') return 'dataInsight';
  if (known !== undefined) return known;
  if (lower === 'application') return 'application';
  if (lower.endsWith('-usage')) return 'usage';
  if (lower.endsWith('-lineage')) return 'lineage';
  if (lower === 'testsuite') return 'TestSuite';
  if (lower === 'dbt') return 'dbt';
  if (lower === 'metadata_elasticsearch') return 'elasticSearchReindex';
  return 'metadata';
}

function airflowSource(connection: Mapping | undefined): AirflowSource {
  const mwaa = at(connection, 'connection', 'authConfig', 'mwaaConfig');
  return {
    ...optional('connection', textOf(at(connection, 'connection', 'type'))),
    ...optional('mwaaEnvironmentName', textOf(at(mwaa, 'mwaaEnvironmentName'))),
    ...optional('mwaaRegion', textOf(at(mwaa, 'awsConfig', 'awsRegion'))),
    ...optional('assumeRoleArn', textOf(at(mwaa, 'awsConfig', 'assumeRoleArn'))),
  };
}
