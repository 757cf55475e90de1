import { essentialConflicts, pinConflicts } from '../../reference/airflow-pins.ts';
import type { AirflowVersion } from '../../reference/airflow-versions.ts';
import { heldBack } from '../../reference/ingestion-needs.ts';
import type { Reason } from '../reason.ts';
import { airflowSourceReasons } from './airflow-source.ts';
import type { Mode, ModeFacts, Verdict } from './mode.ts';
import { commonReasons, factsOf, rowsFor, verdictOf } from './verdict.ts';
import { workerFiles } from './worker-files.ts';
import { workerReasons } from './worker-reasons.ts';

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
  if (openmetadata !== undefined) reasons.push(...pinReasons(airflow, openmetadata.line));
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

/** What the environment's packages hold against a release, gravest first. */
function pinReasons(airflow: AirflowVersion, openmetadata: string): Reason[] {
  const essential = essentialConflicts(airflow.version, openmetadata).map(
    ({ name, holds, needs, source }): Reason => ({
      severity: 'error',
      text:
        name === 'sqlalchemy'
          ? `MWAA pins SQLAlchemy ${holds} with Airflow ${airflow.version}; OpenMetadata ${openmetadata} needs ${needs}.`
          : `Airflow ${airflow.version} itself needs ${name} ${holds}; OpenMetadata ${openmetadata} needs ${needs}.`,
      remedy: 'Use the ECS or the virtualenv operator, which keep their packages to themselves.',
      source,
    }),
  );
  const fetched = heldBack(openmetadata).map(
    (held): Reason => ({
      severity: 'info',
      text: `It brings ${held.replace(/<.*/, '')}, which fetches a part of itself from github.com as it is installed.`,
      remedy: `Where GitHub is out of reach, add ${held} to requirements.txt.`,
      source: 'pypi.org/project/dbt-core-experimental-parser',
    }),
  );
  const conflicts = airflow.constraintsRequired ? pinConflicts(airflow.version, openmetadata) : [];
  if (conflicts.length === 0) return [...essential, ...fetched];
  const named = conflicts.map(({ name, version, needs }) => `${name} ${version} (needs ${needs})`).join(', ');
  const boto3 = conflicts.find(({ name }) => name === 'boto3');
  return [
    ...essential,
    ...fetched,
    {
      severity: 'warning',
      text: `Airflow's own constraint file excludes it by ${named}: an edited one is shipped with it.`,
      source: PACKAGES,
    },
    ...(boto3 === undefined
      ? []
      : [
          {
            severity: 'warning',
            text: `boto3 ${boto3.version} becomes ${boto3.needs}: aiobotocore goes with one version only, so deferrable operators of AWS may stop.`,
            remedy: 'Use the ECS or the virtualenv operator where DAGs of this environment are deferrable.',
            source: 'pypi.org/project/aiobotocore: its limits on botocore',
          } as const,
        ]),
  ];
}
