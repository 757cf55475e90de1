import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { modes } from '../../src/ingestion/modes/index.ts';
import { airflowVersions } from '../../src/reference/airflow-versions.ts';
import { openmetadataVersions } from '../../src/reference/openmetadata-versions.ts';
import { requestFor } from '../ingestion/samples.ts';

const uv = fileURLToPath(new URL('../../.peers/uv/bin/uv', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'requirements-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Where MWAA keeps an environment's DAG folder. */
const DAGS = '/usr/local/airflow/dags';
const python = modes.find(({ id }) => id === 'python');
const served = airflowVersions.filter(({ retired }) => retired === undefined);

/** Whether requirements go together with an environment's own packages, by uv, nothing being installed. */
function resolve(row: (typeof served)[number], texts: Readonly<Record<string, string>>): { ok: boolean; told: string } {
  const place = mkdtempSync(join(folder, 'environment-'));
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), text.replaceAll(DAGS, join(place, 'dags')));
  }
  const own = [
    `apache-airflow==${row.version}`,
    `apache-airflow-providers-amazon==${row.amazonProvider}`,
    `sqlalchemy==${row.sqlalchemy}`,
  ];
  writeFileSync(join(place, 'environment.txt'), own.join('\n'));
  const { status, stderr } = spawnSync(
    uv,
    [
      ...['pip', 'compile', '--quiet', '--python-version', row.python, '--python-platform', 'x86_64-manylinux_2_28'],
      ...[join(place, 'environment.txt'), join(place, 'requirements.txt'), '--output-file', join(place, 'locked.txt')],
    ],
    { encoding: 'utf8', cwd: place },
  );
  return { ok: status === 0, told: stderr };
}

describe('requirements.txt of the Python mode', () => {
  /** The newest OpenMetadata that the verdict lets into an Airflow's own Python, and the oldest newer that it does not. */
  const rows = served.map((row) => {
    const fits = ({ line }: { line: string }) =>
      python?.verdict({ airflowVersion: row.version, openmetadataVersion: `${line}.0` }).fit !== 'does-not-fit';
    return { row, version: row.version, line: openmetadataVersions.findLast(fits)?.line };
  });

  test.each(rows.filter(({ line }) => line !== undefined))(
    'resolves beside Airflow $version with OpenMetadata $line',
    ({ row, line }) => {
      const files = python?.files(
        requestFor({ mode: 'python', airflowVersion: row.version, openmetadataVersion: `${line}.0` }),
      );
      const texts = Object.fromEntries((files ?? []).map(({ path, content }) => [path, content]));
      const { ok, told } = resolve(row, texts);
      expect(ok, told).toBe(true);
    },
  );

  test.each([
    ['2.10.3', '1.13', /sqlalchemy/i],
    ['3.2.1', '1.12', /sqlalchemy/i],
  ])('does not beside Airflow %s with OpenMetadata %s, as the verdict says', (version, line, reason) => {
    const row = served.find((each) => each.version === version);
    if (row === undefined) throw new Error(`${version} is not served`);
    const verdict = python?.verdict({ airflowVersion: version, openmetadataVersion: `${line}.0` });
    expect(verdict?.fit).toBe('does-not-fit');
    expect(verdict?.reasons[0]?.text).toMatch(reason);
    const { ok, told } = resolve(row, { 'requirements.txt': `openmetadata-ingestion~=${line}.0.0\n` });
    expect(ok).toBe(false);
    expect(told).toMatch(reason);
  });
});
