import type { Region } from '../region.ts';
import type { Caller, Operations } from '../service.ts';
import { ACCESS_KEYS, ACCOUNT, ADMIN_ROLE } from '../world/names.ts';
import { stsOperations } from './operations.ts';

/** Temporary credentials of a role session. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
  /** When they expire, ms since the epoch. */
  readonly expiresAt: number;
}

interface Session {
  readonly caller: Caller;
  readonly expiresAt: number;
}

const KEY_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Security Token Service: which access key is whom, and new keys for roles. */
export class StsService {
  readonly operations: Operations;
  readonly #region: Region;
  readonly #sessions = new Map<string, Session>();

  constructor(region: Region) {
    this.#region = region;
    this.operations = stsOperations(this, region);
  }

  start(): void {
    for (const [key, role] of Object.entries(ACCESS_KEYS)) {
      const caller = this.roleCaller(role, 'demo', key);
      this.#sessions.set(key, { caller, expiresAt: Number.POSITIVE_INFINITY });
    }
  }

  /** Who an access key belongs to; any key that was never given out is the administrator's. */
  callerOf(accessKeyId: string): Caller | 'expired' {
    const session = this.#sessions.get(accessKeyId);
    if (session === undefined) return this.roleCaller(ADMIN_ROLE, 'demo', accessKeyId);
    return session.expiresAt <= this.#region.clock.now() ? 'expired' : session.caller;
  }

  /** A caller who acts as a role, for what runs inside the region (a DAG's task, an ECS task). */
  roleCaller(role: string, sessionName: string, accessKeyId = ''): Caller {
    const id = this.#region.iam.role(role)?.id ?? 'AROA00000000000000000';
    return {
      accessKeyId,
      arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${sessionName}`,
      userId: `${id}:${sessionName}`,
      role,
    };
  }

  /** New temporary credentials that act as a role, as AssumeRole and the ECS credential endpoint give them. */
  issue(role: string, sessionName: string, seconds: number): Credentials {
    return this.#remember((key) => this.roleCaller(role, sessionName, key), seconds);
  }

  /** New temporary credentials of the caller's own identity. */
  renew(caller: Caller, seconds: number): Credentials {
    return this.#remember((accessKeyId) => ({ ...caller, accessKeyId }), seconds);
  }

  #remember(callerOf: (accessKeyId: string) => Caller, seconds: number): Credentials {
    const accessKeyId = `ASIA${this.#letters(16)}`;
    const expiresAt = this.#region.clock.now() + seconds * 1000;
    this.#sessions.set(accessKeyId, { caller: callerOf(accessKeyId), expiresAt });
    const secretAccessKey = Buffer.from(this.#region.hex(60), 'hex').toString('base64');
    const sessionToken = Buffer.from(`embedded-region:${this.#region.hex(120)}`).toString('base64');
    return { accessKeyId, secretAccessKey, sessionToken, expiresAt };
  }

  #letters(count: number): string {
    return Array.from({ length: count }, () => KEY_LETTERS.charAt(Math.floor(this.#region.random() * 32))).join('');
  }
}
