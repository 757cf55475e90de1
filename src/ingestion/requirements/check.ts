import { pinConflicts } from '../../reference/airflow-pins.ts';
import { airflowVersion } from '../../reference/airflow-versions.ts';
import { ingestionNeeds } from '../../reference/ingestion-needs.ts';
import { overlap } from '../../reference/version-specifier.ts';
import type { Reason } from '../reason.ts';
import { ownIndex, type Statement, statementsOf } from './file.ts';
import type { RequirementsNeed } from './merge.ts';

/** Something to know about a line of somebody's requirements.txt. */
export interface RequirementsFinding extends Reason {
  /** 1-based, in the file as it was given. */
  readonly line: number;
}

const HASHES = 'pip.pypa.io/en/stable/topics/secure-installs';
const MWAA_PACKAGES = 'docs.aws.amazon.com/mwaa/latest/userguide/connections-packages.html';
const USER_REQUIREMENTS = 'github.com/aws/amazon-mwaa-docker-images: python/mwaa/utils/user_requirements.py';
const METADATA = 'pypi.org/project/openmetadata-ingestion: Requires-Dist';
const OFFLINE = 'docs.aws.amazon.com/mwaa/latest/userguide/configuring-networking.html';

/** What keeps OpenMetadata from being installed beside the lines of others, or will surprise their owners. */
export function checkRequirements(existing: string, need: RequirementsNeed): RequirementsFinding[] {
  const statements = statementsOf(existing);
  return [
    ...statements.flatMap((statement) => [...hashes(statement), ...conflicts(statement, need)]),
    ...constraints(statements, need),
    ...offline(statements, need),
  ];
}

function hashes({ hashed, line }: Statement): RequirementsFinding[] {
  if (!hashed) return [];
  return [
    {
      severity: 'error',
      line,
      text: 'A hash makes pip want one for every package, OpenMetadata and all that it brings included.',
      remedy: 'Take the hashes out, or use the ECS or the virtualenv operator.',
      source: HASHES,
    },
  ];
}

/** Versions that somebody wrote down, and that OpenMetadata does not go with. */
function conflicts({ requirement, line }: Statement, need: RequirementsNeed): RequirementsFinding[] {
  const { name = '', specifier = '' } = requirement ?? {};
  const wanted = ingestionNeeds(need.openmetadataVersion).find((each) => each.name === name);
  if (wanted === undefined || overlap(specifier, wanted.specifier)) return [];
  return [
    {
      severity: 'error',
      line,
      text: `${name}${specifier} can't be installed beside OpenMetadata ${need.openmetadataVersion}, which needs ${name}${wanted.specifier}.`,
      remedy: 'Change the line if its DAGs allow it, or use the ECS or the virtualenv operator.',
      source: METADATA,
    },
  ];
}

function constraints(statements: readonly Statement[], need: RequirementsNeed): RequirementsFinding[] {
  if (!airflowVersion(need.airflowVersion).row.constraintsRequired) return [];
  const named = pinConflicts(need.airflowVersion, need.openmetadataVersion).map(({ name }) => name);
  return statements.flatMap(({ constraint, line, text }): RequirementsFinding[] => {
    if (constraint === undefined || constraint === '/dev/null') return [];
    // MWAA looks for the option with a space behind it.
    if (/^--constraint=/.test(text.trim())) {
      return [
        {
          severity: 'error',
          line,
          text: "MWAA does not see --constraint=…, and installs under Airflow's own constraint file as well.",
          remedy: `Write --constraint "${constraint}", with a space.`,
          source: USER_REQUIREMENTS,
        },
      ];
    }
    const official = constraint.match(/constraints-([\d.]+)\/constraints-[\d.]+\.txt$/)?.[1];
    if (official === undefined) {
      return [
        {
          severity: 'warning',
          line,
          text: `This constraint file stays; it must not hold what OpenMetadata needs otherwise: ${named.join(', ')}.`,
          source: MWAA_PACKAGES,
        },
      ];
    }
    return [
      {
        severity: 'warning',
        line,
        text: "Airflow's own constraint file keeps OpenMetadata out, so another takes its place: packages that no line gives a version may change theirs.",
        remedy: 'Give each package of yours a version.',
        source: MWAA_PACKAGES,
      },
    ];
  });
}

function offline(statements: readonly Statement[], need: RequirementsNeed): RequirementsFinding[] {
  const noIndex = statements.find(({ option }) => option === '--no-index');
  if (need.offline !== true && noIndex === undefined) return [];
  const index = ownIndex(statements);
  if (index !== undefined && noIndex === undefined) {
    return [
      {
        severity: 'warning',
        line: index.line,
        text: 'The web server is private: it installs from this index if it can reach it from its subnets.',
        remedy: 'See that they have a route to it, such as a VPC endpoint of CodeArtifact.',
        source: OFFLINE,
      },
    ];
  }
  const { python } = airflowVersion(need.airflowVersion).row;
  return [
    {
      severity: 'warning',
      line: noIndex?.line ?? 1,
      text: 'Nothing is fetched from an index here: plugins.zip has to hold a wheel of every package.',
      remedy:
        `Add what this brings together: pip download -r requirements.txt -d wheels --only-binary=:all: ` +
        `--python-version ${python} --platform manylinux2014_x86_64`,
      source: OFFLINE,
    },
  ];
}
