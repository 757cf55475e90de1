import { connectorNamed } from '../../reference/connectors.ts';
import { compareVersions } from '../../reference/version.ts';
import type { Reason } from '../reason.ts';
import type { ModeFacts } from './mode.ts';
import { rowsFor } from './verdict.ts';

const SETUP = 'github.com/open-metadata/OpenMetadata: ingestion/setup.py';

/** Drivers that only the image holds: they ask for SQLAlchemy below 2 and are installed there without asking. */
const IMAGE_ONLY = new Set(['doris']);

/** What speaks about running on the environment's workers, in their own Python or a virtual environment of it. */
export function workerReasons(facts: ModeFacts): Reason[] {
  const { airflow, openmetadata } = rowsFor(facts);
  const reasons: Reason[] = [];
  if (openmetadata !== undefined) {
    const { minimum, maximum } = openmetadata.python;
    if (compareVersions(airflow.python, minimum) < 0 || compareVersions(airflow.python, maximum) > 0) {
      reasons.push({
        severity: 'error',
        text: `OpenMetadata ${openmetadata.line} runs on Python ${minimum} to ${maximum}; the workers have ${airflow.python}.`,
        remedy: 'Use the ECS operator.',
        source: openmetadata.source,
      });
    }
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

/** The extra of openmetadata-ingestion that a pipeline's source needs; undefined when it needs none or is unknown. */
export function extraOf({ pipeline, openmetadataVersion }: ModeFacts): string | undefined {
  return pipeline && connectorNamed(pipeline.connectionType ?? pipeline.sourceType, openmetadataVersion)?.extra?.name;
}
