import { compareVersions } from '../../reference/version.ts';
import type { Reason } from '../reason.ts';
import { airflowSourceReasons } from './airflow-source.ts';
import type { Mode, ModeFacts, Verdict } from './mode.ts';
import { commonReasons, factsOf, rowsFor, verdictOf } from './verdict.ts';
import { workerFiles } from './worker-files.ts';
import { workerReasons } from './worker-reasons.ts';

const ESSENTIAL = 'github.com/aws/amazon-mwaa-docker-images: etc/mwaa_essential_constraints.txt';
const PACKAGES = 'docs.aws.amazon.com/mwaa/latest/userguide/connections-packages.html';

/** The ingestion in the worker's own Python, installed by requirements.txt. */
export const pythonMode: Mode = {
  id: 'python',
  title: 'Python operator',
  verdict,
  files: (request) => workerFiles(request, 'The Python operator', verdict(factsOf(request))),
};

function verdict(facts: ModeFacts): Verdict {
  const { airflow, openmetadata } = rowsFor(facts);
  const reasons: Reason[] = [
    ...commonReasons(facts),
    ...airflowSourceReasons(facts, 'python'),
    ...workerReasons(facts),
  ];
  const pinned = compareVersions(airflow.sqlalchemy, '2.0') < 0 ? '1.4' : '2.0';
  if (openmetadata !== undefined && openmetadata.sqlalchemy !== pinned) {
    reasons.push({
      severity: 'error',
      text:
        `MWAA pins SQLAlchemy ${airflow.sqlalchemy} with Airflow ${airflow.version}; ` +
        `OpenMetadata ${openmetadata.line} needs ${openmetadata.sqlalchemy === '2.0' ? '2.0 or later' : 'one below 2'}.`,
      remedy: 'Use the ECS operator.',
      source: ESSENTIAL,
    });
  }
  if (airflow.constraintsRequired) {
    reasons.push({
      severity: 'warning',
      text: "Airflow's own constraint file excludes it: an edited one has to be shipped with it.",
      source: PACKAGES,
    });
  }
  if (facts.webserverAccessMode === 'PRIVATE_ONLY' || facts.internetAccess === false) {
    reasons.push({
      severity: 'warning',
      text: 'With a private web server or no route to the internet, every package has to be shipped as a wheel.',
      remedy: 'Use the ECS operator.',
      source: 'docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html',
    });
  }
  reasons.push({
    severity: 'warning',
    text: 'A change of requirements.txt restarts every worker, and a new OpenMetadata needs another one.',
    source: PACKAGES,
  });
  return verdictOf(reasons, { summary: 'the simplest, when it installs', recommended: false });
}
