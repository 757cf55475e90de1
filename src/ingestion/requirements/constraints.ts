import { essentialPins, heldPackages, pinConflicts } from '../../reference/airflow-pins.ts';
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
 * The constraint file that takes the place of Airflow's own: the versions that Airflow and MWAA can't do without. Nothing
 * more, since pip leaves what is installed alone unless something asks for another version, and what OpenMetadata's own
 * requirements ask for moves with every release of theirs. It is put beside the DAGs, since a private web server can't
 * fetch one (docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html), and under a name of its own for each
 * pair of versions, so that the one in force stays as it is while an update is under way.
 */
export function constraintFile(facts: ConstraintFacts, dagsPath: string): GeneratedFile {
  const { airflowVersion: airflow, openmetadataVersion: openmetadata } = facts;
  const folder = dagsPath.replace(/^\/+|\/+$/g, '');
  const content = [
    `# What OpenMetadata ${minorLine(openmetadata)} is installed under beside Airflow ${airflow}. Made by mwaa-console.`,
    "# It stands in for Airflow's own constraint file, which keeps OpenMetadata out:",
    ...pinConflicts(airflow, openmetadata).map(
      ({ name, version, needs }) => `#   ${name}==${version}, where OpenMetadata needs ${needs}`,
    ),
    '# What else its images can not do without (Flask, Celery and others), MWAA pins by itself.',
    ...essentialPins(airflow).map(({ name, version }) => `${name}==${version}`),
    ...heldPackages(airflow).map(({ name, specifier }) => `${name}${specifier}`),
  ];
  return { path: `${folder === '' ? '' : `${folder}/`}${fileName(facts)}`, content: `${content.join('\n')}\n` };
}

function fileName({ airflowVersion: airflow, openmetadataVersion: openmetadata }: ConstraintFacts): string {
  return `constraints-airflow-${airflow}-openmetadata-${minorLine(openmetadata)}.txt`;
}

/** Whether a file's name is one that `constraintFile` gives. */
export function isConstraintFile(name: string): boolean {
  return /^constraints-airflow-[\d.]+-openmetadata-[\d.]+\.txt$/.test(name);
}
