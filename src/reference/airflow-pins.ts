import { airflowVersion } from './airflow-versions.ts';
import { ingestionNeeds } from './ingestion-needs.ts';
import { nearestRow } from './version.ts';
import { satisfies } from './version-specifier.ts';

/** A package at the version that Airflow's constraint file of a release holds it to. */
export interface Pin {
  readonly name: string;
  readonly version: string;
}

/** A pin that a release of OpenMetadata can't be installed beside. */
export interface PinConflict extends Pin {
  /** What OpenMetadata asks for instead. */
  readonly needs: string;
}

interface PinRow {
  readonly version: string;
  readonly pins: string;
}

/**
 * What the constraint file of each Airflow says of the packages that OpenMetadata asks for, `name==version`. Source:
 * github.com/aws/amazon-mwaa-docker-images, images/airflow/<version>/etc/airflow_constraints.txt.
 */
const PINS: readonly PinRow[] = [
  {
    version: '2.10.3',
    pins:
      'azure-identity==1.19.0 boto3==1.35.36 certifi==2024.8.30 chardet==5.2.0 croniter==5.0.1 cryptography==42.0.8 ' +
      'email-validator==2.2.0 google-auth==2.35.0 google-cloud-secret-manager==2.21.0 grpcio-tools==1.62.3 ' +
      'httpx==0.27.0 idna==3.10 importlib-metadata==6.11.0 jaraco-context==6.0.1 jaraco-functools==4.1.0 ' +
      'jinja2==3.1.4 jsonpatch==1.33 kubernetes==30.1.0 lxml==5.3.0 mako==1.3.6 mypy-extensions==1.0.0 ' +
      'mysql-connector-python==9.1.0 pydantic==2.9.2 pyjwt==2.9.0 python-dateutil==2.9.0.post0 python-dotenv==1.0.1 ' +
      'pyyaml==6.0.2 requests==2.32.3 snowflake-connector-python==3.12.3 tabulate==0.9.0 tenacity==8.5.0 ' +
      'typing-extensions==4.12.2 urllib3==2.2.3',
  },
  {
    version: '2.11.0',
    pins:
      'azure-identity==1.23.0 boto3==1.37.3 certifi==2025.4.26 chardet==5.2.0 croniter==6.0.0 cryptography==45.0.2 ' +
      'email-validator==2.2.0 google-auth==2.40.1 google-cloud-secret-manager==2.23.3 grpcio-tools==1.62.3 ' +
      'httpx==0.27.0 idna==3.10 importlib-metadata==6.11.0 jaraco-context==6.0.1 jaraco-functools==4.1.0 ' +
      'jinja2==3.1.6 jsonpatch==1.33 kubernetes==30.1.0 lxml==5.3.2 mako==1.3.10 mistune==3.1.3 ' +
      'mypy-extensions==1.1.0 mysql-connector-python==9.3.0 pydantic==2.11.4 pyjwt==2.10.1 pymysql==1.1.1 ' +
      'python-dateutil==2.9.0.post0 python-dotenv==1.1.0 pyyaml==6.0.2 requests==2.32.3 ' +
      'snowflake-connector-python==3.15.0 tabulate==0.9.0 tenacity==9.1.2 typing-extensions==4.13.2 urllib3==2.4.0',
  },
  {
    version: '3.2.1',
    pins:
      'azure-identity==1.25.3 boto3==1.42.84 certifi==2026.2.25 chardet==6.0.0.post1 croniter==6.2.2 ' +
      'cryptography==46.0.7 email-validator==2.3.0 google-auth==2.49.2 google-cloud-secret-manager==2.27.0 ' +
      'grpcio-tools==1.80.0 httpx==0.28.1 idna==3.11 importlib-metadata==8.7.1 jaraco-context==6.1.2 ' +
      'jaraco-functools==4.4.0 jinja2==3.1.6 kubernetes==35.0.0 lxml==6.0.2 mako==1.3.11 mistune==3.2.0 ' +
      'mypy-extensions==1.1.0 mysql-connector-python==9.6.0 pydantic==2.13.1 pydantic-settings==2.13.1 pyjwt==2.12.1 ' +
      'pymysql==1.1.2 python-dateutil==2.9.0.post0 python-dotenv==1.2.2 pyyaml==6.0.3 requests==2.33.1 ' +
      'setuptools==82.0.1 snowflake-connector-python==4.4.0 tabulate==0.10.0 tenacity==9.1.4 ' +
      'typing-extensions==4.15.0 urllib3==2.6.3',
  },
];

/** What Airflow's own constraint file holds the packages to that OpenMetadata asks for; a neighbour's where it is unknown. */
export function airflowPins(version: string): Pin[] {
  const { row } = nearestRow(PINS, version, (each) => each.version);
  return row.pins.split(' ').map((pin) => {
    const [name = '', pinned = ''] = pin.split('==');
    return { name, version: pinned };
  });
}

/** The pins that no image of MWAA can do without: MWAA installs under them whatever requirements.txt says. */
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

/** The pins of an Airflow that keep a release of OpenMetadata out. */
export function pinConflicts(airflow: string, openmetadata: string): PinConflict[] {
  const pins = [...airflowPins(airflow), ...essentialPins(airflow)];
  return ingestionNeeds(openmetadata).flatMap(({ name, specifier }) => {
    const pin = pins.find((each) => each.name === name);
    return pin === undefined || satisfies(pin.version, specifier) ? [] : [{ ...pin, needs: specifier }];
  });
}
