/**
 * A peer: a folder of .peers/ and what goes into it.
 * `before`: packages as they were on that day, which gives a release the dependencies of its own time; it stands for
 * Airflow's constraint files, which are in no package index. `bare`: installed without their dependencies.
 * `compiled`: with bytecode, where a program of this size is started anew for each command.
 * `provides`: where the system keeps it; it is installed there, by root, only where it is not yet.
 * @typedef {{ name: string, kind: 'pip' | 'uv' | 'npm' | 'debian', packages: readonly string[], python?: string,
 *   before?: string, bare?: readonly string[], compiled?: boolean, provides?: string }} Recipe
 */

/** Airflow as MWAA's image of that version has it: its amazon provider and virtualenv, and drivers of its database. */
const airflow = (version, amazon, before) => ({
  name: `airflow-${version}`,
  kind: 'uv',
  python: '3.11',
  before,
  packages: [
    `apache-airflow==${version}`,
    `apache-airflow-providers-amazon==${amazon}`,
    'virtualenv',
    'psycopg2-binary',
    'asyncpg',
  ],
});

/** All that the models of OpenMetadata 2.0 import. Whole, it does not resolve: dbt, which they do without, is amiss. */
const OPENMETADATA_2_MODELS = [
  'antlr4-python3-runtime==4.9.2',
  'azure-identity',
  'azure-keyvault-secrets',
  'boto3',
  'cached-property',
  'cachetools',
  'chardet',
  'collate-sqllineage',
  'cryptography',
  'dsnparse',
  'email-validator',
  'google-cloud-secret-manager',
  'google-crc32c',
  'jinja2',
  'jsonpatch',
  'kubernetes',
  'pydantic-settings',
  'pydantic>=2.7,<2.12',
  'python-dateutil',
  'pytz',
  'pyyaml',
  'requests',
  'rich',
  'sqlalchemy>=2,<2.1',
  'sqlparse',
  'tabulate',
  'tenacity',
  'toml',
];

/** @type {readonly Recipe[]} */
export const recipes = [
  { name: 'uv', kind: 'pip', packages: ['uv>=0.13,<1'] },
  { name: 'postgresql', kind: 'debian', provides: '/usr/lib/postgresql', packages: ['postgresql'] },
  { name: 'aws', kind: 'uv', compiled: true, packages: ['awscli>=1.46,<1.47'] },
  { name: 'moto', kind: 'uv', compiled: true, packages: ['moto[server]>=5.2,<6', 'setuptools'] },
  // Imports pkg_resources, which later setuptools lack.
  { name: 'awslogs', kind: 'uv', compiled: true, packages: ['awslogs>=0.15,<1', 'setuptools<81'] },
  ...[22, 24].map((major) => ({
    name: `node${major}`,
    kind: /** @type {const} */ ('npm'),
    packages: [`node-${process.platform}-${process.arch}@${major}`],
  })),
  airflow('2.7.2', '8.7.1', '2023-11-15'),
  airflow('2.10.3', '9.0.0', '2024-12-01'),
  airflow('3.2.1', '9.25.0', '2026-05-20'),
  {
    name: 'openmetadata-1.5',
    kind: 'uv',
    python: '3.11',
    before: '2024-10-15',
    packages: ['openmetadata-ingestion==1.5.6.0', 'cachetools'],
  },
  {
    name: 'openmetadata-1.12',
    kind: 'uv',
    python: '3.11',
    before: '2026-06-01',
    packages: ['openmetadata-ingestion==1.12.8.10', 'cachetools'],
  },
  {
    name: 'openmetadata-2.0',
    kind: 'uv',
    python: '3.11',
    before: '2026-11-15',
    bare: ['openmetadata-ingestion==2.0.7.0', 'collate-data-diff==0.11.18'],
    packages: OPENMETADATA_2_MODELS,
  },
];
