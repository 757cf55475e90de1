import { airflowVersion } from './airflow-versions.ts';
import { ingestionNeeds } from './ingestion-needs.ts';
import { inSpan, type Span } from './span.ts';
import { nearestRow } from './version.ts';
import { satisfies } from './version-specifier.ts';

/** A package at the version that Airflow's constraint file of a release holds it to. */
export interface Pin {
  readonly name: string;
  readonly version: string;
}

/** What a release of OpenMetadata needs, and Airflow or MWAA can't give. */
export interface EssentialConflict {
  readonly name: string;
  /** The version or versions that are held to, such as `1.4.54` or `<2`. */
  readonly holds: string;
  readonly needs: string;
  readonly source: string;
}

/** A pin that a release of OpenMetadata can't be installed beside. */
export interface PinConflict extends Pin {
  /** What OpenMetadata asks for instead. */
  readonly needs: string;
}

/**
 * Airflow | what its constraint file says of the packages that OpenMetadata asks for. Source:
 * github.com/aws/amazon-mwaa-docker-images, images/airflow/<version>/etc/airflow_constraints.txt; for 2.7.2 and 2.8.1,
 * whose images are not published, what PyPI had for them and the amazon provider on the day of their release.
 */
const TABLE = `
2.7.2 | azure-identity==1.14.1 boto3==1.28.68 certifi==2023.7.22 chardet==5.2.0 croniter==2.0.1 cryptography==41.0.4 email-validator==1.3.1 google-auth==2.23.3 google-cloud-secret-manager==2.16.4 httpx==0.25.0 idna==3.4 importlib-metadata==6.8.0 jinja2==3.1.2 kubernetes==23.6.0 lxml==4.9.3 mako==1.2.4 mysql-connector-python==8.1.0 pydantic==2.4.2 pyjwt==2.8.0 python-dateutil==2.8.2 pyyaml==6.0.1 requests==2.31.0 snowflake-connector-python==3.3.1 tabulate==0.9.0 tenacity==8.2.3 typing-extensions==4.8.0 urllib3==1.26.18
2.8.1 | azure-identity==1.15.0 boto3==1.34.27 certifi==2023.11.17 chardet==5.2.0 croniter==2.0.1 cryptography==41.0.7 email-validator==1.3.1 google-auth==2.27.0 google-cloud-secret-manager==2.17.0 httpx==0.26.0 idna==3.6 importlib-metadata==6.11.0 jinja2==3.1.3 kubernetes==23.6.0 lxml==5.1.0 mako==1.3.0 mysql-connector-python==8.3.0 pydantic==2.5.3 pyjwt==2.8.0 python-dateutil==2.8.2 pyyaml==6.0.1 requests==2.31.0 snowflake-connector-python==3.6.0 tabulate==0.9.0 tenacity==8.2.3 typing-extensions==4.9.0 urllib3==2.0.7
2.9.2 | azure-identity==1.16.0 boto3==1.34.106 certifi==2024.6.2 chardet==5.2.0 croniter==2.0.5 cryptography==41.0.7 email-validator==2.1.1 google-auth==2.29.0 google-cloud-secret-manager==2.20.0 grpcio-tools==1.62.2 httpx==0.23.3 idna==3.7 importlib-metadata==6.11.0 jaraco-context==5.3.0 jaraco-functools==4.0.1 jsonpatch==1.33 kubernetes==29.0.0 lxml==5.2.2 mypy-extensions==1.0.0 mysql-connector-python==8.4.0 pydantic==2.7.3 python-dateutil==2.9.0.post0 python-dotenv==1.0.1 requests==2.31.0 snowflake-connector-python==3.10.1 tabulate==0.9.0 tenacity==8.3.0 typing-extensions==4.12.1 urllib3==2.2.1
2.10.1 | azure-identity==1.17.1 boto3==1.35.7 certifi==2024.8.30 chardet==5.2.0 croniter==3.0.3 cryptography==42.0.8 email-validator==2.2.0 google-auth==2.34.0 google-cloud-secret-manager==2.20.2 grpcio-tools==1.62.3 httpx==0.27.0 idna==3.8 importlib-metadata==6.11.0 jaraco-context==6.0.1 jaraco-functools==4.0.2 jinja2==3.1.4 jsonpatch==1.33 kubernetes==30.1.0 lxml==5.3.0 mako==1.3.5 mypy-extensions==1.0.0 mysql-connector-python==9.0.0 pydantic==2.8.2 pyjwt==2.9.0 python-dateutil==2.9.0.post0 python-dotenv==1.0.1 pyyaml==6.0.2 requests==2.32.3 snowflake-connector-python==3.12.1 tabulate==0.9.0 tenacity==8.5.0 typing-extensions==4.12.2 urllib3==2.2.2
2.10.3 | azure-identity==1.19.0 boto3==1.35.36 certifi==2024.8.30 chardet==5.2.0 croniter==5.0.1 cryptography==42.0.8 email-validator==2.2.0 google-auth==2.35.0 google-cloud-secret-manager==2.21.0 grpcio-tools==1.62.3 httpx==0.27.0 idna==3.10 importlib-metadata==6.11.0 jaraco-context==6.0.1 jaraco-functools==4.1.0 jinja2==3.1.4 jsonpatch==1.33 kubernetes==30.1.0 lxml==5.3.0 mako==1.3.6 mypy-extensions==1.0.0 mysql-connector-python==9.1.0 pydantic==2.9.2 pyjwt==2.9.0 python-dateutil==2.9.0.post0 python-dotenv==1.0.1 pyyaml==6.0.2 requests==2.32.3 snowflake-connector-python==3.12.3 tabulate==0.9.0 tenacity==8.5.0 typing-extensions==4.12.2 urllib3==2.2.3
2.11.0 | azure-identity==1.23.0 boto3==1.37.3 certifi==2025.4.26 chardet==5.2.0 croniter==6.0.0 cryptography==45.0.2 email-validator==2.2.0 google-auth==2.40.1 google-cloud-secret-manager==2.23.3 grpcio-tools==1.62.3 httpx==0.27.0 idna==3.10 importlib-metadata==6.11.0 jaraco-context==6.0.1 jaraco-functools==4.1.0 jinja2==3.1.6 jsonpatch==1.33 kubernetes==30.1.0 lxml==5.3.2 mako==1.3.10 mistune==3.1.3 mypy-extensions==1.1.0 mysql-connector-python==9.3.0 pydantic==2.11.4 pyjwt==2.10.1 pymysql==1.1.1 python-dateutil==2.9.0.post0 python-dotenv==1.1.0 pyyaml==6.0.2 requests==2.32.3 snowflake-connector-python==3.15.0 tabulate==0.9.0 tenacity==9.1.2 typing-extensions==4.13.2 urllib3==2.4.0
2.11.2 | azure-identity==1.25.2 boto3==1.42.61 certifi==2026.2.25 chardet==6.0.0.post1 croniter==6.0.0 cryptography==44.0.3 email-validator==2.3.0 google-auth==2.49.0 google-cloud-secret-manager==2.26.0 grpcio-tools==1.71.2 httpx==0.28.1 idna==3.11 importlib-metadata==6.11.0 jaraco-context==6.1.1 jaraco-functools==4.4.0 jsonpatch==1.33 kubernetes==35.0.0 lxml==5.4.0 mypy-extensions==1.1.0 mysql-connector-python==9.6.0 pydantic==2.12.5 pydantic-settings==2.13.1 python-dateutil==2.9.0.post0 python-dotenv==1.2.2 requests==2.32.5 setuptools==81.0.0 snowflake-connector-python==4.3.0 tabulate==0.10.0 tenacity==9.1.4 typing-extensions==4.15.0 urllib3==2.6.3
3.0.6 | azure-identity==1.24.0 boto3==1.39.11 certifi==2025.8.3 chardet==5.2.0 croniter==6.0.0 cryptography==42.0.8 email-validator==2.2.0 google-auth==2.40.3 google-cloud-secret-manager==2.24.0 grpcio-tools==1.62.3 httpx==0.28.1 idna==3.10 importlib-metadata==8.4.0 jaraco-context==6.0.1 jaraco-functools==4.3.0 jsonpatch==1.33 kubernetes==32.0.1 lxml==5.4.0 mistune==3.1.3 mypy-extensions==1.1.0 mysql-connector-python==9.4.0 pydantic==2.11.7 python-dateutil==2.9.0.post0 python-dotenv==1.1.1 requests==2.32.5 setuptools==80.9.0 snowflake-connector-python==3.17.2 tabulate==0.9.0 tenacity==9.1.2 typing-extensions==4.14.1 urllib3==2.5.0
3.2.1 | azure-identity==1.25.3 boto3==1.42.84 certifi==2026.2.25 chardet==6.0.0.post1 croniter==6.2.2 cryptography==46.0.7 email-validator==2.3.0 google-auth==2.49.2 google-cloud-secret-manager==2.27.0 grpcio-tools==1.80.0 httpx==0.28.1 idna==3.11 importlib-metadata==8.7.1 jaraco-context==6.1.2 jaraco-functools==4.4.0 jinja2==3.1.6 kubernetes==35.0.0 lxml==6.0.2 mako==1.3.11 mistune==3.2.0 mypy-extensions==1.1.0 mysql-connector-python==9.6.0 pydantic==2.13.1 pydantic-settings==2.13.1 pyjwt==2.12.1 pymysql==1.1.2 python-dateutil==2.9.0.post0 python-dotenv==1.2.2 pyyaml==6.0.3 requests==2.33.1 setuptools==82.0.1 snowflake-connector-python==4.4.0 tabulate==0.10.0 tenacity==9.1.4 typing-extensions==4.15.0 urllib3==2.6.3
3.3.1 | azure-identity==1.25.3 boto3==1.43.56 certifi==2026.7.22 chardet==7.5.1 croniter==6.2.4 cryptography==50.0.0 email-validator==2.3.0 google-auth==2.56.3 google-cloud-secret-manager==2.30.0 grpcio-tools==1.78.0 httpx==0.28.1 idna==3.18 importlib-metadata==8.9.0 jaraco-context==6.1.2 jaraco-functools==4.6.0 kubernetes==36.0.3 lxml==6.1.1 mistune==3.3.4 mypy-extensions==1.1.0 mysql-connector-python==26.7.0 pydantic==2.13.4 pydantic-settings==2.15.0 python-dateutil==2.9.0.post0 python-dotenv==1.2.2 requests==2.34.2 setuptools==83.0.0 snowflake-connector-python==4.7.2 tabulate==0.10.0 tenacity==9.1.4 typing-extensions==4.16.0 urllib3==2.7.0
`;

