import type { Reason } from '../reason.ts';
import { airflowSourceReasons } from './airflow-source.ts';
import type { Mode, ModeFacts, Verdict } from './mode.ts';
import { commonReasons, factsOf, verdictOf } from './verdict.ts';
import { workerFiles } from './worker-files.ts';
import { extraOf, workerReasons } from './worker-reasons.ts';

const NETWORKING = 'docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html';

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
  const extra = extraOf(facts);
  reasons.push({
    severity: 'info',
    text: `Each run installs openmetadata-ingestion${extra === undefined ? '' : `[${extra}]`} anew, which takes minutes and the worker's disk.`,
    source: 'docs.open-metadata.org: deployment/ingestion/external/mwaa/virtualenv',
  });
  return verdictOf(reasons, {
    summary: 'the environment is rebuilt on each run, which takes minutes',
    recommended: false,
  });
}
