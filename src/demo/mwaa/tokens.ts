import type { Region } from '../region.ts';

/** How long CLI and web login tokens are taken, and how long the session that one opens lasts (MWAA user guide). */
const TOKEN = 60_000;
const SESSION = 12 * 3_600_000;

/** What a token or session stands for. */
export interface Grant {
  readonly environment: string;
  readonly kind: 'cli' | 'web' | 'session';
  /** Airflow role of a web token or session. */
  readonly role: string;
  readonly until: number;
}

/** Tokens that CreateCliToken and CreateWebLoginToken gave, and the sessions opened with them. */
export class Tokens {
  readonly #region: Region;
  readonly #grants = new Map<string, Grant>();

  constructor(region: Region) {
    this.#region = region;
  }

  /** A new token; opaque, in a JWT's form. */
  give(environment: string, kind: Grant['kind'], role: string): string {
    const now = this.#region.clock.now();
    for (const [token, grant] of this.#grants) if (grant.until <= now) this.#grants.delete(token);
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const until = now + (kind === 'session' ? SESSION : TOKEN);
    const claims = { sub: 'airflow', env: environment, iat: Math.floor(now / 1000), exp: Math.floor(until / 1000) };
    const signature = Buffer.from(this.#region.hex(64), 'hex').toString('base64url');
    const token = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${signature}`;
    this.#grants.set(token, { environment, kind, role, until });
    return token;
  }

  /** What a token stands for; undefined when it is unknown, of another kind or expired. */
  read(token: string | undefined, kind: Grant['kind']): Grant | undefined {
    const grant = this.#grants.get(token ?? '');
    return grant?.kind === kind && grant.until > this.#region.clock.now() ? grant : undefined;
  }
}
