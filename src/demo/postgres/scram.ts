import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto';

const ITERATIONS = 4096;

/** What a server keeps of a password (RFC 5802): nothing that logs in. */
export interface ScramVerifier {
  readonly salt: Buffer;
  readonly storedKey: Buffer;
  readonly serverKey: Buffer;
}

/** The verifier of a password, with a salt of its own. */
export function scramVerifier(password: string): ScramVerifier {
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, ITERATIONS, 32, 'sha256');
  const clientKey = hmac(salted, 'Client Key');
  return { salt, storedKey: sha256(clientKey), serverKey: hmac(salted, 'Server Key') };
}

/** One login by SCRAM-SHA-256, the server's side. Both steps answer undefined for a message that is none. */
export class ScramLogin {
  readonly #verifier: ScramVerifier;
  #clientFirst = '';
  #serverFirst = '';

  constructor(verifier: ScramVerifier) {
    this.#verifier = verifier;
  }

  /** Answers the client's first message with nonce, salt and iterations. */
  challenge(clientFirst: string): string | undefined {
    const [, bare, nonce] = /^[ny],(?:a=[^,]*)?,(n=[^,]*,r=([^,]+).*)$/s.exec(clientFirst) ?? [];
    if (bare === undefined || nonce === undefined) return undefined;
    this.#clientFirst = bare;
    const combined = nonce + randomBytes(18).toString('base64');
    this.#serverFirst = `r=${combined},s=${this.#verifier.salt.toString('base64')},i=${ITERATIONS}`;
    return this.#serverFirst;
  }

  /** Judges the client's proof: the server's own signature, or `refused` for a wrong password. */
  judge(clientFinal: string): string | 'refused' | undefined {
    const [, withoutProof, proof] = /^(c=[^,]*,r=[^,]+(?:,.*)?),p=([^,]+)$/s.exec(clientFinal) ?? [];
    if (withoutProof === undefined || proof === undefined) return undefined;
    const message = `${this.#clientFirst},${this.#serverFirst},${withoutProof}`;
    const { storedKey, serverKey } = this.#verifier;
    const signature = hmac(storedKey, message);
    const given = Buffer.from(proof, 'base64');
    if (given.length !== signature.length) return 'refused';
    const clientKey = given.map((byte, index) => byte ^ (signature[index] ?? 0));
    if (!timingSafeEqual(sha256(Buffer.from(clientKey)), storedKey)) return 'refused';
    return `v=${hmac(serverKey, message).toString('base64')}`;
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(data: Buffer): Buffer {
  return createHash('sha256').update(data).digest();
}
