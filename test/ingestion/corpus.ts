import { modes } from '../../src/ingestion/modes/index.ts';
import { dagIdFor } from '../../src/ingestion/names.ts';
import { findingsFor, readPipeline } from '../../src/ingestion/pipeline.ts';
import type { GeneratedFile, IngestionMode } from '../../src/ingestion/request.ts';
import { ecsDefaults } from '../../src/ingestion/task-definition.ts';
import { airflowVersions } from '../../src/reference/airflow-versions.ts';
import { openmetadataVersions } from '../../src/reference/openmetadata-versions.ts';
import { ECS, requestFor } from './samples.ts';
import { WORKFLOWS } from './workflows.ts';

/** What one request comes to. */
export interface Generated {
  readonly mode: IngestionMode;
  readonly airflow: string;
  readonly openmetadata: string;
  readonly type: string;
  readonly files: readonly GeneratedFile[];
  readonly dag: string;
}

/** All that is generated: every mode, every Airflow and OpenMetadata that fits it, every pipeline type. */
export const corpus: readonly Generated[] = everything();

function everything(): Generated[] {
  const served = airflowVersions.filter(({ retired }) => retired === undefined).map(({ version }) => version);
  return openmetadataVersions.flatMap(({ line }) => {
    const openmetadata = `${line}.4`;
    return Object.entries(WORKFLOWS).flatMap(([type, text]) => {
      const pipeline = readPipeline(text, 'w.yaml');
      const findings = findingsFor(pipeline, { openmetadataVersion: openmetadata });
      if (findings.some(({ severity }) => severity === 'error')) return [];
      const ecs = { ...ECS, ...ecsDefaults(pipeline, openmetadata) };
      return served.flatMap((airflow) => {
        const versions = { airflowVersion: airflow, openmetadataVersion: openmetadata };
        const fitting = modes.filter((mode) => mode.verdict({ ...versions, pipeline }).fit !== 'does-not-fit');
        return fitting.map((mode): Generated => {
          const request = requestFor({ ...versions, mode: mode.id, pipeline, dagId: dagIdFor(pipeline), ecs });
          const files = mode.files(request);
          return { mode: mode.id, airflow, openmetadata, type, files, dag: files[0]?.content ?? '' };
        });
      });
    });
  });
}
