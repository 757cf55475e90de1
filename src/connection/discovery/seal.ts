import {
  createDecipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomUUID,
} from 'node:crypto';
import { Failure } from '../../text/failure.ts';

/** What stands before the 32 bytes of an X25519 public key in its SubjectPublicKeyInfo (RFC 8410). */
const SPKI_PREFIX = Buffer.from('302a300506032b656e032100', 'hex');
const [PUBLIC, NONCE, TAG] = [32, 12, 16];

/** The key pair of one discovery. The private key is in this object and nowhere else. */
export class Seal {
  readonly discoveryId = randomUUID();
  readonly #private: KeyObject;
  readonly #public: Buffer;
  #opened = false;

  constructor() {
    const { privateKey, publicKey } = generateKeyPairSync('x25519');
    this.#private = privateKey;
    this.#public = publicKey.export({ format: 'der', type: 'spki' }).subarray(SPKI_PREFIX.length);
  }

  /** The public key, 32 bytes in hexadecimal. */
  get publicKey(): string {
    return this.#public.toString('hex');
  }

  /**
   * What was sealed for this discovery: ephemeral public key, nonce and AES-256-GCM ciphertext, in hexadecimal; the key
   * by HKDF-SHA256 of the shared secret, the discovery's id authenticated with it. Throws Failure 'failed' for anything
   * else: another discovery's, one that was tampered with, or a second one.
   */
  open(sealed: string): string {
    if (this.#opened) throw foreign('The answer to this discovery has been opened before.');
    const bytes = /^(?:[\da-f]{2})+$/i.test(sealed) ? Buffer.from(sealed, 'hex') : Buffer.alloc(0);
    if (bytes.length < PUBLIC + NONCE + TAG) throw foreign('What the task handed back is no sealed connection.');
    const peer = bytes.subarray(0, PUBLIC);
    const nonce = bytes.subarray(PUBLIC, PUBLIC + NONCE);
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#key(peer), nonce);
      decipher.setAAD(Buffer.from(this.discoveryId));
      decipher.setAuthTag(bytes.subarray(-TAG));
      const text = Buffer.concat([decipher.update(bytes.subarray(PUBLIC + NONCE, -TAG)), decipher.final()]);
      this.#opened = true;
      return text.toString('utf8');
    } catch (cause) {
      throw foreign('What the task handed back was not sealed for this discovery.', cause);
    }
  }

  #key(peer: Buffer): Buffer {
    const publicKey = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, peer]), format: 'der', type: 'spki' });
    const shared = diffieHellman({ privateKey: this.#private, publicKey });
    const info = `mwaa-console discovery ${this.discoveryId}`;
    return Buffer.from(hkdfSync('sha256', shared, Buffer.concat([peer, this.#public]), info, 32));
  }
}

function foreign(message: string, cause?: unknown): Failure {
  return new Failure('failed', message, {
    advice: 'Nothing was taken from it. Discover again; if it happens again, look who else writes to the DAGs folder.',
    cause,
  });
}
