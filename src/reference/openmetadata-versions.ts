import { minorLine, type NearestRow, nearestRow } from './version.ts';

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
    pipelineTypes: WITH_INSIGHT,
    source: packageOf('1.2.0.1'),
  },
  {
    line: '1.3',
    released: '2024-02-05',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.7.3',
    pipelineTypes: WITH_INSIGHT,
    source: packageOf('1.3.0.1'),
  },
  {
    line: '1.4',
    released: '2024-05-21',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.7.3',
    pipelineTypes: WITH_INSIGHT,
    source: packageOf('1.4.0.1'),
  },
  {
    line: '1.5',
    released: '2024-08-28',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.9.1',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.5.6.0'),
  },
  {
    line: '1.6',
    released: '2024-12-10',
    python: py('3.8', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.9.1',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.6.0.0'),
  },
  {
    line: '1.7',
    released: '2025-04-15',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.7.0.1'),
  },
  {
    line: '1.8',
    released: '2025-06-24',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.8.0.0'),
  },
  {
    line: '1.9',
    released: '2025-08-08',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.9.0.0'),
  },
  {
    line: '1.10',
    released: '2025-10-07',
    python: py('3.9', '3.11'),
    sqlalchemy: '1.4',
    airflowExtra: '2.10.5',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.10.0.0'),
  },
  {
    line: '1.11',
    released: '2025-12-03',
    python: py('3.9', '3.12'),
    sqlalchemy: '1.4',
    airflowExtra: '3.1.2',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.11.0.0'),
  },
  {
    line: '1.12',
    released: '2026-02-20',
    python: py('3.9', '3.12'),
    sqlalchemy: '1.4',
    airflowExtra: '3.1.5',
    pipelineTypes: BASIC_TYPES,
    source: packageOf('1.12.8.10'),
  },
  {
    line: '1.13',
    released: '2026-06-08',
    python: py('3.10', '3.12'),
    sqlalchemy: '2.0',
    airflowExtra: '3.2.1',
    pipelineTypes: WITH_APPLICATIONS,
    source: packageOf('1.13.0.0'),
  },
  {
    line: '2.0',
    released: '2026-08-24',
    python: py('3.10', '3.12'),
    sqlalchemy: '2.0',
    airflowExtra: '3.3.2',
    pipelineTypes: WITH_APPLICATIONS,
    source: packageOf('2.0.7.0'),
  },
];

/** First release whose Airflow source has the REST connection (1.12.0 to 1.12.3 lack it; tried on the packages). */
export const AIRFLOW_REST_CONNECTION_SINCE = '1.12.4';

/** Where the ingestion image is published under a tag for each server release; Docker Hub. */
const INGESTION_IMAGE = 'docker.io/openmetadata/ingestion-base';

/** The line of a version such as `1.12.8`; its nearest older one where the table has none. */
export function openmetadataVersion(version: string): NearestRow<OpenMetadataVersion> {
  return nearestRow(openmetadataVersions, minorLine(version), (row) => row.line);
}

/** The image that matches a server: the tag is the server's own `x.y.z`. */
export function ingestionImage(version: string): string {
  const release = /^\d+\.\d+\.\d+/.exec(version)?.[0] ?? version;
  return `${INGESTION_IMAGE}:${release}`;
}