/** What Airflow's own packages ask of another, in a span of its releases; no constraint file frees that. */
export interface Held extends Span {
  readonly specifier: string;
  /** A version of each kind that there is. */
  readonly candidates: readonly string[];
  readonly source: string;
}

const HELD: readonly Held[] = [
  {
    name: 'email-validator',
    specifier: '<2',
    until: '2.9',
    candidates: ['1.3.1', '2.2.0'],
    source: 'pypi.org/project/Flask-AppBuilder/4.3.10, which Airflow 2.8.1 pins: Requires-Dist',
  },
  {
    name: 'pydantic',
    specifier: '>=2.3.0',
    since: '2.8',
    until: '2.9',
    candidates: ['1.10.13', '2.11.10', '2.13.4'],
    source: 'pypi.org/project/apache-airflow/2.8.1: Requires-Dist',
  },
  {
    name: 'croniter',
    specifier: '>=2.0.2',
    since: '2.9',
    candidates: ['1.3.15', '2.0.5', '6.0.0'],
    source: 'pypi.org/project/apache-airflow/2.9.2: Requires-Dist',
  },
];

const ESSENTIAL = 'github.com/aws/amazon-mwaa-docker-images: etc/mwaa_essential_constraints.txt';

/** What Airflow's own constraint file holds the packages to that OpenMetadata asks for; a neighbour's where it is unknown. */
function airflowPins(version: string): Pin[] {
  const rows = TABLE.trim()
    .split('\n')
    .map((line) => line.split(' | '));
  const [, pins = ''] = nearestRow(rows, version, ([first = '']) => first).row;
  return pins.split(' ').map((pin) => {
    const [name = '', pinned = ''] = pin.split('==');
    return { name, version: pinned };
  });
}

