import { compareVersions, minorLine, type NearestRow, nearestRow } from './version.ts';

/** What a release line of OpenMetadata's ingestion is. */
export interface OpenMetadataVersion {
  /** Such as `1.12`. */
  readonly line: string;
  /** Day of the line's `.0`, or its first known patch. */
  readonly released: string;
  /** Oldest and newest Python that its package runs on. */
  readonly python: { readonly minimum: string; readonly maximum: string };
  readonly sqlalchemy: '1.4' | '2.0';
  /** The Airflow that its `[airflow]` extra pins: what the image's own Airflow source is written for. */
  readonly airflowExtra: string;
  /** How a workflow says its summary: by a function, by a method, or by itself as it ends. */
  readonly printStatus: 'function' | 'method' | 'by-itself';
  /** Values of `pipelineType` that the image's main.py knows. */
  readonly pipelineTypes: readonly string[];
  readonly source: string;
}

const BASIC_TYPES = ['metadata', 'usage', 'lineage', 'profiler', 'TestSuite', 'elasticSearchReindex', 'dbt'];
const WITH_INSIGHT = [...BASIC_TYPES, 'dataInsight'];
const WITH_APPLICATIONS = [...BASIC_TYPES, 'autoClassification', 'application'];

const packageOf = (version: string) =>
  `openmetadata-ingestion ${version}: package metadata; pipeline types from ingestion/operators/docker/main.py`;
const py = (minimum: string, maximum: string) => ({ minimum, maximum });

/**
 * The release lines that are served, from old to new. The smallest Python is the package's Requires-Python, the
 * newest what the release notes name. A new line is one row here.
 */
export const openmetadataVersions: readonly OpenMetadataVersion[] = [
  {
    line: '1.2',
    released: '2023-10-26',
    python: py('3.8', '3.10'),
    sqlalchemy: '1.4',
    airflowExtra: '2.6.3',
    printStatus: 'function',
    pipelineTypes: WITH_INSIGHT,
    source: packageOf('1.2.0.1'),
  },
  {
    line: '1.3',
    released: '2024-02-05',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.7.3',
    printStatus: 'function',
    pipelineTypes: WITH_INSIGHT,
    source: packageOf('1.3.0.1'),
  },
  {
    line: '1.4',
    released: '2024-05-21',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.7.3',
    printStatus: 'function',
    pipelineTypes: WITH_INSIGHT,
    source: packageOf('1.4.0.1'),
  },
  {
    line: '1.5',
    released: '2024-08-28',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.9.1',
    printStatus: 'method',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.5.6.0'),
  },
  {
    line: '1.6',
    released: '2024-12-10',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.9.1',
    printStatus: 'method',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.6.0.0'),
  },
  {
    line: '1.7',
    released: '2025-04-15',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    printStatus: 'method',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.7.0.1'),
  },
  {
    line: '1.8',
    released: '2025-06-24',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    printStatus: 'method',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.8.0.0'),
  },
  {
    line: '1.9',
    released: '2025-08-08',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    printStatus: 'method',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.9.0.0'),
  },
  {
    line: '1.10',
    released: '2025-10-07',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    printStatus: 'by-itself',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.10.0.0'),
  },
  {
    line: '1.11',
    released: '2025-12-03',
    python: py('3.9', '3.12'),
    sqlalchemy: '1.4',
    airflowExtra: '3.1.2',
    printStatus: 'by-itself',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.11.0.0'),
  },
  {
    line: '1.12',
    released: '2026-02-20',
    python: py('3.9', '3.12'),
    sqlalchemy: '1.4',
    airflowExtra: '3.1.5',
    printStatus: 'by-itself',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.12.8.10'),
  },
  {
    line: '1.13',
    released: '2026-06-08',
    python: py('3.10', '3.12'),
    sqlalchemy: '2.0',
    airflowExtra: '3.2.1',
    printStatus: 'by-itself',
    pipelineTypes: WITH_APPLICATIONS,
    source: packageOf('1.13.0.0'),
  },
  {
    line: '2.0',
    released: '2026-08-24',
    python: py('3.10', '3.12'),
    sqlalchemy: '2.0',
    airflowExtra: '3.3.2',
    printStatus: 'by-itself',
    pipelineTypes: WITH_APPLICATIONS,
    source: packageOf('2.0.7.0'),
  },
];

