import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
} from 'node:crypto';
import type { MetadataDatabase } from '../../postgres/service.ts';
import { TaskError } from '../task-error.ts';
import { ORIGINS } from '../task-log.ts';
import type { TaskContext } from './execute.ts';

/** SubjectPublicKeyInfo of an X25519 key without the key (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
/** How long importing the libraries and sealing takes, ms. */
const TAKES = 1_500;

/** Whether a task hands the metadata database's connection over, sealed. */
export function isDiscovery({ dag, instance }: TaskContext): boolean {
  return (
    instance.definition.callable?.name === 'hand_over' &&
    typeof dag.constants.get('PUBLIC_KEY') === 'string' &&
    dag.source.includes('sql_alchemy_conn')
  );
}

/**
 * What the discovery's own Python does on a worker: reads the connection that MWAA has put there, seals it for the key
 * in the file and pushes the ciphertext as an XCom. Nothing of it is logged.
 */
export function executeDiscovery(context: TaskContext): () => void {
  const { host, dag, run, instance, log, finish } = context;
  const { region, environment } = host;
  let stopped = false;
  const failed = (): void => {
    const frame = {
      filename: `/usr/local/airflow/dags/${dag.file}`,
      lineno: instance.definition.callable?.line ?? 0,
      name: 'hand_over',
      source: 'raise RuntimeError("The connection could not be read or encrypted.")',
    };
    finish(new TaskError('RuntimeError', 'The connection could not be read or encrypted.', [frame], false));
  };
  const handOver = (database: MetadataDatabase): void => {
    const sealed = seal(text(dag.constants.get('PUBLIC_KEY')), text(dag.constants.get('DISCOVERY')), found(database));
    if (sealed === undefined) {
      failed();
      return;
    }
    const [, mark] = /line = "([^"]+)"/.exec(dag.source) ?? [];
    if (mark !== undefined) {
      // Airflow's masker may hide single digits: the file takes letters then, and so does this one always.
      const letters = [...sealed].map((digit) => 'ghijklmnopqrstuv'.charAt(Number.parseInt(digit, 16)));
      log.write('info', ORIGINS.python, `${mark}${letters.join(':')}`);
      finish(undefined);
      return;
    }
    const key = /xcom_push\(key="(\w+)"/.exec(dag.source)?.[1] ?? 'return_value';
    instance.xcoms.set(key, { value: sealed, at: region.clock.now() });
    log.write('info', ORIGINS.python, 'Done. Returned value not shown');
    finish(undefined);
  };
  const cancel = region.clock.after(TAKES, () => {
    region.postgres.database(environment).then(
      (database) => {
        if (!stopped && run.tasks.get(instance.taskId) === instance) handOver(database);
      },
      () => {
        if (!stopped) failed();
      },
    );
  });
  return () => {
    stopped = true;
    cancel();
  };
}

/**
 * The connection as it stands in the worker's environment, the password not quoted (aws/amazon-mwaa-docker-images,
 * mwaa/config/database.py); `hostaddr` leads libpq to this machine whatever the name would resolve to.
 */
function found({ host, port, name, user, password }: MetadataDatabase): object {
  const query = { sslmode: 'require', hostaddr: '127.0.0.1' };
  const options = new URLSearchParams(query).toString();
  return {
    iam: null,
    database: `postgresql+psycopg2://${user}:${password}@${host}:${port}/${name}?${options}`,
    engine: { driver: 'postgresql+psycopg2', user, password, host, port, database: name, query },
  };
}

/** Seals what was found for the holder of the private key and for one discovery; undefined for a text that is no key. */
export function seal(publicKey: string, discovery: string, found: object): string | undefined {
  if (!/^[\da-f]{64}$/.test(publicKey)) return undefined;
  const peer = Buffer.from(publicKey, 'hex');
  const own = generateKeyPairSync('x25519');
  const ownPublic = own.publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  const shared = diffieHellman({
    privateKey: own.privateKey,
    publicKey: createPublicKey({ key: Buffer.concat([SPKI_PREFIX, peer]), format: 'der', type: 'spki' }),
  });
  const salt = Buffer.concat([ownPublic, peer]);
  const key = Buffer.from(hkdfSync('sha256', shared, salt, `mwaa-console discovery ${discovery}`, 32));
  const plain = Buffer.from(JSON.stringify(found));
  const padded = Buffer.concat([plain, Buffer.alloc((256 - (plain.length % 256)) % 256, ' ')]);
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(discovery));
  return Buffer.concat([ownPublic, nonce, cipher.update(padded), cipher.final(), cipher.getAuthTag()]).toString('hex');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
