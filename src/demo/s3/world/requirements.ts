import { makeZip } from '../../mwaa/zip.ts';
import type { EnvironmentName } from '../../world/names.ts';

const constraint = (airflow: string, python: string): string =>
  `--constraint "https://raw.githubusercontent.com/apache/airflow/constraints-${airflow}/constraints-${python}.txt"`;

/** Every version of each environment's requirements.txt, oldest first. */
export const REQUIREMENTS: Readonly<Record<EnvironmentName, readonly string[]>> = {
  'data-prod': [
    `${constraint('2.10.3', '3.11')}\napache-airflow-providers-snowflake\n`,
    `${constraint('2.10.3', '3.11')}\napache-airflow-providers-snowflake==5.8.0\napache-airflow-providers-slack==8.9.1\n`,
  ],
  analytics: [
    `${constraint('3.2.1', '3.12')}\napache-airflow-providers-dbt-cloud==4.6.0\n`,
    `${constraint('3.2.1', '3.12')}\napache-airflow-providers-dbt-cloud==4.6.0\napache-airflow-providers-slack==9.8.0\n`,
  ],
  legacy: [
    `${constraint('2.7.2', '3.11')}\napache-airflow-providers-amazon==8.7.1\n`,
    `${constraint('2.7.2', '3.11')}\napache-airflow-providers-amazon==8.7.1\nopenmetadata-ingestion[mysql]==1.4.1\n`,
  ],
  sandbox: [`${constraint('3.3.1', '3.12')}\n`],
};

/** A wheel, as far as its name and metadata go. */
const wheel = (version: string): Buffer =>
  makeZip({
    [`openmetadata_ingestion-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: openmetadata-ingestion\nVersion: ${version}\n`,
  });

/** Files of plugins.zip, where an environment has one; wheels, since a private web server fetches nothing from PyPI. */
export const PLUGINS: Readonly<Partial<Record<EnvironmentName, Readonly<Record<string, string | Buffer>>>>> = {
  'data-prod': {
    'openmetadata_ingestion-1.12.8.0-py3-none-any.whl': wheel('1.12.8.0'),
    'company_links.py': [
      'from airflow.plugins_manager import AirflowPlugin',
      '',
      '',
      'class CompanyLinks(AirflowPlugin):',
      '    name = "company_links"',
      '',
    ].join('\n'),
  },
};
