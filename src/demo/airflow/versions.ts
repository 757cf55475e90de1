/** Whether a dotted version is `least` or later: `2.10.3` is at least `2.9.2`. */
export function atLeast(version: string, least: string): boolean {
  const parts = version.split('.').map(Number);
  for (const [index, wanted] of least.split('.').map(Number).entries()) {
    const part = parts[index] ?? 0;
    if (part !== wanted) return part > wanted;
  }
  return true;
}

/** The amazon provider in each MWAA image (aws/amazon-mwaa-docker-images, constraint files). */
const AMAZON_PROVIDER: readonly (readonly [airflow: string, provider: string])[] = [
  ['3.3.1', '9.34.0'],
  ['3.2.1', '9.25.0'],
  ['3.0.6', '9.12.0'],
  ['2.11.2', '9.22.0'],
  ['2.11.0', '9.8.0'],
  ['2.10.3', '9.0.0'],
  ['2.10.1', '8.28.0'],
  ['2.9.2', '8.24.0'],
  ['2.8.1', '8.16.0'],
  ['2.7.2', '8.7.1'],
  ['2.6.3', '8.2.0'],
  ['2.5.1', '7.1.0'],
  ['2.4.3', '6.0.0'],
  ['2.2.2', '2.4.0'],
];

/** Version of the amazon provider that an Airflow version on MWAA comes with. */
export function amazonProvider(airflowVersion: string): string {
  return AMAZON_PROVIDER.find(([version]) => atLeast(airflowVersion, version))?.[1] ?? '1.3.0';
}
