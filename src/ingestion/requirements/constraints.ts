import { airflowPins, essentialPins, pinConflicts } from '../../reference/airflow-pins.ts';
import { airflowVersion } from '../../reference/airflow-versions.ts';
import { minorLine } from '../../reference/version.ts';
import type { GeneratedFile } from '../request.ts';

/** Where the workers see the DAG folder of the bucket, whatever it is called there. */
const DAGS_ON_WORKERS = '/usr/local/airflow/dags';

/** What a constraint file is made for. */
export interface ConstraintFacts {
  readonly airflowVersion: string;
  readonly openmetadataVersion: string;
}

/**
 * Whether an installation has to bring a constraint file of its own: MWAA installs under Airflow's where
 * requirements.txt names none, and that one may exclude OpenMetadata.
 */
export function needsConstraintFile(facts: ConstraintFacts): boolean {
  if (!airflowVersion(facts.airflowVersion).row.constraintsRequired) return false;
  return pinConflicts(facts.airflowVersion, facts.openmetadataVersion).length > 0;
}

/** The constraint file's path on the workers, for `--constraint`. */
export function constraintPath(facts: ConstraintFacts): string {
  return `${DAGS_ON_WORKERS}/${fileName(facts)}`;
}

/**
 * The constraint file that takes the place of Airflow's own: what both can live with. It is put beside the DAGs, since a
 * private web server can't fetch one (docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html), and under
 * a name of its own for each pair of versions, so that the one in force stays as it is while an update is under way.
 */
export function constraintFile(facts: ConstraintFacts, dagsPath: string): GeneratedFile {
  const { airflowVersion: airflow, openmetadataVersion: openmetadata } = facts;
  const conflicts = pinConflicts(airflow, openmetadata);
  const kept = [...essentialPins(airflow), ...airflowPins(airflow)].filter(
    ({ name }) => !conflicts.some((conflict) => conflict.name === name),
  );
  const folder = dagsPath.replace(/^\/+|\/+$/g, '');
  const content = [
    `# Constraints for OpenMetadata ${minorLine(openmetadata)} beside Airflow ${airflow} on Amazon MWAA, made by mwaa-console.`,
    `# They stand in for Airflow's own file, which keeps OpenMetadata out. Left out of it:`,
    ...conflicts.map(({ name, version, needs }) => `#   ${name}==${version}; OpenMetadata needs ${needs}`),
    '# What its images can not do without (Flask, Celery and others), MWAA pins by itself.',
    ...kept.map(({ name, version }) => `${name}==${version}`),
  ];
  return { path: `${folder === '' ? '' : `${folder}/`}${fileName(facts)}`, content: `${content.join('\n')}\n` };
}

function fileName({ airflowVersion: airflow, openmetadataVersion: openmetadata }: ConstraintFacts): string {
  return `constraints-airflow-${airflow}-openmetadata-${minorLine(openmetadata)}.txt`;
}