/** The pins that MWAA installs under, whatever requirements.txt says. */
export function essentialPins(version: string): Pin[] {
  const { row } = airflowVersion(version);
  return [
    { name: 'apache-airflow', version: row.version },
    ...(row.amazonProvider === undefined
      ? []
      : [{ name: 'apache-airflow-providers-amazon', version: row.amazonProvider }]),
    { name: 'sqlalchemy', version: row.sqlalchemy },
  ];
}

/** What an Airflow's own packages hold others to. */
export function heldPackages(airflow: string): Held[] {
  return HELD.filter((held) => inSpan(held, airflow));
}

/** The pins of Airflow's constraint file that keep a release of OpenMetadata out. */
export function pinConflicts(airflow: string, openmetadata: string): PinConflict[] {
  return conflictsAmong(airflowPins(airflow), openmetadata);
}

/** What keeps a release of OpenMetadata out of an Airflow's Python whatever the constraint file. */
export function essentialConflicts(airflow: string, openmetadata: string): EssentialConflict[] {
  const needs = ingestionNeeds(openmetadata);
  const pinned = conflictsAmong(essentialPins(airflow), openmetadata).map(
    ({ name, version, needs: wanted }): EssentialConflict => ({
      name,
      holds: version,
      needs: wanted,
      source: ESSENTIAL,
    }),
  );
  const held = heldPackages(airflow).flatMap(({ name, specifier, candidates, source }): EssentialConflict[] => {
    const wanted = needs.find((each) => each.name === name);
    if (wanted === undefined) return [];
    const both = candidates.some((each) => satisfies(each, specifier) && satisfies(each, wanted.specifier));
    return both ? [] : [{ name, holds: specifier, needs: wanted.specifier, source }];
  });
  return [...pinned, ...held];
}

function conflictsAmong(pins: readonly Pin[], openmetadata: string): PinConflict[] {
  return ingestionNeeds(openmetadata).flatMap(({ name, specifier }) => {
    const pin = pins.find((each) => each.name === name);
    return pin === undefined || satisfies(pin.version, specifier) ? [] : [{ ...pin, needs: specifier }];
  });
}
