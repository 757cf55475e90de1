import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { discoveryDagSource, SEALED_MARK, sealedInLine } from '../../src/connection/discovery/dag-source.ts';
import { parseDiscovery } from '../../src/connection/discovery/parse.ts';
import { Seal } from '../../src/connection/discovery/seal.ts';

const PASSWORD = `p@s:s/w%r'd" x%41y`;
const peers = fileURLToPath(new URL('../../.peers', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'discovery-dag-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the task's function as a worker would, in that Airflow's Python, its masker knowing the secrets given. */
const RUN = `
import importlib.util, sys
from airflow import settings
from airflow.utils.log.secrets_masker import mask_secret
settings.initialize()
for secret in sys.argv[2:]:
    mask_secret(secret)
spec = importlib.util.spec_from_file_location("one_off", sys.argv[1])
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
class Instance:
    def xcom_push(self, key, value):
        print("XCOM " + key + " " + value)
module.hand_over(Instance())
`;

function handOver(version: string, seal: Seal, by: 'xcom' | 'log', masked: readonly string[] = []): string {
  const file = join(folder, `${version}-${by}.py`);
  const { discoveryId, publicKey } = seal;
  writeFileSync(file, discoveryDagSource({ dagId: 'mwaa_console_abcde', discoveryId, publicKey, handOver: by }));
  return execFileSync(`${peers}/airflow-${version}/bin/python`, ['-W', 'ignore', '-c', RUN, file, ...masked], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env.PATH,
      // Python takes a file of the same size, written again within a second, for the one that it has compiled.
      PYTHONDONTWRITEBYTECODE: '1',
      AIRFLOW_HOME: join(folder, version),
      AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
      AIRFLOW__DATABASE__SQL_ALCHEMY_CONN: `postgresql+psycopg2://adminuser:${encodeURIComponent(PASSWORD)}@db.example:5432/AirflowMetadata?sslmode=require`,
    },
  });
}

test.each(['2.7.2', '2.10.3'])('the discovery’s task hands over what Airflow %s itself logs in with', (version) => {
  const seal = new Seal();
  const printed = handOver(version, seal, 'xcom');
  const [, sealed = ''] = /^XCOM k ([0-9a-f]+)$/m.exec(printed) ?? [];
  const found = parseDiscovery(seal.open(sealed));
  expect(found).toMatchObject({ host: 'db.example', port: 5432, database: 'AirflowMetadata', sslMode: 'require' });
  expect(found.candidates[0]).toEqual({ user: 'adminuser', password: PASSWORD });
  expect(printed.replace(sealed, '')).not.toMatch(/adminuser|db\.example/);
});

test.each([
  ['nothing', []],
  ['a digit', ['a']],
  ['two alphabets', ['a', 'k']],
])('by a line of the log it comes whole, whatever Airflow’s masker hides: %s', (_, masked) => {
  const seal = new Seal();
  const printed = handOver('2.10.3', seal, 'log', masked);
  const line = printed.split('\n').find((each) => each.includes(SEALED_MARK)) ?? '';
  const text = line.slice(line.indexOf(SEALED_MARK) + SEALED_MARK.length);
  for (const secret of masked) expect(text).not.toContain(secret);
  expect(parseDiscovery(seal.open(sealedInLine(text))).candidates[0]?.password).toBe(PASSWORD);
});
