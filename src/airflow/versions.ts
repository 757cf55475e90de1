/**
 * The REST API of an Airflow version: v1 of Airflow 2, v2 of Airflow 3 and what follows; undefined before
 * 2.4.3, which InvokeRestApi does not serve (user guide, access-mwaa-apache-airflow-rest-api). A version that
 * can't be read counts as Airflow 2.
 */
export function restVersion(airflowVersion: string): 'v1' | 'v2' | undefined {
  const [major, minor = 0, patch = 0] = airflowVersion.split('.').map((part) => Number.parseInt(part, 10));
  if (major === undefined || Number.isNaN(major)) return 'v1';
  if (major >= 3) return 'v2';
  if (major < 2) return undefined;
  return minor > 4 || (minor === 4 && patch >= 3) ? 'v1' : undefined;
}