/** Where a workflow's class is; `since` and `until` are release lines. */
interface WorkflowClass {
  readonly pipelineTypes: readonly string[];
  readonly module: string;
  readonly name: string;
  readonly since?: string;
  readonly until?: string;
}

/** Source: the modules in openmetadata-ingestion 1.2.0.1 to 2.0.7.0; before 1.2 they were elsewhere. */
const WORKFLOW_CLASSES: readonly WorkflowClass[] = [
  {
    pipelineTypes: ['metadata', 'lineage', 'dbt', 'elasticSearchReindex'],
    module: 'metadata.workflow.metadata',
    name: 'MetadataWorkflow',
  },
  { pipelineTypes: ['usage'], module: 'metadata.workflow.usage', name: 'UsageWorkflow' },
  { pipelineTypes: ['profiler'], module: 'metadata.workflow.profiler', name: 'ProfilerWorkflow' },
  { pipelineTypes: ['TestSuite'], module: 'metadata.workflow.data_quality', name: 'TestSuiteWorkflow' },
  {
    pipelineTypes: ['dataInsight'],
    module: 'metadata.workflow.data_insight',
    name: 'DataInsightWorkflow',
    until: '1.5',
  },
  {
    pipelineTypes: ['autoClassification'],
    module: 'metadata.workflow.classification',
    name: 'AutoClassificationWorkflow',
    since: '1.6',
  },
  {
    pipelineTypes: ['application'],
    module: 'metadata.workflow.application',
    name: 'ApplicationWorkflow',
    since: '1.3',
  },
];

/** The class that runs a pipeline type in a release, and its module; undefined where the release has none. */
export function workflowClass(
  pipelineType: string,
  version: string,
): { readonly module: string; readonly name: string } | undefined {
  return WORKFLOW_CLASSES.find(
    ({ pipelineTypes, since = '1.2', until }) =>
      pipelineTypes.includes(pipelineType) &&
      compareVersions(version, since) >= 0 &&
      (until === undefined || compareVersions(version, until) < 0),
  );
}

/** First release whose Airflow source has the REST connection (1.12.0 to 1.12.3 lack it; tried on the packages). */
export const AIRFLOW_REST_CONNECTION_SINCE = '1.12.4';

/**
 * Where the ingestion image is published under a tag for each server release: Docker Hub, and the projects' own hosts
 * (docs.open-metadata.org, deployment/ingestion/external/mwaa and deployment/ingestion/kubernetes).
 */
export const imageRegistries: Readonly<Record<string, string>> = {
  'docker-hub': 'docker.io/openmetadata/ingestion-base',
  'open-metadata': 'docker.open-metadata.org/openmetadata/ingestion-base',
  collate: 'docker.getcollate.io/openmetadata/ingestion-base',
};

/** The line of a version such as `1.12.8`; its nearest older one where the table has none. */
export function openmetadataVersion(version: string): NearestRow<OpenMetadataVersion> {
  return nearestRow(openmetadataVersions, minorLine(version), (row) => row.line);
}

/** A server's `x.y.z`, without what a snapshot or release candidate puts behind it. */
function releaseOf(version: string): string {
  const [major = '0', minor = '0', patch = '0'] = /^\d+(\.\d+)*/.exec(version)?.[0].split('.') ?? [];
  return `${major}.${minor}.${patch}`;
}

/**
 * The image that matches a server: the tag is the server's own `x.y.z`. `registry` is one of `imageRegistries`, or a
 * repository that mirrors it, such as one in ECR.
 */
export function ingestionImage(version: string, registry = 'docker-hub'): string {
  return `${imageRegistries[registry] ?? registry}:${releaseOf(version)}`;
}

/**
 * The requirement that matches a server: packages have a fourth number, for builds of the ingestion alone, and
 * `~=x.y.z.0` takes any of them (docs.open-metadata.org, deployment/ingestion/external/mwaa/virtualenv).
 */
export function ingestionRequirement(version: string, extras: readonly string[]): string {
  const inBrackets = extras.length === 0 ? '' : `[${[...new Set(extras)].sort().join(',')}]`;
  return `openmetadata-ingestion${inBrackets}~=${releaseOf(version)}.0`;
}
