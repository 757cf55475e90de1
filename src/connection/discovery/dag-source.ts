import { pythonString } from '../../ingestion/python-text.ts';

/** What a discovery's DAG is made of; nothing of it is secret. */
export interface DiscoveryDag {
  readonly dagId: string;
  /** The discovery that alone may take the answer. */
  readonly discoveryId: string;
  /** X25519 public key, 32 bytes in hexadecimal. */
  readonly publicKey: string;
  /** How the ciphertext comes back: as an XCom, or, where nobody may read that, by a line of the task's log. */
  readonly handOver: 'xcom' | 'log';
}

/** What stands before the ciphertext in a log line. */
export const SEALED_MARK = 'mwaa-console-sealed ';

/**
 * Hands the ciphertext over. Airflow masks every secret that it knows of in a line, however short: each digit is written
 * apart from the next, and in letters that it leaves alone (tried on a real Airflow 2.10.3 by test/peers).
 */
const HAND_OVER = {
  xcom: '    ti.xcom_push(key="k", value=sealed)',
  log: `    from airflow.utils.log.secrets_masker import redact

    for letters in ("0123456789abcdef", "ghijklmnopqrstuv", "ABCDEFGHIJKLMNOP"):
        line = "${SEALED_MARK}" + ":".join(letters[int(digit, 16)] for digit in sealed)
        if redact(line) == line:
            break
    print(line)`,
} as const;

/** The ciphertext of such a line, in hexadecimal; empty where it is none. */
export function sealedInLine(text: string): string {
  const [letters = ''] = /^[0-9a-f](?::[0-9a-f])+|^[g-v](?::[g-v])+|^[A-P](?::[A-P])+/.exec(text) ?? [];
  const first = /^[g-v]/.test(letters) ? 'g' : /^[A-P]/.test(letters) ? 'A' : undefined;
  const digits = letters.split(':');
  if (first === undefined) return digits.join('');
  return digits.map((letter) => (letter.charCodeAt(0) - first.charCodeAt(0)).toString(16)).join('');
}

/**
 * The DAG that hands the metadata database's connection to whoever holds the private key, and to nobody else. It parses
 * and prints nothing: Airflow's masker hides whole values only, so a part or an exception that names one would stand in
 * the log (tried as above). It works on Airflow 2.4 to 2.11 with what every MWAA image holds.
 */
export function discoveryDagSource({ dagId, discoveryId, publicKey, handOver }: DiscoveryDag): string {
  return `"""Made by mwaa-console for one discovery of the metadata database's connection.

It runs once and is taken away again by the console that made it. If it is still here a
day later, that console was interrupted: \`mwaa-console connection\` offers to remove it,
or delete this file and then the DAG.

The task encrypts the connection to a key that only that console holds, and hands over
nothing but the ciphertext. It writes no part of the connection to its log.
"""

from datetime import datetime, timedelta, timezone

from airflow import DAG
from airflow.operators.python import PythonOperator

DISCOVERY = ${pythonString(discoveryId)}
PUBLIC_KEY = ${pythonString(publicKey)}


def _connections():
    """The connection as configured, and what Airflow itself logs in with."""
    import os

    from airflow import settings
    from airflow.configuration import conf

    found = {"iam": os.environ.get("USE_IAM_CREDENTIALS")}
    for section in ("database", "core"):
        value = conf.get(section, "sql_alchemy_conn", fallback=None)
        if value:
            found[section] = value
            break
    engine = getattr(settings, "engine", None)
    if engine is not None:
        url = engine.url
        found["engine"] = {
            "driver": url.drivername,
            "user": url.username,
            "password": None if url.password is None else str(url.password),
            "host": url.host,
            "port": url.port,
            "database": url.database,
            "query": {key: str(value) for key, value in dict(url.query).items()},
        }
    return found


def _encrypted(found):
    """Readable with the private key of PUBLIC_KEY, for this discovery only."""
    import json
    import os

    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric.x25519 import (
        X25519PrivateKey,
        X25519PublicKey,
    )
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    peer = bytes.fromhex(PUBLIC_KEY)
    own = X25519PrivateKey.generate()
    own_public = own.public_key().public_bytes(
        serialization.Encoding.Raw, serialization.PublicFormat.Raw
    )
    context = DISCOVERY.encode()
    key = HKDF(
        algorithm=hashes.SHA256(),
        length=32,
        salt=own_public + peer,
        info=b"mwaa-console discovery " + context,
    ).derive(own.exchange(X25519PublicKey.from_public_bytes(peer)))
    text = json.dumps(found).encode()
    # The length of what is sealed says nothing about the password's.
    text += b" " * (-len(text) % 256)
    nonce = os.urandom(12)
    return (own_public + nonce + AESGCM(key).encrypt(nonce, text, context)).hex()


def hand_over(ti):
    sealed = None
    try:
        sealed = _encrypted(_connections())
    except Exception:
        # Its text may hold a part of the connection.
        pass
    if sealed is None:
        raise RuntimeError("The connection could not be read or encrypted.")
${HAND_OVER[handOver]}


with DAG(
    dag_id=${pythonString(dagId)},
    description="Hands the metadata database's connection to mwaa-console, encrypted",
    schedule=None,
    start_date=datetime(2024, 1, 1, tzinfo=timezone.utc),
    catchup=False,
    max_active_runs=1,
    dagrun_timeout=timedelta(minutes=10),
    is_paused_upon_creation=False,
    tags=["mwaa-console"],
) as dag:
    PythonOperator(
        task_id="t",
        python_callable=hand_over,
        retries=0,
        execution_timeout=timedelta(minutes=2),
        do_xcom_push=False,
        show_return_value_in_logs=False,
    )
`;
}
