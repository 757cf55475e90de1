import { workflowClass } from '../../reference/openmetadata-versions.ts';
import { compareVersions } from '../../reference/version.ts';
import type { Reason } from '../reason.ts';
import { at } from '../values.ts';
import type { ModeFacts } from './mode.ts';
import { rowsFor } from './verdict.ts';

/** The oldest Airflow of MWAA whose Python a release of OpenMetadata runs on. */
const OLDEST = '2.4.3';

const PACKAGE = 'pypi.org/project/openmetadata-ingestion: metadata/workflow';
const TESTED = ['source', 'sourceConfig', 'config', 'serviceConnections'];
const SETUP = 'github.com/open-metadata/OpenMetadata: ingestion/setup.py';

/** Drivers that only the image holds: they ask for SQLAlchemy below 2 and are installed there without asking. */
const IMAGE_ONLY = new Set(['doris']);

/** What speaks about running on the environment's workers, in their own Python or a virtual environment of it. */
export function workerReasons(facts: ModeFacts): Reason[] {
  const { airflow, openmetadata } = rowsFor(facts);
  const reasons: Reason[] = [];
  if (compareVersions(airflow.version, OLDEST) < 0) {
    reasons.push({
      severity: 'error',
      text: `Airflow ${airflow.version} runs on Python ${airflow.python}, which no OpenMetadata from 1.2 on does.`,
      remedy: `Upgrade the environment; ${OLDEST} is the oldest that works.`,
      source: airflow.source,
    });
  } else if (openmetadata !== undefined) {
    const { minimum, maximum } = openmetadata.python;
    if (compareVersions(airflow.python, minimum) < 0 || compareVersions(airflow.python, maximum) > 0) {
      reasons.push({
        severity: 'error',
        text: `OpenMetadata ${openmetadata.line} runs on Python ${minimum} to ${maximum}; the workers have ${airflow.python}.`,
        remedy: 'Use the ECS operator.',
        source: openmetadata.source,
      });
    }
    reasons.push(...workflowReasons(facts, openmetadata.line));
    if (openmetadata.sqlalchemy === '2.0' && IMAGE_ONLY.has(facts.pipeline?.sourceType ?? '')) {
      reasons.push({
        severity: 'error',
        text: `The driver of ${facts.pipeline?.sourceType} is in OpenMetadata's image only.`,
        remedy: 'Use the ECS operator.',
        source: SETUP,
      });
    }
  }
  if (facts.environmentClass === 'mw1.micro') {
    reasons.push({
      severity: 'warning',
      text: 'mw1.micro has one container for everything: an ingestion competes with the scheduler.',
      remedy: 'Use the ECS operator.',
      source: 'docs.aws.amazon.com/mwaa/latest/userguide/environment-class.html',
    });
  }
  return reasons;
}

/** Whether the release has a workflow for the pipeline, and whether what to install for it is known. */
function workflowReasons({ pipeline, extras = [] }: ModeFacts, line: string): Reason[] {
  if (pipeline === undefined) return [];
  const { pipelineType, sourceType, connectionType } = pipeline;
  const reasons: Reason[] = [];
  if (workflowClass(pipelineType, line) === undefined) {
    reasons.push({
      severity: 'error',
      text: `openmetadata-ingestion ${line} has no workflow for ${pipelineType} pipelines.`,
      remedy: 'Upgrade OpenMetadata.',
      source: PACKAGE,
    });
  }
  const isStored = connectionType === undefined && (pipelineType === 'TestSuite' || sourceType === 'datalake');
  if (isStored && extras.length === 0 && at(pipeline.value, ...TESTED) === undefined) {
    reasons.push({
      severity: 'warning',
      text: `The connection is stored in OpenMetadata, so the driver to install is not known${sourceType === 'datalake' ? '; datalake-s3 is taken' : ''}.`,
      remedy: 'Name its extra with --extra, such as snowflake.',
      source: SETUP,
    });
  }
  return reasons;
}
