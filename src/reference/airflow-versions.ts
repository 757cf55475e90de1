import { compareVersions, type NearestRow, nearestRow } from './version.ts';

/** What a version of Airflow is on Amazon MWAA. */
export interface AirflowVersion {
  readonly version: string;
  /** When MWAA offered it. */
  readonly released?: string;
  /** When MWAA's support for it ended; absent while it is supported. */
  readonly retired?: string;
  /** Python of the workers. */
  readonly python: string;
  /** The apache-airflow-providers-amazon that the image holds; absent on Airflow 1. */
  readonly amazonProvider?: string;
  /** Pinned by the image's essential constraints: requirements.txt can't change it. */
  readonly sqlalchemy: string;
  /** The class that runs an ECS task. */
  readonly ecsOperator: 'EcsRunTaskOperator' | 'ECSOperator';
  /** Where a DAG file imports DAG from without a warning. */
  readonly dagModule: 'airflow' | 'airflow.sdk';
  /** Where a DAG file imports PythonOperator and PythonVirtualenvOperator from without a warning. */
  readonly pythonOperators: 'airflow.operators.python' | 'airflow.providers.standard.operators.python';
  /**
   * How PythonVirtualenvOperator finds virtualenv as a DAG file is parsed: by its script on PATH, which MWAA's images
   * then lack there, or as a package (apache-airflow of that version: operators/python.py, is_venv_installed).
   */
  readonly findsVirtualenv: 'on-path' | 'as-package';
  /** Airflow's REST API behind InvokeRestApi, which works from 2.4.3 on. */
  readonly restApi?: 'v1' | 'v2';
  /** MWAA adds its constraint file to a requirements.txt that names none. */
  readonly constraintsRequired: boolean;
  readonly source: string;
}

const IMAGES =
  'github.com/aws/amazon-mwaa-docker-images: etc/airflow_constraints.txt and Dockerfile.base of the version';
const LOCAL_RUNNER = 'github.com/aws/aws-mwaa-local-runner: constraints of the version branch';

const airflow2 = {
  ecsOperator: 'EcsRunTaskOperator',
  dagModule: 'airflow',
  pythonOperators: 'airflow.operators.python',
  findsVirtualenv: 'as-package',
  restApi: 'v1',
  constraintsRequired: true,
} as const;

const airflow3 = {
  ecsOperator: 'EcsRunTaskOperator',
  dagModule: 'airflow.sdk',
  pythonOperators: 'airflow.providers.standard.operators.python',
  findsVirtualenv: 'as-package',
  restApi: 'v2',
  constraintsRequired: true,
} as const;

/** Before 2.7.2 MWAA adds no constraint file, and virtualenv has to be on PATH. */
const unconstrained = { constraintsRequired: false, findsVirtualenv: 'on-path' } as const;

const early = {
  ...unconstrained,
  ecsOperator: 'ECSOperator',
  dagModule: 'airflow',
  pythonOperators: 'airflow.operators.python',
} as const;

/**
 * Every Airflow version that MWAA has offered, from old to new. Dates and support:
 * docs.aws.amazon.com/mwaa/latest/userguide/airflow-versions.html. A new version is one row here.
 */
export const airflowVersions: readonly AirflowVersion[] = [
  { ...early, version: '1.10.12', retired: '2024-02-21', python: '3.7', sqlalchemy: '1.3.18', source: LOCAL_RUNNER },
  {
    ...early,
    version: '2.0.2',
    retired: '2024-04-29',
    python: '3.7',
    amazonProvider: '1.3.0',
    sqlalchemy: '1.3.24',
    source: LOCAL_RUNNER,
  },
  {
    ...early,
    version: '2.2.2',
    retired: '2024-06-27',
    python: '3.7',
    amazonProvider: '2.4.0',
    sqlalchemy: '1.3.24',
    source: LOCAL_RUNNER,
  },
  {
    ...airflow2,
    ...unconstrained,
    version: '2.4.3',
    retired: '2025-12-30',
    python: '3.10',
    amazonProvider: '6.0.0',
    sqlalchemy: '1.4.27',
    source: LOCAL_RUNNER,
  },
  {
    ...airflow2,
    ...unconstrained,
    version: '2.5.1',
    retired: '2025-12-30',
    python: '3.10',
    amazonProvider: '7.1.0',
    sqlalchemy: '1.4.46',
    source: LOCAL_RUNNER,
  },
  {
    ...airflow2,
    ...unconstrained,
    version: '2.6.3',
    retired: '2025-12-30',
    python: '3.10',
    amazonProvider: '8.2.0',
    sqlalchemy: '1.4.49',
    source: LOCAL_RUNNER,
  },
  {
    ...airflow2,
    version: '2.7.2',
    released: '2023-11-06',
    python: '3.11',
    amazonProvider: '8.7.1',
    sqlalchemy: '1.4.49',
    source: LOCAL_RUNNER,
  },
  {
    ...airflow2,
    version: '2.8.1',
    released: '2024-02-23',
    python: '3.11',
    amazonProvider: '8.16.0',
    sqlalchemy: '1.4.51',
    source: LOCAL_RUNNER,
  },
  {
    ...airflow2,
    version: '2.9.2',
    released: '2024-07-09',
    python: '3.11',
    amazonProvider: '8.24.0',
    sqlalchemy: '1.4.52',
    source: IMAGES,
  },
  {
    ...airflow2,
    version: '2.10.1',
    released: '2024-09-26',
    python: '3.11',
    amazonProvider: '8.28.0',
    sqlalchemy: '1.4.53',
    source: IMAGES,
  },
  {
    ...airflow2,
    version: '2.10.3',
    released: '2024-12-18',
    python: '3.11',
    amazonProvider: '9.0.0',
    sqlalchemy: '1.4.54',
    source: IMAGES,
  },
  {
    ...airflow2,
    version: '2.11.0',
    released: '2026-01-07',
    python: '3.12',
    amazonProvider: '9.8.0',
    sqlalchemy: '1.4.54',
    source: IMAGES,
  },
  {
    ...airflow2,
    version: '2.11.2',
    released: '2026-07-23',
    python: '3.12',
    amazonProvider: '9.22.0',
    sqlalchemy: '1.4.54',
    source: IMAGES,
  },
  {
    ...airflow3,
    version: '3.0.6',
    released: '2025-10-01',
    python: '3.12',
    amazonProvider: '9.12.0',
    sqlalchemy: '1.4.54',
    source: IMAGES,
  },
  {
    ...airflow3,
    version: '3.2.1',
    released: '2026-05-19',
    python: '3.12',
    amazonProvider: '9.25.0',
    sqlalchemy: '2.0.49',
    source: IMAGES,
  },
  {
    ...airflow3,
    version: '3.3.1',
    released: '2026-09-01',
    python: '3.12',
    amazonProvider: '9.34.0',
    sqlalchemy: '2.0.51',
    source: IMAGES,
  },
];

/** The table's row for a version; its nearest older one where it has none, since MWAA adds versions at any time. */
export function airflowVersion(version: string): NearestRow<AirflowVersion> {
  return nearestRow(airflowVersions, version, (row) => row.version);
}

/** The newest row of the table. */
export function newestAirflowVersion(): AirflowVersion {
  return airflowVersions.reduce((newest, row) => (compareVersions(row.version, newest.version) > 0 ? row : newest));
}
