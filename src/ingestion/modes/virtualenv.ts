import type { Reason } from '../reason.ts';
import { neededPackages } from '../requirements/needed.ts';
import { optional } from '../values.ts';
import { airflowSourceReasons } from './airflow-source.ts';
import type { Mode, ModeFacts, Verdict } from './mode.ts';
import { commonReasons, factsOf, rowsFor, verdictOf } from './verdict.ts';
import { workerFiles } from './worker-files.ts';
import { workerReasons } from './worker-reasons.ts';

const NETWORKING = 'docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html';

const VIRTUALENV = 'docs.open-metadata.org: deployment/ingestion/external/mwaa/virtualenv';

/** The ingestion in a virtual environment that each run builds on the worker. */
export const virtualenvMode: Mode = {
  id: 'virtualenv',
  title: 'Virtualenv operator',
  verdict,
  files: (request) => workerFiles(request, 'The virtualenv operator', verdict(factsOf(request))),
};

function verdict(facts: ModeFacts): Verdict {
  const reasons: Reason[] = [
    ...commonReasons(facts),
    ...airflowSourceReasons(facts, 'virtualenv'),
    ...workerReasons(facts),
  ];
  if (facts.internetAccess === false) {
    reasons.push({
      severity: 'error',
      text: 'Each run installs packages, and the subnets have no route to a package index.',
      remedy: 'Give the subnets a route to one, such as CodeArtifact, or use the ECS operator from an image in ECR.',
      source: NETWORKING,
    });
  }
  const { airflow, openmetadata } = rowsFor(facts);
  if (airflow.findsVirtualenv === 'on-path') {
    reasons.push({
      severity: 'warning',
      text: `Airflow ${airflow.version} finds virtualenv on PATH alone: a plugin and an option are added, which restarts every worker.`,
      source: 'docs.aws.amazon.com/mwaa/latest/userguide/samples-virtualenv.html',
    });
  }
  if (facts.pipeline?.sourceType === 'airflow') {
    reasons.push({
      severity: 'warning',
      text: `OpenMetadata's Airflow source imports Airflow: each run installs one${openmetadata === undefined ? '' : ` (${openmetadata.airflowExtra})`}, kept apart from the environment's.`,
      remedy: 'Use the ECS operator, whose image has one.',
      source: 'github.com/open-metadata/OpenMetadata: ingestion, source/pipeline/airflow/metadata.py',
    });
  }
  reasons.push({
    severity: 'info',
    text: `Each run installs ${packageOf(facts)} anew, which takes minutes and the worker's disk.`,
    source: VIRTUALENV,
  });
  return verdictOf(reasons, {
    summary: 'the environment is rebuilt on each run, which takes minutes',
    recommended: false,
  });
}

function packageOf({ pipeline, openmetadataVersion, extras }: ModeFacts): string {
  if (pipeline === undefined || openmetadataVersion === undefined) return 'openmetadata-ingestion';
  return neededPackages({ pipeline, openmetadataVersion, mode: 'virtualenv', ...optional('extras', extras) })[0] ?? '';
}
