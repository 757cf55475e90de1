import { airflowVersion } from '../reference/airflow-versions.ts';
import { isVersion } from '../reference/version.ts';

/**
 * The REST API behind InvokeRestApi of an Airflow version; undefined before 2.4.3, which InvokeRestApi does not
 * serve (user guide, access-mwaa-apache-airflow-rest-api). A version newer than we know is taken for the newest
 * known; a text that is no version counts as Airflow 2.
 */
export function restVersion(version: string): 'v1' | 'v2' | undefined {
  return isVersion(version) ? airflowVersion(version).row.restApi : 'v1';
}
