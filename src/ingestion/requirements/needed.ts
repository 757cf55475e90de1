import { connectorNamed } from '../../reference/connectors.ts';
import { heldBack, undeclaredPackages, undeclaredTools } from '../../reference/ingestion-needs.ts';
import { ingestionRequirement } from '../../reference/openmetadata-versions.ts';
import { inSpan, spansOf } from '../../reference/span.ts';
import type { Pipeline } from '../pipeline.ts';
import type { DeploymentRequest } from '../request.ts';
import { at, textOf } from '../values.ts';

/** What decides which packages an ingestion on the workers needs. */
export type PackageFacts = Pick<DeploymentRequest, 'pipeline' | 'openmetadataVersion' | 'mode' | 'extras'>;

/**
 * The requirements of a virtual environment: OpenMetadata's own package with the extras that it needs, what it imports
 * without asking for it, and what of its packages is better held back.
 */
export function neededPackages(facts: PackageFacts): string[] {
  const { openmetadataVersion } = facts;
  return [
    ingestionRequirement(openmetadataVersion, neededExtras(facts)),
    ...undeclaredPackages(openmetadataVersion),
    ...undeclaredTools(openmetadataVersion),
    ...heldBack(openmetadataVersion),
  ];
}

/**
 * The extras of openmetadata-ingestion that a pipeline needs, sorted. Airflow's own is never among them in the worker's
 * Python, which has an Airflow: that extra pins another one. In a virtual environment the Airflow source can't be
 * imported without it.
 */
export function neededExtras({ pipeline, openmetadataVersion, mode, extras = [] }: PackageFacts): string[] {
  const types = [pipeline.connectionType ?? pipeline.sourceType, ...testedConnections(pipeline)];
  const ofConnectors = types.flatMap((type) => connectorExtras(pipeline, type, openmetadataVersion));
  const ofWorkflow = spansOf(WORKFLOW_EXTRAS[pipeline.pipelineType] ?? '')
    .filter((extra) => inSpan(extra, openmetadataVersion))
    .map(({ name }) => name);
  const needed = new Set([...ofConnectors, ...ofWorkflow, ...extras]);
  if (mode === 'python') needed.delete('airflow');
  return [...needed].sort();
}

/**
 * Extras of a workflow, whatever it reads (openmetadata-ingestion 1.2.0.1 to 2.0.7.0: package metadata, and the imports of
 * sampler/processor.py and data_quality/runner/base_test_suite_source.py, which from 1.7 to 1.9 name BigQuery).
 */
const WORKFLOW_EXTRAS: Readonly<Partial<Record<Pipeline['pipelineType'], string>>> = {
  autoClassification: 'pii-processor bigquery@1.7<1.10',
  profiler: 'bigquery@1.7<1.10',
  TestSuite: 'bigquery@1.7<1.10',
  dbt: 'dbt',
};

function connectorExtras(pipeline: Pipeline, type: string, version: string): string[] {
  if (type.toLowerCase() === 'datalake') return [datalakeExtra(pipeline)];
  const extra = connectorNamed(type, version)?.extra;
  return extra !== undefined && inSpan(extra, version) ? [extra.name] : [];
}

/** A data lake's driver follows from where it is; S3 where the connection is stored in OpenMetadata and so unknown. */
function datalakeExtra(pipeline: Pipeline): string {
  const security = at(pipeline.value, 'source', 'serviceConnection', 'config', 'configSource', 'securityConfig');
  if (at(security, 'gcpConfig') !== undefined || at(security, 'gcsConfig') !== undefined) return 'datalake-gcs';
  return at(security, 'accountName') !== undefined ? 'datalake-azure' : 'datalake-s3';
}

/** The connectors of the services that a test suite reads, where the file names them. */
function testedConnections(pipeline: Pipeline): string[] {
  const services = at(pipeline.value, 'source', 'sourceConfig', 'config', 'serviceConnections');
  if (!Array.isArray(services)) return [];
  return services.flatMap((service) => textOf(at(service, 'serviceConnection', 'config', 'type')) ?? []);
}
